"""One's own account: for whom one acts, second factors, recovery codes, password, sessions and API keys."""

from typing import Any

from flask import Response, request

from scf.commands import Command
from scf.identity import api_views, browser, enrol, keys_queries, session_views
from scf.identity import factor_views as views
from scf.identity.factor_views import qr
from scf.identity.factors import ADD_TOTP, REMOVE
from scf.identity.freshness import Lacks
from scf.identity.keys_revoke import REVOKE
from scf.identity.pages.sign_in import ACCOUNT, SET_UP, next_of
from scf.identity.recovery import RENEW_CODES
from scf.identity.schemas import FactorIdSchema, KeyIdSchema, SessionIdSchema
from scf.identity.session_schemas import ChangePasswordSchema, NewTotpSchema, SwitchSchema
from scf.identity.sessions_end import END, END_OTHERS
from scf.routes import SIGNED_IN, Caller, PageRoute
from scf.web.batches import accepted
from scf.web.forms import Form, again, attempt, ran, read
from scf.web.pages import page, see

_BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox", "Firefox"), ("Chrom", "Chrome"), ("Safari", "Safari"))
_MACHINES = (
    ("iPhone", "an iPhone"), ("iPad", "an iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS", "a Mac"),
    ("Linux", "Linux"),
)  # fmt: skip


def show(caller: Caller) -> Response:
    """All of it on one page."""
    me = browser.here(caller)
    with caller.database.reading() as connection:
        keys = keys_queries.active_of(connection, me.organisation_id, me.person_id, caller.database.clock.now())
    return page(
        "account.html",
        me=me,
        form=Form(),
        organisations=session_views.organisations(caller)["items"],
        factors=api_views.factors(caller),
        sessions=[{**each, "called": _browser(each["agent"] or "")} for each in api_views.sessions(caller)["items"]],
        keys=keys,
        done=request.args.get("done", ""),
    )


def _browser(agent: str) -> str:
    """What people call a browser and its machine, by the names it gives itself; they lie in this order."""
    browser = next((called for named, called in _BROWSERS if named in agent), agent[:40] or "An unknown browser")
    machine = next((called for named, called in _MACHINES if named in agent), "")
    return f"{browser} on {machine}" if machine else browser


def change_organisation(caller: Caller) -> Response:
    """Act for another organisation."""
    session_views.change_organisation(caller, **_loaded(read(SwitchSchema)))
    return see(ACCOUNT)


def show_set_up(caller: Caller) -> Response:
    """Offer a secret for an authenticator app, and passkeys beside it."""
    return _set_up(caller, Form({"name": "Telephone", "code": ""}))


def submit_set_up(caller: Caller) -> Response:
    """Set the app up by its first code."""
    form = read(NewTotpSchema)
    if attempt(form, views.confirm_totp, caller, key=form.key) is None:
        return _set_up(caller, form)
    return see(_done("factor") if next_of() == ACCOUNT else next_of())


def _set_up(caller: Caller, form: Form) -> Response:
    me, running, at = browser.here(caller), caller.running, caller.database.clock.now()
    issuer = running.post.site.name
    offer = enrol.offer_again(running.vault, me, form.value("ticket"), issuer, at) or enrol.offer_totp(
        running.vault, me, issuer, at
    )
    first = me.lacks is Lacks.ENROLMENT
    return again("set_up_factor.html", form, me=me, offer=offer, qr=qr(offer.uri), first=first, next=next_of())


def remove_factor(caller: Caller) -> Response:
    """Remove a second factor."""
    return _ran(caller, REMOVE, read(FactorIdSchema), "removed")


def renew_codes(caller: Caller) -> Response:
    """Make recovery codes, and show them this once."""
    form = Form(request.form)
    return page("codes.html", codes=views.renew_codes(caller, key=form.key)["codes"])


def show_password(_caller: Caller) -> Response:
    """Ask for the password, the old and the new."""
    return again("password.html", Form())


def submit_password(caller: Caller) -> Response:
    """Change the password."""
    form = read(ChangePasswordSchema)
    if attempt(form, views.change_password, caller, key=form.key) is None:
        return again("password.html", form)
    return see(_done("password"))


def end_session(caller: Caller) -> Response:
    """End a session of one's own."""
    return _ran(caller, END, read(SessionIdSchema), "session")


def end_others(caller: Caller) -> Response:
    """End every other session of one's own."""
    api_views.end_other_sessions(caller, Form(request.form).key)
    return see(_done("sessions"))


def revoke_key(caller: Caller) -> Response:
    """Revoke an API key."""
    return _ran(caller, REVOKE, read(KeyIdSchema), "revoked")


def _ran(caller: Caller, command: Command[Any, Any, Any], form: Form, done: str) -> Response:
    (outcome,) = ran(caller, command, [_loaded(form)], form.key)
    accepted(outcome)
    return see(_done(done))


def _loaded(form: Form) -> Any:
    """What a form of nothing but a button and a choice holds; tampered with, it is no form of ours."""
    if form.errors:
        raise browser.not_ours()
    return form.loaded


def _done(what: str) -> str:
    return f"{ACCOUNT}?done={what}"


_POST = ("POST",)
PAGES = (
    PageRoute(ACCOUNT, SIGNED_IN, show),
    PageRoute("/account/organisation", SIGNED_IN, change_organisation, _POST),
    PageRoute(SET_UP, ADD_TOTP.name, show_set_up),
    PageRoute(SET_UP, ADD_TOTP.name, submit_set_up, _POST),
    PageRoute("/account/factors/remove", REMOVE.name, remove_factor, _POST),
    PageRoute("/account/recovery-codes", RENEW_CODES.name, renew_codes, _POST),
    PageRoute("/account/password", "passwords.change", show_password),
    PageRoute("/account/password", "passwords.change", submit_password, _POST),
    PageRoute("/account/sessions/end", END.name, end_session, _POST),
    PageRoute("/account/sessions/end-others", END_OTHERS.name, end_others, _POST),
    PageRoute("/account/keys/revoke", REVOKE.name, revoke_key, _POST),
)
