"""Signing in by an organisation's identity provider: the way there, and the way back to an address of its own.

What binds the answer to this browser is kept in its cookie, and used up by the first answer. Where the browser goes
afterwards is ours alone to say.
"""

import logging

from flask import Response, make_response, redirect, request, session

from scf.errors import SettingsError
from scf.identity import browser, oidc
from scf.identity.oidc_http import Fetch, ProviderError
from scf.identity.pages.sign_in import ACCOUNT, next_of, onward
from scf.identity.session_views import entered
from scf.outcomes import Refusal
from scf.routes import PUBLIC, Caller, PageRoute
from scf.web.forms import sentence
from scf.web.problems import Problem

_TICKET, _NEXT = "oidc", "oidc_next"
_PATH = "/sign-in/oidc"

log = logging.getLogger(__name__)


def start(caller: Caller, organisation_id: int) -> Response:
    """Send the browser to the provider of an organisation."""
    running = caller.running
    given = (caller.database, running.vault, running.post.site, _fetch(caller), organisation_id)
    try:
        begun = oidc.start(*given, anew="anew" in request.args)
    except (ProviderError, SettingsError) as error:
        raise _failed(error) from error
    if begun is None:
        raise Problem(404, "no_provider", "this organisation has set up no identity provider; sign in by password")
    session[_TICKET], session[_NEXT] = begun.ticket, next_of()
    return make_response(redirect(begun.url, 302))


def finish(caller: Caller, provider_id: int) -> Response:
    """Sign in whom the provider vouches for."""
    ticket, path = str(session.pop(_TICKET, "")), str(session.pop(_NEXT, ACCOUNT))
    state, code = request.args.get("state", ""), request.args.get("code", "")
    if not code:
        raise Problem(403, "not_vouched_for", "your identity provider did not sign you in; begin again")
    running = caller.running
    given = (caller.database, running.vault, running.post.site, _fetch(caller), provider_id)
    try:
        result = oidc.finish(*given, ticket, state, code, *browser.where())
    except (ProviderError, SettingsError) as error:
        raise _failed(error) from error
    if isinstance(result, Refusal):
        raise Problem(403, result.reason, sentence(result), refusal=result)
    return onward(entered(caller, result, "your identity provider vouches for nobody known here"), path)


def _fetch(caller: Caller) -> Fetch:
    return Fetch(caller.running.settings.webhook_private)


def _failed(error: Exception) -> Problem:
    log.warning("signing in by an identity provider failed: %s", error)
    return Problem(502, "provider_failed", "the identity provider does not answer as it should; tell an administrator")


PAGES = (
    PageRoute(f"{_PATH}/<id(org):organisation_id>", PUBLIC, start),
    PageRoute(f"{_PATH}/<id(idp):provider_id>", PUBLIC, finish),
)
