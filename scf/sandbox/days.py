"""Letting the days of a sandbox pass: every book runs its business days, and its anchors pay on the due date.

What an anchor of the sandbox pays is what is then open of the receivables that a book has funded.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import Connection, select

from scf.books import queries as books
from scf.books.queries import Book
from scf.db.engine import Database
from scf.errors import FieldError
from scf.factoring.models import advances
from scf.organisations.models import organisations
from scf.payments.models import bank_accounts
from scf.payments.null_rail import IncomingMoney
from scf.receivables.models import receivables
from scf.sandbox import clock
from scf.scheduling.day import run_to

DAYS_MAX = 400
_MORNING, _EVENING = time(9, tzinfo=UTC), time(18, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Passed:
    """A book after the days: the business date it is on, and how many days were closed."""

    book: Book
    closed_count: int


def pass_days(running: Any, to_on: date) -> list[Passed]:
    """Move the clock to the morning of a date, day by day; `running` is the process with its books' banks.

    Raises `FieldError` for a date that is over, or more than 400 days ahead.
    """
    database: Database = running.database
    today = database.clock.now().date()
    if not today <= to_on <= date.fromordinal(today.toordinal() + DAYS_MAX):
        bound = f"{today} to {date.fromordinal(today.toordinal() + DAYS_MAX)}"
        raise FieldError("to_on", f"{to_on} is outside {bound}; move in smaller steps, forward")
    closed: dict[int, int] = {}
    while (book := _next(database, to_on)) is not None:
        _advance_clock(database, datetime.combine(book.business_date, _EVENING))
        bank = running.bank_of(book)
        if bank is not None:
            _pay(database, book, bank.expect)
        closed[book.id] = closed.get(book.id, 0) + run_to(database, book.id, book.business_date, running.steps, bank)
        running.work()
    _advance_clock(database, datetime.combine(to_on, _MORNING))
    running.work()
    with database.reading() as connection:
        return [Passed(book, closed.get(book.id, 0)) for book in books.every(connection)]


def _next(database: Database, to_on: date) -> Book | None:
    """The book that is furthest behind, while any is."""
    with database.reading() as connection:
        behind = [book for book in books.every(connection) if book.business_date < to_on]
    return min(behind, key=lambda book: (book.business_date, book.id), default=None)


def _advance_clock(database: Database, to: datetime) -> None:
    if to > database.clock.now():
        clock.move(database, to)


def _pay(database: Database, book: Book, expect: Callable[[IncomingMoney], None]) -> None:
    with database.reading() as connection:
        due = _due(connection, book)
    for row in due:
        ref = f"sandbox-{row.id}"
        expect(IncomingMoney(ref, row.name, row.iban, row.open_minor, book.business_date, text=row.ref))


def _due(connection: Connection, book: Book) -> list[Any]:
    """What is open and due today, with the account from which it is paid."""
    accounts = bank_accounts.c
    rows = connection.execute(
        select(advances.c.id, advances.c.ref, organisations.c.name, accounts.iban, receivables.c.open_minor)
        .join(receivables, receivables.c.id == advances.c.receivable_id)
        .join(organisations, organisations.c.id == advances.c.anchor_id)
        .join(
            bank_accounts,
            (accounts.organisation_id == advances.c.anchor_id)
            & (accounts.book_id == advances.c.book_id)
            & (accounts.currency == advances.c.currency)
            & (accounts.status == "active"),
        )
        .where(
            advances.c.book_id == book.id,
            advances.c.status == "funded",
            advances.c.due_on == book.business_date,
            receivables.c.open_minor > 0,
        )
        .order_by(advances.c.id)
    )
    return list(rows)
