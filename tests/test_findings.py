"""Findings as rows: kept once, cleared when a later check finds them no more, seen by the funder."""

from pathlib import Path

import pytest
from bank_site import open_bank
from sqlalchemy import select
from test_story import opening
from world import World

from scf.books import queries as books
from scf.books.queries import Book
from scf.ledger.checks import Finding
from scf.roles import Role
from scf.settlement import close_day
from scf.settlement.keep_findings import keep
from scf.settlement.models import FINDING_WORDS_MAX, findings

A, B = Finding("places", "journal 1 line 2"), Finding("faces agree", "x" * 900)


def book_of(world: World) -> Book:
    with world.database.reading() as connection:
        book = books.find(connection, world.book_id)
    assert book is not None
    return book


def kept(world: World) -> list[tuple[str, str, str]]:
    """Rule, how the words begin, and status, in the order found."""
    with world.database.reading() as connection:
        rows = connection.execute(select(findings).order_by(findings.c.id)).all()
    assert all(len(row.words) <= FINDING_WORDS_MAX for row in rows)
    assert all((row.cleared_on is None) == (row.status == "open") for row in rows)
    return [(row.rule, row.words[:9], row.status) for row in rows]


def test_a_finding_is_kept_once_and_cleared_when_it_is_found_no_more(world: World) -> None:
    opening(world)
    book = book_of(world)
    keep(world.database, book, [])
    assert kept(world) == []
    keep(world.database, book, [A, A, B])
    keep(world.database, book, [A, B])
    assert kept(world) == [("places", "journal 1", "open"), ("faces agree", "xxxxxxxxx", "open")]
    keep(world.database, book, [B])
    keep(world.database, book, [])
    keep(world.database, book, [A])
    assert [status for *_, status in kept(world)] == ["cleared", "cleared", "open"]


def test_the_evening_keeps_what_it_finds_and_a_repeated_one_changes_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    opening(world)
    found = [A]
    monkeypatch.setattr(close_day, "findings", lambda _connection, _book_id: list(found))
    world.end_the_day()
    world.end_the_day()
    assert [status for *_, status in kept(world)] == ["open"]
    found.clear()
    world.end_the_day()
    assert [status for *_, status in kept(world)] == ["cleared"]


def test_its_funder_sees_it_and_nobody_else(world: World, tmp_path: Path) -> None:
    site = open_bank(world, tmp_path)
    keep(world.database, book_of(world), [A])
    (shown,) = site.bank(Role.OPERATIONS).get("/findings", status="open")["items"]
    assert (shown["rule"], shown["words"]) == (A.check, A.place)
    assert site.at("Halberd", Role.CHECKER).get("/findings")["items"] == []
    banker = site.bank(Role.CHECKER)
    page = banker.client.get("/operator/findings?status=open", headers=dict(banker.headers))
    assert page.status_code == 200
    assert A.place in page.text
