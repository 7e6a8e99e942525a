"""The views of signing in: by password, by passkey, a second factor shown, the organisation changed, and out again."""

from typing import Any

from flask import Response

from scf.identity import browser, members_queries, passkey_use
from scf.identity.passkeys import Answer
from scf.identity.sessions import SignedIn
from scf.identity.sessions_end import switch
from scf.identity.show import ShowResult, show_factor
from scf.identity.sign_in import SignInResult
from scf.identity.sign_in import sign_in as by_password
from scf.routes import Caller
from scf.web import forgery
from scf.web.problems import Fault, Problem

WRONG = "the e-mail address or the password is wrong"


def sign_in(caller: Caller, email: str, password: str) -> dict[str, Any]:
    """Begin a session by password."""
    return entered(caller, by_password(caller.database, email, password, *browser.where()), WRONG)


def entered(caller: Caller, result: SignInResult, wrong: str) -> dict[str, Any]:
    """Hold the session that was begun. Raises `Problem` when none was."""
    if result.free_at is not None:
        raise browser.later(caller, result.free_at)
    if result.token is None:
        raise Problem(401, "wrong_credentials", wrong, headers={"WWW-Authenticate": "Bearer"})
    browser.enter(caller.database, result.token)
    return told(browser.now_behind(caller, result.token))


def show(caller: Caller) -> dict[str, Any]:
    """Who is signed in."""
    return told(browser.here(caller))


def sign_out(caller: Caller) -> Response:
    """End the session at hand."""
    browser.leave(caller.database)
    return Response(status=204)


def show_code(caller: Caller, code: str) -> dict[str, Any]:
    """Show a code: to finish signing in, or to step up."""
    browser.here(caller)
    shown = show_factor(caller.database, caller.running.vault, browser.held(), code, *browser.where())
    return went_on(caller, shown, Fault("json", "/code", "this is no code of now, or it was used before"))


def went_on(caller: Caller, shown: ShowResult | None, wrong: Fault) -> dict[str, Any]:
    """Hold the session under its new token. Raises `Problem` when the factor was wrong."""
    if shown is None:
        raise browser.over()
    if shown.free_at is not None:
        raise browser.later(caller, shown.free_at)
    if shown.token is None:
        raise Problem(409, "wrong_factor", wrong.message, [wrong])
    browser.go_on(shown.token)
    return told(browser.now_behind(caller, shown.token))


def passkey_options(caller: Caller) -> dict[str, Any]:
    """What the browser needs to show a passkey: the session's person's, or whichever its user chooses."""
    running = caller.running
    given = (caller.database, running.vault, running.post.site)
    token = browser.held()
    options = passkey_use.ask_to_show(*given, token) if token else passkey_use.ask_to_sign_in(*given)
    if options is None:
        raise browser.over()
    return {"options": options}


def show_passkey(caller: Caller, answer: Answer) -> dict[str, Any]:
    """Show a passkey: as a second factor of the session at hand, or to sign in by it alone."""
    running, token = caller.running, browser.held()
    given = (caller.database, running.vault, running.post.site)
    wrong = "this passkey is not known here, or its answer is too old"
    if not token:
        return entered(caller, passkey_use.sign_in_by_passkey(*given, answer, *browser.where()), wrong)
    shown = passkey_use.show_passkey(*given, token, answer, *browser.where())
    return went_on(caller, shown, Fault("json", "/answer", wrong))


def organisations(caller: Caller) -> dict[str, Any]:
    """The organisations that one may act for."""
    with caller.database.reading() as connection:
        found = members_queries.choices(connection, caller.actor.id)
    here = caller.organisation_id
    return {
        "items": [
            {"organisation_id": each.organisation_id, "name": each.name, "current": each.organisation_id == here}
            for each in found
        ]
    }


def change_organisation(caller: Caller, organisation_id: int) -> dict[str, Any]:
    """Act for another organisation from now on."""
    if not switch(caller.database, browser.here(caller), organisation_id):
        words = "you are no member there; or an identity provider signed you in, which vouches for one organisation"
        raise Problem(404, "not_found", words)
    return told(browser.now_behind(caller, browser.held()))


def told(signed_in: SignedIn) -> dict[str, Any]:
    """A session as its owner is told of it."""
    names = ("session_id", "person_id", "name", "email", "organisation_id", "organisation_name", "by_provider")
    return {
        **{name: getattr(signed_in, name) for name in names},
        "roles": sorted(signed_in.roles),
        "permissions": sorted(signed_in.actor.permissions),
        "lacks": signed_in.lacks.value,
        "stepped_up": signed_in.actor.stepped_up,
        "csrf_token": forgery.token(),
    }
