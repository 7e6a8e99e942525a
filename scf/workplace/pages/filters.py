"""The filters that one keeps: from the page of a list, each back to it; and forgetting them."""

from flask import Response, request

from scf.people import filters
from scf.routes import Caller, PageRoute
from scf.web.forms import Form, again, ran, read, sentence
from scf.web.pages import local, see
from scf.web.said import say
from scf.web.words import _
from scf.workplace.api import READ_FILTERS
from scf.workplace.commands import FORGET, KEEP
from scf.workplace.schemas import FilterIdSchema, NewFilterSchema

_PATH = "/filters"


def show(caller: Caller) -> Response:
    """All that one keeps, by page."""
    return _list(caller, Form())


def keep(caller: Caller) -> Response:
    """Keep the query of the page it comes from, and go back there."""
    form = read(NewFilterSchema)
    if form.errors:
        return _list(caller, form)
    new = form.loaded
    (outcome,) = ran(caller, KEEP, [new], form.key)
    if outcome.refusal:
        form.say(sentence(outcome.refusal), outcome.refusal.field)
        return _list(caller, form)
    say(_("The filter “%(name)s” is kept.", name=new.name.strip()))
    return see(local(f"{new.path}{new.query}", _PATH))


def forget(caller: Caller) -> Response:
    """Forget one."""
    form = read(FilterIdSchema)
    if not form.errors:
        (outcome,) = ran(caller, FORGET, [form.loaded], form.key)
        if outcome.accepted:
            say(_("The filter is forgotten."))
    return see(local(request.form.get("page"), _PATH))


def _list(caller: Caller, form: Form) -> Response:
    with caller.reading() as connection:
        kept = filters.of_person(connection, caller.actor.id, caller.organisation_id)
    return again("everyone/filters.html", form, kept=kept)


PAGES = (
    PageRoute(_PATH, READ_FILTERS, show),
    PageRoute(_PATH, KEEP.name, keep, ("POST",)),
    PageRoute(f"{_PATH}/forget", FORGET.name, forget, ("POST",)),
)
