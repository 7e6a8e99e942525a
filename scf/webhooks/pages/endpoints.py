"""Endpoints: added, changed, paused, tried, given a new secret, ended; what was given up is sent again.

A secret is shown once, when it is made.
"""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import Response
from marshmallow import Schema, fields
from sqlalchemy import Row
from werkzeug.exceptions import NotFound

from scf import ids
from scf.announcements import KINDS
from scf.commands import Command
from scf.routes import Caller, PageRoute
from scf.web import tables
from scf.web.forms import Form, again, attempt, ran, read, sentence
from scf.web.pages import page, see
from scf.web.problems import Problem
from scf.web.said import say
from scf.web.words import N_, _
from scf.webhooks import api, queries
from scf.webhooks.endpoints import ADD, CHANGE, END, ROTATE, Change
from scf.webhooks.models import ENDED, endpoints
from scf.webhooks.pages.tables import DELIVERIES
from scf.webhooks.schemas import NewEndpointSchema
from scf.webhooks.sending import REPLAY_FAILED, TEST, Failed

PATH = "/organisation/webhooks"
_ONE = f"{PATH}/<id(whe):id>"
_LATELY = timedelta(days=30)


class _ChangedSchema(NewEndpointSchema):
    """An endpoint as its form has it, and which version of it was seen."""

    version = fields.Integer(required=True)


class _PauseSchema(Schema):
    version = fields.Integer(required=True)
    active = fields.Boolean(required=True)


def show(caller: Caller) -> Response:
    """Every endpoint, and the calls of late."""
    with caller.reading() as connection:
        query = queries.endpoints_of(caller.organisation_id).where(endpoints.c.status != ENDED)
        rows = connection.execute(query.order_by(endpoints.c.id.desc())).all()
    given = [(row, json.loads(row.kinds)) for row in rows]
    return page("webhooks/endpoints.html", endpoints=given, table=tables.context(caller, DELIVERIES, 10))


def show_one(caller: Caller, id: int) -> Response:
    """One endpoint, and what can be done with it."""
    row = _find(caller, id)
    may = {name: caller.actor.may(command.name) and row.status != ENDED for name, command in _MAY.items()}
    return page("webhooks/endpoint.html", endpoint=row, kinds=json.loads(row.kinds), may=may, path=_of(id), form=Form())


_MAY: Mapping[str, Command[Any, Any, Any]] = {
    "change": CHANGE, "rotate": ROTATE, "test": TEST, "end": END, "replay": REPLAY_FAILED,
}  # fmt: skip


def _find(caller: Caller, id: int) -> Row[Any]:
    with caller.reading() as connection:
        query = queries.endpoints_of(caller.organisation_id).where(endpoints.c.id == id)
        found = connection.execute(query).one_or_none()
    if found is None:
        raise NotFound("there is no such endpoint of yours")
    return found


def _of(id: int) -> str:
    return f"{PATH}/{ids.text('whe', id)}"


def ask_add(_caller: Caller) -> Response:
    """Ask where to tell, and of what."""
    return _form_page(Form({"kinds": []}))


def _form_page(form: Form, id: int | None = None) -> Response:
    kinds = [(kind, each.words) for kind, each in sorted(KINDS.items())]
    back = PATH if id is None else _of(id)
    return again("webhooks/endpoint_form.html", form, kinds=kinds, back=back, is_new=id is None)


def add(caller: Caller) -> Response:
    """Add an endpoint and show its secret."""
    form = read(NewEndpointSchema)
    made = attempt(form, api.add, caller, key=form.key)
    return _form_page(form) if made is None else _secret_page(made)


def _secret_page(made: Mapping[str, Any]) -> Response:
    return page("webhooks/secret.html", secret=made["secret"], path=_of(made["id"]))


def ask_change(caller: Caller, id: int) -> Response:
    """Ask what to change."""
    row = _find(caller, id)
    typed = {"url": row.url, "description": row.description, "kinds": json.loads(row.kinds), "version": row.version}
    return _form_page(Form(typed), id)


def change(caller: Caller, id: int) -> Response:
    """Change the endpoint that was seen in a version."""
    form = read(_ChangedSchema)
    if not form.errors:
        asked = form.loaded
        kinds = tuple(sorted(set(asked["kinds"])))
        change = Change(id, asked["version"], asked["url"], asked["description"], kinds)
        (outcome,) = ran(caller, CHANGE, [change], form.key)
        if outcome.refusal is None:
            say(_("The endpoint is changed."))
            return see(_of(id))
        form.say(sentence(outcome.refusal), outcome.refusal.field, 409)
    return _form_page(form, id)


def pause(caller: Caller, id: int) -> Response:
    """Send nothing there for a while, or send again."""
    form = read(_PauseSchema)
    if form.errors:
        raise Problem(422, "invalid", "the form is not one of this site; load the page again")
    change = Change(id, form.loaded["version"], active=form.loaded["active"])
    return _told(caller, CHANGE, change, form, id, _("It is told again.") if change.active else _("Nothing is sent."))


def rotate(caller: Caller, id: int) -> Response:
    """Make a new secret and show it."""
    form = read(Schema)
    made = attempt(form, api.rotate, caller, id=id, key=form.key)
    if made is None:
        say(form.general, look="danger")
        return see(_of(id))
    return _secret_page(made)


def _told(caller: Caller, command: Command[Any, Any, Any], item: Any, form: Form, id: int, words: str) -> Response:
    """Run a command that a button asked for, and say on the endpoint's page what came of it."""
    (outcome,) = ran(caller, command, [item], form.key)
    if outcome.refusal is not None:
        say(sentence(outcome.refusal), look="danger")
    else:
        say(words)
    return see(_of(id))


def _button(name: str, command: Command[Any, Any, Any], said: str) -> PageRoute:
    def send(caller: Caller, id: int) -> Response:
        form = read(Schema)
        item = Failed(id, caller.database.clock.now() - _LATELY) if command is REPLAY_FAILED else id
        return _told(caller, command, item, form, id, _(said))

    return PageRoute(f"{_ONE}/{name}", command.name, send, ("POST",))


_POST = ("POST",)
PAGES = (
    PageRoute(PATH, api.READ, show),
    PageRoute(f"{PATH}/new", ADD.name, ask_add),
    PageRoute(f"{PATH}/new", ADD.name, add, _POST),
    PageRoute(_ONE, api.READ, show_one),
    PageRoute(f"{_ONE}/change", CHANGE.name, ask_change),
    PageRoute(f"{_ONE}/change", CHANGE.name, change, _POST),
    PageRoute(f"{_ONE}/pause", CHANGE.name, pause, _POST),
    PageRoute(f"{_ONE}/rotate", ROTATE.name, rotate, _POST),
    _button("test", TEST, N_("A test call is on its way; it stands among the deliveries.")),
    _button("end", END, N_("The endpoint is ended, for good.")),
    _button("replay", REPLAY_FAILED, N_("What was given up in the last 30 days is sent again.")),
)
