"""Cross-site request forgery: who writes by a cookie must send a token that only the site's own pages can read.

A program sends it in a header, a form in a field. It stands in the signed cookie, so that nothing of it is stored here.
"""

from typing import Any

from flask import request
from flask_wtf.csrf import generate_csrf, validate_csrf
from wtforms import ValidationError

from scf.web.problems import Problem

FIELD, HEADER = "csrf_token", "X-CSRF-Token"
READING = frozenset({"GET", "HEAD", "OPTIONS"})


def token() -> str:
    """The token of the browser at hand."""
    made: Any = generate_csrf()
    return str(made)


def refuse_forgery() -> None:
    """Let a request through that reads, or that brings its browser's token. Raises `Problem`."""
    if request.method in READING:
        return
    try:
        validate_csrf(request.headers.get(HEADER) or request.form.get(FIELD))
    except ValidationError:
        words = (
            f"send the header {HEADER} with the csrf_token that GET /api/v1/session gives; on a page, load it again "
            "and repeat"
        )
        raise Problem(403, "csrf", words) from None
