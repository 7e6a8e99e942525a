"""`organisations.export`: an organisation asks for all that is its own; a job makes the file, kept by its hash."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scf import files
from scf.commands import Command, ScopeKind, Unit, transact
from scf.module import Job, Work
from scf.operations.export import export
from scf.outcomes import Outcome, done, refused
from scf.scheduling import jobs
from scf.scheduling.jobs import NewJob
from scf.scheduling.queries import live

KIND = "export"
NAME = "export.zip"


@dataclass(frozen=True, slots=True)
class Asked:
    """All that is the organisation's, as it stands when the job comes to it."""


@dataclass(frozen=True, slots=True)
class _Facts:
    ids: list[int]
    # the export that was asked for before and is not made yet
    waiting_id: int | None


@dataclass(frozen=True, slots=True)
class _Plan:
    outcomes: list[Outcome]
    ids: list[int]


def _load(unit: Unit, batch: Sequence[Asked]) -> _Facts:
    waiting = live(unit.connection, unit.scope.id, KIND)
    return _Facts(unit.ids.take(len(batch)), waiting[0].id if waiting else None)


def _decide(facts: _Facts, _batch: Sequence[Asked]) -> _Plan:
    if facts.waiting_id is not None:
        remedy = "wait for the one that was asked for before, or cancel its job"
        return _Plan([refused("already_asked", id=facts.waiting_id, remedy=remedy) for _ in facts.ids], [])
    return _Plan([done(id) for id in facts.ids], facts.ids)


def _write(unit: Unit, _facts: _Facts, plan: _Plan) -> None:
    new = [NewJob(KIND, {}, f"{KIND}/{id}", unit.scope.id) for id in plan.ids]
    jobs.put(unit.connection, plan.ids, new, unit.at, unit.actor.id)


# the outcome's id is the job's; who takes everything along shows a second factor first
EXPORT: Command[Asked, _Facts, _Plan] = Command(
    "organisations.export", ScopeKind.ORGANISATION, _load, _decide, _write, batch_max=1, step_up=True
)


def run_export(work: Work) -> Mapping[str, Any]:
    """The job: never of another organisation than the one it belongs to. Its result names the file."""
    work.tell(0, 1)
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / NAME
        exported = export(work.database, work.organisation_id, target)
        content = target.read_bytes()
    sha256 = transact(work.database, lambda connection: files.store(connection, NAME, content))
    return {"sha256": sha256, "size": len(content), "rows": sum(exported.rows.values()), "files": exported.file_count}


JOBS: dict[str, Job] = {KIND: run_export}
