"""Opening a programme with an anchor and enrolling suppliers in it, on the bank's desk.

The other party is named as a contract names it, by its registration number, or by its id; what it is called is shown
once it takes part, and to nobody before. Terms are offered afterwards, by two people.
"""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Response
from marshmallow import Schema

from scf import ids
from scf.commands import Command, ScopeKind
from scf.factoring.pages import programmes
from scf.factoring.pages.answers import below
from scf.fields import Words
from scf.ids import text
from scf.organisations import queries as organisations
from scf.programmes.open import ENROL, OPEN_PROGRAMME, NewEnrolment, NewProgramme
from scf.routes import Caller, PageRoute
from scf.web.forms import Form, ran, read, sentence
from scf.web.pages import see
from scf.web.said import say
from scf.web.words import _

_PARTY_MAX = 80


class OpenSchema(Schema):
    """A programme's name, and its anchor."""

    name = Words(80, 1, required=True)
    party = Words(_PARTY_MAX, 1, required=True)


class EnrolSchema(Schema):
    """The supplier that is to take part."""

    party = Words(_PARTY_MAX, 1, required=True)


def open_one(caller: Caller) -> Response:
    """Open a programme; its page comes next."""
    form = read(OpenSchema)

    def make(party_id: int) -> NewProgramme:
        return NewProgramme(party_id, form.loaded["name"])

    id = _done(caller, form, OPEN_PROGRAMME, make, {"anchor_id": "party"})
    if id is None:
        return programmes.listed(caller, form)
    say(_("The programme is open; enrol its suppliers."))
    return see(below(caller, f"/programmes/{text('prg', id)}"))


def enrol(caller: Caller, id: int) -> Response:
    """Enrol a supplier; the editor of its terms comes next."""
    form = read(EnrolSchema)

    def make(party_id: int) -> NewEnrolment:
        return NewEnrolment(id, party_id)

    enrolment_id = _done(caller, form, ENROL, make, {"supplier_id": "party"})
    if enrolment_id is None:
        return programmes.programme(caller, id, form)
    say(_("The supplier takes part; offer it terms."))
    return see(below(caller, f"/enrolments/{text('enr', enrolment_id)}/terms"))


def _done(
    caller: Caller, form: Form, command: Command[Any, Any, Any], make: Callable[[int], Any], fields: Mapping[str, str]
) -> int | None:
    """What the command made with the party that the form names; None, and the form says why, when it made nothing."""
    party_id = None if form.errors else _party(caller, form)
    if party_id is None:
        return None
    (outcome,) = ran(caller, command, [make(party_id)], form.key)
    if outcome.refusal is not None:
        field = outcome.refusal.field
        form.say(sentence(outcome.refusal), fields.get(field, field), 409)
    return outcome.id


def _party(caller: Caller, form: Form) -> int | None:
    typed = str(form.loaded["party"])
    if typed.startswith("org_"):
        try:
            return ids.parse(typed)
        except ValueError:
            pass
    # by the platform: whoever is not known to the bank yet has to be found before it can take part
    with caller.database.reading() as connection:
        found = list(organisations.by_registration(connection, [typed]).values())
    if not found:
        form.say(_("Nobody is registered under this number; ask the platform's operator to register them."), "party")
        return None
    return found[0]


_BOOK = ScopeKind.BOOK

PAGES = (
    PageRoute("/programmes/open", OPEN_PROGRAMME.name, open_one, ("POST",), _BOOK),
    PageRoute("/programmes/<id(prg):id>/enrol", ENROL.name, enrol, ("POST",), _BOOK),
)
