"""Opening a funder's book: an operator's command."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from scf import calendars
from scf.books import queries
from scf.books.queries import Book
from scf.commands import Command, ScopeKind, Unit
from scf.errors import FieldError
from scf.identity.operator import is_operators, not_the_operator
from scf.organisations import queries as organisations
from scf.outcomes import Outcome, done, refused


@dataclass(frozen=True, slots=True)
class NewBook:
    """A book: what people call it, whose it is, the calendar that says when it is open, and its first day."""

    ref: str
    funder_id: int
    calendar: str
    first_on: date


@dataclass(frozen=True, slots=True)
class _Facts:
    ids: list[int]
    taken: set[str]
    funders: set[int]
    by_operator: bool


@dataclass(frozen=True, slots=True)
class _Plan:
    outcomes: list[Outcome]
    rows: list[Book]


def _load(unit: Unit, batch: Sequence[NewBook]) -> _Facts:
    funders = organisations.names(unit.connection, {new.funder_id for new in batch})
    taken = {book.ref for book in queries.every(unit.connection)}
    return _Facts(unit.ids.take(len(batch)), taken, set(funders), is_operators(unit))


def _decide(facts: _Facts, batch: Sequence[NewBook]) -> _Plan:
    plan = _Plan([], [])
    taken = set(facts.taken)
    for id, new in zip(facts.ids, batch, strict=True):
        refusal = _refusal(facts, new, taken)
        plan.outcomes.append(refusal or done(id))
        if refusal is None:
            taken.add(new.ref)
            previous = calendars.previous_open(new.calendar, new.first_on)
            plan.rows.append(Book(id, new.ref, new.funder_id, new.calendar, new.first_on, previous))
    return plan


def _refusal(facts: _Facts, new: NewBook, taken: set[str]) -> Outcome | None:
    if not facts.by_operator:
        return not_the_operator()
    if new.funder_id not in facts.funders:
        return refused("not_found", field="funder_id", remedy="give an organisation that is registered")
    if new.ref in taken:
        return refused("already_open", field="ref", value=new.ref, remedy="choose another name")
    try:
        calendars.check(new.calendar)
    except FieldError as error:
        return refused("unknown_calendar", field="calendar", value=new.calendar, remedy=error.message)
    if not calendars.is_open(new.calendar, new.first_on):
        remedy = f"the next open day is {calendars.next_open(new.calendar, new.first_on)}"
        return refused("closed_day", field="first_on", value=str(new.first_on), bound=new.calendar, remedy=remedy)
    return None


def _write(unit: Unit, _facts: _Facts, plan: _Plan) -> None:
    if plan.rows:
        queries.add(unit.connection, plan.rows, unit.at)


OPEN_BOOK = Command("books.open", ScopeKind.ORGANISATION, _load, _decide, _write)
