"""People: met at a command line under one id, named by it in every row, and shown by their names."""

import pytest
from click.testing import CliRunner
from desks import ANCHOR, Desks, line, open_desks
from first_rows import register
from sqlalchemy import select

from anchors.cli import anchors
from invoices.cli import invoices
from scf.clock import SetClock
from scf.db.engine import Database
from scf.errors import FieldError
from scf.identity.local import local_person
from scf.people import queries
from scf.people.models import people


@pytest.fixture
def desks(database: Database) -> Desks:
    return open_desks(database)


def test_the_same_name_at_the_same_organisation_is_the_same_person(database: Database) -> None:
    ash, birch = register(database, "Ash Castings", "Birch Tools")
    vera = local_person(database, ash, "Vera Vogt")
    assert local_person(database, ash, "  Vera   Vogt ") == vera
    assert len({vera, local_person(database, ash, "vera vogt"), local_person(database, birch, "Vera Vogt")}) == 3
    with database.reading() as connection:
        names = queries.names(connection, [vera, 0, None, 5])
    assert names == {vera: "Vera Vogt", 0: "platform", 5: "unknown person"}


def test_it_is_noted_once_a_day_that_somebody_was_met(database: Database) -> None:
    (ash,) = register(database, "Ash Castings")
    clock, seen = database.clock, []
    assert isinstance(clock, SetClock)
    first = clock.now()
    for hour, day in ((9, 5), (17, 5), (9, 6)):
        clock.set(first.date().replace(day=day), hour)
        local_person(database, ash, "Vera Vogt")
        with database.reading() as connection:
            seen.append(connection.execute(select(people.c.seen_at)).scalar_one())
    assert seen == [first, first, clock.now()]


@pytest.mark.parametrize("name", ["", " \t", "x" * 141])
def test_a_name_that_cannot_be_kept_is_refused(database: Database, name: str) -> None:
    with pytest.raises(FieldError, match="1 to 140"):
        local_person(database, 1, name)


def test_the_command_line_shows_who_proposed_and_adds_nobody_who_only_looks(desks: Desks) -> None:
    desks.upload(line("INV-1"))
    runner = CliRunner()
    before = desks.rows(people)
    for command, words in ((anchors, ["pending", "--as", ANCHOR]), (invoices, ["list", "--as", "REG-Ash Castings"])):
        assert runner.invoke(command, words, obj=desks).exit_code == 0
    assert desks.rows(people) == before
    assert runner.invoke(anchors, ["confirm", "--as", ANCHOR, "--maker", "Nora", "--all"], obj=desks).exit_code == 0
    assert "by Nora" in runner.invoke(anchors, ["pending", "--as", ANCHOR], obj=desks).output
    assert desks.rows(people) == before + 1
    nameless = runner.invoke(anchors, ["confirm", "--as", ANCHOR, "--maker", " ", "--all"], obj=desks)
    assert nameless.exit_code == 1 and "1 to 140" in nameless.output
