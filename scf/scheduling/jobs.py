"""Durable jobs: put down in the caller's transaction, claimed under a lease with a fencing number, done at least once.

What a job does is idempotent by the job's key; so a worker that died half-way is simply followed by another.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from scf.commands import Unit, transact
from scf.db.engine import Database
from scf.errors import ScfError
from scf.scheduling.models import jobs

LEASE = timedelta(minutes=2)
ATTEMPTS = 5


class Busy(ScfError):
    """Another worker holds what the job needs; not a failure."""


@dataclass(frozen=True, slots=True)
class NewJob:
    """Work to be done after the caller's transaction: its kind, what it needs to know, and a key unique for ever."""

    kind: str
    payload: Mapping[str, Any]
    key: str


@dataclass(frozen=True, slots=True)
class Job:
    """A claimed job; `fence` is the claim's number."""

    id: int
    kind: str
    payload: Mapping[str, Any]
    key: str
    fence: int
    attempt_count: int


def enqueue(unit: Unit, new: Sequence[NewJob]) -> None:
    """Put jobs down in the open unit of work; a key that is there already is left as it is."""
    put(unit.connection, unit.ids.take(len(new)), new, unit.at)


def put(connection: Connection, ids: Sequence[int], new: Sequence[NewJob], at: datetime) -> None:
    """Put jobs down on a connection, for those who have no unit of work: the tick."""
    if not new:
        return
    rows = [
        {
            "id": id,
            "kind": job.kind,
            "payload": json.dumps(job.payload, sort_keys=True),
            "key": job.key,
            "status": "queued",
            "due_at": at,
            "fence": 0,
            "attempt_count": 0,
            "error": "",
            "created_at": at,
        }
        for id, job in zip(ids, new, strict=True)
    ]
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    connection.execute(dialect.insert(jobs).on_conflict_do_nothing(), rows)


def claim(database: Database) -> Job | None:
    """Take the next due job, one that waits or one whose worker's lease ran out; None when there is none."""
    now = database.clock.now()
    due = (
        select(jobs.c.id)
        .where(
            jobs.c.status.in_(["queued", "running"]),
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
            status="running",
            leased_to_at=now + LEASE,
            fence=jobs.c.fence + 1,
            attempt_count=jobs.c.attempt_count + 1,
        )
        .returning(jobs.c.id, jobs.c.kind, jobs.c.payload, jobs.c.key, jobs.c.fence, jobs.c.attempt_count)
    )
    row = transact(database, lambda connection: connection.execute(taking).one_or_none())
    return Job(row.id, row.kind, json.loads(row.payload), *row[3:]) if row else None


def renew(database: Database, job: Job) -> bool:
    """Prolong the lease; False when somebody else has taken the job over."""
    return _finish(database, job, leased_to_at=database.clock.now() + LEASE)


def finish(database: Database, job: Job) -> bool:
    """Mark a job done; False when somebody else has taken it over."""
    return _finish(database, job, status="done", leased_to_at=None)


def fail(database: Database, job: Job, error: str) -> bool:
    """Set a job back to wait, longer each time, or aside after five attempts, with the reason."""
    now = database.clock.now()
    if job.attempt_count >= ATTEMPTS:
        return _finish(database, job, status="failed", leased_to_at=None, error=error)
    later = now + timedelta(seconds=2**job.attempt_count)
    return _finish(database, job, status="queued", leased_to_at=None, error=error, due_at=later)


def wait(database: Database, job: Job, reason: str) -> bool:
    """Set a job back for a quarter of a minute, as often as it takes: what it needs is in other hands."""
    later = database.clock.now() + timedelta(seconds=15)
    attempts = job.attempt_count - 1
    return _finish(
        database, job, status="queued", leased_to_at=None, error=reason, due_at=later, attempt_count=attempts
    )


def _finish(database: Database, job: Job, **values: Any) -> bool:
    marking = update(jobs).where(jobs.c.id == job.id, jobs.c.fence == job.fence, jobs.c.status == "running")
    return transact(database, lambda connection: connection.execute(marking.values(**values)).rowcount) == 1
