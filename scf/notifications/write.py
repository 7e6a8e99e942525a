"""The parts that write notifications, note how far somebody has seen them, and blank what was kept long enough."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, case, update
from sqlalchemy.dialects import postgresql, sqlite

from scf.notifications.models import notifications, notifications_seen


def note(connection: Connection, announcement: Mapping[str, Any]) -> None:
    """Note an announcement by what its message says; a second time changes nothing."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    named = announcement["ids"]
    new = dialect.insert(notifications).values(
        id=announcement["id"],
        organisation_id=announcement["organisation_id"],
        kind=announcement["kind"],
        ids=json.dumps(named),
        id_count=len(named),
        at=datetime.fromisoformat(announcement["at"]),
    )
    connection.execute(new.on_conflict_do_nothing(index_elements=["id"]))


def see(connection: Connection, id: int, organisation_id: int, person_id: int, up_to: int, at: datetime) -> None:
    """Note that a person has seen what an organisation was told, up to a notification; never back.

    `id` is for who has seen nothing yet.
    """
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    seen = notifications_seen.c
    values = {"id": id, "person_id": person_id, "organisation_id": organisation_id, "seen_id": up_to, "at": at}
    newer = case((seen.seen_id < up_to, up_to), else_=seen.seen_id)
    kept = (
        dialect.insert(notifications_seen)
        .values(values)
        .on_conflict_do_update(index_elements=["person_id", "organisation_id"], set_={"seen_id": newer, "at": at})
    )
    connection.execute(kept)


def sweep(connection: Connection, before: datetime) -> int:
    """Blank what notifications older than that name; returns how many."""
    old = update(notifications).where(notifications.c.ids.is_not(None), notifications.c.at < before)
    return connection.execute(old.values(ids=None)).rowcount
