"""Day counts against QuantLib and the published rows."""

import json
import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import QuantLib as ql
from hypothesis import given
from hypothesis import strategies as st

from scf.daycount import DayCount, days, year_fraction

ORACLES = Path(__file__).parents[2] / "shared" / "oracles" / "finance.json"
QUANTLIB = {
    DayCount.ACT_360: ql.Actual360(),
    DayCount.ACT_365F: ql.Actual365Fixed(),
    DayCount.EUROBOND: ql.Thirty360(ql.Thirty360.European),
    DayCount.BOND: ql.Thirty360(ql.Thirty360.BondBasis),
    DayCount.ACT_ACT_ISDA: ql.ActualActual(ql.ActualActual.ISDA),
}
ON = st.dates(date(1999, 1, 1), date(2100, 12, 31))


def _random_pairs(count: int) -> Iterator[tuple[date, date]]:
    """Half of them near each other and near month ends, where the conventions part."""
    chance = random.Random(20261123)
    low, high = date(1990, 1, 1).toordinal(), date(2100, 12, 31).toordinal()
    for n in range(count):
        start = date.fromordinal(chance.randint(low, high - 800))
        if n % 2:
            start = date(start.year, chance.choice((1, 2, 3, 8, 12)), chance.choice((1, 27, 28)))
            start = date.fromordinal(start.toordinal() + chance.randint(0, 4))
        yield start, date.fromordinal(min(high, start.toordinal() + chance.choice((31, 59, 90, 365, 800, 9000))))


def _quantlib(on: date) -> ql.Date:
    return ql.Date(on.day, on.month, on.year)


def _oracle_rows() -> list[list[Any]]:
    if not ORACLES.exists():
        pytest.skip(f"shared oracles absent: {ORACLES}")
    rows: list[list[Any]] = json.loads(ORACLES.read_text())["daycount"]["rows"]
    return rows


def test_day_counts_equal_quantlib_over_ten_thousand_random_pairs() -> None:
    for start, end in _random_pairs(10_000):
        first, last = _quantlib(start), _quantlib(end)
        for day_count, theirs in QUANTLIB.items():
            assert days(start, end, day_count) == theirs.dayCount(first, last), (day_count, start, end)
            numerator, denominator = year_fraction(start, end, day_count)
            assert abs(numerator / denominator - theirs.yearFraction(first, last)) < 1e-12, (day_count, start, end)


def test_quantlibs_usa_variant_differs_only_when_the_start_is_the_last_of_february() -> None:
    """`Thirty360(USA)` adds a rule for the end of February that neither ISDA 4.16 (f) nor the published rows have."""
    usa = ql.Thirty360(ql.Thirty360.USA)
    differing = 0
    for start, end in _random_pairs(10_000):
        ours, theirs = days(start, end, DayCount.BOND), usa.dayCount(_quantlib(start), _quantlib(end))
        last_of_february = date.fromordinal(start.toordinal() + 1).timetuple()[1:3] == (3, 1)
        assert ours == theirs or last_of_february, (start, end)
        differing += ours != theirs
    assert differing > 0


def test_published_rows_are_reproduced() -> None:
    for start_text, end_text, actual, bond, eurobond, _isda, act_act in _oracle_rows():
        start, end = date.fromisoformat(start_text), date.fromisoformat(end_text)
        assert days(start, end, DayCount.ACT_360) == days(start, end, DayCount.ACT_ACT_ISDA) == actual
        assert days(start, end, DayCount.BOND) == bond
        assert days(start, end, DayCount.EUROBOND) == eurobond
        numerator, denominator = year_fraction(start, end, DayCount.ACT_ACT_ISDA)
        assert f"{numerator / denominator:.10f}" == act_act


def test_denominators_are_those_of_the_convention() -> None:
    start, end = date(2026, 1, 5), date(2026, 3, 6)
    assert year_fraction(start, end, DayCount.ACT_360) == (60, 360)
    assert year_fraction(start, end, DayCount.ACT_365F) == (60, 365)
    assert year_fraction(start, end, DayCount.EUROBOND) == (61, 360)
    assert year_fraction(start, end, DayCount.BOND) == (61, 360)
    assert year_fraction(start, end, DayCount.ACT_ACT_ISDA) == (60 * 366, 365 * 366)


@given(ON, ON, ON)
def test_actual_day_counts_and_act_act_add_up_over_a_middle_date(a: date, b: date, c: date) -> None:
    for day_count in (DayCount.ACT_360, DayCount.ACT_365F, DayCount.ACT_ACT_ISDA):
        (first, _), (second, _), (whole, _) = (year_fraction(*pair, day_count) for pair in ((a, b), (b, c), (a, c)))
        assert first + second == whole


@given(st.integers(1999, 2099))
def test_a_calendar_year_is_exactly_one_year_by_act_act(year: int) -> None:
    numerator, denominator = year_fraction(date(year, 1, 1), date(year + 1, 1, 1), DayCount.ACT_ACT_ISDA)
    assert numerator == denominator
