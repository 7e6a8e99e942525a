"""What only those who run the platform look through: every organisation, person, message of the outbox and command.

Nobody else is given a row, whatever permission they hold elsewhere. Every filter stands on an index.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from marshmallow import Schema, fields, validate
from sqlalchemy import Select, case, false, func, select

from scf.audit.schemas import CommandSchema
from scf.books.models import books
from scf.command_log import command_logs
from scf.fields import Day, Id, ItemSchema, Words
from scf.module import Permission
from scf.onboarding.models import dossiers
from scf.operations.resend import RESEND
from scf.organisations.models import organisations
from scf.organisations.registration import normal_id
from scf.outbox import GIVEN_UP, WAITING, outbox
from scf.people.models import people
from scf.people.queries import normal_email
from scf.roles import Role
from scf.routes import Caller, CommandRoute, Filter, ListRoute, Route

ORGANISATIONS, PEOPLE, OUTBOX, SEARCH = "organisations.read", "people.read", "outbox.read", "audit.search"
_OPERATOR, _WATCHING = frozenset({Role.OPERATOR}), frozenset({Role.OPERATOR, Role.AUDITOR})

PERMISSIONS = (
    Permission(ORGANISATIONS, "see every organisation of the platform", _WATCHING),
    Permission(PEOPLE, "see every person of the platform", _OPERATOR),
    Permission(OUTBOX, "see what is on its way out of the platform", _WATCHING),
    Permission(SEARCH, "search the commands of every organisation and book", _WATCHING),
    Permission(RESEND.name, "have messages sent that wait or were given up", _OPERATOR),
)


class RegisteredSchema(Schema):
    """An organisation, and where its dossier stands."""

    id = Id("org", required=True)
    name = fields.String(required=True)
    registration_ref = fields.String(required=True)
    country = fields.String(required=True)
    dossier_status = fields.String(required=True, allow_none=True)
    created_at = fields.AwareDateTime(required=True)


class KnownPersonSchema(Schema):
    """Somebody who signs in, or was met at a command line."""

    id = Id("per", required=True)
    name = fields.String(required=True)
    email = fields.String(required=True, allow_none=True)
    created_at = fields.AwareDateTime(required=True)
    seen_at = fields.AwareDateTime(required=True)
    erased_at = fields.AwareDateTime(required=True, allow_none=True)


class MessageSchema(Schema):
    """A message on its way out; what it says is its receiver's."""

    id = Id("msg", required=True)
    kind = fields.String(required=True)
    status = fields.String(required=True)
    attempt_count = fields.Integer(required=True)
    created_at = fields.AwareDateTime(required=True)
    due_at = fields.AwareDateTime(required=True)
    error = fields.String(required=True, allow_none=True)


class RunSchema(CommandSchema):
    """A command that was run, and where."""

    place = fields.String(required=True, allow_none=True, metadata={"description": "the organisation, or the book"})


def _id(message_id: int) -> int:
    return message_id


class MessageIdSchema(ItemSchema):
    """A message, by its id."""

    makes = staticmethod(_id)
    message_id = Id("msg", required=True)


def _for_the_operator(caller: Caller, query: Select[Any]) -> Select[Any]:
    return query if caller.actor.operates else query.where(false())


def _organisations(caller: Caller) -> Select[Any]:
    query = select(organisations, dossiers.c.status.label("dossier_status"), dossiers.c.id.label("dossier_id"))
    return _for_the_operator(caller, query.outerjoin(dossiers, dossiers.c.organisation_id == organisations.c.id))


def _people(caller: Caller) -> Select[Any]:
    shown = (people.c[name] for name in ("id", "name", "email", "created_at", "seen_at", "erased_at"))
    return _for_the_operator(caller, select(*shown))


def _messages(caller: Caller) -> Select[Any]:
    status = case((GIVEN_UP, "given_up"), (WAITING, "waiting"), else_="delivered").label("status")
    names = ("id", "scope_id", "kind", "attempt_count", "created_at", "due_at", "error")
    return _for_the_operator(caller, select(*(outbox.c[name] for name in names), status))


def runs(caller: Caller) -> Select[Any]:
    """Every command that was run, with the name of the organisation or book it ran in."""
    shown = [column for column in command_logs.c if column.name != "outcomes"]
    place = func.coalesce(books.c.ref, organisations.c.name).label("place")
    query = (
        select(*shown, place)
        .outerjoin(books, books.c.id == command_logs.c.scope_id)
        .outerjoin(organisations, organisations.c.id == command_logs.c.scope_id)
    )
    return _for_the_operator(caller, query)


def _begins(on: date) -> datetime:
    return datetime.combine(on, time(tzinfo=UTC))


_MESSAGE_STATES = {
    "waiting": WAITING,
    "given_up": GIVEN_UP,
    "delivered": outbox.c.delivered_at.is_not(None),
}

ROUTES: tuple[Route, ...] = (
    ListRoute(
        path="/organisations",
        permission=ORGANISATIONS,
        schema=RegisteredSchema,
        prefix="org",
        select=_organisations,
        key=organisations.c.id,
        summary="Every organisation of the platform, to who runs it.",
        filters={
            "name": Filter(Words(140, 1), lambda value: organisations.c.name.startswith(value, autoescape=True)),
            "registration_ref": Filter(
                Words(40, 1), lambda value: organisations.c.registration_ref == normal_id(value)
            ),
        },
    ),
    ListRoute(
        path="/people",
        permission=PEOPLE,
        schema=KnownPersonSchema,
        prefix="per",
        select=_people,
        key=people.c.id,
        summary="Every person of the platform, to who runs it.",
        filters={
            "email": Filter(Words(254, 1), lambda value: people.c.email == normal_email(value)),
            "name": Filter(Words(140, 1), lambda value: people.c.name.startswith(value, autoescape=True)),
        },
    ),
    ListRoute(
        path="/outbox",
        permission=OUTBOX,
        schema=MessageSchema,
        prefix="msg",
        select=_messages,
        key=outbox.c.id,
        summary="Messages on their way out of the platform, to who runs it.",
        filters={
            "status": Filter(
                fields.String(validate=[validate.OneOf(list(_MESSAGE_STATES))]), lambda value: _MESSAGE_STATES[value]
            ),
            "kind": Filter(Words(40, 1), outbox.c.kind.__eq__),
        },
    ),
    CommandRoute("/outbox/resend", RESEND, MessageIdSchema, "msg", "Have messages sent that wait or were given up."),
    ListRoute(
        path="/audit/commands",
        permission=SEARCH,
        schema=RunSchema,
        prefix="cmd",
        select=runs,
        key=command_logs.c.id,
        summary="The commands of every organisation and book, to who runs the platform.",
        filters={
            "command": Filter(Words(60, 1), command_logs.c.command.__eq__),
            "key": Filter(Words(120, 1), command_logs.c.key.__eq__),
            "actor_id": Filter(Id("per"), command_logs.c.actor_id.__eq__),
            "organisation_id": Filter(Id("org"), command_logs.c.scope_id.__eq__),
            "book_id": Filter(Id("bok"), command_logs.c.scope_id.__eq__),
            "from": Filter(Day(), lambda value: command_logs.c.at >= _begins(value)),
            "to": Filter(Day(), lambda value: command_logs.c.at < _begins(value + timedelta(days=1))),
        },
    ),
)
