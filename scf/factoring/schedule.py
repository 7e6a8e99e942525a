"""The dates of an advance: when the supplier is credited, when the anchor's money is due, the time between."""

from datetime import date
from functools import lru_cache
from typing import NamedTuple

from scf import calendars, daycount
from scf.calendars import Roll
from scf.daycount import DayCount
from scf.programmes.terms import Terms


class Schedule(NamedTuple):
    """`tenor_days` by the day count; the year fraction as an exact ratio."""

    credited_on: date
    due_on: date
    tenor_days: int
    numerator: int
    denominator: int


def schedule(terms: Terms, business_date: date, due_on: date) -> Schedule:
    """The dates of funding on a business date a receivable confirmed for `due_on`.

    When nothing is left of the tenor the numbers are 0 and 1: eligibility refuses it.
    """
    return _schedule(terms.calendar, terms.roll, terms.value_lag_days, terms.day_count, business_date, due_on)


@lru_cache(maxsize=65536)
def _schedule(
    calendar: str, convention: Roll, lag_days: int, day_count: DayCount, business_date: date, due_on: date
) -> Schedule:
    credited_on = calendars.roll(calendar, business_date, Roll.FOLLOWING)
    if lag_days:
        credited_on = calendars.add_open_days(calendar, credited_on, lag_days)
    rolled = calendars.roll(calendar, due_on, convention)
    if rolled <= credited_on:
        return Schedule(credited_on, rolled, 0, 0, 1)
    tenor_days = daycount.days(credited_on, rolled, day_count)
    return Schedule(credited_on, rolled, tenor_days, *daycount.year_fraction(credited_on, rolled, day_count))
