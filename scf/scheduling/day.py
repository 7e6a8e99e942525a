"""The business day: its steps in order, each claimed by a row (book, business date, step) with lease and fence.

A second scheduler is harmless, a killed one's step is taken over where it stopped, missed days are caught up in order.
The close moves the date on; so a day ends with its last step, and the next begins.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from scf.books import queries as books
from scf.books.queries import Book
from scf.commands import transact
from scf.db.engine import Database
from scf.module import Day, Phase, Step
from scf.scheduling.models import day_steps

LEASE = timedelta(minutes=10)
_ORDER = {phase: n for n, phase in enumerate(Phase)}


@dataclass(frozen=True, slots=True)
class Ran:
    """One step that ran: of which book and date, and what it did."""

    business_date: date
    step: str
    result: str


@dataclass(frozen=True, slots=True)
class Claim:
    """A claimed step; `fence` counts the claims."""

    book_id: int
    business_date: date
    step: str
    fence: int


def in_order(steps: Sequence[Step]) -> list[Step]:
    """The steps by phase; within a phase in the order they were offered."""
    return sorted(steps, key=lambda step: _ORDER[step.phase])


def run_day(
    database: Database,
    book: Book,
    steps: Sequence[Step],
    bank: object,
    told: Callable[[Ran], None] = lambda ran: None,
) -> bool:
    """Run a book's current business date to its end, from the first step that is not done.

    False when another worker holds a step: the day is in its hands.
    """
    for step in in_order(steps):
        state = _claim(database, book, step.name)
        if state is None:
            return False
        if state.fence == 0:
            continue  # done before
        result = step.run(Day(database, book, bank))
        if not _finish(database, state, result):
            return False
        told(Ran(book.business_date, step.name, result))
    return True


def run_to(
    database: Database,
    book_id: int,
    to: date,
    steps: Sequence[Step],
    bank: object,
    told: Callable[[Ran], None] = lambda ran: None,
) -> int:
    """Run day after day while the book's date is not after `to`; returns how many days were closed."""
    count = 0
    while True:
        with database.reading() as connection:
            book = books.find(connection, book_id)
        if book is None or book.business_date > to or not run_day(database, book, steps, bank, told):
            return count
        count += 1


def _claim(database: Database, book: Book, step: str) -> Claim | None:
    """Claim a step: fence 0 when it is done already, None while another worker's lease runs."""
    now = database.clock.now()
    key = {"book_id": book.id, "business_date": book.business_date, "step": step}
    dialect = postgresql if database.engine.dialect.name == "postgresql" else sqlite
    first = (
        dialect.insert(day_steps)
        .values(**key, status="running", leased_to_at=now + LEASE, fence=1, started_at=now, result="")
        .on_conflict_do_nothing()
        .returning(day_steps.c.fence)
    )
    mine = (
        (day_steps.c.book_id == book.id)
        & (day_steps.c.business_date == book.business_date)
        & (day_steps.c.step == step)
    )
    again = (
        update(day_steps)
        .where(mine, day_steps.c.status == "running", day_steps.c.leased_to_at < now)
        .values(leased_to_at=now + LEASE, fence=day_steps.c.fence + 1)
        .returning(day_steps.c.fence)
    )
    fence = transact(
        database,
        lambda connection: (
            connection.execute(first).scalar_one_or_none() or connection.execute(again).scalar_one_or_none()
        ),
    )
    if fence is None:
        with database.reading() as connection:
            status = connection.execute(select(day_steps.c.status).where(mine)).scalar_one()
        return Claim(book.id, book.business_date, step, 0) if status == "done" else None
    return Claim(book.id, book.business_date, step, int(fence))


def _finish(database: Database, claim: Claim, result: str) -> bool:
    """Mark a claimed step done; False when another worker has taken it over."""
    done = (
        update(day_steps)
        .where(
            day_steps.c.book_id == claim.book_id,
            day_steps.c.business_date == claim.business_date,
            day_steps.c.step == claim.step,
            day_steps.c.fence == claim.fence,
        )
        .values(status="done", ended_at=database.clock.now(), result=result)
    )
    return transact(database, lambda connection: connection.execute(done).rowcount) == 1
