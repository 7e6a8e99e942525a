"""Journals by hand: two people, a closed list, the open period; and a book's calendar, changed by two."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from world import World

from scf.books import queries as books
from scf.errors import PermissionMissing
from scf.identity.change_calendar import CHANGE_CALENDAR_BY_PEOPLE, NewCalendar
from scf.ledger.manual import ENTER, ENTER_BY_PEOPLE, ManualJournal, ManualKind
from scf.ledger.queries import balances

MONDAY = date(2026, 1, 5)


ENTRY = ManualJournal(ManualKind.BANK_CHARGE, "EUR", 12_50, MONDAY, "charges of December")


@pytest.fixture
def bank(world: World) -> World:
    world.register("Northbank")
    world.open_book("Northbank", MONDAY)
    return world


def held(world: World) -> dict[str, int]:
    with world.database.reading() as connection:
        return {each.code: each.net_minor for each in balances(connection, world.book_id)}


def test_two_people_book_what_the_bank_charged_and_take_a_mistake_back(bank: World) -> None:
    bank.four_eyes(ENTER_BY_PEOPLE, ENTRY)
    assert held(bank) == {"bank charges": 12_50, "cash": -12_50}
    bank.four_eyes(ENTER_BY_PEOPLE, replace(ENTRY, kind=ManualKind.BANK_CHARGE_BACK, words="was another bank's"))
    assert {code: amount for code, amount in held(bank).items() if amount} == {}


def test_nobody_books_by_hand_alone(bank: World) -> None:
    with pytest.raises(PermissionMissing):
        bank.at_the_bank(ENTER, ENTRY)
    proposed = bank.at_the_bank(ENTER_BY_PEOPLE.propose, ENTRY)
    own = bank.ask(ENTER_BY_PEOPLE.accept, proposed, bank.person("Olga Operations", "Northbank"), bank.scope)[0]
    assert own.refusal is not None and own.refusal.reason == "same_person"


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"currency": "XXQ"}, "unknown_currency"),
        ({"amount_minor": 0}, "not_positive"),
        ({"words": "  "}, "words_missing"),
        ({"value_date": date(2026, 1, 6)}, "value_date"),
        ({"value_date": date(2025, 11, 3)}, "value_date"),
    ],
)
def test_what_may_not_be_entered_is_refused_in_words(bank: World, wrong: dict[str, Any], reason: str) -> None:
    outcome = bank.asked_of_two(ENTER_BY_PEOPLE, replace(ENTRY, **wrong))
    assert outcome.refusal is not None and outcome.refusal.reason == reason
    assert held(bank) == {}


def test_two_people_change_the_calendar_and_the_days_follow_it(bank: World) -> None:
    bank.four_eyes(CHANGE_CALENDAR_BY_PEOPLE, NewCalendar("US"))
    # Martin Luther King's day, 19 January, is open for TARGET and closed here
    bank.until(date(2026, 1, 20))
    assert bank.today == date(2026, 1, 20)
    with bank.database.reading() as connection:
        book = books.find(connection, bank.book_id)
    assert book is not None and (book.calendar, book.previous_on) == ("US", date(2026, 1, 16))


@pytest.mark.parametrize(("calendar", "reason"), [("TARGET", "unchanged"), ("MOON", "unknown_calendar")])
def test_a_calendar_that_changes_nothing_or_is_none_is_refused(bank: World, calendar: str, reason: str) -> None:
    outcome = bank.asked_of_two(CHANGE_CALENDAR_BY_PEOPLE, NewCalendar(calendar))
    assert outcome.refusal is not None and outcome.refusal.reason == reason
