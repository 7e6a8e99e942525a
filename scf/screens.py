"""Screens as data: the desks and their menu, tables made of lists, and what one folder shows on another's page.

`scf.web` makes them into pages. Nothing here knows a request or a template. Words are in English, marked to be
translated where they are shown.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection

from scf.commands import ScopeKind
from scf.routes import Caller, ListRoute, Route


class Desk(StrEnum):
    """Where people work; the order is the menu's."""

    SUPPLIER = "supplier"
    ANCHOR = "anchor"
    BANK = "bank"
    OPERATOR = "operator"
    EVERYONE = "everyone"


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A page in the menu of a desk, for whoever has its permission; in a book, `path` stands below the book's.

    What is `seldom` needed stands on one page that the menu leads to, so that the menu fits a screen.
    """

    desk: Desk
    words: str
    path: str
    permission: str
    icon: str
    scope: ScopeKind = ScopeKind.ORGANISATION
    seldom: bool = False


@dataclass(frozen=True, slots=True)
class Played:
    """That an organisation works at a desk: a condition on its id."""

    desk: Desk
    by: Callable[[int], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of another folder's page of a thing: `show` answers with markup, empty when there is nothing to show."""

    place: str
    permission: str
    show: Callable[[Caller, Connection, int], str]


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found: the number or name it goes by, what it is, and its page."""

    words: str
    about: str
    path: str


@dataclass(frozen=True, slots=True)
class Search:
    """How things of one kind are found by what people type; at most ten, by an index."""

    permission: str
    find: Callable[[Caller, Connection, str], Sequence[Hit]]


@dataclass(frozen=True, slots=True)
class Moment:
    """What happened to a thing, when, by whom (None: nobody is named, 0: the platform), and the journals it made."""

    at: datetime
    words: str
    who_id: int | None = None
    # as it is shown: what it was about, in the reader's language
    detail: str = ""
    journal_ids: Sequence[int] = ()
    # which of the things
    thing_id: int = 0


Leads = Mapping[str, Sequence[int]]


def _nowhere(_caller: Caller, _connection: Connection, _ids: Sequence[int]) -> Leads:
    """The line ends here."""
    return {}


@dataclass(frozen=True, slots=True)
class History:
    """A folder's part of the time line of things whose ids bear the prefix.

    `find` gives their moments, and `leads` to which things, by prefix, the line goes on: both of what the caller may
    see, in a fixed number of statements at any number of ids. `names` gives the numbers or names that things go by, of
    those that the caller may see, in one statement; of the histories of one prefix one has it, and its `words` for what
    the thing is.
    """

    prefix: str
    permission: str
    find: Callable[[Caller, Connection, Sequence[int]], Sequence[Moment]]
    leads: Callable[[Caller, Connection, Sequence[int]], Leads] = _nowhere
    words: str = ""
    names: Callable[[Caller, Connection, Sequence[int]], Mapping[int, str]] | None = None


class Kind(StrEnum):
    """How a column is shown."""

    TEXT = "text"
    MONEY = "money"
    DAY = "day"
    MOMENT = "moment"
    COUNT = "count"
    RATE = "rate"
    STATUS = "status"
    ORGANISATION = "organisation"
    PERSON = "person"
    FLAG = "flag"
    ID = "id"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `name` is one of the list's SELECT (money in minor units), `words` its heading.

    `link` is a path with the row's columns in braces, ids as text (`/supplier/invoices/{id}`); an id column other than
    the row's own says its prefix (`{receivable_id:rcv}`). `currency` names the column that holds a money's currency.
    An ID column gives its prefix as `prefix`.
    """

    name: str
    words: str
    kind: Kind = Kind.TEXT
    link: str = ""
    currency: str = "currency"
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class TablePage:
    """A list as a page: filters, sortable headings, pages, CSV and XLSX as filtered, saved filters, print.

    It stands at `path` behind its list's permission. `empty` says what to do when there is nothing; `act` is a button
    (words, path). `labels` names filters, `choices` gives what a filter can be chosen from. `fixed` are filters that
    always hold. With `total`, money columns are summed as filtered, up to 10,000 rows.
    """

    path: str
    title: str
    route: ListRoute
    columns: Sequence[Column]
    empty: str
    choices: Mapping[str, Callable[[Caller, Connection], Sequence[tuple[str, str]]]] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    act: tuple[str, str] | None = None
    total: bool = False
    fixed: Mapping[str, object] = field(default_factory=dict)
    # the newest first: what people look for is mostly new
    descending: bool = True

    @property
    def permission(self) -> str:
        """Its list's."""
        return self.route.permission

    @property
    def scope(self) -> ScopeKind:
        """Its list's."""
        return self.route.scope


def list_at(routes: Sequence[Route], path: str, scope: ScopeKind = ScopeKind.ORGANISATION) -> ListRoute:
    """The list of the API at a path. Raises `StopIteration` when there is none."""
    return next(
        route for route in routes if isinstance(route, ListRoute) and route.path == path and route.scope is scope
    )
