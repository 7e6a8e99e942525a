"""Rows of an export as other programs and people read them: ids as the API writes them, outcomes unpacked, no formulas.

An id is the thirteen characters that follow the prefix in the API's; amounts are whole numbers of minor units.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Column

from scf import command_log
from scf.ids import text
from scf.operations import portable

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def writer(column: Column[Any]) -> Callable[[Any], Any]:
    """How the values of a column are given."""
    if (column.table.name, column.name) == ("command_log", "outcomes"):
        return _outcomes
    if column.type.python_type is int and (column.name == "id" or column.name.endswith("_id")):
        return public
    return portable.form(column).write


def public(id: int) -> str:
    """An id without its prefix."""
    return text("", id).removeprefix("_")


def _outcomes(packed: bytes) -> list[dict[str, Any]]:
    return [
        {
            "id": None if each.id is None else public(each.id),
            "refusal": each.refusal.words() if each.refusal else None,
            "facts": dict(each.facts),
        }
        for each in command_log.unpack(packed)
    ]


def ndjson(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """A JSON object a line."""
    for row in rows:
        yield json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False).encode() + b"\n"


def csv_lines(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """A table for spreadsheets, RFC 4180; text that one would take for a formula gets an apostrophe before it."""
    yield _csv_line(names)
    for row in rows:
        yield _csv_line([_cell(value) for value in row])


def _csv_line(cells: Sequence[str]) -> bytes:
    line = io.StringIO(newline="")
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue().encode()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) else value
    return json.dumps(value, ensure_ascii=False)
