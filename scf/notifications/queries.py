"""Questions about notifications: how many a person has not seen yet, and the latest of an organisation.

Whoever asks names the kinds that the person may know of (`scf.notifications.audience`).
"""

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, Select, func, select

from scf.db import bulk
from scf.notifications.models import notifications, notifications_seen

# what is more is said as "more than": nobody counts on
COUNTED_MAX = 100


class Notification(NamedTuple):
    """That something of a kind happened to things; their ids are gone when it was kept long enough."""

    id: int
    kind: str
    ids: Sequence[int]
    id_count: int
    at: datetime


def unread_count(connection: Connection, organisation_id: int, person_id: int, kinds: Collection[str]) -> int:
    """How many of these kinds a person has not seen, at most `COUNTED_MAX`; one statement."""
    return connection.execute(unread(connection, organisation_id, person_id, kinds)).scalar_one()


def unread(connection: Connection, organisation_id: int, person_id: int, kinds: Collection[str]) -> Select[int]:
    """The statement of `unread_count`, to be asked together with others."""
    told, seen = notifications.c, notifications_seen.c
    up_to = select(seen.seen_id).where(seen.person_id == person_id, seen.organisation_id == organisation_id)
    newer = (
        select(told.id)
        .where(told.organisation_id == organisation_id, told.id > func.coalesce(up_to.scalar_subquery(), 0))
        .where(bulk.among(connection, told.kind, sorted(kinds)))
        .limit(COUNTED_MAX)
        .subquery()
    )
    return select(func.count()).select_from(newer)


def latest(
    connection: Connection, organisation_id: int, kinds: Collection[str], before: int | None = None, limit: int = 50
) -> Sequence[Notification]:
    """The latest of an organisation of these kinds, the newest first, before one's id when it is given."""
    told = notifications.c
    asked = (
        select(told.id, told.kind, told.ids, told.id_count, told.at)
        .where(told.organisation_id == organisation_id, bulk.among(connection, told.kind, sorted(kinds)))
        .order_by(told.id.desc())
        .limit(limit)
    )
    rows = connection.execute(asked if before is None else asked.where(told.id < before))
    return [Notification(id, kind, json.loads(ids or "[]"), count, at) for id, kind, ids, count, at in rows]


def seen_up_to(connection: Connection, organisation_id: int, person_id: int) -> int:
    """The newest that a person has seen of an organisation, 0 for none."""
    seen = notifications_seen.c
    up_to = select(seen.seen_id).where(seen.person_id == person_id, seen.organisation_id == organisation_id)
    return connection.execute(up_to).scalar_one_or_none() or 0


def told(connection: Connection, organisation_id: int, ids: Collection[int]) -> set[int]:
    """Which of these ids are notifications of the organisation."""
    own = notifications.c
    asked = select(own.id).where(own.organisation_id == organisation_id, bulk.among(connection, own.id, sorted(ids)))
    return set(connection.execute(asked).scalars())
