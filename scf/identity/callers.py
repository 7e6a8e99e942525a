"""Who sent a request: an API key in its header, or a session in its cookie, and what either may do now.

A request that writes by a cookie must bring the token that only the site's own pages can read (CSRF); one by a key need
not, since no browser sends a key by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import g, request, session

from scf.actor import Actor
from scf.db.engine import Database
from scf.identity.key_use import actor_of_key
from scf.identity.role_rules import Granted
from scf.identity.sessions import SignedIn, actor_of_session
from scf.module import Permission
from scf.roles import Role
from scf.web.forgery import refuse_forgery
from scf.web.problems import Problem

TOKEN = "token"
_BEARER = "Bearer "


def granted(permissions: Sequence[Permission]) -> Granted:
    """The permissions each role carries."""
    return {role: frozenset(each.name for each in permissions if role in each.roles) for role in Role}


@dataclass(frozen=True, slots=True)
class Callers:
    """Tells who sends the request at hand."""

    granted: Granted

    def identify(self, database: Database) -> Actor | None:
        """The actor, or None for nobody. Raises `Problem` for a key or a session that is no more."""
        at = database.clock.now()
        header = request.headers.get("Authorization", "")
        if header:
            actor = self._by_key(database, header)
            if actor is None:
                raise _unknown("this key is wrong, ended, expired, or used from elsewhere than it may be")
            return actor
        token = session.get(TOKEN)
        if not token:
            return None
        found = actor_of_session(database, token, at, self.granted)
        if found is None:
            session.clear()
            return None
        g.signed_in = found
        refuse_forgery()
        return found.actor

    def _by_key(self, database: Database, header: str) -> Actor | None:
        if not header.startswith(_BEARER):
            return None
        secret, address = header.removeprefix(_BEARER).strip(), request.remote_addr or ""
        return actor_of_key(database, secret, address, database.clock.now(), self.granted)


def signed_in() -> SignedIn | None:
    """The session behind the request at hand; None when there is none, or a key."""
    found: SignedIn | None = g.get("signed_in")
    return found


def _unknown(words: str) -> Problem:
    return Problem(401, "unauthenticated", words, headers={"WWW-Authenticate": "Bearer"})
