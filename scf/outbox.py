"""The outbox: side effects as rows, written with what caused them and delivered after it, at least once.

It refuses to deliver by itself: what a kind of message means is told by the composition root.
"""

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, Index, Integer, Row, String, Text, insert, select, update

from scf.commands import Unit, transact
from scf.db.engine import Database
from scf.db.types import UTCDateTime, id_column, table
from scf.ids import Ids

log = logging.getLogger(__name__)

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

Deliver = Callable[[Mapping[str, Any]], None]
_LEASE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Message:
    """A side effect to come: its kind and what the receiver needs to know."""

    kind: str
    payload: Mapping[str, Any]


def write(unit: Unit, messages: Sequence[Message]) -> None:
    """Put messages into the outbox, in the caller's transaction."""
    add(unit.connection, unit.ids, unit.scope.id, messages, unit.at)


def add(connection: Connection, ids: Ids, scope_id: int, messages: Sequence[Message], at: datetime) -> None:
    """The same where no command runs: what the platform's own bookkeeping causes."""
    rows = [
        {
            "id": id,
            "scope_id": scope_id,
            "kind": message.kind,
            "payload": json.dumps(message.payload, sort_keys=True),
            "created_at": at,
            "due_at": at,
            "attempt_count": 0,
        }
        for id, message in zip(ids.take(len(messages)), messages, strict=True)
    ]
    if rows:
        connection.execute(insert(outbox), rows)


def deliver_due(database: Database, deliver: Mapping[str, Deliver], stopped: Callable[[], bool] = lambda: False) -> int:
    """Deliver every due message, oldest first, until `stopped` says so; returns how many arrived.

    A failed one waits, longer each time.
    """
    count = 0
    while not stopped() and (message := _claim(database)) is not None:
        count += _deliver(database, deliver, message)
    return count


def _claim(database: Database) -> Row[Any] | None:
    now = database.clock.now()
    due = (
        select(outbox.c.id)
        .where(outbox.c.delivered_at.is_(None), outbox.c.due_at <= now)
        .order_by(outbox.c.due_at, outbox.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    taking = (
        update(outbox)
        .where(outbox.c.id == due)
        .values(due_at=now + _LEASE, attempt_count=outbox.c.attempt_count + 1)
        .returning(outbox.c.id, outbox.c.kind, outbox.c.payload, outbox.c.attempt_count)
    )
    return transact(database, lambda connection: connection.execute(taking).one_or_none())


def _deliver(database: Database, deliver: Mapping[str, Deliver], message: Row[Any]) -> bool:
    now = database.clock.now()
    mark = update(outbox).where(outbox.c.id == message.id)
    try:
        deliver[message.kind](json.loads(message.payload))
    except Exception as error:  # whatever an adapter raises, the message stays and its reason is kept
        log.warning("%s %s was not delivered: %s", message.kind, message.id, error)
        later = now + timedelta(seconds=min(2**message.attempt_count, 3600))
        waiting = mark.values(due_at=later, error=str(error))
        transact(database, lambda connection: connection.execute(waiting))
        return False
    arrived = mark.values(delivered_at=now, error=None)
    transact(database, lambda connection: connection.execute(arrived))
    return True
