"""An organisation as the operator sees it: its members, books, programmes and dossier; and what the operator does for
it: registering it, opening its book, inviting its first administrator. Inviting where some had been takes two people.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response
from marshmallow import Schema
from sqlalchemy import Row, select
from werkzeug.exceptions import NotFound

from scf import ids
from scf.books.models import books
from scf.calendars import CALENDARS
from scf.commands import Command
from scf.identity.invite import BEGIN, RESCUE_BY_PEOPLE
from scf.identity.models_members import memberships
from scf.identity.open_book import OPEN_BOOK
from scf.identity.register import REGISTER
from scf.identity.schemas import AdministratorSchema, NewBookSchema, NewOrganisationSchema
from scf.onboarding.models import dossiers
from scf.operations.desk_routes import ORGANISATIONS
from scf.operations.pages.home import only_the_operator
from scf.organisations.models import organisations
from scf.people.models import people
from scf.programmes.models import enrolments, programmes
from scf.routes import Caller, PageRoute
from scf.web.forms import Form, again, ran, read, sentence
from scf.web.pages import page, see
from scf.web.said import say
from scf.web.words import N_, _

PATH = "/operator/organisations"
# of each kind; more are found through their own lists
_MOST = 100


def show(caller: Caller, id: int) -> Response:
    """The organisation with all that belongs to it."""
    only_the_operator(caller)
    may = {name: caller.actor.may(each.command.name) for name, each in FORMS.items()}
    return page("operator/organisation.html", **_belongings(caller, id), may=may, path=f"{PATH}/{ids.text('org', id)}")


def _belongings(caller: Caller, id: int) -> dict[str, Any]:
    party = organisations.alias("party")
    with caller.reading() as connection:

        def rows(query: Any) -> Sequence[Row[Any]]:
            return connection.execute(query.limit(_MOST)).all()

        return {
            "organisation": _find(connection, id),
            "dossier": connection.execute(select(dossiers).where(dossiers.c.organisation_id == id)).one_or_none(),
            "members": rows(
                select(people.c.id, people.c.name, people.c.email, memberships.c.role, memberships.c.granted_at)
                .join(people, people.c.id == memberships.c.person_id)
                .where(memberships.c.organisation_id == id, memberships.c.status == "active")
                .order_by(people.c.name, people.c.id, memberships.c.role)
            ),
            "books": rows(select(books).where(books.c.funder_id == id).order_by(books.c.ref)),
            "programmes": rows(
                select(programmes.c.name, books.c.ref.label("book_ref"))
                .join(books, books.c.id == programmes.c.book_id)
                .where(programmes.c.anchor_id == id)
                .order_by(programmes.c.id)
            ),
            "enrolments": rows(
                select(programmes.c.name, party.c.name.label("anchor"), books.c.ref.label("book_ref"))
                .join(enrolments, enrolments.c.programme_id == programmes.c.id)
                .join(party, party.c.id == programmes.c.anchor_id)
                .join(books, books.c.id == programmes.c.book_id)
                .where(enrolments.c.supplier_id == id)
                .order_by(enrolments.c.id)
            ),
        }


def _find(connection: Any, id: int) -> Row[Any]:
    found: Row[Any] | None = connection.execute(select(organisations).where(organisations.c.id == id)).one_or_none()
    if found is None:
        raise NotFound("there is no such organisation")
    return found


@dataclass(frozen=True, slots=True)
class _Asked:
    """A command as a form: its fields (name, label, type, hint), and the field that names the organisation, if any."""

    words: str
    command: Command[Any, Any, Any]
    schema: type[Schema]
    fields: Sequence[tuple[str, str, str, str]]
    said: str
    about: str = ""


_PERSON = (("name", N_("Name"), "text", ""), ("email", N_("E-mail address"), "email", ""))
FORMS: Mapping[str, _Asked] = {
    "register": _Asked(
        N_("Register an organisation"), REGISTER, NewOrganisationSchema,
        (
            ("name", N_("Name"), "text", ""),
            ("registration_ref", N_("Registration number"), "text", N_("An LEI, a VAT number, or a register's.")),
            ("country", N_("Country"), "text", N_("Two letters, like DE.")),
        ),
        N_("The organisation is registered."),
    ),
    "book": _Asked(
        N_("Open a book"), OPEN_BOOK, NewBookSchema,
        (
            ("ref", N_("Short name"), "text", N_("Up to 20 letters; it stands on documents.")),
            ("calendar", N_("Calendar"), "calendar", N_("It says on which days the book is open.")),
            ("first_on", N_("First business date"), "date", ""),
        ),
        N_("The book is open."), "funder_id",
    ),
    "begin": _Asked(
        N_("Invite the first administrator"), BEGIN, AdministratorSchema, _PERSON,
        N_("The invitation is on its way."), "organisation_id",
    ),
    "rescue": _Asked(
        N_("Propose another administrator"), RESCUE_BY_PEOPLE.propose, AdministratorSchema, _PERSON,
        N_("It is proposed; another of the operator's people decides."), "organisation_id",
    ),
}  # fmt: skip


def _form_page(caller: Caller, asked: _Asked, form: Form, id: int | None) -> Response:
    name = ""
    if id is not None:
        with caller.reading() as connection:
            name = _find(connection, id).name
    back = PATH if id is None else f"{PATH}/{ids.text('org', id)}"
    about = "" if id is None else ids.text("org", id)
    return again("operator/ask.html", form, asked=asked, name=name, back=back, about=about, calendars=sorted(CALENDARS))


def _routes_of(name: str, asked: _Asked) -> tuple[PageRoute, PageRoute]:
    at = f"{PATH}/<id(org):id>/{name}" if asked.about else f"{PATH}/{name}"

    def ask(caller: Caller, id: int | None = None) -> Response:
        only_the_operator(caller)
        return _form_page(caller, asked, Form(), id)

    def send(caller: Caller, id: int | None = None) -> Response:
        only_the_operator(caller)
        form = read(asked.schema)
        if form.errors:
            return _form_page(caller, asked, form, id)
        (outcome,) = ran(caller, asked.command, [form.loaded], form.key)
        if outcome.refusal is not None:
            form.say(sentence(outcome.refusal), outcome.refusal.field, 409)
            return _form_page(caller, asked, form, id)
        say(_(asked.said))
        return see(f"{PATH}/{ids.text('org', outcome.id or 0 if id is None else id)}")

    permission = asked.command.name
    return PageRoute(at, permission, ask), PageRoute(at, permission, send, ("POST",))


PAGES = (
    PageRoute(f"{PATH}/<id(org):id>", ORGANISATIONS, show),
    *(route for name, asked in FORMS.items() for route in _routes_of(name, asked)),
)
