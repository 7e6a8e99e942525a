"""Every place of the API, called as somebody, with ids of one's own or of another party: what the matrix is made of.

Places are taken from the manifests and bodies from the schemas, so that a new route is covered as soon as it is there.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from typing import Any

from api_site import Site
from fitting import Pick, body_of, ids_in
from leaks import Foreign, Row, Rows, foreign_to, leaks
from marshmallow import Schema
from sqlalchemy import select
from world import World

from scf.actor import Actor
from scf.commands import ScopeKind
from scf.db.engine import Database
from scf.db.types import metadata
from scf.ids import text
from scf.module import Permission
from scf.roles import AT_A_FUNDER, Role
from scf.routes import CommandRoute, EditRoute, ListRoute, Route, ViewRoute
from scf.web.site import method_of, path_of
from wsgi import MODULES

PERMISSIONS: Mapping[str, Permission] = {each.name: each for module in MODULES for each in module.permissions}
ROUTES: list[Route] = [route for module in MODULES for route in module.routes]
# the tables of ids; lists name most of them
TABLES: Mapping[str, str] = {
    "org": "organisation", "per": "person", "ses": "session", "fac": "totp",
    **{route.prefix: route.key.table.name for route in ROUTES if isinstance(route, ListRoute)},
}  # fmt: skip
_PART = re.compile(r"<id\((\w+)\):(\w+)>")
_KEYS = count(1)
CONTENT = {
    "application/xml": b"<?xml version='1.0'?><Document/>", "text/xml": b"<?xml version='1.0'?><Document/>",
    "text/csv": b"invoice number\n1\n",
}  # fmt: skip


@dataclass(frozen=True)
class Place:
    """A method at a path, and the route behind it; `one` is a row of a list."""

    route: Route
    method: str
    path: str

    @property
    def in_book(self) -> bool:
        """Whether it stands in a funder's book."""
        return self.route.scope is ScopeKind.BOOK

    @property
    def writes(self) -> bool:
        """Whether it may change anything."""
        return self.method != "GET"

    @property
    def takes(self) -> type[Schema] | None:
        """The schema of its body, of an item of it where it is a batch."""
        if isinstance(self.route, CommandRoute | EditRoute):
            return self.route.schema
        return self.route.takes if isinstance(self.route, ViewRoute) else None

    @cached_property
    def ids(self) -> list[tuple[str, str]]:
        """The ids that a caller names, beside the book: in the path, and in the body."""
        in_path = [(prefix, f"<{name}>") for prefix, name in _PART.findall(self.path) if name != "book_id"]
        return in_path + (list(ids_in(self.takes)) if self.takes else [])

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def places() -> list[Place]:
    """Every place of every manifest."""
    found = []
    for route in ROUTES:
        found.append(Place(route, method_of(route), path_of(route)))
        if isinstance(route, ListRoute) and route.one:
            found.append(Place(route, "GET", f"{path_of(route)}/<id({route.prefix}):id>"))
    return found


def carried(roles: Iterable[Role]) -> frozenset[str]:
    """The permissions that roles carry, by the table."""
    return frozenset(name for name, each in PERMISSIONS.items() if each.roles & set(roles))


@dataclass(frozen=True)
class Party:
    """An organisation of a world: the book where it is or has a funder, two of its people, and what they may be."""

    name: str
    id: int
    book_id: int
    roles: frozenset[Role]
    people: tuple[int, int]
    operates: bool = False

    @property
    def has_book(self) -> bool:
        """Whether it is the funder itself."""
        return bool(self.roles & AT_A_FUNDER)

    def actor(self, *roles: Role, second: bool = False, stepped_up: bool = True) -> Actor:
        """One of its people with roles; all that may be had there unless said."""
        may = carried(roles or self.roles)
        return Actor(self.people[second], self.name, self.id, may, stepped_up=stepped_up, operates=self.operates)


class _Tables(dict[str, Sequence[Row]]):
    """The rows of the tables that are asked for, each read once."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        self.database = database

    def __missing__(self, name: str) -> Sequence[Row]:
        table = metadata.tables[name]
        with self.database.reading() as connection:
            rows = connection.execute(select(table).order_by(*table.primary_key.columns))
            self[name] = [dict(row._mapping) for row in rows]
        return self[name]


@dataclass
class Told:
    """What was asked, and what was answered."""

    status: int
    text: str
    sent: frozenset[str]

    @property
    def code(self) -> str:
        """The problem's code; none when there is no problem."""
        return str(json.loads(self.text).get("code", "")) if self.status >= 400 else ""

    @property
    def accepted(self) -> bool:
        """Whether anything was done: all is well and no outcome is a refusal."""
        if self.status >= 400:
            return False
        answered = json.loads(self.text) if self.text.startswith("{") else {}
        return any(each["accepted"] for each in answered.get("outcomes", [{"accepted": True}]))

    def leaks(self, foreign: Foreign) -> list[str]:
        """What it holds of others, beside what the caller itself had sent."""
        return [each for each in leaks(self.text, foreign) if not any(sent in each for sent in self.sent)]


@dataclass
class Matrix:
    """Parties of two worlds that have nothing to do with each other, and calls between them."""

    site: Site
    world: World
    north: Mapping[str, Party]
    south: Mapping[str, Party]
    operator: Party
    _rows: Rows | None = None
    _foreign: dict[int, Foreign] = field(default_factory=dict)
    # what came of the writes by which the parties came to have rows
    lived: dict[str, list[Told]] = field(default_factory=dict)

    def rows(self) -> Rows:
        """The rows as they were when first asked for."""
        if self._rows is None:
            self._rows = Rows(_Tables(self.world.database))
        return self._rows

    def forget(self) -> None:
        """Look at the rows anew from now on."""
        self._rows = None
        self._foreign.clear()

    def foreign(self, party: Party) -> Foreign:
        """What must never be told to a party."""
        if party.id not in self._foreign:
            self._foreign[party.id] = foreign_to(self.world.database, party.id)
        return self._foreign[party.id]

    def own(self, party: Party) -> Pick:
        """Ids of a party's own rows; of a kind of which it has none, one that nobody has."""
        return lambda prefix, _place: self._id(prefix, lambda row: self.rows().belongs(TABLES[prefix], row, party.id))

    def but(self, party: Party, place: str, other: Party) -> Pick:
        """Ids of a party's own, and at one place of another's."""

        def pick(prefix: str, at: str) -> str:
            if at != place:
                return self.own(party)(prefix, at)
            rows, table = self.rows(), TABLES[prefix]
            return self._id(
                prefix, lambda row: rows.belongs(table, row, other.id) and not rows.belongs(table, row, party.id)
            )

        return pick

    def _id(self, prefix: str, fits: Callable[[Any], bool]) -> str:
        rows = self.rows().tables[TABLES[prefix]]
        found = next((row["id"] for row in reversed(rows) if fits(row)), 0)
        return text(prefix, found or 1 << 61)

    def kinds_without_rows(self) -> set[str]:
        """Kinds of which the south has no row of its own alone: asking for another's would prove nothing."""
        rows, north, south = self.rows(), self.north.values(), self.south.values()
        return {
            prefix
            for prefix, table in TABLES.items()
            if not any(
                any(rows.belongs(table, row, party.id) for party in south)
                and not any(rows.belongs(table, row, party.id) for party in north)
                for row in rows.tables[table]
            )
        }

    def call(self, actor: Actor | None, place: Place, pick: Pick, book_id: int) -> Told:
        """Call a place with a body that fits, and whatever ids are picked."""
        caller = self.site.caller(actor) if actor else self.site.nobody()
        sent: set[str] = set()

        def noting(prefix: str, at: str) -> str:
            sent.add(picked := pick(prefix, at))
            return picked

        path = self._path(place, noting, book_id)
        answer = caller.client.open(
            f"/api/v1{path}",
            method=place.method,
            headers={**caller.headers, "Idempotency-Key": f"matrix-{next(_KEYS)}", "If-Match": '"1"'},
            query_string=self._query(place, noting),
            **self._body(place, noting),
        )
        told = frozenset(each.partition("_")[2] for each in sent)
        return Told(answer.status_code, answer.get_data().decode(errors="replace"), told)

    def _path(self, place: Place, pick: Pick, book_id: int) -> str:
        def part(found: re.Match[str]) -> str:
            prefix, name = found.groups()
            return text("bok", book_id) if name == "book_id" else pick(prefix, f"<{name}>")

        return _PART.sub(part, place.path)

    def _query(self, place: Place, pick: Pick) -> dict[str, Any]:
        query = place.route.query if isinstance(place.route, ViewRoute) else None
        if query is None:
            return {}
        needed = {name: each for name, each in query().fields.items() if each.required}
        return body_of(Schema.from_dict(needed), pick, self.world.today)

    def _body(self, place: Place, pick: Pick) -> dict[str, Any]:
        route = place.route
        if isinstance(route, ViewRoute) and route.consumes:
            return {"data": CONTENT.get(route.consumes[0], b"%PDF-1.4\n"), "content_type": route.consumes[0]}
        if place.takes is None:
            return {}
        body = body_of(place.takes, pick, self.world.today)
        return {"json": {"items": [body]} if isinstance(route, CommandRoute) else body}
