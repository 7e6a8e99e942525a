"""The outbox: side effects as rows, written with what caused them and delivered after it, at least once.

It refuses to deliver by itself: what a kind of message means is told by the composition root. A delivery holds no
transaction; it may say itself when it is to be tried again, or that trying on is of no use.
"""

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, Index, Integer, Row, String, Text, insert, select, update

from scf.commands import Unit, transact
from scf.db import bulk
from scf.db.engine import Database
from scf.db.types import UTCDateTime, id_column, table
from scf.errors import ScfError
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
    # NULL while it waits: when it arrived, or when it was given up, with the reason in `error`
    Column("delivered_at", UTCDateTime, nullable=True),
    Column("given_up_at", UTCDateTime, nullable=True),
    Column("attempt_count", Integer, nullable=False),
    Column("error", Text, nullable=True),
)
WAITING = outbox.c.delivered_at.is_(None) & outbox.c.given_up_at.is_(None)
GIVEN_UP = outbox.c.given_up_at.is_not(None)
Index("ix_outbox_due_at", outbox.c.due_at, postgresql_where=WAITING, sqlite_where=WAITING)
Index("ix_outbox_given_up", outbox.c.id, postgresql_where=GIVEN_UP, sqlite_where=GIVEN_UP)

Deliver = Callable[[Mapping[str, Any]], None]
_LEASE = timedelta(minutes=2)
_LONGEST_WAIT_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Message:
    """A side effect to come: its kind and what the receiver needs to know."""

    kind: str
    payload: Mapping[str, Any]


class TryLater(ScfError):
    """Raised by a delivery that did not arrive and knows when to try again: in so many seconds."""

    def __init__(self, seconds: int, reason: str) -> None:
        super().__init__(reason)
        self.seconds = seconds


class GiveUp(ScfError):
    """Raised by a delivery that will not be tried again, with the reason."""


def write(unit: Unit, messages: Sequence[Message]) -> None:
    """Put messages into the outbox, in the caller's transaction; one statement."""
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


def lock_undelivered(connection: Connection, ids: Sequence[int]) -> frozenset[int]:
    """Those of the messages that wait or were given up; locked."""
    rows = connection.execute(
        select(outbox.c.id)
        .where(bulk.among(connection, outbox.c.id, sorted(set(ids))), outbox.c.delivered_at.is_(None))
        .order_by(outbox.c.id)
        .with_for_update(key_share=True)
    )
    return frozenset(rows.scalars())


def send_at_once(connection: Connection, ids: Sequence[int], at: datetime) -> None:
    """Let messages be due now, those that were given up too, as if they had never been tried."""
    due = update(outbox).where(bulk.among(connection, outbox.c.id, ids), outbox.c.delivered_at.is_(None))
    connection.execute(due.values(due_at=at, given_up_at=None, attempt_count=0))


def deliver_due(
    database: Database,
    deliver: Mapping[str, Deliver],
    stopped: Callable[[], bool] = lambda: False,
    at_most: int | None = None,
) -> int:
    """Deliver the due messages of these kinds, oldest first, until `stopped` says so; returns how many were tried.

    One that fails waits, longer each time or as long as it says, and holds up no other.
    """
    count = 0
    while count != at_most and not stopped() and (message := _claim(database, sorted(deliver))) is not None:
        _deliver(database, deliver, message)
        count += 1
    return count


def _claim(database: Database, kinds: Sequence[str]) -> Row[Any] | None:
    now = database.clock.now()
    due = (
        select(outbox.c.id)
        .where(WAITING, outbox.c.due_at <= now, outbox.c.kind.in_(kinds))
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


def _deliver(database: Database, deliver: Mapping[str, Deliver], message: Row[Any]) -> None:
    try:
        deliver[message.kind](json.loads(message.payload))
    except TryLater as later:
        _wait(database, message, later.seconds, str(later))
    except GiveUp as reason:
        _mark(database, message, given_up_at=database.clock.now(), error=str(reason))
    except Exception as error:  # whatever an adapter raises, the message stays and its reason is kept
        log.warning("%s %s was not delivered: %s", message.kind, message.id, error)
        _wait(database, message, min(2**message.attempt_count, _LONGEST_WAIT_SECONDS), str(error))
    else:
        _mark(database, message, delivered_at=database.clock.now(), error=None)


def _wait(database: Database, message: Row[Any], seconds: int, reason: str) -> None:
    _mark(database, message, due_at=database.clock.now() + timedelta(seconds=seconds), error=reason)


def _mark(database: Database, message: Row[Any], **values: Any) -> None:
    marking = update(outbox).where(outbox.c.id == message.id, WAITING).values(**values)
    transact(database, lambda connection: connection.execute(marking))
