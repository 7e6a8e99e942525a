"""The log of commands: one row a command, with its key, the digest of its input, who ran it and what came of each item.

The row is idempotency and audit at once. It is added by `scf.commands` alone, and never changed.
"""

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Date,
    Index,
    Integer,
    LargeBinary,
    String,
    UniqueConstraint,
    insert,
    select,
)

from scf import outcomes
from scf.db.types import UTCDateTime, id_column, table
from scf.outcomes import Outcome

command_logs = table(
    "command_log",
    id_column(),
    Column("scope_id", BigInteger, nullable=False),
    Column("command", String(60), nullable=False),
    Column("key", String(120), nullable=False),
    # counts what was run under the key: a batch of which nothing was accepted may be corrected and sent again
    Column("attempt", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
    # a person, or 0: the platform itself; the name is read from `people`, where it can be erased
    Column("actor_id", BigInteger, nullable=False),
    Column("batch_count", Integer, nullable=False),
    Column("outcomes", LargeBinary, nullable=False),
    Column("business_date", Date, nullable=False),
    Column("at", UTCDateTime, nullable=False),
    UniqueConstraint("scope_id", "command", "key", "attempt"),
    append_only=True,
)
Index("ix_command_log_scope_id_id", command_logs.c.scope_id, command_logs.c.id)
# by which whoever runs the platform finds a command in any scope
Index("ix_command_log_command_id", command_logs.c.command, command_logs.c.id)
Index("ix_command_log_actor_id_id", command_logs.c.actor_id, command_logs.c.id)
Index("ix_command_log_key", command_logs.c.key)
Index("ix_command_log_at", command_logs.c.at)


@dataclass(frozen=True, slots=True)
class Stored:
    """The last answer given under a key: the digest of its input, which attempt it was, and the packed outcomes."""

    digest: str
    attempt: int
    outcomes: bytes

    def is_corrected_by(self, digest: str) -> bool:
        """True when other input may be tried under the same key: nothing of this one was accepted."""
        return self.digest != digest and not any(outcome.accepted for outcome in unpack(self.outcomes))


def last(connection: Connection, scope_id: int, command: str, key: str) -> Stored | None:
    """The last answer a scope was given by a command under a key, None when there is none."""
    log = command_logs.c
    row = connection.execute(
        select(log.digest, log.attempt, log.outcomes)
        .where(log.scope_id == scope_id, log.command == command, log.key == key)
        .order_by(log.attempt.desc())
        .limit(1)
    ).one_or_none()
    return Stored(*row) if row else None


def remember(connection: Connection, **values: Any) -> None:
    """Add a row; the last write of a command."""
    connection.execute(insert(command_logs).values(**values))


def pack(results: Sequence[Outcome]) -> bytes:
    """Outcomes as the log keeps them."""
    return zlib.compress(json.dumps([outcomes.to_json(outcome) for outcome in results]).encode(), 1)


def unpack(packed: bytes) -> list[Outcome]:
    """The reverse of `pack`."""
    return [outcomes.from_json(answer) for answer in json.loads(zlib.decompress(packed))]
