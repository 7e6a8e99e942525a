"""Reads a supplier's invoices from NDJSON, one JSON object a line, into `ParsedInvoice`s; the API's JSON batches too.

Amounts are decimal strings and dates ISO 8601. A key that is unknown is an error, so that a misspelt one is not lost.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from invoices.canonical import LIMIT_BYTES, Kind, ParsedInvoice, RowError
from scf.errors import FieldError, FileRefused
from scf.money import parse_minor
from scf.organisations.registration import normal_id

REQUIRED = ("number", "buyer_id", "issue_on", "currency", "amount")
OPTIONAL = ("due_on", "kind", "buyer_name", "credited_number", "order_ref", "due_text", "note")
_KEYS = frozenset((*REQUIRED, *OPTIONAL))
_KINDS: Mapping[str, Kind] = {"": "invoice", "invoice": "invoice", "credit_note": "credit_note"}


@dataclass(frozen=True, slots=True)
class NdjsonResult:
    """What a file holds: rows in the order of its lines, and what was wrong by line."""

    rows: list[ParsedInvoice]
    errors: list[RowError]


def read_ndjson(
    payload: bytes, limit_bytes: int = LIMIT_BYTES, *, seller_id: str = "", seller_name: str = ""
) -> NdjsonResult:
    """All objects of a file, a row a line, counted from 1. A negative amount makes a credit note.

    Raises `FileRefused` for a file that is too large, not UTF-8, or empty.
    """
    if len(payload) > limit_bytes:
        raise FileRefused(f"the file has {len(payload):,} bytes; at most {limit_bytes:,} are taken; split it")
    try:
        text = payload.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileRefused("the file is not UTF-8; NDJSON always is") from None
    found = NdjsonResult([], [])
    seller = (normal_id(seller_id), seller_name)
    for row, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            _take(found, row, line, seller)
    if not found.rows and not found.errors:
        raise FileRefused("the file has no lines; give one JSON object a line")
    return found


def _take(found: NdjsonResult, row: int, line: str, seller: tuple[str, str]) -> None:
    try:
        given = _object(line)
    except FieldError as error:
        found.errors.append(RowError(row, error.field, error.message))
        return
    errors = [RowError(row, error.field, error.message) for error in _faults(given)]
    if errors:
        found.errors.extend(errors)
    else:
        found.rows.append(_invoice(row, given, seller))


def _object(line: str) -> dict[str, str]:
    """A line's object, every value a text without blanks around it."""
    try:
        given = json.loads(line)
    except (ValueError, RecursionError):
        raise FieldError("line", "is no JSON; give one object a line, without line breaks in it") from None
    if not isinstance(given, dict):
        raise FieldError("line", "is no JSON object; begin it with a brace")
    unknown = sorted(given.keys() - _KEYS)
    if unknown:
        raise FieldError(unknown[0][:40], f"is not known; the keys are {', '.join((*REQUIRED, *OPTIONAL))}")
    for key, value in given.items():
        if not isinstance(value, str | None):
            raise FieldError(key, f"{json.dumps(value)[:40]} is no string; amounts and dates are strings too")
    return {key: (value or "").strip() for key, value in given.items()}


def _faults(given: Mapping[str, str]) -> Iterator[FieldError]:
    """Everything that is wrong with a line's values."""
    for key in REQUIRED:
        if not given.get(key):
            yield FieldError(key, "is missing; give it")
    tries: tuple[tuple[str, Callable[[], Any]], ...] = (
        ("issue_on", lambda: _day("issue_on", given["issue_on"])),
        ("due_on", lambda: _day("due_on", given["due_on"])),
        ("amount", lambda: parse_minor(given["amount"], given.get("currency", ""))),
        ("kind", lambda: _kind(given["kind"])),
    )
    for key, attempt in tries:
        if given.get(key):
            try:
                attempt()
            except FieldError as error:
                yield error


def _invoice(row: int, given: Mapping[str, str], seller: tuple[str, str]) -> ParsedInvoice:
    minor = parse_minor(given["amount"], given["currency"])
    due = given.get("due_on", "")
    return ParsedInvoice(
        row=row,
        kind="credit_note" if minor < 0 else _kind(given.get("kind", "")),
        number=given["number"],
        seller_id=seller[0],
        seller_name=seller[1],
        buyer_id=normal_id(given["buyer_id"]),
        buyer_name=given.get("buyer_name", ""),
        issue_on=_day("issue_on", given["issue_on"]),
        due_on=_day("due_on", due) if due else None,
        due_text=given.get("due_text", ""),
        currency=given["currency"],
        payable_minor=abs(minor),
        order_ref=given.get("order_ref", ""),
        credited_number=given.get("credited_number", ""),
        payee_name="",
        notes=given.get("note", ""),
    )


def _day(field: str, text: str) -> date:
    try:
        if len(text) == 10:
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise FieldError(field, f"{text[:40]!r} is no date; write it like 2026-01-31")


def _kind(text: str) -> Kind:
    if text not in _KINDS:
        raise FieldError("kind", f"{text[:40]!r} is unknown; write invoice or credit_note, or leave it out")
    return _KINDS[text]
