"""Questions to the ledger. A balance is the closed days' totals plus the postings of later business dates."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, Select, and_, func, literal, select, union_all

from scf.db.bulk import among
from scf.ledger.chart import CHART
from scf.ledger.models import account_days, accounts, journals, postings
from scf.organisations.models import organisations


@dataclass(frozen=True, slots=True)
class Balance:
    """An account's totals; `owner` is the owner's name, empty for the book's own accounts."""

    account_id: int
    code: str
    owner_id: int
    owner: str
    currency: str
    debit_minor: int
    credit_minor: int

    @property
    def net_minor(self) -> int:
        """Debit positive, credit negative."""
        return self.debit_minor - self.credit_minor


@dataclass(frozen=True, slots=True)
class Line:
    """One posting as the journal shows it."""

    journal_id: int
    event: str
    ref: str
    value_date: date
    business_date: date
    debit_account_id: int
    credit_account_id: int
    currency: str
    amount_minor: int


def balances(connection: Connection, book_id: int, *, value_to: date | None = None) -> list[Balance]:
    """Every account of a book with its totals, by value date up to and including `value_to` when it is given."""
    movements = _movements(book_id, value_to).subquery()
    totals = (
        select(
            movements.c.account_id,
            func.sum(movements.c.debit_minor).label("debit_minor"),
            func.sum(movements.c.credit_minor).label("credit_minor"),
        )
        .group_by(movements.c.account_id)
        .subquery()
    )
    rows = connection.execute(
        select(
            accounts.c.id,
            accounts.c.code,
            accounts.c.owner_id,
            func.coalesce(organisations.c.name, ""),
            accounts.c.currency,
            totals.c.debit_minor,
            totals.c.credit_minor,
        )
        .join(totals, totals.c.account_id == accounts.c.id)
        .outerjoin(organisations, organisations.c.id == accounts.c.owner_id)
        .where(accounts.c.book_id == book_id)
        .order_by(accounts.c.code, organisations.c.name, accounts.c.owner_id, accounts.c.currency)
    )
    return [Balance(*row[:5], int(row[5]), int(row[6])) for row in rows]


def totals_of(
    connection: Connection, book_id: int, account_ids: Sequence[int], value_to: date | None
) -> dict[int, tuple[int, int]]:
    """Debit and credit of some accounts of a book, by value date up to and including `value_to` when it is given."""
    movements = _movements(book_id, value_to).subquery()
    rows = connection.execute(
        select(movements.c.account_id, func.sum(movements.c.debit_minor), func.sum(movements.c.credit_minor))
        .where(among(connection, movements.c.account_id, account_ids))
        .group_by(movements.c.account_id)
    )
    return {id: (int(debit), int(credit)) for id, debit, credit in rows}


def by_kind(connection: Connection, book_id: int, value_to: date | None) -> list[tuple[tuple[str, str], int]]:
    """What accounts of one code and currency come to together, debit positive, in the order of the chart."""
    movements = _movements(book_id, value_to).subquery()
    rows = connection.execute(
        select(accounts.c.code, accounts.c.currency, func.sum(movements.c.debit_minor - movements.c.credit_minor))
        .join(movements, movements.c.account_id == accounts.c.id)
        .where(accounts.c.book_id == book_id)
        .group_by(accounts.c.code, accounts.c.currency)
    )
    place = {code: n for n, code in enumerate(CHART)}
    found = [((code, currency), int(net)) for code, currency, net in rows]
    return sorted(found, key=lambda each: (place[each[0][0]], each[0][1]))


def _movements(book_id: int, value_to: date | None) -> Select[tuple[int, int, int]]:
    """Closed days, and both sides of the postings of business dates that are not closed yet."""
    closed = select(account_days.c.account_id, account_days.c.debit_minor, account_days.c.credit_minor).where(
        account_days.c.book_id == book_id
    )
    last_closed = (
        select(func.coalesce(func.max(account_days.c.business_date), literal(date(1, 1, 1))))
        .where(account_days.c.book_id == book_id)
        .scalar_subquery()
    )
    open_journals = and_(
        postings.c.journal_id == journals.c.id,
        postings.c.book_id == book_id,
        journals.c.book_id == book_id,
        journals.c.business_date > last_closed,
    )
    none = literal(0)
    debits = select(postings.c.debit_account_id.label("account_id"), postings.c.amount_minor, none).where(open_journals)
    credits = select(postings.c.credit_account_id, none, postings.c.amount_minor).where(open_journals)
    if value_to is not None:
        closed = closed.where(account_days.c.value_date <= value_to)
        debits = debits.where(journals.c.value_date <= value_to)
        credits = credits.where(journals.c.value_date <= value_to)
    merged = union_all(closed, debits, credits).subquery("movement")
    return select(merged.c.account_id, merged.c.debit_minor, merged.c.credit_minor)


def lines(connection: Connection, book_id: int) -> Iterator[Line]:
    """All postings of a book, by value date, then in the order they were booked; streamed."""
    rows = connection.execution_options(yield_per=5000).execute(
        select(
            journals.c.id,
            journals.c.event,
            journals.c.ref,
            journals.c.value_date,
            journals.c.business_date,
            postings.c.debit_account_id,
            postings.c.credit_account_id,
            postings.c.currency,
            postings.c.amount_minor,
        )
        .join(postings, postings.c.journal_id == journals.c.id)
        .where(journals.c.book_id == book_id)
        .order_by(journals.c.value_date, journals.c.id, postings.c.line)
    )
    return (Line(*row) for row in rows)
