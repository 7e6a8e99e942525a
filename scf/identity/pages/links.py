"""What mailed links open: an invitation to accept, a password to set anew. And asking for such a link.

A link carries its token behind a `#`, which browsers send to nobody; a script moves it into the form. Without scripts
the reader puts the link, or what follows its `#`, into the form.
"""

from flask import Response, request

from scf.identity import factor_views as views
from scf.identity import session_views
from scf.identity.pages.sign_in import ACCOUNT, onward
from scf.identity.session_schemas import AcceptSchema, ForgottenSchema, LinkSchema, ResetSchema
from scf.routes import PUBLIC, Caller, PageRoute
from scf.web.forms import Form, again, attempt, read
from scf.web.pages import SIGN_IN, see
from scf.web.problems import Problem

_WELCOME, _FORGOTTEN, _RESET = "/welcome", "/password/forgotten", "/password/reset"


def show_welcome(_caller: Caller) -> Response:
    """Take the link."""
    return again("link.html", Form())


def submit_welcome(caller: Caller) -> Response:
    """Say what the link invites to; or, with a password, accept it and sign in."""
    link = read(LinkSchema)
    _take_token(link)
    invited = attempt(link, views.look, caller)
    if invited is None:
        return again("link.html", link)
    if "password" not in request.form:
        new = Form({"token": link.loaded["token"], "name": invited.name, "password": ""})
        return again("welcome.html", new, invited=invited)
    form = read(AcceptSchema)
    _take_token(form)
    if attempt(form, views.accept_invitation, caller) is None:
        return again("welcome.html", form, invited=invited)
    try:
        session = session_views.sign_in(caller, invited.email, form.loaded["password"])
    except Problem:
        return see(SIGN_IN)
    return onward(session, ACCOUNT)


def show_forgotten(_caller: Caller) -> Response:
    """Ask whose password it is."""
    return again("forgotten.html", Form(), sent="sent" in request.args)


def submit_forgotten(caller: Caller) -> Response:
    """Have a link sent; the page says the same whoever has the address."""
    form = read(ForgottenSchema)
    if attempt(form, views.forgotten, caller) is None:
        return again("forgotten.html", form, sent=False)
    return see(f"{_FORGOTTEN}?sent")


def show_reset(_caller: Caller) -> Response:
    """Take the link and the new password."""
    return again("reset.html", Form())


def submit_reset(caller: Caller) -> Response:
    """Set the password."""
    form = read(ResetSchema)
    _take_token(form)
    if attempt(form, views.reset_password, caller) is None:
        return again("reset.html", form)
    return see(f"{SIGN_IN}?done=password")


def _take_token(form: Form) -> None:
    """A whole link will do as well as its token."""
    if "token" in form.loaded:
        form.loaded["token"] = form.loaded["token"].rpartition("#")[2].strip()


PAGES = (
    PageRoute(_WELCOME, PUBLIC, show_welcome),
    PageRoute(_WELCOME, PUBLIC, submit_welcome, ("POST",)),
    PageRoute(_FORGOTTEN, PUBLIC, show_forgotten),
    PageRoute(_FORGOTTEN, PUBLIC, submit_forgotten, ("POST",)),
    PageRoute(_RESET, PUBLIC, show_reset),
    PageRoute(_RESET, PUBLIC, submit_reset, ("POST",)),
)
