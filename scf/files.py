"""Files by hash: what came in and what went out, byte for byte, in the database so that one backup holds all.

A file is never changed; storing the same bytes again changes nothing.
"""

import hashlib

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
    sha256 = hashlib.sha256(content).hexdigest()
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    row = {"sha256": sha256, "name": name[:200], "size": len(content), "content": content}
    connection.execute(dialect.insert(files).values(row).on_conflict_do_nothing())
    return sha256


def read(connection: Connection, sha256: str) -> bytes:
    """The bytes of a stored file. Raises `LookupError` when there is none."""
    content = connection.execute(select(files.c.content).where(files.c.sha256 == sha256)).scalar_one_or_none()
    if content is None:
        raise LookupError(f"no file {sha256}")
    return bytes(content)
