"""Every screen and list that needs no id but its book's, and somebody of each desk of a stock, signed in, to open them.

A page is what its declaration says, so that one that is added is opened without being named here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from marshmallow import fields, validate
from sqlalchemy import insert

from benchmarks.stock import Parties
from scf import ids
from scf.app import create_app
from scf.db.engine import Database
from scf.identity import sessions
from scf.identity.callers import TOKEN
from scf.identity.models_members import memberships
from scf.identity.sessions import Origin
from scf.people import queries as people
from scf.roles import AT_A_FUNDER, AT_THE_OPERATOR, EVERYWHERE, Role
from scf.routes import PUBLIC, SIGNING_IN, ListRoute
from scf.running import Running
from scf.settings import read_settings
from scf.web.site import PREFIX, pages_of, path_of
from wsgi import MODULES

# whole lists as files take as long as they are
_FILES = (".csv", ".xlsx")
_BOOK = "/books/<id(bok):book_id>"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody of a desk with every permission their organisation may give, and their browser."""

    desk: str
    client: FlaskClient


def site(database: Database, folder: Path) -> Flask:
    """The whole site on an open database; nobody is slowed down by the bound on calls."""
    url = database.engine.url.render_as_string(hide_password=False)
    given = {"SCF_SECRET_KEY": "a-key-of-benchmarks-and-of-nothing-else", "SCF_CALLS_PER_MINUTE": "1000000"}
    settings = read_settings({"SCF_DATABASE_URL": url, "SCF_VAR": str(folder), "SCF_LOG": "off", **given})
    running = Running(settings, MODULES, database.clock)
    database.adapters = {name: each for module in MODULES for name, each in module.adapters.items()}
    running.__dict__["database"] = database
    return create_app(running)


def visitors(app: Flask, database: Database, parties: Parties) -> list[Visitor]:
    """One of each desk, at the organisations that have the most."""
    at = {
        "supplier": (parties.supplier_ids[0], EVERYWHERE),
        "anchor": (parties.anchor_ids[0], EVERYWHERE),
        "bank": (parties.funder_id, EVERYWHERE | AT_A_FUNDER),
        "operator": (parties.operator_id, EVERYWHERE | AT_THE_OPERATOR),
    }
    return [
        Visitor(desk, _signed_in(app, database, desk, organisation, roles))
        for desk, (organisation, roles) in at.items()
    ]


def _signed_in(app: Flask, database: Database, desk: str, organisation_id: int, roles: frozenset[Role]) -> FlaskClient:
    at, person, session_id = database.clock.now(), database.ids().one(), database.ids().one()
    with database.writing() as connection:
        people.add(connection, [(person, f"Somebody at the {desk}", f"{desk}@example.org")], at)
        for role in roles:
            given = {"status": "active", "granted_at": at, "granted_by_id": 0, "version": 1}
            values = {"organisation_id": organisation_id, "person_id": person, "role": role, **given}
            connection.execute(insert(memberships).values(id=database.ids().one(), **values))
        token = sessions.begin(
            connection, session_id, person, organisation_id, Origin("203.0.113.7", "benchmark"), at, factor_at=at
        )
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie[TOKEN] = token
    return client


def pages(book_id: int) -> list[str]:
    """The paths of all pages, of tables among them; a book's pages in that book."""
    shown = [
        page
        for page in pages_of(MODULES)
        if "GET" in page.methods and "<" not in page.path and page.permission not in (PUBLIC, SIGNING_IN)
    ]
    return [_in_book(path_of(page), book_id) for page in shown if not page.path.endswith(_FILES)]


def lists(book_id: int, *, every_order: bool = False) -> list[str]:
    """The paths of all lists of the API; with `every_order` also sorted and filtered in every way that is declared."""
    routes = [route for module in MODULES for route in module.routes if isinstance(route, ListRoute)]
    found = []
    for route in (route for route in routes if "<" not in route.path):
        path = PREFIX + _in_book(path_of(route), book_id)
        found.append(path)
        found += [f"{path}?{query}" for query in _queries(route)] if every_order else []
    return found


def _queries(route: ListRoute) -> Iterator[str]:
    for name in route.sorts:
        yield from (f"sort={name}", f"sort=-{name}")
    for name, each in route.filters.items():
        yield from (f"{name}={code}" for code in _codes(each.field))


def _codes(field: Any) -> Sequence[str]:
    if isinstance(field, fields.Enum):
        return [str(member.value) for member in field.enum]
    return [str(choice) for each in field.validators if isinstance(each, validate.OneOf) for choice in each.choices]


def _in_book(path: str, book_id: int) -> str:
    return path.replace(_BOOK, f"/books/{ids.text('bok', book_id)}")
