"""Calendars against QuantLib's, and the roll conventions.

What QuantLib's calendars and ours both know was compared day by day. They agree on every day of the ranges below; the
ranges end where a source ends, not where the two disagree:
TARGET and US from 1999 (the first year of `holidays`' ECB and FED), GB from 1990, all to 2100;
CN 2008 to 2026: for 2004 to 2007 QuantLib closes days that no decree closed (19 to 21 January 2004, Qingming of 2005 to
2007, a holiday only since 2008); for 2027 on the State Council has published nothing: there QuantLib has no holidays at
all, we have those the law fixes.
US is the Federal Reserve: open on Friday 2026-07-03 though federal offices close, as the 4th is a Saturday.
"""

import json
import random
from datetime import date, timedelta
from pathlib import Path

import pytest
import QuantLib as ql
from hypothesis import given
from hypothesis import strategies as st

from scf.calendars import CALENDARS, Roll, add_open_days, is_open, next_open, previous_open, roll
from scf.errors import FieldError

ORACLES = Path(__file__).parents[2] / "shared" / "oracles" / "finance.json"
COMPARED = {
    "TARGET": (ql.TARGET(), 1999, 2100),
    "US": (ql.UnitedStates(ql.UnitedStates.FederalReserve), 1999, 2100),
    "GB": (ql.UnitedKingdom(ql.UnitedKingdom.Settlement), 1990, 2100),
    "CN": (ql.China(ql.China.IB), 2008, 2026),
}
ROLLS = {
    Roll.UNADJUSTED: ql.Unadjusted,
    Roll.FOLLOWING: ql.Following,
    Roll.MODIFIED_FOLLOWING: ql.ModifiedFollowing,
    Roll.PRECEDING: ql.Preceding,
    Roll.MODIFIED_PRECEDING: ql.ModifiedPreceding,
}
OURS = {"TARGET": "TARGET", "US Federal Reserve": "US"}
ON = st.dates(date(2009, 1, 1), date(2099, 12, 31))


def _quantlib(on: date) -> ql.Date:
    return ql.Date(on.day, on.month, on.year)


@pytest.mark.parametrize("calendar", CALENDARS)
def test_open_days_and_rolls_equal_quantlib_over_ten_thousand_random_dates(calendar: str) -> None:
    theirs, first, last = COMPARED[calendar]
    chance = random.Random(20261123)
    # A fortnight from either end, so that no roll leaves the years both sources know.
    low, high = date(first, 1, 15).toordinal(), date(last, 12, 15).toordinal()
    for _ in range(10_000):
        on = date.fromordinal(chance.randint(low, high))
        assert is_open(calendar, on) == theirs.isBusinessDay(_quantlib(on)), on
        for convention, code in ROLLS.items():
            moved = theirs.adjust(_quantlib(on), code)
            assert roll(calendar, on, convention) == date(moved.year(), moved.month(), moved.dayOfMonth()), on


@pytest.mark.parametrize("calendar", CALENDARS)
def test_open_days_are_counted_as_quantlib_counts_them(calendar: str) -> None:
    theirs, _, _ = COMPARED[calendar]
    chance = random.Random(7)
    for _ in range(500):
        on, n = date(2024, 6, 1) + timedelta(chance.randint(0, 700)), chance.choice((-9, -2, -1, 1, 2, 5, 12))
        moved = theirs.advance(_quantlib(on), n, ql.Days)
        assert add_open_days(calendar, on, n) == date(moved.year(), moved.month(), moved.dayOfMonth()), (on, n)


def test_published_rows_are_reproduced() -> None:
    if not ORACLES.exists():
        pytest.skip(f"shared oracles absent: {ORACLES}")
    for name, on, convention, expected in json.loads(ORACLES.read_text())["business_days"]["rows"]:
        assert roll(OURS[name], date.fromisoformat(on), Roll(convention)) == date.fromisoformat(expected)


def test_china_works_on_make_up_weekends_and_rests_on_the_days_they_make_up() -> None:
    assert is_open("CN", date(2026, 2, 14))
    assert not is_open("CN", date(2026, 2, 20))
    assert roll("CN", date(2026, 2, 28), Roll.FOLLOWING) == date(2026, 2, 28)


def test_the_federal_reserve_works_on_the_friday_before_a_saturday_holiday() -> None:
    assert is_open("US", date(2026, 7, 3))
    assert next_open("US", date(2026, 7, 3)) == date(2026, 7, 6)


def test_a_modified_roll_stays_in_the_month() -> None:
    assert roll("TARGET", date(2026, 5, 31), Roll.MODIFIED_FOLLOWING) == date(2026, 5, 29)
    assert roll("TARGET", date(2026, 2, 1), Roll.MODIFIED_PRECEDING) == date(2026, 2, 2)
    assert roll("TARGET", date(2026, 2, 1), Roll.FOLLOWING) == date(2026, 2, 2)


@given(st.sampled_from(CALENDARS), ON)
def test_next_and_previous_are_open_strictly_away_and_nothing_open_lies_between(calendar: str, on: date) -> None:
    after, before = next_open(calendar, on), previous_open(calendar, on)
    assert before < on < after
    assert is_open(calendar, after) and is_open(calendar, before)
    between = [before + timedelta(n) for n in range(1, (after - before).days)]
    assert [day for day in between if is_open(calendar, day)] == ([on] if is_open(calendar, on) else [])


@given(st.sampled_from(CALENDARS), ON, st.integers(0, 30))
def test_counting_forward_and_back_returns_to_an_open_day(calendar: str, on: date, n: int) -> None:
    start = roll(calendar, on, Roll.FOLLOWING)
    assert add_open_days(calendar, add_open_days(calendar, start, n), -n) == start


def test_an_unknown_calendar_names_the_known_ones() -> None:
    with pytest.raises(FieldError, match="TARGET, US, GB, CN") as caught:
        is_open("MOON", date(2026, 1, 1))
    assert caught.value.field == "calendar"


@pytest.mark.parametrize("on", [date(1998, 12, 31), date(2101, 1, 3)])
def test_years_the_source_does_not_know_are_refused_rather_than_guessed(on: date) -> None:
    with pytest.raises(FieldError, match="known for the years 1999 to 2100"):
        is_open("TARGET", on)
