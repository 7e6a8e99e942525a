"""Weeks of traffic with everything that goes wrong, watched by an auditor who adds it all up again."""

from random import Random

import auditor
import pytest
from traffic import VERBS, Traffic
from world import World

from scf.audit import chain

DAYS = 22
A_DAY = 9
AUDITED_EVERY = 20
# chosen because between them they catch every fault that was put in on purpose, wherever money moves
SEEDS = (12, 13)


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_happens_the_books_add_up(world: World, seed: int) -> None:
    traffic = Traffic(world, Random(seed))
    traffic.set_up()
    steps = 0
    for _ in range(DAYS):
        for _ in range(A_DAY):
            traffic.one_thing()
            steps += 1
            if steps % AUDITED_EVERY == 0:
                see_that_all_adds_up(world, f"seed {seed}, step {steps}")
        world.end_the_day()
        see_that_all_adds_up(world, f"seed {seed}, night after step {steps}")
    with world.database.reading() as connection:
        assert chain.broken(connection, world.book_id) == []
        see_that_the_bank_agrees(auditor.Tables(connection))
    missing = [verb.__name__ for verb, _ in VERBS if not traffic.happened.get(verb.__name__)]
    assert not missing, f"the seed never came to {missing}: it tests less than it says"


def see_that_all_adds_up(world: World, when: str) -> None:
    with world.database.reading() as connection:
        found = auditor.findings(connection, world.book_id)
    assert not found, f"{when}: {found}"


def see_that_the_bank_agrees(tables: auditor.Tables) -> None:
    """Our cash, without what is not on the bank's statements yet, is the balance that its statements add up to."""
    kinds = {statement.id: statement.kind for statement in tables.statement}
    stated = [entry for entry in tables.statement_entry if kinds[entry.statement_id] == "053"]
    refs = {entry.bank_ref for entry in stated}
    not_yet = sum(
        entry.amount_minor
        for entry in tables.statement_entry
        if entry.bank_ref not in refs and entry.meaning in ("collection", "return")
    )
    cash = auditor.balances(tables)["cash", 0]
    assert sum(entry.amount_minor for entry in stated) == cash - not_yet - auditor.by_hand(tables)
