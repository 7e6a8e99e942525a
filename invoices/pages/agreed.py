"""What a supplier has agreed: its programmes, the terms in force and those offered, consent by signature, and standing
instructions. What is signed asks for a second factor that was shown lately, and is the very document that was seen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Response
from marshmallow import Schema
from sqlalchemy import Connection, Row

from scf.books.models import books
from scf.commands import Command
from scf.organisations import queries as organisations
from scf.programmes.api import READ_TERMS
from scf.programmes.consent import CONSENT, REFUSE
from scf.programmes.instruct import INSTRUCT, STOP_INSTRUCTING
from scf.programmes.models import enrolment_terms, enrolments, programmes
from scf.programmes.queries import parsed
from scf.programmes.schemas import InstructionSchema, StopSchema
from scf.programmes.terms import Terms
from scf.programmes.terms_schemas import TermsConsentSchema, TermsRefusalSchema
from scf.programmes.visible import own_enrolments, own_versions
from scf.routes import Caller, PageRoute
from scf.web.forms import Form, again, ran, read, sentence
from scf.web.pages import see
from scf.web.problems import Problem
from scf.web.said import say
from scf.web.words import N_, _

PATH = "/supplier/terms"
# so many programmes are shown, the newest first; nobody has more
_ENROLMENTS_MAX = 200


@dataclass(frozen=True, slots=True)
class Version:
    """A version of terms as it was offered, and what was answered; `is_open` while it may still be answered."""

    row: Row[Any]
    terms: Terms
    is_open: bool


@dataclass(frozen=True, slots=True)
class Agreed:
    """An enrolment with the versions of its terms, the newest first."""

    id: int
    programme: str
    anchor_id: int
    funder_id: int
    standing_from_on: date | None
    versions: Sequence[Version]

    @property
    def in_force(self) -> Version | None:
        """The version by which advances are priced now."""
        return next((each for each in self.versions if each.row.in_force), None)

    @property
    def offered(self) -> Sequence[Version]:
        """Versions that wait for an answer."""
        return [each for each in self.versions if each.is_open]


def show(caller: Caller) -> Response:
    """Programmes and terms."""
    return _page(caller, Form())


def _page(caller: Caller, form: Form) -> Response:
    with caller.reading() as connection:
        agreed = _agreed(caller, connection)
        names = organisations.names(connection, {id for each in agreed for id in (each.anchor_id, each.funder_id)})
    today = caller.database.clock.now().date()
    may = {each.name: caller.actor.may(each.name) for each in (CONSENT, REFUSE, INSTRUCT, STOP_INSTRUCTING)}
    return again("supplier/terms.html", form, agreed=agreed, names=names, today=today, may=may)


def _agreed(caller: Caller, connection: Connection) -> Sequence[Agreed]:
    own = enrolments.c.supplier_id == caller.organisation_id
    enrolled = connection.execute(
        own_enrolments(caller)
        .add_columns(programmes.c.name, books.c.funder_id)
        .join(programmes, programmes.c.id == enrolments.c.programme_id)
        .join(books, books.c.id == enrolments.c.book_id)
        .where(own)
        .order_by(enrolments.c.id.desc())
        .limit(_ENROLMENTS_MAX)
    ).all()
    among: dict[int, list[Version]] = {row.id: [] for row in enrolled}
    newest = own_versions(caller).order_by(enrolment_terms.c.enrolment_id, enrolment_terms.c.version.desc())
    for row in connection.execute(newest.limit(_ENROLMENTS_MAX * 5)):
        if row.enrolment_id in among:
            listed = among[row.enrolment_id]
            # an offer that a newer one has replaced is no longer answered
            listed.append(Version(row, parsed(row.body), is_open=row.answer is None and not listed))
    return [
        Agreed(row.id, row.name, row.anchor_id, row.funder_id, row.standing_from_on, among[row.id]) for row in enrolled
    ]


@dataclass(frozen=True, slots=True)
class _Button:
    schema: type[Schema]
    command: Command[Any, Any, Any]
    said: str


_BUTTONS: Mapping[str, _Button] = {
    "consent": _Button(TermsConsentSchema, CONSENT, N_("You have signed the terms.")),
    "refuse": _Button(TermsRefusalSchema, REFUSE, N_("You have refused the terms.")),
    "instruct": _Button(InstructionSchema, INSTRUCT, N_("From that day on, everything that is confirmed is offered.")),
    "stop": _Button(StopSchema, STOP_INSTRUCTING, N_("The standing instruction is stopped.")),
}


def _pressed(name: str, caller: Caller) -> Response:
    button = _BUTTONS[name]
    form = read(button.schema)
    if form.errors:
        if set(form.errors) - {"from_on", "words"}:
            raise Problem(422, "invalid", "the form is not one of this site; load the page again")
        form.say(" ".join(form.errors.values()), "", form.status)
        return _page(caller, form)
    (outcome,) = ran(caller, button.command, [form.loaded], form.key)
    if outcome.refusal is not None:
        form.say(sentence(outcome.refusal), "", 409)
        return _page(caller, form)
    say(_(button.said))
    return see(PATH)


def _route(name: str) -> PageRoute:
    def view(caller: Caller) -> Response:
        return _pressed(name, caller)

    return PageRoute(f"{PATH}/{name}", _BUTTONS[name].command.name, view, ("POST",))


PAGES = (PageRoute(PATH, READ_TERMS, show), *map(_route, _BUTTONS))
