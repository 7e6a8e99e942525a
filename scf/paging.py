"""Keyset pages: a page begins after a row, never at a number, so that it costs the same everywhere and skips nothing.

A cursor names the last row by its sort value and id; whoever asks for the next page gives it back as it is.
"""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, literal, tuple_

from scf.errors import PageUnknown

LIMIT_MAX = 1000
LIMIT = 100


@dataclass(frozen=True, slots=True)
class Order:
    """How rows are ordered: by a column that is never NULL, then by id; both down when `descending`."""

    column: ColumnElement[Any]
    key: ColumnElement[int]
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """A page of rows, and the cursor of the next one, empty after the last."""

    rows: Sequence[Row[Any]]
    next: str


def read(connection: Connection, query: Select[Any], order: Order, after: str, limit: int) -> Page:
    """The page after a cursor ('' for the first) in one statement. Raises `PageUnknown` for a cursor not given here."""
    if after:
        query = query.where(_beyond(order, after))
    columns = [each.desc() if order.descending else each.asc() for each in (order.column, order.key)]
    keyed = query.add_columns(order.column.label("_sort"), order.key.label("_key")).order_by(*columns).limit(limit + 1)
    rows = connection.execute(keyed).all()
    last = rows[limit - 1] if len(rows) > limit else None
    return Page(rows[:limit], "" if last is None else write(last._mapping["_sort"], last._mapping["_key"]))


def _beyond(order: Order, after: str) -> ColumnElement[bool]:
    value, key = parse(after, order.column.type.python_type)
    last = tuple_(literal(value, order.column.type), literal(key, order.key.type))
    here = tuple_(order.column, order.key)
    return here < last if order.descending else here > last


def write(value: Any, key: int) -> str:
    """A row's place as a cursor."""
    told = value.isoformat() if isinstance(value, date) else value
    return base64.urlsafe_b64encode(json.dumps([told, key]).encode()).decode().rstrip("=")


def parse(cursor: str, kind: type[Any]) -> tuple[Any, int]:
    """The place a cursor names. Raises `PageUnknown` when it is none of a list that is sorted by such values."""
    try:
        value, key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if issubclass(kind, date):
            value = (datetime if kind is datetime else date).fromisoformat(value)
        if type(value) is not kind or type(key) is not int or not 0 <= key < 1 << 63:
            raise ValueError
    except (ValueError, TypeError, binascii.Error, UnicodeError):
        raise PageUnknown("after: give the cursor of the page before, as it came, with the same sort") from None
    if kind is int and not -(1 << 63) <= value < 1 << 63:
        raise PageUnknown("after: give the cursor of the page before, as it came")
    return value, key
