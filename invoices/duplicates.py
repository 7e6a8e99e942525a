"""Says whether an invoice is one that is here already, also in disguise. Pure.

Candidates agree in the disguise key. Such a candidate is the same document unless amount, issue date and the way the
number falls into groups all differ: "1-11" and "11-1" then are two honest numbers, while INV-0042 stays inv 42.
"""

import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from invoices.canonical import ParsedInvoice
from scf.money import decimal_string
from scf.outcomes import Refusal

_GROUPS = re.compile(r"0*([0-9]+)|[^\W\d_]+")
_DIGIT_ALIKES = str.maketrans("OIL", "011")


class Known(NamedTuple):
    """An invoice of the supplier that is here already or came earlier in the same batch."""

    number: str
    issue_on: date
    currency: str
    amount_minor: int
    fingerprint: str
    row: int
    file: str


def refusal(invoice: ParsedInvoice, fingerprint: str, candidates: Sequence[Known]) -> Refusal | None:
    """Why the invoice is refused as a duplicate, naming the other one; None when it is not one."""
    for known in candidates:
        if known.fingerprint == fingerprint:
            remedy = "it is here already; leave it out"
            return Refusal("duplicate", "invoice number", invoice.number, _named(known), remedy)
    for known in candidates:
        if _is_same(invoice, known):
            remedy = "it seems to be the same invoice; withdraw the other one first if this one corrects it"
            return Refusal("duplicate_in_disguise", "invoice number", invoice.number, _named(known), remedy)
    return None


def warning(candidates: Sequence[Known]) -> str:
    """What to tell who decides about an invoice that only looks like others; '' without candidates."""
    return f"the number resembles {_named(candidates[0])}" if candidates else ""


def _is_same(invoice: ParsedInvoice, known: Known) -> bool:
    return (
        invoice.payable_minor == known.amount_minor
        or invoice.issue_on == known.issue_on
        or _groups(invoice.number) == _groups(known.number)
    )


def _groups(number: str) -> list[str]:
    """Runs of letters and of digits, without leading zeros: both INV-0042 and inv42 give 1NV and 42."""
    plain = number.upper().translate(_DIGIT_ALIKES)
    return [found.group(1) or found.group() for found in _GROUPS.finditer(plain)]


def _named(known: Known) -> str:
    amount = f"{decimal_string(known.amount_minor, known.currency)} {known.currency}"
    return f"{known.number} of {known.issue_on} over {amount}, row {known.row} of {known.file}"
