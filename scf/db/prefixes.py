"""Finding rows by how a word begins, by an index, on both databases.

PostgreSQL orders words by the language of the database; an index in the order of their characters
(`word_index`) and the operators that go with it find a beginning whatever that is. SQLite orders by characters anyhow.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Index, Select, and_, select, union_all

# behind every character
_LAST = chr(0x10FFFF)


def word_index(name: str, *columns: ColumnElement[Any]) -> Index:
    """An index whose last column is found by how it begins."""
    return Index(name, *columns, postgresql_ops={str(columns[-1].key): "varchar_pattern_ops"})


def begins(connection: Connection, column: ColumnElement[str], typed: str) -> ColumnElement[bool]:
    """Whether a word begins so, to the letter."""
    if connection.dialect.name == "postgresql":
        return and_(column.op("~>=~", is_comparison=True)(typed), column.op("~<~", is_comparison=True)(typed + _LAST))
    return and_(column >= typed, column < typed + _LAST)


def spellings(typed: str) -> Sequence[str]:
    """What was typed as it may stand in a row: as typed, in capitals, in small letters, with a capital each."""
    return list(dict.fromkeys((typed, typed.upper(), typed.lower(), typed.title())))


def beginning(
    connection: Connection, query: Select[Any], columns: Iterable[ColumnElement[str]], typed: str, limit: int
) -> Any:
    """Rows of a query whose column, any of these, begins so in any spelling, at most `limit` of each; one statement."""
    parts = [
        select(query.where(begins(connection, column, spelling)).limit(limit).subquery())
        for column in columns
        for spelling in spellings(typed)
    ]
    return union_all(*parts)
