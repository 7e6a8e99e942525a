"""The second wall around what commands wrote: two funders, their anchors and suppliers in one database.

Everything is played by the role that production runs as, so that commands, jobs and the steps of the day are seen to
work behind the walls.
"""

from collections.abc import Iterator
from datetime import date
from itertools import count
from pathlib import Path

import pytest
from conftest import START
from granted import granted
from real_postgres import Server
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.exc import DBAPIError, ProgrammingError
from test_walls import every_table
from world import EUR, World

from anchors.models import confirmations
from invoices.models import invoices
from scf.clock import SetClock
from scf.db.engine import Database
from scf.factoring.models import advances, dilutions
from scf.ledger import checks
from scf.limits.positions import LimitKind
from scf.organisations.models import organisations
from scf.payments.models import payouts
from scf.programmes.terms import Terms
from scf.receivables.models import receivables


@pytest.fixture(scope="module")
def parties(
    postgres_server: Server, postgres_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[World, World]]:
    """Two funders in one database, played by the role of production; Ash Castings sells to an anchor of each."""
    with granted(postgres_server, postgres_template) as shared:
        yield played(shared.production, tmp_path_factory.mktemp("parties"))


def played(database: Database, folder: Path) -> tuple[World, World]:
    assert isinstance(database.clock, SetClock)
    north = World(database, database.clock, folder / "north")
    north.register("Northbank", "Southbank", "Halberd", "Kestrel", "Ash Castings", "Birch Tools", "Cedar Works")
    south = World(database, north.clock, folder / "south", dict(north.organisations), _keys=count(1_000_000))
    # a world knows its funder by one name
    south.organisations["Northbank"] = south.organisations["Southbank"]
    for world, funder, anchor, supplier in (
        (north, "Northbank", "Halberd", "Birch Tools"),
        (south, "Southbank", "Kestrel", "Cedar Works"),
    ):
        world.folder.mkdir()
        world.clock.set(START.date(), 9)
        world.open_book(funder, START.date())
        world.limit(LimitKind.ANCHOR, anchor, "100,000.00")
        programme = world.programme(anchor)
        for name, ref in (("Ash Castings", f"A-{anchor}"), (supplier, f"O-{anchor}")):
            world.enrol(programme, name)
            world.agree(name, Terms(EUR, rate_ppm=60_000, advance_rate_ppm=900_000))
            world.confirmed(ref, name, anchor, "10,000.00", date(2026, 2, 20))
            world.asks(ref, name)
        world.end_the_day()
        world.credit_note(f"A-{anchor}", "Ash Castings", "500.00")
        world.pays(anchor, f"C-{anchor}", "10,000.00", f"O-{anchor}")
        world.end_the_day()
    return north, south


def test_the_ledger_of_the_granted_role_is_sound(parties: tuple[World, World]) -> None:
    for world in parties:
        with world.database.reading() as connection:
            assert checks.findings(connection, world.book_id) == []
            assert connection.scalar(select(func.count()).where(dilutions.c.book_id == world.book_id)) == 1


def test_funders_see_their_own_books_alone(parties: tuple[World, World]) -> None:
    north, south = parties
    for world, other in ((north, south), (south, north)):
        funder = world.organisations["Northbank"]
        with world.database.reading(funder) as connection:
            for table in every_table():
                if "book_id" in table.columns:
                    books = set(connection.scalars(select(table.c.book_id)))
                    assert books <= {world.book_id}, table.name
            assert set(connection.scalars(select(receivables.c.ref))) == set(world.receivables)
            assert other.organisations["Northbank"] not in set(connection.scalars(select(organisations.c.id)))


def test_an_anchor_sees_what_it_owes_and_nothing_of_the_financing(parties: tuple[World, World]) -> None:
    north, _ = parties
    with north.database.reading(north.organisations["Halberd"]) as connection:
        assert set(connection.scalars(select(receivables.c.ref))) == {"A-Halberd", "O-Halberd"}
        assert set(connection.scalars(select(invoices.c.number))) == {"A-Halberd", "O-Halberd"}
        assert connection.scalar(select(func.count()).select_from(confirmations)) == 2
        seen = {table.name for table in every_table() if connection.scalar(select(func.count()).select_from(table))}
    financing = {
        "advance_request", "advance", "assignment", "dilution", "claim", "application", "payout", "enrolment_terms",
        "terms_document", "credit_limit", "account", "journal", "posting", "payment_file", "statement", "file",
    }  # fmt: skip
    assert seen & financing == set()


def test_a_supplier_sees_its_own_with_every_funder_and_no_rival(parties: tuple[World, World]) -> None:
    north, south = parties
    ash, birch = north.organisations["Ash Castings"], north.organisations["Birch Tools"]
    with north.database.reading(ash) as connection:
        assert set(connection.scalars(select(advances.c.ref))) == {"A-Halberd", "A-Kestrel"}
        assert set(connection.scalars(select(advances.c.book_id))) == {north.book_id, south.book_id}
        assert set(connection.scalars(select(payouts.c.beneficiary_id))) == {ash}
        assert connection.scalar(select(func.count()).select_from(dilutions)) == 2
        names = set(connection.scalars(select(organisations.c.name)))
        assert names == {"Ash Castings", "Halberd", "Kestrel", "Northbank", "Southbank"}
    with north.database.reading(birch) as connection:
        assert set(connection.scalars(select(advances.c.ref))) == {"O-Halberd"}
        assert set(connection.scalars(select(organisations.c.name))) == {"Birch Tools", "Halberd", "Northbank"}


def test_a_reader_writes_nothing(parties: tuple[World, World]) -> None:
    north, _ = parties
    ash = north.organisations["Ash Castings"]
    renamed = update(organisations).where(organisations.c.id == ash).values(name="Another")
    with pytest.raises(DBAPIError, match="read-only"), north.database.reading(ash) as connection:
        connection.execute(renamed)
    # even in a transaction that may write
    with north.database.engine.connect().execution_options(reader=ash) as connection:
        assert connection.execute(renamed).rowcount == 0
        with pytest.raises(ProgrammingError, match="row-level security"):
            connection.execute(
                insert(organisations).values(id=1, name="New", registration_ref="X", country="DE", created_at=START)
            )


def test_a_transaction_leaves_nothing_of_its_reader_behind(parties: tuple[World, World]) -> None:
    north, _ = parties
    with north.database.reading(north.organisations["Ash Castings"]) as connection:
        server = connection.scalar(text("SELECT pg_backend_pid()"))
        assert connection.scalar(text("SELECT current_setting('scf.reader')")) != ""
    with north.database.engine.connect() as connection:
        assert connection.scalar(text("SELECT pg_backend_pid()")) == server, "the pool gave another connection"
        assert connection.scalar(text("SELECT current_setting('scf.reader', true)")) in (None, "")
