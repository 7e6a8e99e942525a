"""The views of what one signs in by: second factors and recovery codes made, the password changed or set by a link."""

from io import BytesIO
from typing import Any

import segno
from flask import Response

from scf.identity import browser, credentials, enrol, passkey_use
from scf.identity.accept import Welcome, accept, welcome
from scf.identity.enrol import Enrolled
from scf.identity.passkeys import Answer
from scf.identity.session_views import told
from scf.routes import Caller
from scf.web.batches import accepted
from scf.web.problems import Problem
from scf.web.schemas import shown

# as the batches of the API have it: a key of a caller never meets one that the platform made for itself
_KEY = "api/"


def begin_totp(caller: Caller) -> dict[str, Any]:
    """Offer a secret for an authenticator app."""
    running = caller.running
    at = caller.database.clock.now()
    offer = enrol.offer_totp(running.vault, browser.here(caller), running.post.site.name, at)
    return {"secret": offer.secret, "uri": offer.uri, "ticket": offer.ticket, "qr": qr(offer.uri)}


def qr(uri: str) -> str:
    """A QR code as SVG, dark on white whatever stands around it."""
    out = BytesIO()
    segno.make(uri).save(
        out, kind="svg", scale=4, border=3, light="white", xmldecl=False, svgclass=None, lineclass=None
    )
    return out.getvalue().decode()


def confirm_totp(caller: Caller, ticket: str, code: str, name: str, key: str) -> dict[str, Any]:
    """Enrol the app that was offered a secret."""
    given = (caller.running.vault, browser.here(caller), ticket, code, name)
    return _added(caller, enrol.add_totp(caller.database, *given, _KEY + key))


def passkey_options(caller: Caller) -> dict[str, Any]:
    """What the browser needs to make a passkey."""
    running = caller.running
    options = passkey_use.ask_to_enrol(caller.database, running.vault, running.post.site, browser.here(caller))
    return {"options": options}


def add_passkey(caller: Caller, answer: Answer, name: str, key: str) -> dict[str, Any]:
    """Enrol the passkey that the browser made."""
    running = caller.running
    given = (running.vault, running.post.site, browser.here(caller), name, answer)
    return _added(caller, passkey_use.add_passkey(caller.database, *given, _KEY + key))


def _added(caller: Caller, enrolled: Enrolled) -> dict[str, Any]:
    outcome = accepted(enrolled.outcome)
    token = enrolled.token or ""
    browser.go_on(token)
    return {**shown(outcome, "fac", {}), "session": told(browser.now_behind(caller, token))}


def renew_codes(caller: Caller, key: str) -> dict[str, Any]:
    """Make new recovery codes."""
    return {"codes": enrol.renew_codes(caller.database, browser.here(caller), _KEY + key)}


def change_password(caller: Caller, current: str, new: str, key: str) -> Response:
    """Change one's own password."""
    given = (current, new, *browser.where())
    changed = credentials.change_password(caller.database, browser.here(caller), *given, _KEY + key)
    if changed.free_at is not None or changed.outcome is None:
        raise browser.later(caller, changed.free_at or caller.database.clock.now())
    accepted(changed.outcome)
    return Response(status=204)


def forgotten(caller: Caller, email: str) -> Response:
    """Send a link to whom the address belongs, if anybody."""
    free_at = credentials.ask_reset(caller.database, email, *browser.where())
    if free_at is not None:
        raise browser.later(caller, free_at)
    return Response(status=204)


def reset_password(caller: Caller, token: str, new: str) -> Response:
    """Set a password by a mailed link."""
    accepted(credentials.reset_password(caller.database, token, new))
    return Response(status=204)


def look(caller: Caller, token: str) -> Welcome:
    """What a link invites to."""
    with caller.database.reading() as connection:
        found = welcome(connection, token, caller.database.clock.now())
    if found is None:
        words = "this invitation was used, withdrawn, or is over; ask an administrator to send it again"
        raise Problem(404, "invitation_over", words)
    return found


def accept_invitation(caller: Caller, token: str, name: str, password: str) -> dict[str, Any]:
    """Become a member."""
    result = accept(caller.database, token, name, password, *browser.where())
    if result.outcome is None:
        raise browser.later(caller, result.free_at or caller.database.clock.now())
    return {"person_id": accepted(result.outcome).id}
