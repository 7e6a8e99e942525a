"""Routes as data: what a package answers over HTTP, with the permission each needs. `scf.web` makes them into a site.

A route knows no request: it is given a `Caller`, and what its schema loaded. None is without a permission; what anybody
may call says so by `PUBLIC`, what everybody may who is signed in, by `SIGNED_IN`; and what belongs to signing in, which
a session may do that lacks a second factor yet, by `SIGNING_IN`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from marshmallow import Schema
from sqlalchemy import ColumnElement, Connection, Select

from scf.actor import Actor
from scf.books.queries import Book
from scf.commands import Command, ScopeKind
from scf.db.engine import Database

PUBLIC = "public"
SIGNED_IN = "signed in"
SIGNING_IN = "signing in"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls and where: the actor, the book of a book's route, the process's database, and the request's id."""

    actor: Actor
    database: Database
    running: Any
    book: Book | None = None
    request_id: str = ""

    @property
    def organisation_id(self) -> int:
        """The organisation the actor acts for."""
        return self.actor.organisation_id

    def in_book(self) -> Book:
        """The book of a book's route."""
        if self.book is None:
            raise LookupError("this route stands in no book")
        return self.book

    def reading(self) -> Connection:
        """A connection that sees what the caller's organisation may see, and the operator's all; use it with `with`."""
        return self.database.reading(None if self.actor.operates else self.organisation_id)


@dataclass(frozen=True, slots=True)
class CommandRoute:
    """POST: a batch in, an outcome an item out, in the order given.

    `path` stands below the organisation or the book that the command acts in; `schema` loads one item into what the
    command takes; `prefix` is of the ids in the outcomes.
    """

    path: str
    command: Command[Any, Any, Any]
    schema: type[Schema]
    prefix: str
    summary: str
    # names of facts that are ids, with their prefix
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def permission(self) -> str:
        """It bears the command's name."""
        return self.command.name

    @property
    def scope(self) -> ScopeKind:
        """Where the command acts."""
        return self.command.scope


@dataclass(frozen=True, slots=True)
class EditRoute:
    """PATCH of one row that carries a version: `If-Match` says which version was seen, a stale one is refused.

    `path` ends with the row's id (`/webhooks/<id(whe):id>`); the schema's fields, the id and the version make the
    command's item by `item(id=, version=, **loaded)`.
    """

    path: str
    command: Command[Any, Any, Any]
    schema: type[Schema]
    item: Callable[..., Any]
    prefix: str
    summary: str

    @property
    def permission(self) -> str:
        """It bears the command's name."""
        return self.command.name

    @property
    def scope(self) -> ScopeKind:
        """Where the command acts."""
        return self.command.scope


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter of a list: its schema field, and the condition it makes of the value given."""

    field: Any
    condition: Callable[[Any], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class ListRoute:
    """GET: rows by keyset pages. `select` gives the rows this caller may see; that it may see no others is its duty.

    `key` is the id column that makes the order whole; `sorts` are columns, never NULL, that a caller may sort by; the
    order is by `key` unless asked. `expand` names what more can be asked for: given the caller and the ids of the page,
    a value an id.
    With `one` a row is also given alone, below its id; a column `version` makes its ETag.
    """

    path: str
    permission: str
    schema: type[Schema]
    prefix: str
    select: Callable[[Caller], Select[Any]]
    key: ColumnElement[int]
    summary: str
    scope: ScopeKind = ScopeKind.ORGANISATION
    sorts: Mapping[str, ColumnElement[Any]] = field(default_factory=dict)
    filters: Mapping[str, Filter] = field(default_factory=dict)
    expand: Mapping[str, Callable[[Caller, Connection, Sequence[int]], Mapping[int, Any]]] = field(default_factory=dict)
    one: bool = True


@dataclass(frozen=True, slots=True)
class ViewRoute:
    """Anything else: `view(caller, **loaded)` answers with what `answers` dumps, or with a finished response.

    It is given, by name, what stands in the path and what its schemas loaded: `takes` the JSON body, `query` the query,
    `headers` the headers; with `consumes`, the body's bytes as `content` and their type as `content_type`.
    """

    method: str
    path: str
    permission: str
    view: Callable[..., Any]
    summary: str
    takes: type[Schema] | None = None
    query: type[Schema] | None = None
    headers: type[Schema] | None = None
    consumes: tuple[str, ...] = ()
    answers: type[Schema] | None = None
    produces: str = "application/json"
    status: int = 200
    scope: ScopeKind = ScopeKind.ORGANISATION
    # a write that is not safe to repeat by its nature takes the key, and is given it as `key`
    keyed: bool = False
    # other statuses it may answer with, beside the refusals that every route may give
    also: tuple[int, ...] = ()


Route = CommandRoute | EditRoute | ListRoute | ViewRoute


@dataclass(frozen=True, slots=True)
class PageRoute:
    """A page for people, or where one of its forms is sent: `view(caller, **path)` answers with a page or a redirect.

    It stands at `path` below the site, behind its permission like any route; `POST` wants the form's own token.
    """

    path: str
    permission: str
    view: Callable[..., Any]
    methods: tuple[str, ...] = ("GET",)
    # in a book, the path stands below the book's
    scope: ScopeKind = ScopeKind.ORGANISATION
