"""A worker's hold on a job: claimed under a lease with a fencing number, renewed, and given up with what came of it.

Whoever holds an older number has lost the job: everything it still says of it is refused.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, case, or_, select, update

from scf import announcements
from scf.announcements import Announcement
from scf.commands import transact
from scf.db.engine import Database
from scf.errors import ScfError
from scf.scheduling.lifecycle import CANCELLED, DONE, FAILED, QUEUED, RUNNING
from scf.scheduling.models import IS_LIVE, jobs

LEASE = timedelta(minutes=2)
ATTEMPTS = 5
_WAIT = timedelta(seconds=15)


class Overtaken(ScfError):
    """The lease ran out and another worker has taken the job over."""


class Cancelled(ScfError):
    """Somebody asked that the job be stopped."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A claimed job; `fence` is the claim's number."""

    id: int
    organisation_id: int
    asked_by_id: int
    kind: str
    payload: Mapping[str, Any]
    key: str
    fence: int
    attempt_count: int
    cancel_asked: bool


_CLAIMED = (
    jobs.c.id,
    jobs.c.organisation_id,
    jobs.c.asked_by_id,
    jobs.c.kind,
    jobs.c.payload,
    jobs.c.key,
    jobs.c.fence,
    jobs.c.attempt_count,
    jobs.c.cancel_asked_at,
)


def claim(database: Database) -> Claim | None:
    """Take the next due job, one that waits or one whose worker's lease ran out; None when there is none."""
    now = database.clock.now()
    due = (
        select(jobs.c.id)
        .where(
            IS_LIVE,
            jobs.c.due_at <= now,
            or_(jobs.c.leased_to_at.is_(None), jobs.c.leased_to_at < now),
        )
        .order_by(jobs.c.due_at, jobs.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    taking = (
        update(jobs)
        .where(jobs.c.id == due)
        .values(
            status=RUNNING,
            leased_to_at=now + LEASE,
            fence=jobs.c.fence + 1,
            attempt_count=jobs.c.attempt_count + 1,
        )
        .returning(*_CLAIMED)
    )
    row = transact(database, lambda connection: connection.execute(taking).one_or_none())
    if row is None:
        return None
    id, organisation_id, asked_by_id, kind, payload, key, fence, attempt_count, cancel_asked_at = row
    asked = cancel_asked_at is not None
    return Claim(id, organisation_id, asked_by_id, kind, json.loads(payload), key, fence, attempt_count, asked)


def tell(database: Database, job: Claim, done: int, total: int) -> None:
    """Prolong the lease and say how far the job came. Raises `Overtaken`, and `Cancelled` when that was asked for."""
    values = {
        "leased_to_at": database.clock.now() + LEASE,
        "progress_done": done,
        "progress_total": total,
    }
    telling = _held(job).values(values).returning(jobs.c.cancel_asked_at)
    row = transact(database, lambda connection: connection.execute(telling).one_or_none())
    if row is None:
        raise Overtaken(f"another worker has taken over {job.key}")
    if row.cancel_asked_at is not None:
        raise Cancelled(f"{job.key} is cancelled")


def finish(database: Database, job: Claim, result: Mapping[str, Any] | None = None) -> bool:
    """Mark a job done, all of it; False when somebody else has taken it over."""
    told = json.dumps(result or {}, sort_keys=True)
    progress = case((jobs.c.progress_total > 0, jobs.c.progress_total), else_=jobs.c.progress_done)
    return _end(database, job, DONE, result=told, error="", progress_done=progress)


def stop(database: Database, job: Claim) -> bool:
    """Mark a job cancelled: what it did stays, and how far it came stands in its progress."""
    return _end(database, job, CANCELLED)


def fail(database: Database, job: Claim, error: str) -> bool:
    """Set a job back to wait, longer each time, or aside after five attempts, with the reason."""
    if job.attempt_count >= ATTEMPTS:
        return set_aside(database, job, error)
    later = database.clock.now() + timedelta(seconds=2**job.attempt_count)
    return _requeue(database, job, later, error=error)


def set_aside(database: Database, job: Claim, error: str) -> bool:
    """Mark a job failed: nobody tries it again until people say so."""
    return _end(database, job, FAILED, error=error)


def wait(database: Database, job: Claim, reason: str) -> bool:
    """Set a job back for a quarter of a minute, as often as it takes: what it needs is in other hands."""
    later = database.clock.now() + _WAIT
    return _requeue(database, job, later, error=reason, attempt_count=job.attempt_count - 1)


def hand_back(database: Database, job: Claim) -> bool:
    """Give a job to whoever asks next: this worker stops. That was no attempt."""
    return _requeue(database, job, database.clock.now(), attempt_count=job.attempt_count - 1)


def _requeue(database: Database, job: Claim, due_at: datetime, **values: Any) -> bool:
    return transact(database, lambda connection: _give_up(connection, job, status=QUEUED, due_at=due_at, **values))


def _end(database: Database, job: Claim, status: str, **values: Any) -> bool:
    # the ids before the transaction: a process that has none yet leases them in one of its own
    ids, now = database.ids(), database.clock.now()
    told = [Announcement(job.organisation_id, "job.ended", [job.id])]

    def work(connection: Connection) -> bool:
        ended = _give_up(connection, job, status=status, ended_at=now, **values)
        if ended:
            announcements.add(connection, ids, job.organisation_id, told, now)
        return ended

    return transact(database, work)


def _give_up(connection: Connection, job: Claim, **values: Any) -> bool:
    return connection.execute(_held(job).values(leased_to_at=None, **values)).rowcount == 1


def _held(job: Claim) -> Any:
    return update(jobs).where(jobs.c.id == job.id, jobs.c.fence == job.fence, jobs.c.status == RUNNING)
