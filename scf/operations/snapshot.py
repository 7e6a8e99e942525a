"""One moment of the whole database: what is read here is read as it stood when the first of it was read.

It refuses to write. On PostgreSQL row-level security may not hide a row from a backup: a role that does not see
everything is told so by an error.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

from scf.db.engine import Database


@contextmanager
def snapshot(database: Database) -> Iterator[Connection]:
    """A connection whose reads all see the same moment, however long they take and whoever writes meanwhile."""
    with database.engine.connect() as opened:
        if opened.dialect.name == "postgresql":
            connection = opened.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            connection.execute(text("SET LOCAL row_security = off"))
        else:
            # a deferred BEGIN: the snapshot is taken by the first SELECT, and in WAL mode writers go on beside it
            connection = opened.execution_options(read_only=True)
        yield connection
