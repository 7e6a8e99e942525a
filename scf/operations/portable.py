"""Rows as lines of JSON that mean the same on both databases, and back again, exactly.

Integers stay integers, text text, booleans booleans; dates and instants are ISO 8601, instants in UTC; bytes are
base64. It refuses a column whose type has no exact form, floats first.
"""

import base64
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import Column, Connection, Table, select

from scf.errors import ScfError

CHUNK = 2_000


@dataclass(frozen=True, slots=True)
class Form:
    """How the values of one type are written in JSON, and read from it; the form's name stands in the manifest."""

    name: str
    write: Callable[[Any], Any]
    read: Callable[[Any], Any]


def _same(value: Any) -> Any:
    return value


_FORMS: dict[type, Form] = {
    int: Form("integer", _same, _same),
    str: Form("text", _same, _same),
    bool: Form("boolean", _same, _same),
    date: Form("date", date.isoformat, date.fromisoformat),
    datetime: Form("instant", datetime.isoformat, datetime.fromisoformat),
    bytes: Form("bytes", lambda value: base64.b64encode(value).decode(), base64.b64decode),
}


def form(column: Column[Any]) -> Form:
    """The form of a column's values. Raises `ScfError` for a type without an exact one."""
    kind = column.type.python_type
    if kind not in _FORMS:
        raise ScfError(f"{column.table.name}.{column.name}: {kind.__name__} has no portable form")
    return _FORMS[kind]


def columns(table: Table) -> list[list[str]]:
    """Name and form of every column, in the order in which a line holds them."""
    return [[column.name, form(column).name] for column in table.columns]


def lines(connection: Connection, table: Table) -> Iterator[bytes]:
    """Every row as a line, in the order of the primary key, in flat memory."""
    writers = [form(column).write for column in table.columns]
    query = select(table).order_by(*table.primary_key.columns).execution_options(yield_per=CHUNK)
    for row in connection.execute(query):
        values = [None if value is None else write(value) for write, value in zip(writers, row, strict=True)]
        yield json.dumps(values, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"


def chunks(table: Table, given: Iterable[bytes]) -> Iterator[Sequence[tuple[Any, ...]]]:
    """The rows of such lines, some thousands at a time."""
    readers = [form(column).read for column in table.columns]
    each = iter(given)
    while some := list(islice(each, CHUNK)):
        yield [_row(readers, line) for line in some]


def _row(readers: Sequence[Callable[[Any], Any]], line: bytes) -> tuple[Any, ...]:
    values = json.loads(line)
    return tuple(None if value is None else read(value) for read, value in zip(readers, values, strict=True))
