"""People's hands on jobs: `jobs.cancel` stops them, `jobs.retry` has failed ones tried again.

An organisation reaches its own jobs. The platform, and the operator's people who may have jobs tried again, reach all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import select, update

from scf.announcements import announce, tell
from scf.commands import Command, ScopeKind, Unit
from scf.db import bulk
from scf.errors import StaleWrite
from scf.outcomes import Outcome, done, refused
from scf.scheduling.lifecycle import CANCELLED, FAILED, LIVE, QUEUED, RUNNING
from scf.scheduling.models import jobs

_RETRY = "jobs.retry"


class _Found(NamedTuple):
    """A job within reach, locked."""

    organisation_id: int
    status: str


@dataclass(frozen=True, slots=True)
class _Plan:
    outcomes: list[Outcome]
    # ids by the status they have now
    moving: dict[str, list[int]]


def _load(unit: Unit, batch: Sequence[int]) -> dict[int, _Found]:
    """The jobs within reach, locked; a worker that asks meanwhile passes them over."""
    by_operator = unit.actor.operates and unit.actor.may(_RETRY)
    own = [] if unit.actor.platform or by_operator else [jobs.c.organisation_id == unit.scope.id]
    rows = unit.connection.execute(
        select(jobs.c.id, jobs.c.organisation_id, jobs.c.status)
        .where(bulk.among(unit.connection, jobs.c.id, sorted(set(batch))), *own)
        .order_by(jobs.c.id)
        .with_for_update(key_share=True)
    )
    return {id: _Found(*found) for id, *found in rows}


def _not_found(id: int) -> Outcome:
    return refused("not_found", field="job", id=id, remedy="give a job of yours")


def _decide_cancel(found: Mapping[int, _Found], batch: Sequence[int]) -> _Plan:
    plan, now = _Plan([], {}), {id: each.status for id, each in found.items()}
    for id in batch:
        status = now.get(id)
        if status is None:
            plan.outcomes.append(_not_found(id))
        elif status not in LIVE:
            remedy = "what it did stays; there is nothing left to cancel"
            plan.outcomes.append(refused("already_ended", field="job", value=status, remedy=remedy, id=id))
        else:
            plan.moving.setdefault(status, []).append(id)
            # a running one learns of it when it next says how far it came
            now[id] = CANCELLED if status == QUEUED else RUNNING
            plan.outcomes.append(done(id, status=now[id]))
    return plan


def _write_cancel(unit: Unit, found: Mapping[int, _Found], plan: _Plan) -> None:
    _move(unit, plan.moving.get(QUEUED, []), QUEUED, status=CANCELLED, cancel_asked_at=unit.at, ended_at=unit.at)
    _move(unit, sorted(set(plan.moving.get(RUNNING, []))), RUNNING, cancel_asked_at=unit.at)
    announce(unit, tell("job.ended", [(found[id].organisation_id, id) for id in plan.moving.get(QUEUED, [])]))


def _decide_retry(found: Mapping[int, _Found], batch: Sequence[int]) -> _Plan:
    plan, now = _Plan([], {FAILED: []}), {id: each.status for id, each in found.items()}
    for id in batch:
        status = now.get(id)
        if status is None:
            plan.outcomes.append(_not_found(id))
        elif status != FAILED:
            remedy = "only a failed job is tried again"
            plan.outcomes.append(refused("not_failed", field="job", value=status, bound=FAILED, remedy=remedy, id=id))
        else:
            plan.moving[FAILED].append(id)
            now[id] = QUEUED
            plan.outcomes.append(done(id, status=QUEUED))
    return plan


def _write_retry(unit: Unit, _found: Mapping[int, _Found], plan: _Plan) -> None:
    anew = {"due_at": unit.at, "attempt_count": 0, "cancel_asked_at": None, "ended_at": None}
    _move(unit, plan.moving[FAILED], FAILED, status=QUEUED, **anew)


def _move(unit: Unit, ids: Sequence[int], source: str, **values: object) -> None:
    """Change jobs that were locked when they were read, all or none."""
    if not ids:
        return
    moving = update(jobs).where(bulk.among(unit.connection, jobs.c.id, ids), jobs.c.status == source)
    moved = unit.connection.execute(moving.values(values)).rowcount
    if moved != len(ids):
        raise StaleWrite(f"job: {moved} of {len(ids)} rows were still {source}")


CANCEL = Command("jobs.cancel", ScopeKind.ORGANISATION, _load, _decide_cancel, _write_cancel)
RETRY = Command(_RETRY, ScopeKind.ORGANISATION, _load, _decide_retry, _write_retry)
