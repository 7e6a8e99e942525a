"""Durable jobs: put down in the caller's transaction, done by a worker after it, at least once.

What a job does is idempotent by the job's key; so a worker that died half-way is simply followed by another.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from scf.commands import Unit
from scf.errors import ScfError
from scf.scheduling.lifecycle import QUEUED
from scf.scheduling.models import jobs


class Busy(ScfError):
    """Another worker holds what the job needs; not a failure."""


@dataclass(frozen=True, slots=True)
class NewJob:
    """Work to be done after the caller's transaction: its kind, what it needs to know, and a key unique for ever.

    It belongs to an organisation, which sees it and may cancel it; 0 is the platform.
    """

    kind: str
    payload: Mapping[str, Any]
    key: str
    organisation_id: int = 0


def enqueue(unit: Unit, new: Sequence[NewJob]) -> None:
    """Put jobs down in the open unit of work, asked for by its actor; a key that is there already is left as it is."""
    put(unit.connection, unit.ids.take(len(new)), new, unit.at, unit.actor.id)


def put(connection: Connection, ids: Sequence[int], new: Sequence[NewJob], at: datetime, asked_by_id: int = 0) -> None:
    """Put jobs down under ids made before, for those who have no unit of work (the tick) or need the ids."""
    if not new:
        return
    rows = [
        {
            "id": id,
            "organisation_id": job.organisation_id,
            "asked_by_id": asked_by_id,
            "kind": job.kind,
            "payload": json.dumps(job.payload, sort_keys=True),
            "key": job.key,
            "status": QUEUED,
            "due_at": at,
            "fence": 0,
            "attempt_count": 0,
            "error": "",
            "progress_done": 0,
            "progress_total": 0,
            "result": "{}",
            "created_at": at,
        }
        for id, job in zip(ids, new, strict=True)
    ]
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    connection.execute(dialect.insert(jobs).on_conflict_do_nothing(), rows)
