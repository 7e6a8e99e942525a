"""Changing the calendar of a book, by two people: from then on it is open on other days.

It holds the book still, and refuses a calendar in which the book's own business date is closed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from scf import calendars
from scf.books import queries
from scf.books.queries import Book
from scf.commands import Command, ScopeKind, Unit
from scf.errors import FieldError
from scf.outcomes import Outcome, done, refused
from scf.proposals.four_eyes import four_eyes


@dataclass(frozen=True, slots=True)
class NewCalendar:
    """The calendar that the book is to keep."""

    calendar: str


@dataclass(frozen=True, slots=True)
class _Plan:
    outcomes: list[Outcome]
    calendar: str | None


def _load(unit: Unit, _batch: Sequence[NewCalendar]) -> Book:
    return unit.in_book()


def _decide(book: Book, batch: Sequence[NewCalendar]) -> _Plan:
    refusal = _refusal(book, batch[0].calendar)
    return _Plan([refusal or done(book.id)], None if refusal else batch[0].calendar)


def _refusal(book: Book, calendar: str) -> Outcome | None:
    try:
        calendars.check(calendar)
    except FieldError as error:
        return refused("unknown_calendar", field="calendar", value=calendar, remedy=error.message)
    if calendar == book.calendar:
        return refused("unchanged", field="calendar", value=calendar, remedy="the book keeps it already")
    if not calendars.is_open(calendar, book.business_date):
        remedy = "passes on a business date that is open in both calendars"
        return refused("closed_day", field="calendar", value=calendar, bound=str(book.business_date), remedy=remedy)
    return None


def _write(unit: Unit, book: Book, plan: _Plan) -> None:
    if plan.calendar is not None:
        queries.set_calendar(unit.connection, book, plan.calendar)


CHANGE_CALENDAR = Command("books.calendar", ScopeKind.BOOK, _load, _decide, _write, 1, exclusive=True, checked=True)
CHANGE_CALENDAR_BY_PEOPLE = four_eyes(CHANGE_CALENDAR, NewCalendar)
