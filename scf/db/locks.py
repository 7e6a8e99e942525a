"""Locks that have no row: the book's shared and exclusive lock on PostgreSQL. SQLite's BEGIN IMMEDIATE needs none."""

from collections.abc import Iterable

from sqlalchemy import Connection, text

_PLAIN = {
    True: text("SELECT pg_advisory_xact_lock(:id)"),
    False: text("SELECT pg_advisory_xact_lock_shared(:id)"),
}

_NAMED = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")

# the key of a chain is the negative of its scope's: a book's own lock is another
_CHAINS = text("SELECT pg_advisory_xact_lock(id) FROM unnest(CAST(:ids AS bigint[])) WITH ORDINALITY AS k(id, n)")


def lock_book(connection: Connection, book_id: int, *, exclusive: bool) -> None:
    """Hold a book until the transaction ends: shared for its commands, exclusive to move its date (DESIGN §5)."""
    if connection.dialect.name == "postgresql":
        connection.execute(_PLAIN[exclusive], {"id": book_id})


def lock_name(connection: Connection, name: str) -> None:
    """Hold whatever has no row yet, by a name, until the transaction ends."""
    if connection.dialect.name == "postgresql":
        connection.execute(_NAMED, {"name": name})


def lock_chains(connection: Connection, scope_ids: Iterable[int]) -> None:
    """Hold the audit chains of scopes until the transaction ends: two books that share a party may close at once."""
    if connection.dialect.name == "postgresql":
        connection.execute(_CHAINS, {"ids": [-id for id in sorted(scope_ids)]})
