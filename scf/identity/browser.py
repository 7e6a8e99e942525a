"""What a signed-in browser holds: a cookie that carries the session's token, signed and readable by no script.

The token is another one after each sign-in and each factor shown, so that one that was planted is worth nothing.
"""

import math
from datetime import datetime

from flask import request, session

from scf.db.engine import Database
from scf.identity.callers import TOKEN, signed_in
from scf.identity.sessions import SignedIn, actor_of_session
from scf.identity.sign_in import sign_out
from scf.routes import Caller
from scf.web.problems import Problem


def where() -> tuple[str, str]:
    """Where the request at hand comes from: its address, and what its browser calls itself."""
    return request.remote_addr or "", request.headers.get("User-Agent", "")


def held() -> str:
    """The token in the cookie; empty when there is none."""
    return str(session.get(TOKEN, ""))


def enter(database: Database, token: str) -> None:
    """Begin to hold a session that was signed in to; whatever was held before ends, and its form tokens with it."""
    leave(database)
    session[TOKEN] = token


def go_on(token: str) -> None:
    """Hold the session under its new token."""
    session[TOKEN] = token


def leave(database: Database) -> None:
    """End the session and hold nothing."""
    if held():
        sign_out(database, held())
    session.clear()


def here(_caller: Caller) -> SignedIn:
    """The session behind the request. Raises `Problem` for a key, which holds none."""
    found = signed_in()
    if found is None:
        raise Problem(403, "session_needed", "this belongs to a signed-in session; an API key has none")
    return found


def now_behind(caller: Caller, token: str) -> SignedIn:
    """Who is behind a token that was just given. Raises `Problem` when it was ended meanwhile."""
    database = caller.database
    found = actor_of_session(database, token, database.clock.now(), caller.running.granted)
    if found is None:
        raise over()
    return found


def over() -> Problem:
    """The session ended while the request was on its way."""
    return Problem(401, "unauthenticated", "this session is over; sign in", headers={"WWW-Authenticate": "Bearer"})


def not_ours() -> Problem:
    """A form that no page of ours has sent."""
    return Problem(422, "invalid", "this form was changed on its way; load the page again and repeat")


def later(caller: Caller, free_at: datetime) -> Problem:
    """Too many wrong attempts: not even looked at."""
    seconds = math.ceil((free_at - caller.database.clock.now()).total_seconds())
    words = f"there were too many wrong attempts; try again in {wait_words(seconds)}"
    return Problem(429, "try_later", words, headers={"Retry-After": str(max(seconds, 1))})


def wait_words(seconds: int) -> str:
    """How long to wait, as people say it."""
    if seconds < 90:
        return "a second" if seconds <= 1 else f"{seconds} seconds"
    return f"{math.ceil(seconds / 60)} minutes"
