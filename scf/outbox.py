"""The outbox: side effects as rows, written with what caused them and delivered after it, at least once.

It refuses to deliver by itself: what a kind of message means is told by the composition root.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Column, Index, Integer, String, Text, insert

from scf.commands import Unit
from scf.db.engine import Database
from scf.db.types import UTCDateTime, id_column, table

outbox = table(
    "outbox",
    id_column(),
    Column("scope_id", BigInteger, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("payload", Text, nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    Column("due_at", UTCDateTime, nullable=False),
    Column("delivered_at", UTCDateTime, nullable=True),
    Column("attempt_count", Integer, nullable=False),
    Column("error", Text, nullable=True),
)
Index(
    "ix_outbox_due_at",
    outbox.c.due_at,
    postgresql_where=outbox.c.delivered_at.is_(None),
    sqlite_where=outbox.c.delivered_at.is_(None),
)

Deliver = Callable[[Database, Mapping[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Message:
    """A side effect to come: its kind and what the receiver needs to know."""

    kind: str
    payload: Mapping[str, Any]


def write(unit: Unit, messages: Sequence[Message]) -> None:
    """Put messages into the outbox, in the caller's transaction."""
    if not messages:
        return
    rows = [
        {
            "id": id,
            "scope_id": unit.scope.id,
            "kind": message.kind,
            "payload": json.dumps(message.payload, sort_keys=True),
            "created_at": unit.at,
            "due_at": unit.at,
            "attempt_count": 0,
        }
        for id, message in zip(unit.ids.take(len(messages)), messages, strict=True)
    ]
    unit.connection.execute(insert(outbox), rows)
