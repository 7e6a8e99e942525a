"""Reads a supplier's invoice list in CSV into `ParsedInvoice`s, with an error a field for what is wrong in a row.

Date form and decimal mark are fixed per file, never guessed per row, and marks for thousands are not taken: so an
amount can be refused, but not be misread. A list names no seller: it is the supplier who uploads it.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from operator import itemgetter

from invoices.canonical import LIMIT_BYTES, Kind, ParsedInvoice, RowError
from invoices.csv_headings import OPTIONAL, REQUIRED, Heading, decode, find_heading
from scf.currencies import exponent
from scf.errors import FieldError, FileRefused
from scf.organisations.registration import normal_id

ISO, DOTTED = "yyyy-mm-dd", "dd.mm.yyyy"
_DATE_FORMS = {
    ISO: re.compile(r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)", re.ASCII),
    DOTTED: re.compile(r"(?P<day>\d\d)\.(?P<month>\d\d)\.(?P<year>\d{4})", re.ASCII),
}
_MARK_WORDS = {".": "point", ",": "comma"}
_WHOLE_DIGITS_MAX = 15
# What stands in the column kind, in small letters; no word leaves it to the sign of the amount.
KINDS: dict[str, Kind] = {
    "": "invoice",
    "invoice": "invoice",
    "inv": "invoice",
    "380": "invoice",
    "credit note": "credit_note",
    "credit_note": "credit_note",
    "credit": "credit_note",
    "cn": "credit_note",
    "381": "credit_note",
}


@dataclass(frozen=True, slots=True)
class CsvResult:
    """What a list holds: rows in the order of the file, errors by row, and how the file was read."""

    rows: list[ParsedInvoice]
    errors: list[RowError]
    encoding: str
    delimiter: str
    date_form: str
    decimal_mark: str


@dataclass(frozen=True, slots=True)
class _Form:
    """How the values of this one file are written, and who sells."""

    dated: Callable[[str, str], date]
    decimal_mark: str
    seller_id: str
    seller_name: str


def read_csv(
    payload: bytes, limit_bytes: int = LIMIT_BYTES, *, seller_id: str = "", seller_name: str = ""
) -> CsvResult:
    """All rows of a list. A row counts from 1 with the heading line, as a spreadsheet shows it.

    Negative amounts are credit notes. Raises `FileRefused` for a file that is too large, no text, without its
    headings or rows, or with an unclosed quotation mark.
    """
    if len(payload) > limit_bytes:
        raise FileRefused(f"the file has {len(payload):,} bytes; at most {limit_bytes:,} are taken; split the list")
    text, encoding = decode(payload)
    stream = io.StringIO(text, newline=None)
    heading = find_heading(stream, encoding)
    lines = _cells(stream, heading)
    date_form, mark = _date_form(lines, heading), _decimal_mark(lines, heading)
    form = _Form(cache(partial(_date, date_form)), mark, normal_id(seller_id), seller_name)
    rows, errors = _typed(lines, heading, form)
    if not rows and not errors:
        raise FileRefused("the list has a heading line, but no rows below it")
    return CsvResult(rows, errors, encoding, heading.delimiter, date_form, mark)


def _cells(stream: io.StringIO, heading: Heading) -> list[tuple[str, ...]]:
    reader = csv.reader(stream, delimiter=heading.delimiter, strict=True)
    try:
        # Tuples of texts, unlike lists, cost the garbage collector nothing.
        return list(map(tuple, reader))
    except csv.Error as error:
        line = heading.line + reader.line_num
        raise FileRefused(
            f"the file cannot be read up to line {line}: {error}; look for a stray quotation mark"
        ) from None


def _column(lines: list[tuple[str, ...]], heading: Heading, name: str) -> Iterator[str]:
    at = heading.columns[name]
    return (cells[at].strip() for cells in lines if len(cells) > at)


def _date_form(lines: list[tuple[str, ...]], heading: Heading) -> str:
    """ISO, unless the file has dates with dots and none in ISO form."""
    texts = {*_column(lines, heading, "issue date"), *_column(lines, heading, "due date")}
    if any(_DATE_FORMS[ISO].fullmatch(text) for text in texts):
        return ISO
    return DOTTED if any(_DATE_FORMS[DOTTED].fullmatch(text) for text in texts) else ISO


def _decimal_mark(lines: list[tuple[str, ...]], heading: Heading) -> str:
    """The mark that the amounts use more often; a row with the other one becomes an error, never another amount."""
    amounts = "\n".join(_column(lines, heading, "amount"))
    return "," if amounts.count(",") > amounts.count(".") else "."


def _typed(lines: list[tuple[str, ...]], heading: Heading, form: _Form) -> tuple[list[ParsedInvoice], list[RowError]]:
    rows: list[ParsedInvoice] = []
    errors: list[RowError] = []
    width = heading.width
    # A heading that the file does not have reads the empty cell put behind every row.
    pick = itemgetter(*(heading.columns.get(name, width) for name in REQUIRED + OPTIONAL))
    for row, cells in enumerate(lines, start=heading.line + 1):
        if len(cells) != width:
            if not any(map(str.strip, cells)):
                continue
            if any(map(str.strip, cells[width:])):
                errors.append(RowError(row, "columns", _too_wide(len(cells), width)))
                continue
            cells = cells[:width] + ("",) * (width - len(cells))
        texts = pick((*cells, ""))
        try:
            rows.append(_invoice(row, texts, form))
        except FieldError:
            errors.extend(_row_errors(row, texts, form))
    return rows, errors


def _too_wide(count: int, width: int) -> str:
    return f"the row has {count} cells under {width} headings; put quotation marks around a cell that has a separator"


def _invoice(row: int, texts: tuple[str, ...], form: _Form) -> ParsedInvoice:
    number, buyer_id, issued, due, currency, amount, kind, buyer_name, credited, order, terms, note = map(
        str.strip, texts
    )
    currency = currency.upper()
    minor = _minor(amount, currency, form.decimal_mark)
    said = _kind(kind)
    return ParsedInvoice(
        row,
        "credit_note" if minor < 0 else said,
        number,
        form.seller_id,
        form.seller_name,
        normal_id(buyer_id),
        buyer_name,
        form.dated("issue date", issued),
        form.dated("due date", due) if due else None,
        terms,
        currency,
        abs(minor),
        order,
        credited,
        "",
        note,
    )


def _row_errors(row: int, texts: tuple[str, ...], form: _Form) -> list[RowError]:
    """Every field of a bad row that is wrong; none when the row is empty."""
    if not any(map(str.strip, texts)):
        return []
    _, _, issued, due, currency, amount, kind = map(str.strip, texts[:7])
    tries: tuple[Callable[[], object], ...] = (
        lambda: form.dated("issue date", issued),
        lambda: form.dated("due date", due) if due else None,
        lambda: _minor(amount, currency.upper(), form.decimal_mark),
        lambda: _kind(kind),
    )
    found = []
    for attempt in tries:
        try:
            attempt()
        except FieldError as error:
            found.append(RowError(row, error.field, error.message))
    return found


def _date(form: str, field: str, text: str) -> date:
    found = _DATE_FORMS[form].fullmatch(text)
    try:
        if found is not None:
            return date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        raise FieldError(field, f"{text} is no day of the calendar; correct it") from None
    if not text:
        raise FieldError(field, f"is missing; give it as {form}")
    raise FieldError(field, f"{text!r} is not written as {form}, the form of the dates of this file; write all alike")


def _kind(text: str) -> Kind:
    kind = KINDS.get(text.casefold())
    if kind is None:
        raise FieldError("kind", f"{text!r} is unknown; write invoice or credit note, or leave it empty")
    return kind


def _minor(text: str, currency: str, mark: str) -> int:
    """An amount in minor units; the usual way to write it is typed fast, all others by `_signed_minor`."""
    digits = exponent(currency)
    whole, found, fraction = text.partition(mark)
    joined = whole + fraction
    if (
        len(fraction) == digits
        and 0 < len(whole) <= _WHOLE_DIGITS_MAX
        and joined.isdigit()
        and joined.isascii()
        and bool(found) == bool(digits)
    ):
        return int(joined)
    return _signed_minor(text, currency, mark, digits)


def _signed_minor(text: str, currency: str, mark: str, digits: int) -> int:
    if not text:
        raise FieldError("amount", "is missing; give the amount to be paid")
    bare = text.removeprefix("-").removeprefix("\u2212").removesuffix("-")
    if len(text) - len(bare) > 1:
        raise FieldError("amount", f"{text!r} has more than one sign; keep one")
    whole, found, fraction = bare.partition(mark)
    joined = whole + fraction
    shaped = 0 < len(whole) <= _WHOLE_DIGITS_MAX and bool(found) == bool(fraction)
    if not (shaped and joined.isdigit() and joined.isascii()):
        words = f"write it with a decimal {_MARK_WORDS[mark]}, as this file does, without marks for thousands"
        raise FieldError("amount", f"{text!r} is no amount; {words}")
    # Zeros beyond the currency's decimals are refused too: 1.230 may be a thousand and more where points part them.
    if len(fraction) > digits:
        raise FieldError("amount", f"{text} has more decimals than {currency} has ({digits}); round it to {digits}")
    minor = int(whole + fraction.ljust(digits, "0"))
    return -minor if bare != text else minor
