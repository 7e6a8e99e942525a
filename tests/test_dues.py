"""Payments due by week and by day: each stands where it belongs, and the sums are those of what went in."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from anchors.dues import WEEKS, Due, ladder, last_day, month, months_around, total

TODAY = date(2026, 1, 5)
DUES = st.lists(
    st.builds(
        Due,
        st.dates(date(2025, 11, 1), date(2026, 8, 1)),
        st.sampled_from(["EUR", "JPY"]),
        st.integers(1, 10**12),
        st.booleans(),
    )
)


@given(DUES)
def test_every_due_up_to_the_last_day_is_in_one_week(dues: list[Due]) -> None:
    weeks = ladder(TODAY, dues)
    for currency in ("EUR", "JPY"):
        inside = [each for each in dues if each.currency == currency and each.on <= last_day(TODAY)]
        found = weeks.get(currency, [])
        assert sum(week.promised_minor for week in found) == sum(each.minor for each in inside if each.is_promised)
        assert sum(week.promised_minor + week.submitted_minor for week in found) == sum(each.minor for each in inside)
        assert len(found) in (0, WEEKS)


@given(DUES, st.dates(date(2025, 12, 1), date(2026, 7, 31)))
def test_a_month_has_each_of_its_days_once_with_what_is_promised(dues: list[Due], of: date) -> None:
    days = [day for week in month(of, dues) for day in week]
    own = [day for day in days if day.is_in_month]
    assert len(days) % 7 == 0 and days[0].on.weekday() == 0
    assert [day.on.day for day in own] == list(range(1, len(own) + 1))
    assert own[-1].on + timedelta(days=1) == months_around(of)[1]
    assert (own[0].on - timedelta(days=1)).replace(day=1) == months_around(of)[0]
    summed = sum(day.sums.get("EUR", 0) for day in days)
    assert summed == total(dues, own[0].on, own[-1].on).get("EUR", 0)


def test_what_is_overdue_stands_in_the_first_week() -> None:
    dues = [Due(TODAY - timedelta(days=40), "EUR", 5, is_promised=True), Due(TODAY, "EUR", 7, is_promised=False)]
    first, *rest = ladder(TODAY, dues)["EUR"]
    assert (first.promised_minor, first.submitted_minor) == (5, 7) and not any(each.promised_minor for each in rest)
    assert total(dues, date.min, date.max) == {"EUR": 5}
