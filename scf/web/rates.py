"""How often somebody may call: by credential, and more widely by network address. The answer says what is left.

Counted in each process's memory: with several processes or machines the bound is that many times as high.
"""

import hashlib
from http import HTTPStatus

from flask import Flask, Response, g, request, session
from flask_limiter import ApplicationLimit, Limiter

from scf.web import windows

# a network may hide many callers, and one caller must not be able to fill all of it by changing its credential
_NETWORK_TIMES = 5


def limit(app: Flask, per_minute: int) -> None:
    """Bound the API; what is asked of the process itself (`/healthz`) is not counted."""
    # registered before the limiter's own, so that it is called after it
    app.after_request(_as_was_said)
    limiter = Limiter(
        _address,
        app=app,
        application_limits=[
            ApplicationLimit(f"{per_minute} per minute", key_function=_credential, exempt_when=_is_no_api),
            ApplicationLimit(
                f"{per_minute * _NETWORK_TIMES} per minute", key_function=_address, exempt_when=_is_no_api
            ),
        ],
        headers_enabled=True,
        storage_uri=f"{windows.SCHEME}://",
        strategy="moving-window",
    )
    app.extensions["rate_limiter"] = limiter


def _as_was_said(response: Response) -> Response:
    """The limiter tells everybody when its window ends; whoever is to wait, or not, for another reason is told that."""
    said = g.get("retry_after")
    if said:
        response.headers["Retry-After"] = said
    elif response.status_code != HTTPStatus.TOO_MANY_REQUESTS:
        response.headers.pop("Retry-After", None)
    return response


def _address() -> str:
    return request.remote_addr or "unknown"


def _credential() -> str:
    """Whoever calls, by a hash of what it shows; somebody who shows nothing, by its address."""
    shown = request.headers.get("Authorization") or str(session.get("token", ""))
    return hashlib.sha256(shown.encode()).hexdigest() if shown else _address()


def _is_no_api() -> bool:
    return not request.path.startswith("/api/")
