"""A supplier's accounts in a book, read from the ledger: positions on a day, and movements by value date.

Postings bear no index by account; the closed days' totals say on which business dates a supplier's accounts moved, and
only those days' journals, and the open day's, are read.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, or_, select

from scf.db.bulk import among
from scf.ledger.chart import CHART
from scf.ledger.models import account_days, accounts, journals, postings

CODES = ("payable to supplier", "reserve", "due from supplier")


@dataclass(frozen=True, slots=True)
class Position:
    """Balances in minor units, each on its account's normal side."""

    payable_minor: int = 0
    reserve_minor: int = 0
    due_minor: int = 0

    def moved_by(self, change: "Position") -> "Position":
        """The position after a movement."""
        return Position(
            self.payable_minor + change.payable_minor,
            self.reserve_minor + change.reserve_minor,
            self.due_minor + change.due_minor,
        )


@dataclass(frozen=True, slots=True)
class Movement:
    """What one journal did to a supplier's accounts."""

    value_date: date
    business_date: date
    event: str
    ref: str
    currency: str
    change: Position


@dataclass(frozen=True, slots=True)
class Account:
    """One of the supplier's accounts."""

    id: int
    code: str
    currency: str


def accounts_of(connection: Connection, book_id: int, supplier_id: int) -> list[Account]:
    """The supplier's accounts that a statement shows, by currency; none before the first advance."""
    rows = connection.execute(
        select(accounts.c.id, accounts.c.code, accounts.c.currency)
        .where(accounts.c.book_id == book_id, accounts.c.owner_id == supplier_id, accounts.c.code.in_(CODES))
        .order_by(accounts.c.currency, accounts.c.id)
    )
    return [Account(*row) for row in rows]


def opening(connection: Connection, book_id: int, own: Sequence[Account], before: date) -> dict[str, Position]:
    """The position a currency by value dates before a day."""
    closed_to = _closed_to(connection, book_id)
    debits = func.sum(account_days.c.debit_minor - account_days.c.credit_minor)
    closed = connection.execute(
        select(account_days.c.account_id, debits)
        .where(among(connection, account_days.c.account_id, [each.id for each in own]))
        .where(account_days.c.value_date < before, account_days.c.business_date <= closed_to)
        .group_by(account_days.c.account_id)
    )
    by_id = {each.id: each for each in own}
    found = dict.fromkeys((each.currency for each in own), Position())
    for account_id, minor in closed:
        account = by_id[account_id]
        found[account.currency] = found[account.currency].moved_by(_change([(account.code, int(minor))]))
    which = (journals.c.value_date < before, journals.c.business_date > closed_to)
    for movement in _movements(by_id, _touching(connection, book_id, own, *which)):
        found[movement.currency] = found[movement.currency].moved_by(movement.change)
    return found


def movements(
    connection: Connection, book_id: int, own: Sequence[Account], from_on: date, to_on: date
) -> list[Movement]:
    """The journals on a supplier's accounts with value dates from `from_on` to `to_on`, both included, in order."""
    between = account_days.c.value_date.between(from_on, to_on)
    days = (
        select(account_days.c.business_date)
        .where(among(connection, account_days.c.account_id, [each.id for each in own]), between)
        .distinct()
    )
    closed_to, valued = _closed_to(connection, book_id), journals.c.value_date.between(from_on, to_on)
    # asked one after the other: of both together no database makes two looks into an index
    closed = _touching(connection, book_id, own, valued, journals.c.business_date.in_(days))
    still_open = _touching(connection, book_id, own, valued, journals.c.business_date > closed_to)
    rows = sorted((*closed, *still_open), key=lambda row: (row.value_date, row.id))
    return list(_movements({each.id: each for each in own}, rows))


def _closed_to(connection: Connection, book_id: int) -> date:
    last = select(func.max(account_days.c.business_date)).where(account_days.c.book_id == book_id)
    return connection.execute(last).scalar_one() or date.min


def _touching(
    connection: Connection, book_id: int, own: Sequence[Account], *which: ColumnElement[bool]
) -> Sequence[Any]:
    ids = [each.id for each in own]
    return connection.execute(
        select(
            journals.c.id,
            journals.c.value_date,
            journals.c.business_date,
            journals.c.event,
            journals.c.ref,
            postings.c.currency,
            postings.c.debit_account_id,
            postings.c.credit_account_id,
            postings.c.amount_minor,
        )
        .join(postings, postings.c.journal_id == journals.c.id)
        .where(journals.c.book_id == book_id, *which)
        .where(
            or_(
                among(connection, postings.c.debit_account_id, ids),
                among(connection, postings.c.credit_account_id, ids),
            )
        )
        .order_by(journals.c.value_date, journals.c.id, postings.c.line)
    ).all()


def _movements(by_id: dict[int, Account], rows: Sequence[Any]) -> Iterator[Movement]:
    """One movement a journal and currency; a posting between two of the supplier's accounts moves both."""
    for _, group in groupby(rows, lambda row: (row.id, row.currency)):
        of = list(group)
        sides = [(row.debit_account_id, row.amount_minor) for row in of]
        sides += [(row.credit_account_id, -row.amount_minor) for row in of]
        change = _change([(by_id[id].code, minor) for id, minor in sides if id in by_id])
        first = of[0]
        yield Movement(first.value_date, first.business_date, first.event, first.ref, first.currency, change)


def _change(debits: list[tuple[str, int]]) -> Position:
    """Debit-positive amounts a code, turned to each account's normal side."""
    sums = dict.fromkeys(CODES, 0)
    for code, minor in debits:
        sums[code] += minor if CHART[code].debit_normal else -minor
    return Position(*(sums[code] for code in CODES))
