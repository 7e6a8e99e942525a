"""Questions about jobs: an organisation's own, for its list, and how the backlog stands, for the operator."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, func, select

from scf.scheduling.models import IS_FAILED, IS_LIVE, jobs


class Standing(NamedTuple):
    """A job as it stands; `result` is JSON, `error` a trace for the operator's eyes. A total of 0 is not known."""

    id: int
    organisation_id: int
    asked_by_id: int
    kind: str
    key: str
    payload: str
    status: str
    progress_done: int
    progress_total: int
    result: str
    error: str
    attempt_count: int
    created_at: datetime
    due_at: datetime
    cancel_asked_at: datetime | None
    ended_at: datetime | None

    def outcome(self) -> Mapping[str, Any]:
        """The result, read."""
        return _read(self.result)

    def wanted(self) -> Mapping[str, Any]:
        """The payload, read."""
        return _read(self.payload)


def _read(text: str) -> Mapping[str, Any]:
    read: Mapping[str, Any] = json.loads(text)
    return read


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits for workers: due and not begun, at work, waiting for its time, set aside; and since when it is due."""

    due_count: int
    running_count: int
    later_count: int
    failed_count: int
    oldest_due_at: datetime | None


_COLUMNS = tuple(jobs.c[name] for name in Standing._fields)


def standings(organisation_id: int | None = None, status: str | None = None) -> Select[Any]:
    """The jobs of an organisation (0: the platform's own; None: everybody's), all or of one status, in no order."""
    wanted = select(*_COLUMNS)
    if organisation_id is not None:
        wanted = wanted.where(jobs.c.organisation_id == organisation_id)
    return wanted if status is None else wanted.where(jobs.c.status == status)


def newest(
    connection: Connection, organisation_id: int | None = None, status: str | None = None, limit: int = 100
) -> list[Standing]:
    """At most `limit` jobs, the newest first."""
    query = standings(organisation_id, status).order_by(jobs.c.id.desc()).limit(limit)
    return [Standing._make(row) for row in connection.execute(query)]


def find(connection: Connection, id: int, organisation_id: int | None = None) -> Standing | None:
    """One job, given an organisation only when it is its own."""
    row = connection.execute(standings(organisation_id).where(jobs.c.id == id)).one_or_none()
    return Standing._make(row) if row else None


def live(connection: Connection, organisation_id: int, kind: str) -> Sequence[Standing]:
    """An organisation's jobs of a kind that wait or are at work, the oldest first."""
    query = standings(organisation_id).where(jobs.c.kind == kind, IS_LIVE).order_by(jobs.c.id)
    return [Standing._make(row) for row in connection.execute(query)]


def backlog(connection: Connection, now: datetime) -> Backlog:
    """How the backlog stands at an instant. Two statements, each over an index of what is not done."""
    queued, due = jobs.c.status == "queued", jobs.c.due_at <= now
    row = connection.execute(
        select(
            func.count().filter(queued, due),
            func.count().filter(jobs.c.status == "running"),
            func.count().filter(queued, ~due),
            func.min(jobs.c.due_at).filter(queued, due),
        ).where(IS_LIVE)
    ).one()
    failed = connection.execute(select(func.count()).where(IS_FAILED)).scalar_one()
    return Backlog(row[0], row[1], row[2], failed, row[3])
