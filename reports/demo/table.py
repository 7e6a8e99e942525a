"""The table of what happened, as lines of text: the files, the confirmations, and each book beside the other."""

from collections.abc import Callable, Iterator

from reports.demo.outcome import BookOutcome, Outcome, Sum
from reports.demo.parties import EUR
from scf.money import readable

_LABEL, _COUNT, _AMOUNT = 34, 6, 16
_VERDICT = {True: "in balance; the ledger's checks find nothing; the audit chain holds", False: "NOT SOUND"}


def lines(outcome: Outcome) -> Iterator[str]:
    """The whole table, amounts in euro."""
    yield from _files(outcome)
    yield ""
    yield from _books(outcome)


def _files(outcome: Outcome) -> Iterator[str]:
    sent, confirmed = outcome.sent, outcome.confirmed
    yield _line(f"Suppliers sent {sent.file_count} files, rows", Sum(sent.row_count))
    yield _line("  invoices submitted", Sum(sent.invoice_count, sent.invoices_minor))
    yield _line("  credit notes taken", Sum(sent.credit_note_count, sent.credit_notes_minor))
    for reason, count in sorted(sent.refused.items()):
        yield _line(f"  refused: {reason.replace('_', ' ')}", Sum(count))
    yield _line("Anchors confirmed", Sum(confirmed.confirmed_count, confirmed.confirmed_minor))
    yield _line("  of these for less", Sum(confirmed.lowered_count))
    yield _line("  rejected", Sum(confirmed.rejected_count))
    for status, found in outcome.receivables.items():
        yield _line(f"  receivables now {status.replace('_', ' ')}", found)


_Take = Callable[[BookOutcome], Sum]


def _request(name: str) -> _Take:
    return lambda book: book.requests.get(name, Sum())


def _event(name: str) -> _Take:
    return lambda book: book.events.get(name, Sum())


def _part(name: str) -> _Take:
    return lambda book: book.advances.get(name, Sum())


def _balance(code: str) -> _Take:
    return lambda book: Sum(0, -book.balances.get(code, 0))


_ROWS: tuple[tuple[str, _Take], ...] = (
    ("Asked by standing instruction", _request("asked, standing")),
    ("Asked by the supplier", _request("asked, supplier")),
    ("Declined by the bank", _request("declined")),
    ("Approved by rule", _request("approved by rule")),
    ("Approved by two people", _request("approved by people")),
    ("Bought, face", _event("advance funded")),
    ("Lent with full recourse, advance", _event("advance lent")),
    ("Assignments written", lambda book: Sum(book.assignment_count)),
    ("  of the faces: discount", _part("discount")),
    ("  fees", _part("fee")),
    ("  VAT on fees", _part("vat")),
    ("  reserves and unlent parts", _part("reserve")),
    ("  net to suppliers", _part("net")),
    ("Payouts sent", _event("payout sent")),
    ("Payouts cleared", _event("payout cleared")),
    ("Collections received", _event("collection received")),
    ("Collections applied", _event("collection applied")),
    ("Diluted by credit notes", _event("diluted")),
    ("Reserves released", _event("reserve released")),
    ("Paid early, discount cut short", _event("discount cut short")),
    ("Late charges", _event("late charged")),
    ("Claimed under recourse", _event("recourse claimed")),
    ("Set off against payouts", _event("claim set off")),
    ("Claims paid by suppliers", _event("claim paid")),
    ("Settled, face", _part("settled")),
    ("Returned to the supplier, face", _part("repurchased")),
    ("Income: discount", _balance("discount")),
    ("Income: fees", _balance("fees")),
    ("Income: late charges", _balance("late charge income")),
    ("Debits in the book", lambda book: Sum(0, book.debit_minor)),
    ("Credits in the book", lambda book: Sum(0, book.credit_minor)),
)


def _books(outcome: Outcome) -> Iterator[str]:
    heads = "".join(f"{book.ref:>{_COUNT + _AMOUNT}}" for book in outcome.books)
    yield f"{'':<{_LABEL}}{heads}"
    for label, take in _ROWS:
        yield _line(label, *(take(book) for book in outcome.books))
    for book in outcome.books:
        verdict = _VERDICT[book.in_balance]
        yield f"{book.ref}: {verdict}"
        yield from (f"  {finding.check}: {finding.place}" for finding in book.findings)


def _line(label: str, *sums: Sum) -> str:
    cells = "".join(f"{_count(each):>{_COUNT}}{_amount(each):>{_AMOUNT}}" for each in sums)
    return f"{label:<{_LABEL}}{cells}".rstrip()


def _count(found: Sum) -> str:
    return str(found.count) if found.count or not found.amount_minor else ""


def _amount(found: Sum) -> str:
    return readable(found.amount_minor, EUR) if found.amount_minor else ""
