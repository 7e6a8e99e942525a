"""Uploading later: the file is kept at once, and a job submits its rows while the supplier goes on.

A file that is on its way already is not put down again: the answer is the job that has it. After that job has ended
another one asks about every row anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from invoices.canonical import LIMIT_BYTES
from invoices.upload import InvoiceFile
from scf import files
from scf.commands import Command, ScopeKind, Unit
from scf.outcomes import Outcome, done, refused
from scf.scheduling import jobs, queries
from scf.scheduling.jobs import NewJob

KIND = "upload"
_FILES_MAX = 100


@dataclass(frozen=True, slots=True)
class _Facts:
    ids: list[int]
    organisation_id: int
    command_id: int
    # the job that has a file in hand, by the file's hash
    at_work: dict[str, int]


@dataclass(frozen=True, slots=True)
class _Plan:
    outcomes: list[Outcome]
    ids: list[int]
    files: list[InvoiceFile]
    jobs: list[NewJob]


def _load(unit: Unit, batch: Sequence[InvoiceFile]) -> _Facts:
    live = queries.live(unit.connection, unit.scope.id, KIND)
    at_work = {str(each.wanted()["sha256"]): each.id for each in live}
    return _Facts(unit.ids.take(len(batch)), unit.scope.id, unit.command_id, at_work)


def _decide(facts: _Facts, batch: Sequence[InvoiceFile]) -> _Plan:
    plan = _Plan([], [], [], [])
    at_work = dict(facts.at_work)
    for id, file in zip(facts.ids, batch, strict=True):
        if file.sha256 in at_work:
            plan.outcomes.append(done(at_work[file.sha256]))
        elif len(file.payload) > LIMIT_BYTES:
            plan.outcomes.append(_too_large(len(file.payload)))
        else:
            at_work[file.sha256] = id
            payload = {"sha256": file.sha256, "name": file.name}
            # the command runs once under its key, so its id makes the job's unique
            key = f"{KIND}/{facts.command_id}/{len(plan.jobs)}"
            plan.ids.append(id)
            plan.files.append(file)
            plan.jobs.append(NewJob(KIND, payload, key, facts.organisation_id))
            plan.outcomes.append(done(id))
    return plan


def _too_large(size: int) -> Outcome:
    remedy = "split the file"
    return refused("file_too_large", field="file", value=f"{size} bytes", bound=f"{LIMIT_BYTES} bytes", remedy=remedy)


def _write(unit: Unit, _facts: _Facts, plan: _Plan) -> None:
    files.store_all(unit.connection, [(file.name, file.payload) for file in plan.files])
    jobs.put(unit.connection, plan.ids, plan.jobs, unit.at, unit.actor.id)


UPLOAD_LATER = Command("invoices.upload_later", ScopeKind.ORGANISATION, _load, _decide, _write, _FILES_MAX)
