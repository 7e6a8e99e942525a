"""The trial balance: every account with a balance, on the side it stands, and the two sums that must be equal.

Memorandum accounts (limits) stand outside it. Balances that are nil are left out. It never makes the sums fit: when
they differ the report says so.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from sqlalchemy import Connection

from reports.tabular import Column, Kind, Rank, Report, Row, Section, long_date
from scf.books.queries import Book
from scf.ledger.chart import CHART, full_name
from scf.ledger.queries import Balance, balances
from scf.money import Money

_COLUMNS = (
    Column("account", "Account", Kind.TEXT, 150),
    Column("owner", "Owner", Kind.TEXT, 140),
    Column("currency", "Currency", Kind.TEXT, 50),
    Column("debit", "Debit", Kind.AMOUNT, 88),
    Column("credit", "Credit", Kind.AMOUNT, 88),
)
_PLACE = {code: n for n, code in enumerate(CHART)}
_VERDICT = {True: "Debits and credits are equal", False: "DEBITS AND CREDITS DIFFER: have the ledger checked"}


def trial_balance(book: Book, found: Iterable[Balance], value_to: date | None) -> Report:
    """The report of balances taken by value date up to and including `value_to`, or of all when it is None."""
    standing = [each for each in found if not CHART[each.code].memorandum and each.net_minor]
    standing.sort(key=lambda each: (_PLACE[each.code], each.owner, each.owner_id, each.currency))
    totals = list(_totals(standing))
    equal = all(row.cells[3] == row.cells[4] for row in totals)
    subtitle = (
        f"Book {book.ref}",
        f"Business date {long_date(book.business_date)}",
        f"Value dates up to {long_date(value_to)}" if value_to else "All value dates",
        _VERDICT[equal],
    )
    rows = (*(_row(each) for each in standing), *totals)
    return Report("Trial balance", subtitle, (Section("Accounts", _COLUMNS, rows),))


def build(connection: Connection, book: Book, *, value_to: date | None = None) -> Report:
    """The trial balance of a book by value date."""
    return trial_balance(book, balances(connection, book.id, value_to=value_to), value_to)


def _row(of: Balance) -> Row:
    debit = Money(of.net_minor, of.currency) if of.net_minor > 0 else None
    credit = Money(-of.net_minor, of.currency) if of.net_minor < 0 else None
    return Row((full_name(of.code), of.owner, of.currency, debit, credit))


def _totals(standing: list[Balance]) -> Iterator[Row]:
    for currency in sorted({each.currency for each in standing}):
        nets = [each.net_minor for each in standing if each.currency == currency]
        debit = Money(sum(net for net in nets if net > 0), currency)
        credit = Money(-sum(net for net in nets if net < 0), currency)
        yield Row(("Total", None, currency, debit, credit), Rank.TOTAL)
