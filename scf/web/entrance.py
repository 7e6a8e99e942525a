"""Who comes in: every route is entered through here, with a known caller, the permission it names, and its book.

It refuses before anything of the request's body is read. Which credentials there are is told by the composition root.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import g

from scf import logs
from scf.actor import Actor
from scf.books import queries as books
from scf.books.queries import Book
from scf.commands import ScopeKind
from scf.db.engine import Database
from scf.routes import PUBLIC, SIGNED_IN, SIGNING_IN, Caller, PageRoute, Route
from scf.web.problems import Problem

# who calls what is public. It is neither a person nor the platform, whose id in rows is 0: no command runs as it, and
# reading for its organisation, which is none, is refused
ANYBODY = Actor(id=-1, name="anybody", organisation_id=-1)
FACTOR_NEEDED, ENROLMENT_NEEDED = "factor_needed", "enrolment_needed"
_LACKS = {
    "factor": (FACTOR_NEEDED, "show your second factor first: POST /api/v1/session/factor"),
    "enrolment": (
        ENROLMENT_NEEDED,
        "your roles ask for a second factor; set one up first: POST /api/v1/factors/totp or /api/v1/factors/passkeys",
    ),
}


@dataclass(frozen=True, slots=True)
class Entrance:
    """The process behind the site, and how it finds out who is calling; None is nobody, bad credentials are a problem.

    `database` is asked for at each request, since a process opens it when it is first needed.
    """

    running: Any
    identify: Callable[[Database], Actor | None]

    @property
    def database(self) -> Database:
        """The open database."""
        found: Database = self.running.database
        return found

    def let_in(self, route: Route | PageRoute, view: Callable[..., Any]) -> Callable[..., Any]:
        """The view behind its permission: it is given the caller first."""

        @wraps(view)
        def guarded(*args: Any, **path: Any) -> Any:
            g.caller = self.caller(route, path)
            return view(*args, **path)

        return guarded

    def caller(self, route: Route | PageRoute, path: dict[str, Any]) -> Caller:
        """Who calls a route; takes the book out of its path. Raises `Problem`."""
        actor = self._actor(route.permission)
        book = self._book(actor, path.pop("book_id")) if route.scope is ScopeKind.BOOK else None
        return Caller(actor, self.database, self.running, book, g.request_id)

    def _actor(self, permission: str) -> Actor:
        actor = self.identify(self.database)
        if actor is not None:
            logs.bind(organisation_id=actor.organisation_id, actor_id=actor.id)
        if permission == PUBLIC:
            return actor or ANYBODY
        if actor is None:
            words = "sign in, or send an API key: Authorization: Bearer scf_…"
            raise Problem(401, "unauthenticated", words, headers={"WWW-Authenticate": "Bearer"})
        if permission == SIGNING_IN or actor.may(permission):
            return actor
        if actor.lacks:
            raise Problem(403, *_LACKS[actor.lacks])
        if permission != SIGNED_IN:
            raise Problem(
                403, "permission_missing", f"this needs the permission {permission}; an administrator of yours gives it"
            )
        return actor

    def _book(self, actor: Actor, book_id: int) -> Book:
        with self.database.reading() as connection:
            book = books.find(connection, book_id)
        # somebody else's book is not told apart from none
        if book is None or not (actor.operates or book.funder_id == actor.organisation_id):
            raise Problem(404, "not_found", "there is no such book of yours")
        return book
