"""What is wrong, or odd, with an invoice that could be read: an ordered table of rules, each a pure function.

Knows no database: whether the buyer is an anchor, or the invoice was sent before, is asked elsewhere. An *error*
keeps the invoice from being submitted; a *warning* is shown to whoever decides. Every message says what to do.
"""

from collections.abc import Callable, Set
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from invoices.canonical import ParsedInvoice
from invoices.warning_words import ALREADY_PAID, ASSIGNED, DIRECT_DEBIT
from scf.currencies import exponent
from scf.errors import FieldError
from scf.money import readable

NUMBER_CHARACTERS_MAX = 60
AGE_MAX = timedelta(days=5 * 365 + 1)
TENOR_MAX = timedelta(days=5 * 365 + 1)
AHEAD_MAX = timedelta(days=1)
Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found: the rule's id, how grave it is, the field in a bookkeeper's words, and what to do."""

    rule: str
    severity: Severity
    field: str
    message: str


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the rules look at."""

    invoice: ParsedInvoice
    business_date: date
    currencies: Set[str]
    terms_agreed: bool
    words: str


_Rule = Callable[[_Facts], Finding | None]


def check(
    invoice: ParsedInvoice, business_date: date, currencies: Set[str], *, terms_agreed: bool = False
) -> list[Finding]:
    """All findings, in the order of `RULES`.

    `currencies` are the programme's; `terms_agreed` is true when the buyer's agreed terms give a due date where the
    invoice has none.
    """
    words = f"{invoice.due_text}\n{invoice.notes}".casefold() if invoice.due_text or invoice.notes else ""
    facts = _Facts(invoice, business_date, currencies, terms_agreed, words)
    return [found for rule in RULES if (found := rule(facts)) is not None]


def has_errors(findings: list[Finding]) -> bool:
    """True when at least one finding keeps the invoice from being submitted."""
    return any(finding.severity == "error" for finding in findings)


def _number(facts: _Facts) -> Finding | None:
    number = facts.invoice.number
    if not number:
        return Finding(
            "number_missing", "error", "invoice number", "is missing; give the number printed on the invoice"
        )
    if len(number) > NUMBER_CHARACTERS_MAX:
        message = f"has {len(number)} characters, at most {NUMBER_CHARACTERS_MAX} are taken; give the number alone"
        return Finding("number_too_long", "error", "invoice number", message)
    return None


def _buyer(facts: _Facts) -> Finding | None:
    if facts.invoice.buyer_id:
        return None
    message = "is missing; give the buyer's registration, VAT or endpoint identifier"
    return Finding("buyer_missing", "error", "buyer id", message)


def _amount(facts: _Facts) -> Finding | None:
    if facts.invoice.payable_minor > 0:
        return None
    message = "nothing is left to pay on this document; leave it out, or send one with an amount due"
    return Finding("nothing_to_pay", "error", "amount", message)


def _currency(facts: _Facts) -> Finding | None:
    currency = facts.invoice.currency
    if currency in facts.currencies:
        return None
    try:
        exponent(currency)
    except FieldError as error:
        return Finding("currency_unknown", "error", "currency", error.message)
    has = ", ".join(sorted(facts.currencies)) or "none"
    message = f"the programme is not open in {currency}, only in {has}; invoice in one of these, or ask the bank"
    return Finding("currency_not_in_programme", "error", "currency", message)


def _issued(facts: _Facts) -> Finding | None:
    issue_on, today = facts.invoice.issue_on, facts.business_date
    if issue_on > today + AHEAD_MAX:
        message = f"{issue_on} lies after {today}; correct the date, or send the invoice when it is issued"
        return Finding("issued_in_future", "error", "issue date", message)
    if issue_on < today - AGE_MAX:
        message = f"{issue_on} lies more than five years before {today}; correct the date"
        return Finding("issued_long_ago", "error", "issue date", message)
    return None


def _due(facts: _Facts) -> Finding | None:
    invoice = facts.invoice
    if invoice.kind == "credit_note" or (facts.terms_agreed and invoice.due_on is None):
        return None
    if invoice.due_on is None:
        given = f' (the invoice only says "{invoice.due_text[:80]}")' if invoice.due_text else ""
        message = f"is missing{given}; give a due date, or have terms agreed with the buyer"
        return Finding("due_date_missing", "error", "due date", message)
    if invoice.due_on < invoice.issue_on:
        message = f"{invoice.due_on} lies before the issue date {invoice.issue_on}; correct one of the two"
        return Finding("due_before_issue", "error", "due date", message)
    if invoice.due_on > invoice.issue_on + TENOR_MAX:
        message = f"{invoice.due_on} lies more than five years after the issue date {invoice.issue_on}; correct it"
        return Finding("due_far_off", "error", "due date", message)
    return None


def _credited(facts: _Facts) -> Finding | None:
    invoice = facts.invoice
    if invoice.kind == "invoice" or invoice.credited_number:
        return None
    amount = f"{readable(invoice.payable_minor, invoice.currency)} {invoice.currency}"
    message = f"the credit note over {amount} names no invoice; say which one it reduces"
    return Finding("credited_number_missing", "warning", "credited number", message)


def _payee(facts: _Facts) -> Finding | None:
    payee, assigned = facts.invoice.payee_name, ASSIGNED.search(facts.words)
    if payee and assigned:
        message = (
            f'{payee} is to be paid and the text says "{assigned.group()}": it seems to be sold already, and would be '
            "financed twice; withdraw it, or have it released"
        )
        return Finding("assigned_already", "error", "payee", message)
    if payee:
        message = f"{payee} is to be paid instead of the seller; make sure that the invoice was not sold to them"
        return Finding("payee_is_not_seller", "warning", "payee", message)
    if assigned:
        message = f'the text says "{assigned.group()}"; make sure that the invoice was not sold to somebody else'
        return Finding("assignment_words", "warning", "note", message)
    return None


def _paid(facts: _Facts) -> Finding | None:
    found = ALREADY_PAID.search(facts.words)
    if found is None:
        return None
    message = f'the text says "{found.group()}"; a paid invoice cannot be financed: withdraw it, or correct the text'
    return Finding("already_paid", "error", "payment terms", message)


def _debit(facts: _Facts) -> Finding | None:
    found = DIRECT_DEBIT.search(facts.words)
    if found is None:
        return None
    message = f'the text says "{found.group()}": the seller would draw the money itself; agree on a transfer instead'
    return Finding("direct_debit", "warning", "payment terms", message)


RULES: tuple[_Rule, ...] = (
    _number,
    _buyer,
    _currency,
    _amount,
    _issued,
    _due,
    _credited,
    _payee,
    _paid,
    _debit,
)
