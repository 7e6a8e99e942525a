"""One moment of the whole database: what is read here is read as it stood when the first of it was read.

It refuses to write.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

from scf.db.engine import Database


@contextmanager
def snapshot(database: Database, *, whole: bool = False) -> Iterator[Connection]:
    """A connection whose reads all see the same moment, however long they take and whoever writes meanwhile.

    `whole`: not a row may be missing. On PostgreSQL a role from whom row-level security hides some is told so by an
    error, where it would otherwise read less without a word; the tables' owner sees all.
    """
    # on SQLite a deferred BEGIN: the first SELECT takes the snapshot, and in WAL mode writers go on beside it
    with database.reading() as connection:
        if connection.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            if whole:
                connection.execute(text("SET LOCAL row_security = off"))
        yield connection
