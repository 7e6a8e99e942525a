"""Changing the schema alone: one process at a time, everything or nothing, on both databases."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from sqlalchemy import Connection, Engine, text

from scf.errors import ScfError

# any number will do, as long as every version of the program takes the same
_LOCK = 5_730_114


@contextmanager
def alone(engine: Engine) -> Iterator[Connection]:
    """A connection in one transaction, while no other process changes the schema; it commits when the block ends well.

    On SQLite foreign keys are off meanwhile, so that a table others refer to can be rebuilt; they are checked before
    the commit. Raises `ScfError` when one then points nowhere.
    """
    with engine.connect() as connection, _TRANSACTIONS[engine.dialect.name](connection):
        yield connection


@contextmanager
def _on_sqlite(connection: Connection) -> Iterator[None]:
    # SQLite hears the pragma only outside of a transaction, hence past SQLAlchemy, which would begin one
    raw = connection.connection.cursor()
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        with connection.begin():
            yield
            loose = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            if loose:
                raise ScfError(f"after the migration {len(loose)} rows point nowhere, the first in {loose[0][0]}")
    finally:
        raw.execute("PRAGMA foreign_keys=ON")
        raw.close()


@contextmanager
def _on_postgresql(connection: Connection) -> Iterator[None]:
    with connection.begin():
        connection.execute(text("SELECT pg_advisory_xact_lock(:id)"), {"id": _LOCK})
        yield


_TRANSACTIONS: dict[str, Callable[[Connection], AbstractContextManager[None]]] = {
    "sqlite": _on_sqlite,
    "postgresql": _on_postgresql,
}
