"""What is open, sorted out: buckets, rungs, yield and concentration, on figures that anybody can add up."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as some

from scf.factoring import exposure
from scf.factoring.exposure import Due

TODAY = date(2026, 3, 11)


def due(days: int, minor: int = 100, count: int = 1) -> Due:
    return Due(TODAY + timedelta(days=days), count, minor, minor, 1, minor * 30)


def test_what_is_open_is_sorted_by_how_late_it_is() -> None:
    days = [due(10), due(0), due(-1), due(-5), due(-6), due(-30), due(-31), due(-61), due(-90), due(-91)]
    found = exposure.ageing(sorted(days, key=lambda each: each.due_on), TODAY)
    assert [(each.words, each.count) for each in found] == [
        ("not due", 2), ("1-5", 2), ("6-30", 2), ("31-60", 1), ("61-90", 2), ("over 90", 1),
    ]  # fmt: skip


def test_the_ladder_goes_by_weeks_then_months_and_leaves_no_day_out() -> None:
    rungs = exposure.ladder([due(-3, 7), due(0, 5), due(4, 5), due(5, 11), due(400, 13)], TODAY)
    assert [(each.from_on, each.open_minor) for each in rungs if each.count] == [
        (None, 7), (date(2026, 3, 11), 10), (date(2026, 3, 16), 11), (date(2026, 9, 1), 13),
    ]  # fmt: skip
    assert rungs[0].to_on == date(2026, 3, 10) and rungs[1].to_on == date(2026, 3, 15) and rungs[-1].to_on is None
    for one, next_one in pairwise(rungs):
        assert one.to_on is not None and next_one.from_on == one.to_on + timedelta(days=1)


@given(
    some.lists(some.tuples(some.integers(-200, 400), some.integers(0, 10**9)), max_size=40),
    some.dates(date(2024, 1, 1), date(2030, 1, 1)),
)
def test_nothing_is_lost_whatever_falls_due_when(given_days: list[tuple[int, int]], today: date) -> None:
    days = [Due(today + timedelta(days=late), 1, minor, minor, 0, minor) for late, minor in given_days]
    whole = sum(each.open_minor for each in days)
    assert sum(each.open_minor for each in exposure.ageing(days, today)) == whole
    rungs = exposure.ladder(days, today)
    assert sum(each.open_minor for each in rungs) == whole
    assert all(rung.from_on is None or rung.to_on is None or rung.from_on <= rung.to_on for rung in rungs)


def test_the_yield_is_weighted_by_amount_and_days() -> None:
    # 1.5 on 100 for 90 days, and 1 on 100 for 60
    whole = exposure.totals([Due(TODAY, 1, 0, 10_000, 150, 900_000), Due(TODAY, 1, 0, 10_000, 100, 600_000)])
    assert whole is not None and (whole.count, whole.cost_minor) == (2, 250)
    assert exposure.yield_ppm(whole) == 250 * 365 * 1_000_000 // 1_500_000
    assert exposure.totals([]) is None and exposure.yield_ppm(None) is None


def test_concentration_names_the_largest_and_weighs_all() -> None:
    found = exposure.concentration(dict.fromkeys(range(1, 21), 100))
    assert (found.party_count, found.total_minor, found.top_ppm, found.hhi) == (20, 2_000, 500_000, 500)
    assert [each.party_id for each in found.largest] == list(range(1, 11))
    assert exposure.concentration({5: 9}).hhi == 10_000
    assert exposure.concentration({}).total_minor == 0
