"""The demonstration: whom to sign in as, the factor that approvals ask for, and the clock. Only in a sandbox."""

from pathlib import Path

from flask import Response
from marshmallow import Schema

from scf.books import queries as books
from scf.fields import Day, Id
from scf.identity import browser
from scf.identity.attempts import origin
from scf.identity.pages.sign_in import next_of
from scf.routes import PUBLIC, SIGNED_IN, SIGNING_IN, Caller, PageRoute
from scf.sandbox import entering
from scf.sandbox.days import pass_days
from scf.screens import Desk, MenuEntry
from scf.web.forms import Form, again, attempt, read
from scf.web.pages import page, see
from scf.web.problems import Problem
from scf.web.said import say
from scf.web.words import N_, ngettext

_DEMO, _CLOCK = "/demo", "/demo/clock"


class _WhoSchema(Schema):
    person_id = Id("per", required=True)


class _MoveSchema(Schema):
    to_on = Day(required=True)


def show(caller: Caller) -> Response:
    """Whom one may sign in as."""
    with caller.database.reading() as connection:
        people = entering.made_up(connection)
    organisations = list(dict.fromkeys(each.organisation_name for each in people))
    return page("demo.html", people=people, organisations=organisations, form=Form())


def enter(caller: Caller) -> Response:
    """Sign in as one of them."""
    form = read(_WhoSchema)
    token = None if form.errors else entering.enter(caller.database, form.loaded["person_id"], origin(*browser.where()))
    if token is None:
        raise Problem(404, "not_found", "this is nobody of the demonstration; choose one of its people")
    browser.enter(caller.database, token)
    return see("/")


def show_factor(caller: Caller) -> Response:
    """Show the factor that approvals ask for."""
    me = browser.here(caller)
    token = entering.show_factor(caller.database, me.session_id, me.person_id)
    if token is None:
        raise Problem(403, "forbidden", "only the demonstration's people have its factor; show one of your own")
    browser.go_on(token)
    return see(next_of())


def show_clock(caller: Caller) -> Response:
    """What the clock shows, and where the books are."""
    return _clock_page(caller, Form())


def move_clock(caller: Caller) -> Response:
    """Move it: business days are run, anchors pay what falls due."""
    form = read(_MoveSchema)
    passed = attempt(form, _move, caller)
    if passed is None:
        return _clock_page(caller, form)
    # sessions live by the same clock: the others have ended, whoever moved it goes on
    token = entering.enter(caller.database, caller.actor.id, origin(*browser.where()))
    if token is not None:
        browser.enter(caller.database, token)
    say(ngettext("%(count)s business day was run.", "%(count)s business days were run.", passed[0]))
    return see(_CLOCK)


def _move(caller: Caller, to_on: object) -> tuple[int]:
    passed = pass_days(caller.running, to_on)  # type: ignore[arg-type]
    return (sum(each.closed_count for each in passed),)


def _clock_page(caller: Caller, form: Form) -> Response:
    now = caller.database.clock.now()
    with caller.database.reading() as connection:
        every = books.every(connection)
    return again("demo_clock.html", form, now=now, books=every)


PAGES = (
    PageRoute(_DEMO, PUBLIC, show),
    PageRoute("/demo/enter", PUBLIC, enter, ("POST",)),
    PageRoute("/demo/factor", SIGNING_IN, show_factor, ("POST",)),
    PageRoute(_CLOCK, SIGNED_IN, show_clock),
    PageRoute(_CLOCK, SIGNED_IN, move_clock, ("POST",)),
)
MENU = (MenuEntry(Desk.EVERYONE, N_("The demonstration's clock"), _CLOCK, SIGNED_IN, "clock-history", seldom=True),)
TEMPLATES = (Path(__file__).parent / "templates",)
