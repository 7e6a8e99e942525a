"""A clock that whoever tries the API moves forward, and that goes on from there; it never goes back."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, select
from sqlalchemy.dialects import postgresql, sqlite

from scf.clock import SystemClock
from scf.commands import transact
from scf.db.engine import Database
from scf.errors import FieldError
from scf.sandbox.models import sandbox_clocks

_SYSTEM = SystemClock()


@dataclass(frozen=True, slots=True)
class SandboxClock:
    """The time of a sandbox: the machine's, moved by as much as callers have moved it."""

    engine: Engine

    def now(self) -> datetime:
        """The instant, timezone-aware, UTC."""
        columns = (sandbox_clocks.c.shown_at, sandbox_clocks.c.set_at)
        with self.engine.connect().execution_options(read_only=True) as connection:
            row = connection.execute(select(*columns)).one_or_none()
        now = _SYSTEM.now()
        return now if row is None else row.shown_at + (now - row.set_at)


def move(database: Database, to: datetime) -> None:
    """Set the sandbox's clock. Raises `FieldError` for an instant that is over already."""
    now = database.clock.now()
    if to < now:
        raise FieldError("to_on", f"the sandbox's clock shows {now:%Y-%m-%d %H:%M} UTC and only goes forward")
    values = {"id": 1, "shown_at": to, "set_at": _SYSTEM.now()}

    def set_to(connection: Connection) -> None:
        dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
        setting = dialect.insert(sandbox_clocks).values(values)
        connection.execute(setting.on_conflict_do_update(index_elements=["id"], set_=values))

    transact(database, set_to)
