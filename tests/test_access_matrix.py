"""Who may call what: every place × every role × own and other ids, and the answer the permission table expects."""

import json
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from access import PERMISSIONS, Matrix, Party, Place, Told, places
from conftest import START
from granted import granted
from leaks import leaks, rows_of
from matrix_world import open_matrix
from real_postgres import Server

from scf.actor import Actor
from scf.clock import SetClock
from scf.commands import ScopeKind
from scf.db.engine import Database, open_engine
from scf.db.types import metadata
from scf.ids import text
from scf.roles import AT_A_FUNDER, AT_THE_OPERATOR, Role
from scf.routes import PUBLIC
from wsgi import MODULES

PLACES = places()
# kinds of which no party of the matrix has a row: consents, deliveries, guarantees, what onboarding found out, and
# findings, since every book of it adds up; and a filter is saved of a table's page, by whoever looks at it
NOBODYS = {"ack", "cst", "dpe", "flt", "fnd", "grc", "scr", "whd"}
REFUSED = {"unauthenticated", "permission_missing"}


@pytest.fixture(scope="module")
def matrix(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Matrix]:
    """Two funders' worlds on SQLite."""
    folder = tmp_path_factory.mktemp("matrix")
    shutil.copyfile(sqlite_template, folder / "scf.db")
    database = Database(open_engine(f"sqlite:///{folder / 'scf.db'}"), SetClock(START))
    yield open_matrix(database, folder)
    database.engine.dispose()


@pytest.fixture(scope="module")
def shared(
    postgres_server: Server, postgres_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Matrix]:
    """The same on PostgreSQL, played by the role of production."""
    with granted(postgres_server, postgres_template) as opened:
        yield open_matrix(opened.production, tmp_path_factory.mktemp("shared"))


@dataclass
class Wrong:
    """What was not as expected; told all at once."""

    found: list[str] = field(default_factory=list)
    asked: int = 0

    def unless(self, right: bool, place: Place, who: str, told: Told) -> None:
        """Note what was answered to whom."""
        self.asked += 1
        if not right or told.status >= 500:
            self.found.append(f"{place} for {who} with {place.route.permission}: {told.status} {told.text[:300]}")

    def tell(self) -> None:
        """Fail when anything was noted."""
        assert not self.found, f"{len(self.found)} of {self.asked}:\n" + "\n".join(self.found[:40])


def is_carried(place: Place, actor: Actor) -> bool:
    """Whether the table lets the actor in; what it does not name is for everybody who is signed in."""
    return place.route.permission not in PERMISSIONS or place.route.permission in actor.permissions


def at_home(matrix: Matrix, place: Place, role: Role) -> list[Party]:
    """The parties of the north at which the role may meet the place."""
    if role in AT_THE_OPERATOR:
        return [matrix.operator]
    if role in AT_A_FUNDER or place.in_book:
        return [matrix.north["bank"]]
    return list(matrix.north.values())


def opposite(matrix: Matrix, party: Party) -> Party:
    """Who plays the same part in the other world."""
    part = next((part for part, each in matrix.north.items() if each is party), "supplier")
    return matrix.south[part]


def test_nobody_is_let_in_without_credentials(matrix: Matrix) -> None:
    wrong = Wrong()
    bank = matrix.north["bank"]
    for place in PLACES:
        told = matrix.call(None, place, matrix.own(bank), bank.book_id)
        refused = (told.status, told.code) == (401, "unauthenticated")
        wrong.unless(refused != (place.route.permission == PUBLIC), place, "nobody", told)
    wrong.tell()


def test_who_has_no_role_may_do_nothing_that_a_permission_names(matrix: Matrix) -> None:
    wrong = Wrong()
    bank = matrix.north["bank"]
    actor = replace(bank.actor(), permissions=frozenset())
    for place in PLACES:
        told = matrix.call(actor, place, matrix.own(bank), bank.book_id)
        named = place.route.permission in PERMISSIONS
        wrong.unless((told.code in REFUSED) == named, place, "no role", told)
    wrong.tell()


@pytest.mark.parametrize("role", Role)
def test_a_role_is_let_in_where_the_table_says_so_and_nowhere_else(matrix: Matrix, role: Role) -> None:
    """With ids of one's own, and of another's; where the permission lacks, the ids make no difference."""
    wrong = Wrong()
    for place in PLACES:
        for party in at_home(matrix, place, role):
            actor = party.actor(role)
            book = party.book_id or matrix.north["bank"].book_id
            told = matrix.call(actor, place, matrix.own(party), book)
            if is_carried(place, actor):
                wrong.unless(told.code not in REFUSED, place, f"{role} at {party.name}", told)
                continue
            other = opposite(matrix, party)
            for each in (told, matrix.call(actor, place, matrix.own(other), other.book_id)):
                wrong.unless((each.status, each.code) == (403, "permission_missing"), place, str(role), each)
                told_why = f"this needs the permission {place.route.permission};"
                wrong.unless(told_why in each.text, place, str(role), each)
    wrong.tell()


def readings(matrix: Matrix, party: Party) -> Iterator[tuple[Place, Told]]:
    """What a party is told by all that it may read, about all its own."""
    actor = party.actor()
    for place in PLACES:
        if not place.writes and is_carried(place, actor) and (party.has_book or not place.in_book):
            yield place, matrix.call(actor, place, matrix.own(party), party.book_id)


def read_all(matrix: Matrix, parties: Iterable[Party]) -> int:
    """Everything parties may read, and every answer searched for what is another's; how many it were."""
    wrong = Wrong()
    for party in parties:
        for place, told in readings(matrix, party):
            wrong.unless(not told.leaks(matrix.foreign(party)), place, party.name, told)
    wrong.tell()
    return wrong.asked


def test_no_answer_tells_of_others(matrix: Matrix) -> None:
    assert read_all(matrix, [*matrix.north.values(), *matrix.south.values()]) > 300


def test_there_is_something_of_the_other_to_be_found(matrix: Matrix) -> None:
    """The search would be in vain where the other world had no rows of a kind."""
    north, south = matrix.north["bank"], matrix.south["bank"]
    foreign = matrix.foreign(north)
    assert len(foreign.ids) > 100 and "Elm Plastics" in foreign.words
    told = matrix.call(south.actor(), PLACES[0], matrix.own(south), south.book_id)
    everything = "".join(told.text for _, told in readings(matrix, south))
    assert len(leaks(everything, foreign)) > 50, told
    assert matrix.kinds_without_rows() == NOBODYS


def test_a_book_is_not_there_for_others_whatever_they_may(matrix: Matrix) -> None:
    """Neither for another funder nor for those who take part in its programmes."""
    wrong = Wrong()
    bank = matrix.north["bank"]
    for place in (each for each in PLACES if each.in_book):
        for party in (matrix.south["bank"], matrix.north["anchor"], matrix.north["supplier"]):
            actor = replace(party.actor(), permissions=frozenset(PERMISSIONS))
            told = matrix.call(actor, place, matrix.own(bank), bank.book_id)
            wrong.unless((told.status, told.code) == (404, "not_found"), place, party.name, told)
            wrong.unless(not told.leaks(matrix.foreign(party)), place, party.name, told)
    wrong.tell()


def test_the_operator_reads_every_book_and_writes_in_none(matrix: Matrix) -> None:
    wrong = Wrong()
    actor = replace(matrix.operator.actor(), permissions=frozenset(PERMISSIONS))
    for place in (each for each in PLACES if each.in_book):
        for bank in (matrix.north["bank"], matrix.south["bank"]):
            told = matrix.call(actor, place, matrix.own(bank), bank.book_id)
            if place.writes:
                wrong.unless(not told.accepted, place, "the operator", told)
            else:
                wrong.unless(told.code not in REFUSED, place, "the operator", told)
    wrong.tell()


def test_what_wants_a_fresh_factor_is_not_done_without_one(matrix: Matrix) -> None:
    wrong = Wrong()
    for place in PLACES:
        command = getattr(place.route, "command", None)
        if command is None or not command.step_up:
            continue
        party = matrix.operator if PERMISSIONS[command.name].roles <= AT_THE_OPERATOR else matrix.north["bank"]
        told = matrix.call(party.actor(stepped_up=False), place, matrix.own(party), party.book_id)
        wrong.unless((told.status, told.code) == (403, "step_up_needed"), place, party.name, told)
    wrong.tell()
    assert wrong.asked > 15


def test_pages_send_strangers_to_the_sign_in_and_refuse_who_may_not(matrix: Matrix) -> None:
    pages = [page for module in MODULES for page in module.pages]
    nobody = matrix.site.nobody()
    stranger = matrix.site.caller(replace(matrix.north["bank"].actor(), permissions=frozenset()))
    # a page in a book stands below one; a book of which the stranger's organisation is the funder
    book = f"/books/{text('bok', matrix.north['bank'].book_id)}"
    for page in (each for each in pages if each.permission != PUBLIC and "<" not in each.path):
        path = f"{book}{page.path}" if page.scope is ScopeKind.BOOK else page.path
        for method in page.methods:
            sent = nobody.client.open(path, method=method)
            assert (sent.status_code, sent.headers.get("Location", "")[:8]) == (303, "/sign-in"), page
            if page.permission in PERMISSIONS:
                refused = stranger.client.open(path, method=method, headers=dict(stranger.headers))
                assert refused.status_code == 403, page
    assert len(pages) > 10


# Whoever knows an organisation's id may offer it something new; it sees the offer and says yes or no. That the offerer
# learns and changes nothing of it is asserted all the same.
OFFERS = {
    "programmes.open": "an anchor's programme is opened by the funder",
    "programmes.enrol": "a supplier is enrolled, and consents to the terms itself",
    "agreements.offer": "a master agreement is offered, and signed by the other",
    "payments.account.propose": "the funder keeps the accounts that it pays to",
    "programmes.agree.propose": "a guarantor is named in the terms",
}


def names_another(matrix: Matrix, place: Place, party: Party, other: Party) -> Iterator[tuple[str, Told]]:
    """What is told when all that is named is the caller's own but one id, which is another party's."""
    for prefix, where in place.ids:
        told = matrix.call(party.actor(), place, matrix.but(party, where, other), party.book_id)
        yield f"{prefix} at {where}", told


def checked(matrix: Matrix, place: Place, party: Party, told: Told) -> Told:
    """What comes of a proposal when somebody else agrees: what is proposed is kept as it is said, and judged then."""
    if not told.accepted or not place.path.endswith("/propose"):
        return told
    accept = next(each for each in PLACES if each.path == place.path.removesuffix("propose") + "accept")
    (outcome,) = json.loads(told.text)["outcomes"]
    return matrix.call(party.actor(second=True), accept, lambda _prefix, _place: outcome["id"], party.book_id)


def asked_of_another(matrix: Matrix, wrong: Wrong, part: str) -> None:
    """Ask for a party of the north about one of the south, by every id of every place that it may call."""
    party, other = matrix.north[part], matrix.south[part]
    for place in PLACES:
        if not is_carried(place, party.actor()) or (place.in_book and not party.has_book):
            continue
        for named, told in names_another(matrix, place, party, other):
            who = f"{party.name} naming {named} of {other.name}"
            told = checked(matrix, place, party, told)
            is_offer = named.startswith("org") and place.route.permission in OFFERS
            wrong.unless(is_offer or not told.accepted, place, who, told)
            wrong.unless(told.code not in REFUSED, place, who, told)
            if place.path.endswith(":id>") or named.endswith(">"):
                wrong.unless(told.status == 404, place, who, told)
            wrong.unless(not told.leaks(matrix.foreign(party)), place, who, told)


@pytest.mark.parametrize("part", ["bank", "anchor", "supplier"])
def test_what_is_anothers_is_not_there_whatever_one_may(matrix: Matrix, part: str) -> None:
    wrong = Wrong()
    kept = rows_kept(matrix)
    asked_of_another(matrix, wrong, part)
    wrong.tell()
    assert rows_kept(matrix).items() >= kept.items()


def rows_kept(matrix: Matrix) -> dict[tuple[str, str], str]:
    """Every row of the south's, by table and key: what the north does must change none."""
    rows = rows_of(matrix.world.database)
    return {
        (table, repr([row[column.name] for column in metadata.tables[table].primary_key])): repr(row)
        for table in rows.tables
        for party in matrix.south.values()
        for row in rows.of(table, party.id)
    }


def test_postgresql_keeps_the_same_walls_for_the_role_of_production(shared: Matrix) -> None:
    """Every place once for one's own, and once by every id for another's, with row-level security behind it."""
    assert read_all(shared, shared.north.values()) > 150
    wrong = Wrong()
    kept = rows_kept(shared)
    for part in shared.north:
        asked_of_another(shared, wrong, part)
    wrong.tell()
    assert rows_kept(shared).items() >= kept.items()
