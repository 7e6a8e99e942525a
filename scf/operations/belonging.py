"""Turns the paths of `ownership` into conditions: which rows of a table are an organisation's."""

from typing import Any

from sqlalchemy import Column, ColumnElement, Select, Table, select

from scf.db.types import metadata

# where a column without a foreign key of its own leads
_PARENTS = {"book_id": "book", "scope_id": "book"}


def rows_of(table: Table, path: tuple[str, ...], organisation_id: int) -> ColumnElement[bool]:
    """The condition that a row of `table` is the organisation's by a path."""
    step, *rest = path
    if step.startswith("<"):
        name, _, back = step[1:].partition(".")
        child = metadata.tables[name]
        return _key(table).in_(select(child.c[back]).where(rows_of(child, tuple(rest), organisation_id)))
    column = table.c[step]
    if not rest:
        return column == organisation_id
    return column.in_(_parents(_parent(column), tuple(rest), organisation_id))


def _parents(parent: Table, rest: tuple[str, ...], organisation_id: int) -> Select[Any]:
    return select(_key(parent)).where(rows_of(parent, rest, organisation_id))


def _key(table: Table) -> Column[Any]:
    (key,) = table.primary_key.columns
    return key


def _parent(column: Column[Any]) -> Table:
    if column.name in _PARENTS:
        return metadata.tables[_PARENTS[column.name]]
    (key,) = column.foreign_keys
    return key.column.table
