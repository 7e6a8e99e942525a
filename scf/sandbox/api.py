"""The sandbox's routes: what its clock shows, and moving it."""

from dataclasses import dataclass
from datetime import date, datetime

from marshmallow import Schema, fields

from scf.fields import Day, Id
from scf.module import Module
from scf.routes import SIGNED_IN, Caller, Route, ViewRoute
from scf.sandbox.days import Passed, pass_days
from scf.sandbox.pages import MENU, PAGES, TEMPLATES


@dataclass(frozen=True, slots=True)
class _Shown:
    now: datetime
    books: list[Passed]


class MoveSchema(Schema):
    """To the morning of which date the clock is moved; business days before it are run."""

    to_on = Day(required=True)


class PassedSchema(Schema):
    """A book after the move."""

    id = Id("bok", required=True, attribute="book.id")
    ref = fields.String(required=True, attribute="book.ref")
    business_date = Day(required=True, attribute="book.business_date")
    closed_count = fields.Integer(required=True)


class ClockSchema(Schema):
    """What the sandbox's clock shows."""

    now = fields.AwareDateTime(required=True)
    books = fields.List(fields.Nested(PassedSchema), required=True)


def _show(caller: Caller) -> _Shown:
    return _Shown(caller.database.clock.now(), [])


def _move(caller: Caller, to_on: date) -> _Shown:
    passed = pass_days(caller.running, to_on)
    return _Shown(caller.database.clock.now(), passed)


ROUTES: tuple[Route, ...] = (
    ViewRoute("GET", "/sandbox/clock", SIGNED_IN, _show, "What the sandbox's clock shows.", answers=ClockSchema),
    ViewRoute(
        "POST",
        "/sandbox/clock",
        SIGNED_IN,
        _move,
        "Move the sandbox's clock forward: business days are run, anchors pay what falls due.",
        takes=MoveSchema,
        answers=ClockSchema,
    ),
)

SANDBOX = Module(name="sandbox", routes=ROUTES, pages=PAGES, templates=TEMPLATES, menu=MENU)
