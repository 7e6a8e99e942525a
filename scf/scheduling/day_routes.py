"""The business days of books over HTTP: which day each is on, and what its steps did."""

from datetime import date
from typing import Any

from marshmallow import Schema, fields
from sqlalchemy import Select, select

from scf.books.models import books
from scf.commands import ScopeKind
from scf.fields import Day, Id
from scf.module import Permission
from scf.roles import Role
from scf.routes import Caller, ListRoute, Route, ViewRoute
from scf.scheduling.day import in_order
from scf.scheduling.models import day_steps

READ = "books.read"

PERMISSIONS = (Permission(READ, "see its books, the days they are on, and what the days' steps did", frozenset(Role)),)


class BookSchema(Schema):
    """A funder's book."""

    id = Id("bok", required=True)
    ref = fields.String(required=True)
    funder_id = Id("org", required=True)
    calendar = fields.String(required=True)
    business_date = Day(required=True)
    previous_on = Day(required=True, metadata={"description": "the last open day before"})
    created_at = fields.AwareDateTime(required=True)


class StepSchema(Schema):
    """A step of a business day, and what it did."""

    step = fields.String(required=True)
    status = fields.String(required=True)
    started_at = fields.AwareDateTime(required=True)
    ended_at = fields.AwareDateTime(required=True, allow_none=True)
    result = fields.String(required=True)


class DaySchema(Schema):
    """A business day of a book: its steps that have begun, in their order."""

    business_date = Day(required=True)
    steps = fields.List(fields.Nested(StepSchema), required=True)


class DayQuery(Schema):
    """Which business date; the book's own when none is given."""

    on = Day(load_default=None)


def _readable(caller: Caller) -> Select[Any]:
    every = select(books)
    return every if caller.actor.operates else every.where(books.c.funder_id == caller.organisation_id)


def _day(caller: Caller, on: date | None) -> dict[str, Any]:
    book = caller.in_book()
    day = on or book.business_date
    begun = select(day_steps).where(day_steps.c.book_id == book.id, day_steps.c.business_date == day)
    with caller.reading() as connection:
        rows = connection.execute(begun.order_by(day_steps.c.step)).all()
    place = {step.name: n for n, step in enumerate(in_order(caller.running.steps))}
    return {"business_date": day, "steps": sorted(rows, key=lambda row: place.get(row.step, len(place)))}


ROUTES: tuple[Route, ...] = (
    ListRoute(
        path="/books",
        permission=READ,
        schema=BookSchema,
        prefix="bok",
        select=_readable,
        key=books.c.id,
        summary="The organisation's books; all of them to who runs the platform.",
    ),
    ViewRoute(
        method="GET",
        path="/day",
        permission=READ,
        view=_day,
        summary="What the steps of a business day did.",
        query=DayQuery,
        answers=DaySchema,
        scope=ScopeKind.BOOK,
    ),
)
