"""All lists of a book and of its parties: as many statements for 200 rows as for one, by an index, and walled."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from api_site import ApiCaller, open_site
from granted import Granted, granted
from real_postgres import Server
from sqlalchemy import event
from statements import counted
from test_statement_counts import Life
from walls import watched

from benchmarks.seed import asked, claims
from scf.actor import Actor
from scf.audit import api as audit
from scf.commands import ScopeKind
from scf.factoring import api as factoring
from scf.factoring.approve import DECLINE, Decline
from scf.ids import text
from scf.ledger import api as ledger
from scf.limits import api as limits
from scf.manifest import SCF
from scf.payments import api as payments
from scf.proposals import api as proposals
from scf.receivables import api as receivables
from scf.routes import ListRoute
from scf.settlement import api as settlement
from scf.web.site import path_of
from wsgi import MODULES

EVERYTHING = frozenset(permission.name for module in MODULES for permission in module.permissions)
LISTS = [route for route in SCF.routes if isinstance(route, ListRoute)]
# what grows with the business, day by day; agreements and members do not
_ENGINE = (factoring, limits, receivables, payments, settlement, ledger, proposals, audit)
# what checks found wrong is little, and the operator reads that of all books in the order of ids
_LITTLE = {"/findings"}
GROWING = [each for api in _ENGINE for each in api.ROUTES if isinstance(each, ListRoute) and each.path not in _LITTLE]
# what is shown of a row is decided row by row, by the consent of its supplier: `test_confidentiality`
BY_CONSENT = {"/receivables/owed"}
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

    def view(self, name: str) -> Any:
        """What a view of the bank's book answers."""
        banker = self.site.caller(Actor(1, "bank", self.organisations["bank"], EVERYTHING))
        return banker.get(f"/books/{text('bok', self.life.bank.book_id)}/{name}")

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


def test_what_grows_is_read_in_the_order_of_an_index(life: Life, tmp_path: Path) -> None:
    if life.database.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL sorts small tables whatever indexes there are; the indexes are the same")
    callers, wrong = Callers(life, tmp_path / "site"), []
    for route in GROWING:
        for query in callers.queries(route):
            with sent(life) as seen:
                callers.caller(route).get(callers.path(route), **query)
            page = next(each for each in seen if "_sort" in each[0])
            with life.database.reading() as connection:
                plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {page[0]}", page[1])]
            if any("TEMP B-TREE" in line or line.startswith("SCAN") for line in plan):
                wrong.append((route.path, query, plan))
    assert wrong == []


def test_what_grows_is_asked_for_by_its_reader(life: Life, tmp_path: Path) -> None:
    callers = Callers(life, tmp_path / "site")
    for route in GROWING:
        if route.path in BY_CONSENT:
            continue
        who = callers.who(route)
        books = [life.bank.book_id] if who == "bank" else []
        with watched(life.database, callers.organisations[who], books) as watch:
            for query in callers.queries(route):
                callers.caller(route).get(callers.path(route), **query)
        assert watch.judged, f"{route.path} was not read as anybody"


@pytest.fixture
def shared(postgres_server: Server, postgres_template: str) -> Iterator[Granted]:
    with granted(postgres_server, postgres_template) as opened:
        yield opened


def test_behind_the_walls_each_party_gets_what_its_query_asks_for(shared: Granted, tmp_path: Path) -> None:
    """The second wall takes nothing away: production's role gives what the owner of the tables does."""
    life = Life(shared.production, tmp_path)
    life.go(3)
    asking = asked(shared.production, life.bank, claims(shared.production, life.parties, 2))
    life.at_the_bank(DECLINE, [Decline(asking[0], "Enough of this buyer")])
    behind = Callers(life, tmp_path / "production")
    life.database = shared.owner
    before = Callers(life, tmp_path / "owner")
    for route in LISTS:
        for query in behind.queries(route):
            page = behind.caller(route).get(behind.path(route), **query)
            assert page == before.caller(route).get(before.path(route), **query), route.path
            if page["items"] and route.one:
                one = behind.caller(route).get(f"{behind.path(route)}/{page['items'][0]['id']}")
                assert one["id"] == page["items"][0]["id"]
    for view in ("balances", "trial-balance", "day", "check", "audit/check"):
        assert behind.view(view) == before.view(view), view
    statuses = {each["status"] for each in _all(behind, "/requests")}
    assert statuses == {"funded", "requested", "declined"}


def _all(callers: Callers, path: str) -> list[dict[str, Any]]:
    route = next(each for each in LISTS if each.path == path and each.scope is ScopeKind.BOOK)
    items: list[dict[str, Any]] = callers.caller(route).get(callers.path(route))["items"]
    return items
