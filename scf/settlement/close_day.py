"""Opening and closing a business day: the date moves on under the exclusive lock; totals are written after it."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from scf import calendars
from scf.actor import PLATFORM
from scf.audit.chain import link_closed
from scf.books import queries as books
from scf.books.queries import Book
from scf.commands import Command, ScopeKind, Unit, in_book, run
from scf.ledger import checks as ledger
from scf.ledger.close import write_account_days
from scf.ledger.models import account_days, journals
from scf.module import Day, Phase, Step
from scf.outcomes import Outcome, done, refused
from scf.programmes.queries import parties_of
from scf.settlement.checks import findings
from scf.settlement.keep_findings import keep

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Close:
    book: Book
    next_on: date


@dataclass(frozen=True, slots=True)
class _Plan:
    outcomes: list[Outcome]
    to: date | None


@dataclass(frozen=True, slots=True)
class _Totals:
    outcomes: list[Outcome]


def _load_close(unit: Unit, _batch: Sequence[date]) -> _Close:
    book = unit.in_book()
    return _Close(book, calendars.next_open(book.calendar, book.business_date))


def _decide_close(facts: _Close, batch: Sequence[date]) -> _Plan:
    if list(batch) != [facts.book.business_date]:
        bound = str(facts.book.business_date)
        return _Plan([refused("other_day", field="business_date", value=str(day), bound=bound) for day in batch], None)
    return _Plan([done(next_on=facts.next_on.isoformat())], facts.next_on)


def _write_close(unit: Unit, facts: _Close, plan: _Plan) -> None:
    if plan.to is not None:
        books.move_date(unit.connection, facts.book, plan.to)


def _load_totals(unit: Unit, _batch: Sequence[date]) -> list[date]:
    """Closed business dates whose totals are not written yet."""
    book = unit.in_book()
    last = select(func.max(account_days.c.business_date)).where(account_days.c.book_id == book.id)
    written_to = unit.connection.execute(last).scalar_one() or date.min
    days = select(journals.c.business_date).where(
        journals.c.book_id == book.id,
        journals.c.business_date > written_to,
        journals.c.business_date < book.business_date,
    )
    return sorted(set(unit.connection.execute(days.distinct()).scalars()))


def _decide_totals(days: list[date], batch: Sequence[date]) -> _Totals:
    return _Totals([done(count=len(days)) for _ in batch])


def _write_totals(unit: Unit, days: list[date], _plan: _Totals) -> None:
    for day in days:
        write_account_days(unit.connection, unit.in_book().id, day)
    book = unit.in_book()
    link_closed(unit.connection, {book.id, *parties_of(unit.connection, book)}, unit.business_date)


CLOSE = Command("day.close", ScopeKind.BOOK, _load_close, _decide_close, _write_close, 1, exclusive=True)
TOTALS = Command("day.totals", ScopeKind.BOOK, _load_totals, _decide_totals, _write_totals, 1)


def _open(day: Day) -> str:
    on = day.book.business_date
    outcome = run(day.database, TOTALS, [on], key=on.isoformat(), actor=PLATFORM, scope=in_book(day.book.id))[0]
    return f"totals of {outcome.facts['count']} closed days written"


def _close(day: Day) -> str:
    on = day.book.business_date
    outcome = run(day.database, CLOSE, [on], key=on.isoformat(), actor=PLATFORM, scope=in_book(day.book.id))[0]
    return f"the book is on {outcome.facts['next_on']}"


def _check(day: Day) -> str:
    """Recompute the book; what is found is kept for people, and stops nothing."""
    with day.database.reading() as connection:
        found = [*ledger.findings(connection, day.book.id), *findings(connection, day.book.id)]
    for each in found:
        log.error("%s on %s: %s: %s", day.book.ref, day.book.business_date, each.check, each.place)
    keep(day.database, day.book, found)
    first = f": {found[0].check}: {found[0].place}" if found else ""
    return f"{len(found)} findings{first}"


STEPS = (
    Step("open the day", Phase.OPEN, _open),
    Step("check the book", Phase.REPORT, _check),
    Step("close the day", Phase.CLOSE, _close),
)
