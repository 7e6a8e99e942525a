"""What every request and answer carries: an id that names it in every log line, and headers that guard a browser.

One line in the log and one count a request: by the rule it matched, never by the path, which may hold a secret.
"""

import re
import secrets

from flask import Flask, Response, g, request

from scf import logs, metrics
from scf.clock import seconds

log = logs.logger(__name__)

HEADER = "X-Request-Id"
_GIVEN = re.compile(r"[A-Za-z0-9._-]{8,64}\Z")
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def watch(app: Flask) -> None:
    """Give every request an id, the caller's own when it sent a fit one, and every answer its headers."""
    app.before_request(_begin)
    app.after_request(_end)
    app.teardown_request(_forget)


def _begin() -> None:
    given = request.headers.get(HEADER, "")
    g.request_id = given if _GIVEN.match(given) else secrets.token_hex(12)
    g.started = seconds()
    logs.clear()
    logs.bind(request_id=g.request_id)


def _end(response: Response) -> Response:
    response.headers[HEADER] = g.get("request_id", "")
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if request.path.startswith("/api/"):
        response.headers.setdefault("Cache-Control", "no-store")
    _tell(response.status_code)
    return response


def _tell(status: int) -> None:
    took = seconds() - g.get("started", seconds())
    route = request.url_rule.rule if request.url_rule else "nowhere"
    # a method is whatever a caller makes up; a label comes from a closed list
    method = request.method if request.method in _METHODS else "other"
    metrics.observe_request(route, method, status, took)
    log.info("request", method=method, route=route, status=status, ms=round(took * 1000))


def _forget(_error: BaseException | None) -> None:
    logs.clear()
