"""All lists of a book and of its parties: as many statements for 200 rows as for one, by an index, and walled."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from api_site import ApiCaller, open_site
from sqlalchemy import event
from statements import counted
from test_statement_counts import Life
from walls import watched

from scf.actor import Actor
from scf.commands import ScopeKind
from scf.ids import text
from scf.manifest import SCF
from scf.routes import ListRoute
from scf.web.site import path_of
from wsgi import MODULES

EVERYTHING = frozenset(permission.name for module in MODULES for permission in module.permissions)
# so few rows of each, or so few a party, that no index is asked for
SMALL = {
    "/books", "/members", "/invitations", "/keys", "/identity-providers", "/webhooks/endpoints", "/dossiers",
    "/dossiers/documents", "/dossiers/people", "/dossiers/steps", "/dossiers/screenings", "/dossiers/accounts",
}  # fmt: skip
LISTS = [route for route in SCF.routes if isinstance(route, ListRoute) and route.path not in SMALL]
# what the life of an advance makes as many of as there are advances
MANY = {
    "/requests", "/advances", "/assignments", "/dilutions", "/receivables", "/receivables/owed", "/credit-notes",
    "/payouts", "/statement-entries", "/collections", "/journals",
}  # fmt: skip


class Callers:
    """Who reads: the bank in its book, the anchor what it owes, the supplier all else."""

    def __init__(self, life: Life, folder: Path) -> None:
        self.life = life
        self.site = open_site(life.database, folder)
        bank = life.bank.banker.organisation_id
        self.organisations = {"bank": bank, "anchor": life.parties.anchor_id, "supplier": life.supplier_id}

    def who(self, route: ListRoute) -> str:
        if route.scope is ScopeKind.BOOK:
            return "bank"
        return "anchor" if route.path == "/receivables/owed" else "supplier"

    def caller(self, route: ListRoute) -> ApiCaller:
        who = self.who(route)
        return self.site.caller(Actor(1, who, self.organisations[who], EVERYTHING))

    def path(self, route: ListRoute) -> str:
        return path_of(route).replace("<id(bok):book_id>", text("bok", self.life.bank.book_id))

    def queries(self, route: ListRoute) -> list[dict[str, Any]]:
        """Each way to ask for the list: in every order, and with everything that can be expanded."""
        orders = [{}, *({"sort": way} for each in route.sorts for way in (each, f"-{each}"))]
        return [{"limit": 1000, **each} for each in (*orders, *({"expand": each} for each in route.expand))]


@pytest.fixture
def life(database: Any, tmp_path: Path) -> Life:
    made = Life(database, tmp_path)
    made.go(2)
    return made


def costs(callers: Callers) -> tuple[Mapping[str, int], Mapping[str, int]]:
    """How many statements each way to ask for each list takes, and how many rows it gives."""
    statements, rows = {}, {}
    for route in LISTS:
        for query in callers.queries(route):
            with counted(callers.life.database.engine) as seen:
                page = callers.caller(route).get(callers.path(route), **query)
            statements[f"{route.scope} {route.path} {query}"] = len(seen)
            rows[route.path] = len(page["items"])
    return statements, rows


def test_no_list_takes_more_statements_for_more_rows(life: Life, tmp_path: Path) -> None:
    callers = Callers(life, tmp_path / "site")
    few, _ = costs(callers)
    life.go(200)
    many, rows = costs(callers)
    assert few == many
    assert {path for path, count in rows.items() if count >= 200} >= MANY


@contextmanager
def sent(life: Life) -> Iterator[list[tuple[str, Any]]]:
    """The SELECTs that are sent while the block lasts, with their values."""
    seen: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if statement.startswith("SELECT"):
            seen.append((statement, parameters))

    event.listen(life.database.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(life.database.engine, "before_cursor_execute", note)


def test_every_list_is_read_in_the_order_of_an_index(life: Life, tmp_path: Path) -> None:
    if life.database.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL sorts small tables whatever indexes there are; the indexes are the same")
    callers, wrong = Callers(life, tmp_path / "site"), []
    for route in LISTS:
        for query in callers.queries(route):
            with sent(life) as seen:
                callers.caller(route).get(callers.path(route), **query)
            page = next(each for each in seen if "_sort" in each[0])
            with life.database.reading() as connection:
                plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {page[0]}", page[1])]
            if any("TEMP B-TREE" in line or line.startswith("SCAN") for line in plan):
                wrong.append((route.path, query, plan))
    assert wrong == []


def test_every_list_names_for_whom_it_reads(life: Life, tmp_path: Path) -> None:
    callers = Callers(life, tmp_path / "site")
    for route in LISTS:
        who = callers.who(route)
        books = [life.bank.book_id] if who == "bank" else []
        with watched(life.database, callers.organisations[who], books) as watch:
            for query in callers.queries(route):
                callers.caller(route).get(callers.path(route), **query)
        assert watch.judged, f"{route.path} was not read as anybody"
