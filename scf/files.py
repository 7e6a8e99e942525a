"""Files by hash: what came in and what went out, byte for byte, in the database so that one backup holds all.

A file is never changed; storing the same bytes again changes nothing.
"""

import hashlib
from collections.abc import Sequence

from sqlalchemy import Column, Connection, Integer, LargeBinary, String, select
from sqlalchemy.dialects import postgresql, sqlite

from scf.db.types import table

files = table(
    "file",
    Column("sha256", String(64), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("size", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),
)


def store(connection: Connection, name: str, content: bytes) -> str:
    """Keep the bytes and return their SHA-256 in hex; `name` is what people called the file the first time."""
    return store_all(connection, [(name, content)])[0]


def store_all(connection: Connection, named: Sequence[tuple[str, bytes]]) -> list[str]:
    """Keep several files, given as (name, bytes), in one statement."""
    rows = [
        {"sha256": hashlib.sha256(content).hexdigest(), "name": name[:200], "size": len(content), "content": content}
        for name, content in named
    ]
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    if rows:
        connection.execute(dialect.insert(files).on_conflict_do_nothing(), rows)
    return [str(row["sha256"]) for row in rows]


def read(connection: Connection, sha256: str) -> bytes:
    """The bytes of a stored file. Raises `LookupError` when there is none."""
    content = connection.execute(select(files.c.content).where(files.c.sha256 == sha256)).scalar_one_or_none()
    if content is None:
        raise LookupError(f"no file {sha256}")
    return bytes(content)
