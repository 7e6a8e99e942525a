"""Judges one row of a file as far as it can be judged alone: readable, of this seller, to one of its anchors. Pure.

Whether it was sent before is asked in `duplicates`; which invoice a credit note lowers, in `credit`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from invoices.canonical import ParsedInvoice, RowError
from invoices.checks import Finding, check
from invoices.fingerprint import keys
from scf.money import decimal_string
from scf.outcomes import Refusal


@dataclass(frozen=True, slots=True)
class Buyer:
    """An anchor in whose programmes the supplier is enrolled, with the currencies of the terms in force."""

    id: int
    currencies: frozenset[str]


@dataclass(frozen=True, slots=True)
class Trade:
    """A supplier's side of its programmes on a day: buyers by normalised registration, and who else is registered."""

    supplier_id: int
    seller_id: str
    on: date
    buyers: Mapping[str, Buyer]
    others: frozenset[str]


class Verdict(NamedTuple):
    """A refusal, or what the row becomes: anchor, keys, warnings for the anchor; `also` says what else is wrong."""

    refusal: Refusal | None
    anchor_id: int = 0
    fingerprint: str = ""
    disguise: str = ""
    warnings: str = ""
    also: str = ""


# The value a bookkeeper sees under the name that a finding gives its field.
_VALUES: dict[str, Callable[[ParsedInvoice], str]] = {
    "invoice number": lambda row: row.number[:60],
    "buyer id": lambda row: row.buyer_id,
    "currency": lambda row: row.currency,
    "amount": lambda row: decimal_string(row.payable_minor, row.currency),
    "issue date": lambda row: str(row.issue_on),
    "due date": lambda row: str(row.due_on or ""),
    "payee": lambda row: row.payee_name,
}


def admit(trade: Trade, row: ParsedInvoice | RowError) -> Verdict:
    """The verdict on a row; refusals take precedence in this order: unreadable, seller, buyer, the checks in theirs."""
    if isinstance(row, RowError):
        return Verdict(Refusal("unreadable", row.field, remedy=row.message))
    if row.seller_id != trade.seller_id:
        remedy = "upload invoices of your own, under the registration number you are known by here"
        return Verdict(Refusal("seller_differs", "seller id", row.seller_id, trade.seller_id, remedy))
    buyer = trade.buyers.get(row.buyer_id)
    stranger = _stranger(trade, row) if row.buyer_id else None
    if stranger is not None:
        return Verdict(stranger)
    findings = check(row, trade.on, buyer.currencies if buyer else frozenset({row.currency}))
    errors = [finding for finding in findings if finding.severity == "error"]
    if errors:
        return Verdict(_refusal(row, errors[0]), also=_words(errors[1:]))
    if buyer is None:
        return Verdict(Refusal("buyer_unknown", "buyer id", remedy="give the buyer's registration number"))
    return Verdict(None, buyer.id, *keys(row), warnings=_words(findings))


def _stranger(trade: Trade, row: ParsedInvoice) -> Refusal | None:
    buyer = trade.buyers.get(row.buyer_id)
    if buyer is None and row.buyer_id in trade.others:
        remedy = "passes when a bank has enrolled you in a programme with this buyer"
        return Refusal("not_enrolled", "buyer id", row.buyer_id, remedy=remedy)
    if buyer is None:
        remedy = "give the registration number of a buyer who takes part here"
        return Refusal("buyer_unknown", "buyer id", row.buyer_id, remedy=remedy)
    if not buyer.currencies:
        remedy = "passes when terms are agreed for your enrolment with this buyer"
        return Refusal("no_terms", "buyer id", row.buyer_id, remedy=remedy)
    return None


def _refusal(row: ParsedInvoice, finding: Finding) -> Refusal:
    value = _VALUES[finding.field](row) if finding.field in _VALUES else ""
    return Refusal(finding.rule, finding.field, value, remedy=finding.message)


def _words(findings: list[Finding]) -> str:
    return "; ".join(f"{finding.field}: {finding.message}" for finding in findings)
