"""Reads an anchor's payables list in CSV: supplier, invoice number, amount, currency, due date, one line an invoice.

Form of dates and decimal mark are fixed per file, never guessed per row; what is wrong is said by row and column.
Refuses what is no text, lacks a heading, or has no rows or too many.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from anchors.compare import Payable
from invoices.csv_headings import decode
from scf.currencies import codes
from scf.errors import FieldError, FileRefused
from scf.money import parse_minor

LIMIT_BYTES = 4 * 1024 * 1024
ROWS_MAX = 10_000
COLUMNS = ("supplier", "invoice number", "amount", "currency", "due date")
_ALIASES = {name: name for name in COLUMNS} | {
    "supplier ref": "supplier", "supplier id": "supplier", "supplier name": "supplier", "creditor": "supplier",
    "supplier registration": "supplier", "invoice": "invoice number", "invoice no": "invoice number",
    "number": "invoice number", "reference": "invoice number", "document number": "invoice number",
    "gross amount": "amount", "amount due": "amount", "currency code": "currency", "due": "due date",
    "due on": "due date", "payment date": "due date", "pay date": "due date",
}  # fmt: skip
_DELIMITERS = (",", ";", "\t")
_MARKS = re.compile(r"[\W_]+")
_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)", re.ASCII)
_DOTTED = re.compile(r"(?P<day>\d\d)\.(?P<month>\d\d)\.(?P<year>\d{4})", re.ASCII)
_CODES = frozenset(codes())


class Fault(NamedTuple):
    """What is wrong in a row, at a column."""

    row: int
    column: str
    words: str


@dataclass(frozen=True, slots=True)
class Payables:
    """The lines of a file that could be read, and what is wrong with the others."""

    lines: list[Payable] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Form:
    """How this one file is written."""

    columns: Mapping[str, int]
    dated: re.Pattern[str]
    decimal_comma: bool


def read_payables(payload: bytes) -> Payables:
    """The lines of a payables list. Raises `FileRefused` for a file that cannot be read as one."""
    if len(payload) > LIMIT_BYTES:
        raise FileRefused(f"the file has {len(payload):,} bytes; at most {LIMIT_BYTES:,} are taken; split the list")
    text, _encoding = decode(payload)
    columns, rows = _rows(text)
    if not rows:
        raise FileRefused("the list has a heading line, but no rows below it")
    if len(rows) > ROWS_MAX:
        raise FileRefused(f"the list has {len(rows):,} rows; at most {ROWS_MAX:,} are taken; split the list")
    form = _form(columns, rows)
    found = Payables()
    for row, cells in rows:
        faults = list(_read(row, cells, form, found.lines))
        found.faults.extend(faults)
    return found


def _rows(text: str) -> tuple[Mapping[str, int], list[tuple[int, list[str]]]]:
    first = text.partition("\n")[0]
    tries = {mark: _columns(next(csv.reader([first], delimiter=mark), [])) for mark in _DELIMITERS}
    delimiter = max(_DELIMITERS, key=lambda mark: len(tries[mark]))
    columns = tries[delimiter]
    missing = [name for name in COLUMNS if name not in columns]
    if missing:
        raise FileRefused(f"the heading line lacks {', '.join(missing)}; the first line must give {', '.join(COLUMNS)}")
    reader = csv.reader(io.StringIO(text, newline=None), delimiter=delimiter, strict=True)
    try:
        rows = list(enumerate(reader, start=1))[1:]
    except csv.Error as error:
        raise FileRefused(
            f"the file cannot be read up to line {reader.line_num}: {error}; look for a stray quotation mark"
        ) from None
    return columns, [(row, cells) for row, cells in rows if any(map(str.strip, cells))]


def _columns(headings: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for at, heading in enumerate(headings):
        name = _ALIASES.get(_MARKS.sub(" ", heading).strip().casefold())
        if name is not None:
            found.setdefault(name, at)
    return found


def _form(columns: Mapping[str, int], rows: Sequence[tuple[int, Sequence[str]]]) -> _Form:
    def column(name: str) -> Iterator[str]:
        at = columns[name]
        return (cells[at].strip() for _row, cells in rows if len(cells) > at)

    is_dotted = any(map(_DOTTED.fullmatch, column("due date"))) and not any(map(_ISO.fullmatch, column("due date")))
    amounts = "\n".join(column("amount"))
    return _Form(columns, _DOTTED if is_dotted else _ISO, amounts.count(",") > amounts.count("."))


def _read(row: int, cells: Sequence[str], form: _Form, lines: list[Payable]) -> Iterator[Fault]:
    """Reads a row into `lines`; what is wrong with it otherwise."""
    given = {name: cells[at].strip() if len(cells) > at else "" for name, at in form.columns.items()}
    currency = given["currency"].upper()
    tries: tuple[Callable[[], object], ...] = (
        lambda: _given("supplier", given["supplier"]),
        lambda: _given("invoice number", given["invoice number"]),
        lambda: _currency(currency),
        lambda: _minor(given["amount"], currency, form) if currency in _CODES else _given("amount", given["amount"]),
        lambda: _date(given["due date"], form),
    )
    values, wrong = [], False
    for attempt in tries:
        try:
            values.append(attempt())
        except FieldError as error:
            wrong = True
            yield Fault(row, error.field, error.message)
    if not wrong:
        supplier, number, code, minor, due_on = values
        assert isinstance(minor, int) and isinstance(due_on, date)
        lines.append(Payable(row, str(supplier), str(number), str(code), minor, due_on))


def _given(column: str, text: str) -> str:
    if not text:
        raise FieldError(column, "is missing")
    return text


def _currency(code: str) -> str:
    if code not in _CODES:
        raise FieldError("currency", f"{code!r} is no ISO 4217 code" if code else "is missing")
    return code


def _minor(text: str, currency: str, form: _Form) -> int:
    _given("amount", text)
    if form.decimal_comma and "." in text:
        raise FieldError("amount", f"{text!r} has a point where this file has commas; leave marks for thousands out")
    minor = parse_minor(text.replace(",", ".") if form.decimal_comma else text, currency)
    if minor <= 0:
        raise FieldError("amount", f"{text} is not above zero; leave credit notes out")
    return minor


def _date(text: str, form: _Form) -> date:
    _given("due date", text)
    found = form.dated.fullmatch(text)
    try:
        if found is not None:
            return date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        raise FieldError("due date", f"{text} is no day of the calendar") from None
    shape = "yyyy-mm-dd" if form.dated is _ISO else "dd.mm.yyyy"
    raise FieldError("due date", f"{text!r} is not written as {shape}, the form of the dates of this file")
