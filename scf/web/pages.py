"""Puts the declared pages into the site: each behind its permission, forms behind their token, none kept by a cache.

Who must sign in, or show a second factor, is sent to where that is done, and comes back afterwards; never elsewhere.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any
from urllib.parse import quote

from flask import Flask, Response, g, make_response, redirect, render_template, request
from jinja2 import ChoiceLoader, FileSystemLoader

from scf.errors import ScfError
from scf.module import Module
from scf.routes import PageRoute
from scf.web.entrance import ENROLMENT_NEEDED, FACTOR_NEEDED, Entrance
from scf.web.forgery import refuse_forgery
from scf.web.problems import of_error
from scf.web.shell import MODULES
from scf.web.templating import equip

SIGN_IN, FACTOR = "/sign-in", "/sign-in/factor"
# which refusals a page answers by sending its reader on
SENT_TO: Mapping[str, str] = {
    "unauthenticated": SIGN_IN, FACTOR_NEEDED: FACTOR, ENROLMENT_NEEDED: FACTOR, "step_up_needed": FACTOR,
}  # fmt: skip
# a path of this site and nothing that a browser could read as another's address
_LOCAL = re.compile(r"/([A-Za-z0-9_-][A-Za-z0-9_./-]*)?(\?[A-Za-z0-9_=&%.+-]*)?\Z")


def serve_pages(
    app: Flask, entrance: Entrance, modules: Sequence[Module], pages: Sequence[tuple[str, PageRoute]]
) -> dict[str, str]:
    """Serve pages at their places; returns the permission of each by the name Flask knows it by."""
    folders = [folder for module in modules for folder in module.templates]
    app.jinja_loader = ChoiceLoader([FileSystemLoader([f"{app.root_path}/{app.template_folder}", *map(str, folders)])])
    app.extensions[MODULES] = modules
    equip(app.jinja_env)
    served = {}
    for path, page in pages:
        name = f"page {path} {' '.join(page.methods)}"
        app.add_url_rule(path, name, _guarded(entrance, page), methods=list(page.methods))
        served[name] = page.permission
    return served


def local(path: str | None, otherwise: str) -> str:
    """A path of this site to go on to; anything else is as good as none."""
    return path if path and _LOCAL.match(path) else otherwise


def see(path: str) -> Response:
    """Send the browser on to another page, which it asks for anew."""
    return make_response(redirect(path, 303))


def page(template: str, status: int = 200, **given: Any) -> Response:
    """A page."""
    return make_response(render_template(template, **given), status)


def _guarded(entrance: Entrance, route: PageRoute) -> Callable[..., Response]:
    @wraps(route.view)
    def view(**path: Any) -> Response:
        try:
            g.caller = entrance.caller(route, path)
            refuse_forgery()
            answer = make_response(route.view(g.caller, **path))
        except ScfError as error:
            answer = _sent_on(error)
        answer.headers["Cache-Control"] = "no-store"
        return answer

    return view


def _sent_on(error: ScfError) -> Response:
    to = SENT_TO.get(of_error(error).code)
    if to is None:
        raise error
    # a form that was sent is not sent again: its reader comes back to the page it stood on
    stood = request.form.get("page") if request.method == "POST" else request.full_path.removesuffix("?")
    return see(f"{to}?next={quote(local(stood, '/'), safe='/')}")
