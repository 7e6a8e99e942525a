"""The thirteen weeks: every amount stands in exactly one week, and the line is the sum of all weeks before."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from invoices.forecast import OUT, WEEKS, Expected, Source, forecast, last_day

TODAY = date(2026, 1, 5)
DAYS = st.integers(min_value=-400, max_value=120).map(lambda n: TODAY + timedelta(days=n))
EXPECTED = st.builds(
    Expected, DAYS, st.sampled_from(["EUR", "USD"]), st.sampled_from(Source), st.integers(min_value=1, max_value=10**9)
)


@given(st.lists(EXPECTED))
def test_what_falls_into_the_weeks_is_there_once(expected: list[Expected]) -> None:
    found = forecast(TODAY, expected)
    within = [each for each in expected if each.on <= last_day(TODAY)]
    assert found.keys() == {each.currency for each in within}
    for currency, weeks in found.items():
        assert len(weeks) == WEEKS
        for source in Source:
            wanted = sum(each.amount_minor for each in within if (each.currency, each.source) == (currency, source))
            assert sum(week.by_source.get(source, 0) for week in weeks) == wanted
        assert weeks[-1].sum_minor == sum(
            -each.amount_minor if each.source in OUT else each.amount_minor
            for each in within
            if each.currency == currency
        )


@given(st.lists(EXPECTED))
def test_the_line_goes_from_week_to_week(expected: list[Expected]) -> None:
    for weeks in forecast(TODAY, expected).values():
        reached = 0
        for n, week in enumerate(weeks):
            reached += week.net_minor
            assert week.sum_minor == reached
            assert week.from_on == TODAY + timedelta(days=7 * n) and week.to_on - week.from_on == timedelta(days=6)


def test_what_is_late_and_what_is_owed_stand_in_the_first_week() -> None:
    late = Expected(TODAY - timedelta(days=30), "EUR", Source.ANCHORS, 500)
    owed = Expected(TODAY, "EUR", Source.CLAIMS, 200)
    last = Expected(last_day(TODAY), "EUR", Source.RESERVES, 50)
    weeks = forecast(TODAY, [late, owed, last, Expected(last.on + timedelta(days=1), "EUR", Source.ANCHORS, 9)])["EUR"]
    assert weeks[0].by_source == {Source.ANCHORS: 500, Source.CLAIMS: 200} and weeks[0].net_minor == 300
    assert weeks[-1].by_source == {Source.RESERVES: 50} and weeks[-1].sum_minor == 350
