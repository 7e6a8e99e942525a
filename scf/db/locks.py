"""Locks that have no row: the book's shared and exclusive lock on PostgreSQL. SQLite's BEGIN IMMEDIATE needs none."""

from sqlalchemy import Connection, text

_PLAIN = {
    True: text("SELECT pg_advisory_xact_lock(:id)"),
    False: text("SELECT pg_advisory_xact_lock_shared(:id)"),
}


def lock_book(connection: Connection, book_id: int, *, exclusive: bool) -> None:
    """Hold a book until the transaction ends: shared for its commands, exclusive to move its date (DESIGN §5)."""
    if connection.dialect.name == "postgresql":
        connection.execute(_PLAIN[exclusive], {"id": book_id})
