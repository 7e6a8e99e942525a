"""Signing in on a page: password, then a second factor or the setting up of one; and out again."""

from typing import Any

from flask import Response, request

from scf.identity import browser, factor_queries
from scf.identity import session_views as views
from scf.identity.callers import signed_in
from scf.identity.freshness import Lacks
from scf.identity.session_schemas import CodeSchema, SignInSchema
from scf.routes import PUBLIC, SIGNING_IN, Caller, PageRoute
from scf.web.forms import Form, again, attempt, read
from scf.web.pages import FACTOR, SIGN_IN, local, page, see

ACCOUNT, SET_UP = "/account", "/account/factor"


def show(_caller: Caller) -> Response:
    """Ask who it is."""
    return see(next_of()) if signed_in() else again("sign_in.html", Form(), next=next_of())


def submit(caller: Caller) -> Response:
    """Sign in by password."""
    form = read(SignInSchema)
    answer = attempt(form, views.sign_in, caller)
    return again("sign_in.html", form, next=next_of()) if answer is None else onward(answer, next_of())


def show_factor(caller: Caller) -> Response:
    """Ask for a second factor, or have one set up where the roles ask for one and there is none."""
    me = browser.here(caller)
    if me.lacks is Lacks.ENROLMENT and not me.by_provider:
        return see(f"{SET_UP}?next={next_of()}")
    return _factor_page(caller, Form())


def submit_factor(caller: Caller) -> Response:
    """Show a code."""
    form = read(CodeSchema)
    return _factor_page(caller, form) if attempt(form, views.show_code, caller) is None else see(next_of())


def _factor_page(caller: Caller, form: Form) -> Response:
    me = browser.here(caller)
    with caller.database.reading() as connection:
        kinds = {factor.kind for factor in factor_queries.of_person(connection, me.person_id)}
    return again("factor.html", form, me=me, kinds=kinds, next=next_of())


def show_sign_out(_caller: Caller) -> Response:
    """Ask whether to sign out."""
    return page("sign_out.html")


def sign_out(caller: Caller) -> Response:
    """Sign out."""
    browser.leave(caller.database)
    return see(f"{SIGN_IN}?done=signed-out")


def next_of() -> str:
    """Where to go when this is done: a path of this site, whatever the browser was given."""
    return local(request.values.get("next"), ACCOUNT)


def onward(session: dict[str, Any], path: str) -> Response:
    """On to a page, by way of what the session lacks yet."""
    return see(f"{FACTOR}?next={path}" if session["lacks"] else path)


PAGES = (
    PageRoute(SIGN_IN, PUBLIC, show),
    PageRoute(SIGN_IN, PUBLIC, submit, ("POST",)),
    PageRoute(FACTOR, SIGNING_IN, show_factor),
    PageRoute(FACTOR, SIGNING_IN, submit_factor, ("POST",)),
    PageRoute("/sign-out", PUBLIC, show_sign_out),
    PageRoute("/sign-out", PUBLIC, sign_out, ("POST",)),
)
