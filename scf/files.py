"""Files by hash: what came in and what went out, byte for byte, in the database so that one backup holds all.

A file is never changed; storing the same bytes again changes nothing.
"""

import hashlib
from collections.abc import Iterable
from typing import Any

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
    store_all(connection, [(name, content)])
    return sha256_of(content)


def store_all(connection: Connection, named: Iterable[tuple[str, bytes]]) -> None:
    """Keep many files, given as (name, bytes), in one statement."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    rows = [_row(name, content) for name, content in named]
    if rows:
        connection.execute(dialect.insert(files).on_conflict_do_nothing(), rows)


def _row(name: str, content: bytes) -> dict[str, Any]:
    return {"sha256": sha256_of(content), "name": name[:200], "size": len(content), "content": content}


def sha256_of(content: bytes) -> str:
    """The hash by which bytes are kept."""
    return hashlib.sha256(content).hexdigest()


def read(connection: Connection, sha256: str) -> bytes:
    """The bytes of a stored file. Raises `LookupError` when there is none."""
    content = connection.execute(select(files.c.content).where(files.c.sha256 == sha256)).scalar_one_or_none()
    if content is None:
        raise LookupError(f"no file {sha256}")
    return bytes(content)
