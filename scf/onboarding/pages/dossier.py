"""A dossier on the operator's desk: all that is in it, and a page for each thing to be done with it.

A hit is decided by two people; what it says is never shown to the party.
"""

from typing import Any

from flask import Response
from werkzeug.exceptions import NotFound

from scf import ids
from scf.onboarding.decide import DECIDE_BY_PEOPLE
from scf.onboarding.pages.contents import Contents, contents
from scf.onboarding.pages.verbs import ACCOUNT_CHECKED, HIT, OF_DOSSIER, Verb
from scf.onboarding.permissions import READ_CONTENTS
from scf.proposals.schemas import DecisionSchema
from scf.routes import Caller, PageRoute
from scf.web.forms import Form, again, ran, read, sentence
from scf.web.pages import page, see
from scf.web.problems import Problem
from scf.web.said import say
from scf.web.words import N_, _

_PATH = "/operator/dossiers"
_PREFIXES = {"dossier_id": "dos", "screening_id": "scr", "account_check_id": "ack"}
_DECIDED = {"accept": N_("The decision stands."), "decline": N_("The proposal is declined.")}


def show(caller: Caller, id: int) -> Response:
    """The dossier with all that belongs to it."""
    return page("operator/dossier.html", **_shown(caller, id), form=Form())


def _shown(caller: Caller, id: int) -> dict[str, Any]:
    with caller.reading() as connection:
        found = contents(caller, connection, id)
    may = {
        "hit": caller.actor.may(HIT.command.name),
        "decide": caller.actor.may(DECIDE_BY_PEOPLE.accept.name),
        "account": caller.actor.may(ACCOUNT_CHECKED.command.name) and found.dossier.status in ACCOUNT_CHECKED.states,
    }
    verbs = {name: verb for name, verb in OF_DOSSIER.items() if _offered(caller, found, verb)}
    return {"found": found, "may": may, "verbs": verbs, "path": _of(id), "me_id": caller.actor.id}


def _offered(caller: Caller, found: Contents, verb: Verb) -> bool:
    return caller.actor.may(verb.command.name) and found.dossier.status in verb.states


def _of(id: int) -> str:
    return f"{_PATH}/{ids.text('dos', id)}"


def _asked(caller: Caller, id: int, verb: Verb, about_id: int, form: Form) -> Response:
    with caller.reading() as connection:
        found = contents(caller, connection, id)
    ours = {
        "dossier_id": {id},
        "screening_id": {row.id for row in found.screenings if row.status == "open"},
        "account_check_id": {row.id for row in found.accounts if row.status == "current"},
    }
    if about_id not in ours[verb.about] or not caller.actor.may(verb.command.name):
        raise NotFound("there is no such thing in this dossier that waits for that")
    about = ids.text(_PREFIXES[verb.about], about_id)
    return again("operator/dossier_verb.html", form, found=found, verb=verb, about=about, path=_of(id))


def _sent(caller: Caller, id: int, verb: Verb, about_id: int) -> Response:
    form = read(verb.schema)
    if verb.about in form.errors or getattr(form.loaded, verb.about, about_id) != about_id:
        raise Problem(422, "invalid", "the form is not one of this site; load the page again")
    if form.errors:
        return _asked(caller, id, verb, about_id, form)
    (outcome,) = ran(caller, verb.command, [form.loaded], form.key)
    if outcome.refusal is not None:
        form.say(sentence(outcome.refusal), outcome.refusal.field, 409)
        return _asked(caller, id, verb, about_id, form)
    say(_(verb.said))
    return see(_of(id))


def _routes_of(path: str, name: str, verb: Verb) -> tuple[PageRoute, PageRoute]:
    """The page of a verb and where its form is sent; its path ends with what it is about, where that is not all."""
    permission = verb.command.name

    def ask(caller: Caller, id: int, about_id: int | None = None) -> Response:
        return _asked(caller, id, verb, id if about_id is None else about_id, Form())

    def send(caller: Caller, id: int, about_id: int | None = None) -> Response:
        return _sent(caller, id, verb, id if about_id is None else about_id)

    at = f"{path}/{name}"
    return PageRoute(at, permission, ask), PageRoute(at, permission, send, ("POST",))


def _decide(verb: str) -> PageRoute:
    command = DECIDE_BY_PEOPLE.accept if verb == "accept" else DECIDE_BY_PEOPLE.decline

    def send(caller: Caller, id: int) -> Response:
        form = read(DecisionSchema)
        if form.errors:
            raise Problem(422, "invalid", "the form is not one of this site; load the page again")
        (outcome,) = ran(caller, command, [form.loaded], form.key)
        if outcome.refusal is not None:
            say(sentence(outcome.refusal), look="danger")
        else:
            say(_(_DECIDED[verb]))
        return see(_of(id))

    return PageRoute(f"{_ONE}/hits/{verb}", command.name, send, ("POST",))


_ONE = f"{_PATH}/<id(dos):id>"
PAGES = (
    PageRoute(_ONE, READ_CONTENTS, show),
    *(route for name, verb in OF_DOSSIER.items() for route in _routes_of(_ONE, name, verb)),
    *_routes_of(_ONE, "hits/<id(scr):about_id>", HIT),
    *_routes_of(_ONE, "accounts/<id(ack):about_id>", ACCOUNT_CHECKED),
    _decide("accept"),
    _decide("decline"),
)
