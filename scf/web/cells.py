"""The cells of tables: a row's value as its reader sees it, linked where it leads somewhere, and as files hold it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row

from scf import ids
from scf.money import decimal_string, ppm_string
from scf.organisations import queries as organisations
from scf.people import queries as people
from scf.screens import Column, Kind
from scf.spreadsheet import plain
from scf.web import formats
from scf.web.status import status_words
from scf.web.words import _

# numbers stand at the right, so that their digits stand below each other
RIGHT = frozenset({Kind.MONEY, Kind.COUNT, Kind.RATE})
# what is not broken into lines
_WHOLE = frozenset({Kind.DAY, Kind.MOMENT, Kind.STATUS})
_BRACES = re.compile(r"\{(\w+)(?::(\w+))?\}")


@dataclass(frozen=True, slots=True)
class Cell:
    """A value as it is shown; `code` is a status's, `href` where it leads."""

    text: str
    href: str = ""
    code: str = ""
    right: bool = False
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Names:
    """The names of the organisations and people that stand in some rows by id."""

    organisations: Mapping[int, str]
    people: Mapping[int, str]


def names_of(connection: Connection, columns: Sequence[Column], rows: Sequence[Row[Any]]) -> Names:
    """The names that rows need: one SELECT a kind, none for a kind that has no column."""
    parties = [column.name for column in columns if column.kind is Kind.ORGANISATION]
    persons = [column.name for column in columns if column.kind is Kind.PERSON]
    found = {row._mapping[name] for row in rows for name in parties} - {None}
    met = {row._mapping[name] for row in rows for name in persons}
    return Names(
        organisations.names(connection, found) if parties else {}, people.names(connection, met) if persons else {}
    )


def cells(columns: Sequence[Column], row: Row[Any], names: Names, prefix: str) -> list[Cell]:
    """A row as its reader sees it."""
    values = dict(row._mapping)
    return [_cell(column, values, names, prefix) for column in columns]


def _cell(column: Column, values: Mapping[str, Any], names: Names, prefix: str) -> Cell:
    value = values[column.name]
    href = _link(column.link, values, prefix) if column.link and value is not None else ""
    text = _SHOWN[column.kind](value, values, column, names)
    code = str(value) if column.kind is Kind.STATUS and value is not None else ""
    return Cell(text, href, code, column.kind in RIGHT, column.kind in _WHOLE)


def filed(columns: Sequence[Column], row: Row[Any], names: Names) -> list[str]:
    """A row in a file: amounts and rates as plain decimals, dates as ISO 8601 has them."""
    values = dict(row._mapping)
    return [
        "" if values[column.name] is None else _FILED[column.kind](values[column.name], values, column, names)
        for column in columns
    ]


def _link(pattern: str, values: Mapping[str, Any], prefix: str) -> str:
    def text(found: re.Match[str]) -> str:
        value = values[found[1]]
        kind = found[2] or (prefix if found[1] == "id" else "")
        return ids.text(kind, value) if kind else str(value)

    return _BRACES.sub(text, pattern)


Write = Callable[[Any, Mapping[str, Any], Column, Names], str]


def _flag(value: Any, *_rest: Any) -> str:
    return _("yes") if value else _("no")


def _organisation(value: Any, _values: Any, _column: Column, names: Names) -> str:
    return names.organisations.get(value, formats.NOTHING)


def _person(value: Any, _values: Any, _column: Column, names: Names) -> str:
    return formats.NOTHING if value is None else names.people.get(value, formats.NOTHING)


_SHOWN: Mapping[Kind, Write] = {
    Kind.TEXT: lambda value, *_rest: formats.NOTHING if value in (None, "") else str(value),
    Kind.MONEY: lambda value, values, column, _names: formats.money(value, values[column.currency]),
    Kind.DAY: lambda value, *_rest: formats.day(value),
    Kind.MOMENT: lambda value, *_rest: formats.moment(value),
    Kind.COUNT: lambda value, *_rest: formats.count(value),
    Kind.RATE: lambda value, *_rest: formats.rate(value),
    Kind.STATUS: lambda value, *_rest: formats.NOTHING if value is None else status_words(value),
    Kind.ORGANISATION: _organisation,
    Kind.PERSON: _person,
    Kind.FLAG: _flag,
    Kind.ID: lambda value, _values, column, _names: formats.id_text(value, column.prefix),
}
_FILED: Mapping[Kind, Write] = {
    Kind.TEXT: lambda value, *_rest: plain(str(value)),
    Kind.MONEY: lambda value, values, column, _names: decimal_string(value, values[column.currency]),
    Kind.DAY: lambda value, *_rest: str(value.isoformat()),
    Kind.MOMENT: lambda value, *_rest: str(value.isoformat()),
    Kind.COUNT: lambda value, *_rest: str(value),
    Kind.RATE: lambda value, *_rest: ppm_string(value),
    Kind.STATUS: lambda value, *_rest: str(value),
    Kind.ORGANISATION: lambda value, _values, _column, names: plain(names.organisations.get(value, "")),
    Kind.PERSON: lambda value, _values, _column, names: plain(names.people.get(value, "")),
    Kind.FLAG: lambda value, *_rest: "yes" if value else "no",
    Kind.ID: lambda value, _values, column, _names: ids.text(column.prefix, value),
}
