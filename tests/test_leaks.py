"""The tool that finds another party's ids and names in an answer finds them, and nothing else."""

import json

import pytest
from desks import Desks, open_desks, promise
from leaks import Foreign, foreign_to, leaks, rows_of, tell_nothing
from sqlalchemy import select

from invoices.models import invoices
from scf import ids
from scf.db.engine import Database


@pytest.fixture
def desks(database: Database) -> Desks:
    desks = open_desks(database)
    desks.confirm(promise(desks.invoice("ASH-2026-1")))
    return desks


def test_what_is_foreign_follows_from_the_walls(desks: Desks) -> None:
    with desks.database.reading() as connection:
        invoice = connection.scalars(select(invoices.c.id)).one()
    for party in (desks.supplier, desks.anchor):
        own = foreign_to(desks.database, party)
        assert invoice not in own.ids and "ASH-2026-1" not in own.words
    rival = foreign_to(desks.database, desks.rival)
    assert invoice in rival.ids and "ASH-2026-1" in rival.words
    assert desks.supplier in rival.ids and "Ash Castings" in rival.words
    assert "Halberd" not in rival.words, "its own anchor"
    assert desks.anchor not in rival.ids


def test_every_row_is_somebodys_or_the_platforms(desks: Desks) -> None:
    rows = rows_of(desks.database)
    everybody = [row["id"] for row in rows.tables["organisation"]]
    for table in ("invoice", "receivable", "enrolment", "programme", "book", "enrolment_terms", "confirmation"):
        assert rows.tables[table], table
        for row in rows.tables[table]:
            assert any(rows.belongs(table, row, each) for each in everybody), (table, row)


def test_ids_are_found_in_digits_and_in_base_32_and_names_as_they_are() -> None:
    id = (1 << 61) + 12345
    foreign = Foreign(frozenset({id}), frozenset({"Birch Tools"}))
    assert leaks(json.dumps({"id": id}), foreign) == [f"id {id}"]
    assert leaks(json.dumps({"id": ids.text("adv", id)}), foreign) == [f"id {ids.text('', id)[1:]} ({id})"]
    assert leaks(json.dumps({"supplier": "Birch Tools"}), foreign) == ["'Birch Tools'"]
    harmless = {"id": ids.text("adv", id + 1), "amount": str(id)[:-1], "supplier": "Birch"}
    assert leaks(json.dumps(harmless), foreign) == []
    with pytest.raises(AssertionError, match="Birch Tools"):
        tell_nothing(["nothing", "Birch Tools"], foreign)
