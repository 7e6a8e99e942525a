"""The chart of accounts, declared: class, normal side, owner, and whether the balance has a floor at zero.

Accounts with a floor keep running totals under a row lock; accounts without one are never locked, so that a busy
bank's income account is no bottleneck (DESIGN §5).
"""

from dataclasses import dataclass
from enum import StrEnum


class Owner(StrEnum):
    """Whose account it is."""

    BOOK = "book"
    SUPPLIER = "supplier"
    ANCHOR = "anchor"
    GUARANTOR = "guarantor"
    LIMIT = "limit"


@dataclass(frozen=True, slots=True)
class ChartLine:
    """One kind of account."""

    heading: str
    debit_normal: bool
    owner: Owner
    floored: bool

    @property
    def memorandum(self) -> bool:
        """Memorandum accounts stand outside the trial balance."""
        return self.heading == "memorandum"


DEBIT, CREDIT = True, False

CHART: dict[str, ChartLine] = {
    "cash": ChartLine("assets", DEBIT, Owner.BOOK, False),
    "purchased receivables": ChartLine("assets", DEBIT, Owner.SUPPLIER, True),
    "recourse advances": ChartLine("assets", DEBIT, Owner.SUPPLIER, True),
    "due from supplier": ChartLine("assets", DEBIT, Owner.SUPPLIER, True),
    "guarantee claims": ChartLine("assets", DEBIT, Owner.GUARANTOR, True),
    "late charges": ChartLine("assets", DEBIT, Owner.ANCHOR, True),
    "unearned discount": ChartLine("assets", CREDIT, Owner.BOOK, False),
    "loss allowance": ChartLine("assets", CREDIT, Owner.BOOK, True),
    "payable to supplier": ChartLine("liabilities", CREDIT, Owner.SUPPLIER, True),
    "reserve": ChartLine("liabilities", CREDIT, Owner.SUPPLIER, True),
    "payable to guarantor": ChartLine("liabilities", CREDIT, Owner.GUARANTOR, True),
    "unapplied collections": ChartLine("liabilities", CREDIT, Owner.ANCHOR, True),
    "unidentified collections": ChartLine("liabilities", CREDIT, Owner.BOOK, False),
    "payouts in transit": ChartLine("liabilities", CREDIT, Owner.BOOK, False),
    "vat": ChartLine("liabilities", CREDIT, Owner.BOOK, False),
    # what the funder's own treasury has put into the book
    "treasury": ChartLine("liabilities", CREDIT, Owner.BOOK, False),
    "discount": ChartLine("income", CREDIT, Owner.BOOK, False),
    "fees": ChartLine("income", CREDIT, Owner.BOOK, False),
    # another heading has the same words: the code tells them apart, the full name does not need to
    "late charge income": ChartLine("income", CREDIT, Owner.BOOK, False),
    "bank interest": ChartLine("income", CREDIT, Owner.BOOK, False),
    "impairment": ChartLine("expenses", DEBIT, Owner.BOOK, False),
    "bank charges": ChartLine("expenses", DEBIT, Owner.BOOK, False),
    "limit ceiling": ChartLine("memorandum", DEBIT, Owner.LIMIT, True),
    "limit excess": ChartLine("memorandum", DEBIT, Owner.LIMIT, True),
    "limit headroom": ChartLine("memorandum", CREDIT, Owner.LIMIT, True),
    "limit reserved": ChartLine("memorandum", CREDIT, Owner.LIMIT, True),
    "limit drawn": ChartLine("memorandum", CREDIT, Owner.LIMIT, True),
}


def full_name(code: str) -> str:
    """The account as an accountant writes it: "income:late charges"."""
    return f"{CHART[code].heading}:{_LABELS.get(code, code)}"


_LABELS = {"late charge income": "late charges"}
