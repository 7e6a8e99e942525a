"""The business day: its steps in order, each claimed by a row (book, business date, step) with lease and fence.

A second scheduler is harmless, a killed one's step is taken over where it stopped, missed days are caught up in order.
The close moves the date on; so a day ends with its last step, and the next begins. A step in chunks renews its lease
before each.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy import ColumnElement, Connection, and_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from scf.books import queries as books
from scf.books.queries import Book
from scf.commands import transact
from scf.db.engine import Database
from scf.errors import ScfError
from scf.module import Day, Phase, Step
from scf.scheduling.models import day_steps

LEASE = timedelta(minutes=10)
DONE_BEFORE = 0
_ORDER = {phase: n for n, phase in enumerate(Phase)}


class StepLost(ScfError):
    """The step's lease ran out and another worker has taken it over."""


def no_pulse() -> None:
    """Nobody is told that the day goes on."""


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


@dataclass(frozen=True, slots=True)
class Ended:
    """A claimed step that has run, with what it did; not marked yet."""

    claim: Claim
    result: str


def in_order(steps: Sequence[Step]) -> list[Step]:
    """The steps by phase; within a phase in the order they were offered."""
    return sorted(steps, key=lambda step: _ORDER[step.phase])


def run_day(
    database: Database,
    book: Book,
    steps: Sequence[Step],
    bank: object,
    told: Callable[[Ran], None] = lambda ran: None,
    pulse: Callable[[], None] = no_pulse,
) -> bool:
    """Run a book's current business date to its end, from the first step that is not done.

    `pulse` is called before each step and each chunk of one; what it raises ends the day there, for another worker to
    go on. False when another worker holds a step, or has taken one over: the day is in its hands.
    """
    ended: Ended | None = None
    for step in in_order(steps):
        claim = _turn(database, book, ended, step.name)
        if claim is None:
            return False
        ended = None
        if claim.fence == DONE_BEFORE:
            continue
        try:
            pulse()
            result = step.run(Day(database, book, bank, partial(_renew, database, claim, pulse)))
        except StepLost:
            return False
        except Exception:
            _lease_to(database, claim, database.clock.now())
            raise
        ended = Ended(claim, result)
        told(Ran(book.business_date, step.name, result))
    return ended is None or transact(database, lambda connection: _finish(connection, ended, database.clock.now()))


def run_to(
    database: Database,
    book_id: int,
    to: date,
    steps: Sequence[Step],
    bank: object,
    told: Callable[[Ran], None] = lambda ran: None,
    pulse: Callable[[], None] = no_pulse,
) -> int:
    """Run day after day while the book's date is not after `to`; returns how many days were closed."""
    count = 0
    while True:
        with database.reading() as connection:
            book = books.find(connection, book_id)
        if book is None or book.business_date > to or not run_day(database, book, steps, bank, told, pulse):
            return count
        count += 1


def _turn(database: Database, book: Book, ended: Ended | None, step: str) -> Claim | None:
    """Mark the step before as done and claim the next, in one transaction; None when either is in other hands."""
    now = database.clock.now()

    def work(connection: Connection) -> Claim | None:
        if ended is not None and not _finish(connection, ended, now):
            return None
        return _claim(connection, book, step, now)

    return transact(database, work)


def _claim(connection: Connection, book: Book, step: str, now: datetime) -> Claim | None:
    """Claim a step: fence `DONE_BEFORE` when it is done already, None while another worker's lease runs."""
    key = {"book_id": book.id, "business_date": book.business_date, "step": step}
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    first = (
        dialect.insert(day_steps)
        .values(**key, status="running", leased_to_at=now + LEASE, fence=1, started_at=now, result="")
        .on_conflict_do_nothing()
        .returning(day_steps.c.fence)
    )
    mine = _of(book.id, book.business_date, step)
    again = (
        update(day_steps)
        .where(mine, day_steps.c.status == "running", day_steps.c.leased_to_at <= now)
        .values(leased_to_at=now + LEASE, fence=day_steps.c.fence + 1)
        .returning(day_steps.c.fence)
    )
    fence = connection.execute(first).scalar_one_or_none() or connection.execute(again).scalar_one_or_none()
    if fence is None:
        status = connection.execute(select(day_steps.c.status).where(mine)).scalar_one()
        return Claim(book.id, book.business_date, step, DONE_BEFORE) if status == "done" else None
    return Claim(book.id, book.business_date, step, int(fence))


def _renew(database: Database, claim: Claim, pulse: Callable[[], None]) -> None:
    if not _lease_to(database, claim, database.clock.now() + LEASE):
        raise StepLost(f"another worker has taken over {claim.step} of {claim.business_date}")
    pulse()


def _lease_to(database: Database, claim: Claim, at: datetime) -> bool:
    """Prolong a step's lease, or end it at once; False when another worker has taken the step over."""
    leasing = update(day_steps).where(_held(claim), day_steps.c.status == "running").values(leased_to_at=at)
    return transact(database, lambda connection: connection.execute(leasing).rowcount) == 1


def _held(claim: Claim) -> ColumnElement[bool]:
    return and_(_of(claim.book_id, claim.business_date, claim.step), day_steps.c.fence == claim.fence)


def _finish(connection: Connection, ended: Ended, now: datetime) -> bool:
    """Mark a claimed step done; False when another worker has taken it over."""
    done = update(day_steps).where(_held(ended.claim)).values(status="done", ended_at=now, result=ended.result)
    return connection.execute(done).rowcount == 1


def _of(book_id: int, business_date: date, step: str) -> ColumnElement[bool]:
    columns = day_steps.c
    return and_(columns.book_id == book_id, columns.business_date == business_date, columns.step == step)
