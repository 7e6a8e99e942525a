"""The checks of an invoice: each rule found where it should be, silent where it should not, and saying what to do."""

from dataclasses import dataclass
from datetime import date

import pytest

from invoices.canonical import ParsedInvoice
from invoices.checks import Finding, check, has_errors

TODAY = date(2026, 1, 5)
GOOD = ParsedInvoice(
    row=1,
    kind="invoice",
    number="INV-1",
    seller_id="S1",
    seller_name="Ash Castings",
    buyer_id="B1",
    buyer_name="Halberd",
    issue_on=TODAY,
    due_on=date(2026, 3, 6),
    due_text="60 days net",
    currency="EUR",
    payable_minor=100_000,
    order_ref="PO-1",
    credited_number="",
    payee_name="",
    notes="Thank you for your order",
)


def findings(invoice: ParsedInvoice, *, terms_agreed: bool = False) -> list[Finding]:
    return check(invoice, TODAY, frozenset({"EUR", "SEK"}), terms_agreed=terms_agreed)


@dataclass(frozen=True, slots=True)
class Case:
    changed: dict[str, object]
    rule: str
    severity: str
    field: str
    words: str


CASES = (
    Case({"number": ""}, "number_missing", "error", "invoice number", "give"),
    Case({"number": "1" * 61}, "number_too_long", "error", "invoice number", "at most 60"),
    Case({"buyer_id": ""}, "buyer_missing", "error", "buyer id", "give"),
    Case({"payable_minor": 0}, "nothing_to_pay", "error", "amount", "leave it out"),
    Case({"currency": "EUX"}, "currency_unknown", "error", "currency", "ISO 4217"),
    Case({"currency": "USD"}, "currency_not_in_programme", "error", "currency", "only in EUR, SEK"),
    Case({"issue_on": date(2026, 1, 7)}, "issued_in_future", "error", "issue date", "correct"),
    Case(
        {"issue_on": date(2021, 1, 3), "due_on": date(2021, 3, 1)},
        "issued_long_ago",
        "error",
        "issue date",
        "five years",
    ),
    Case({"due_on": date(2026, 1, 4)}, "due_before_issue", "error", "due date", "2026-01-04 lies before"),
    Case({"due_on": None}, "due_date_missing", "error", "due date", 'only says "60 days net"'),
    Case({"due_on": date(2206, 3, 6)}, "due_far_off", "error", "due date", "correct"),
    Case({"payee_name": "Factors"}, "payee_is_not_seller", "warning", "payee", "Factors"),
    Case(
        {"notes": "Der Betrag wurde bereits beglichen."}, "already_paid", "error", "payment terms", "bereits beglichen"
    ),
    Case({"due_text": "wird per SEPA-Lastschrift eingezogen"}, "direct_debit", "warning", "payment terms", "transfer"),
    Case({"kind": "credit_note"}, "credited_number_missing", "warning", "credited number", "1,000.00 EUR"),
)


def test_a_good_invoice_has_no_findings() -> None:
    assert findings(GOOD) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_one_wrong_thing_gives_one_finding_that_says_what_to_do(case: Case) -> None:
    (finding,) = findings(GOOD._replace(**case.changed))  # type: ignore[arg-type]
    assert (finding.rule, finding.severity, finding.field) == (case.rule, case.severity, case.field)
    assert case.words in finding.message
    assert has_errors([finding]) == (case.severity == "error")


@pytest.mark.parametrize(
    "note",
    [
        "This invoice has been assigned and can be paid with discharging effect only to the payee",
        "Fakturan har överlåtits till Likviditet o. Finans AB",
        "Die Forderung ist abgetreten an die Factoring GmbH",
        "Créance cédée par subrogation",
        "Credito ceduto a Banca Invented",
    ],
)
def test_words_of_assignment_with_another_payee_are_an_error_and_alone_a_warning(note: str) -> None:
    (finding,) = findings(GOOD._replace(notes=note, payee_name="Likviditet o. Finans AB"))
    assert (finding.rule, finding.severity) == ("assigned_already", "error")
    (alone,) = findings(GOOD._replace(notes=note))
    assert (alone.rule, alone.severity) == ("assignment_words", "warning")


@pytest.mark.parametrize(
    "note", ["Unassigned parts are listed below", "Payable within 30 days, unpaid sums bear interest"]
)
def test_ordinary_words_give_no_finding(note: str) -> None:
    assert findings(GOOD._replace(notes=note)) == []


def test_a_missing_due_date_is_fine_when_terms_are_agreed_and_on_a_credit_note() -> None:
    assert findings(GOOD._replace(due_on=None), terms_agreed=True) == []
    assert findings(GOOD._replace(due_on=None, kind="credit_note", credited_number="INV-0")) == []


def test_agreed_terms_do_not_excuse_a_due_date_before_the_issue_date() -> None:
    (finding,) = findings(GOOD._replace(due_on=date(2025, 12, 1)), terms_agreed=True)
    assert finding.rule == "due_before_issue"


def test_the_bounds_themselves_pass() -> None:
    assert findings(GOOD._replace(issue_on=date(2026, 1, 6))) == []
    assert findings(GOOD._replace(due_on=TODAY, number="1" * 60, payable_minor=1)) == []
    assert findings(GOOD._replace(issue_on=date(2021, 1, 5), due_on=date(2021, 3, 1))) == []


def test_several_wrong_things_are_all_found_in_a_fixed_order() -> None:
    rules = [finding.rule for finding in findings(GOOD._replace(number="", currency="USD", due_on=date(2026, 1, 1)))]
    assert rules == ["number_missing", "currency_not_in_programme", "due_before_issue"]
