"""One moment of the whole database: what is read here is read as it stood when the first of it was read.

It refuses to write.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from scf.db import walls
from scf.db.engine import Database
from scf.errors import ScfError

_NOT_ALLOWED = "42501"


@contextmanager
def snapshot(database: Database, *, whole: bool = False) -> Iterator[Connection]:
    """A connection whose reads all see the same moment, however long they take and whoever writes meanwhile.

    `whole`: not a row may be missing. On PostgreSQL a role from whom row-level security hides some is told so by an
    error, where it would otherwise read less without a word; the tables' owner sees all.
    """
    with database.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            # not `database.reading()`, whose every statement sees what was committed before it
            connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            connection.execute(text(f"SET LOCAL scf.reader = {walls.PLATFORM:d}"))
            if whole:
                connection.execute(text("SET LOCAL row_security = off"))
        else:
            # a deferred BEGIN: the first SELECT takes the snapshot, and in WAL mode writers go on beside it
            connection.execution_options(read_only=True)
        try:
            yield connection
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) != _NOT_ALLOWED:
                raise
            raise ScfError(f"{str(error.orig).splitlines()[0]}: do it as the owner of the tables") from error
