"""An anchor's payables file beside what its suppliers sent: line by line, equal or how they differ. Pure.

Matched exactly: by supplier and by the number as `normal_number` brings it to one form. A supplier is given by its
registration number or its name; a name that several bear is refused rather than guessed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from scf.organisations.registration import normal_id

_MARKS = str.maketrans("", "", " \t\u00a0\u202f-\u2010\u2011\u2012\u2013./_")


class Found(StrEnum):
    """What a line is beside what was received."""

    EQUAL = "equal"
    AMOUNT_DIFFERS = "amount_differs"
    DUE_DATE_DIFFERS = "due_date_differs"
    NOT_RECEIVED = "not_received"
    NOT_IN_FILE = "not_in_file"
    DECIDED = "decided"
    TWICE = "twice_in_file"


class Payable(NamedTuple):
    """A line of the anchor's file: `row` counts from 1 with the heading."""

    row: int
    supplier: str
    number: str
    currency: str
    amount_minor: int
    due_on: date


class Received(NamedTuple):
    """An invoice as its supplier sent it."""

    id: int
    supplier_id: int
    number: str
    currency: str
    amount_minor: int
    due_on: date
    status: str


class Supplier(NamedTuple):
    """A supplier of the anchor's programmes."""

    id: int
    registration_ref: str
    name: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the file, an invoice received, or both, and how they compare."""

    found: Found
    payable: Payable | None
    received: Received | None
    supplier_id: int = 0


def normal_number(number: str) -> str:
    """An invoice number without blanks and marks, in capitals, without zeros in front: "inv-0042" is INV0042."""
    return number.translate(_MARKS).upper().lstrip("0")


class Suppliers:
    """Finds a supplier by what an anchor's system calls it."""

    def __init__(self, suppliers: Iterable[Supplier]) -> None:
        """`suppliers` are all that may be meant."""
        known = list(suppliers)
        self._by_ref = {normal_id(each.registration_ref): each.id for each in known}
        self._by_name: dict[str, int | None] = {}
        for each in known:
            name = each.name.casefold().strip()
            # a name that two bear names neither
            self._by_name[name] = None if name in self._by_name else each.id

    def find(self, written: str) -> int | None:
        """Its id; None when nobody, or more than one, is called so."""
        by_ref = self._by_ref.get(normal_id(written))
        return self._by_name.get(written.casefold().strip()) if by_ref is None else by_ref


def compare(
    payables: Sequence[Payable], suppliers: Suppliers, received: Sequence[Received], waiting: frozenset[str]
) -> list[Line]:
    """The lines of the file in their order, then what was received and stands in none; decided ones are not missed.

    `waiting` are the statuses in which an invoice waits for the anchor. Of several invoices of one number, one that
    waits is meant.
    """
    by_key = _by_key(received, waiting)
    lines, met = [], set[int]()
    for each in payables:
        supplier_id = suppliers.find(each.supplier)
        invoice = by_key.get((supplier_id, normal_number(each.number))) if supplier_id is not None else None
        if invoice is not None and invoice.id in met:
            lines.append(Line(Found.TWICE, each, invoice, invoice.supplier_id))
            continue
        met |= {invoice.id} if invoice else set()
        lines.append(Line(_found(each, invoice, waiting), each, invoice, supplier_id or 0))
    left = (each for each in received if each.id not in met and each.status in waiting)
    return [*lines, *(Line(Found.NOT_IN_FILE, None, each, each.supplier_id) for each in left)]


def _by_key(received: Sequence[Received], waiting: frozenset[str]) -> Mapping[tuple[int, str], Received]:
    found: dict[tuple[int, str], Received] = {}
    for each in received:
        key = (each.supplier_id, normal_number(each.number))
        if key not in found or (each.status in waiting and found[key].status not in waiting):
            found[key] = each
    return found


def _found(payable: Payable, invoice: Received | None, waiting: frozenset[str]) -> Found:
    if invoice is None:
        return Found.NOT_RECEIVED
    if invoice.status not in waiting:
        return Found.DECIDED
    if (payable.currency, payable.amount_minor) != (invoice.currency, invoice.amount_minor):
        return Found.AMOUNT_DIFFERS
    return Found.EQUAL if payable.due_on == invoice.due_on else Found.DUE_DATE_DIFFERS


def sums(lines: Iterable[Line]) -> Mapping[Found, Mapping[str, tuple[int, int]]]:
    """How many lines, and how much, by what was found and by currency; the file's amount, where the file has one."""
    totals: dict[Found, dict[str, tuple[int, int]]] = {found: {} for found in Found}
    for line in lines:
        of = line.payable or line.received
        if of is not None:
            count, minor = totals[line.found].get(of.currency, (0, 0))
            totals[line.found][of.currency] = (count + 1, minor + of.amount_minor)
    return totals
