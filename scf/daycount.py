"""Day counts: how many days lie between two dates for the sake of a price, and what part of a year they are.

Exact integers and exact fractions only; it neither rounds nor knows calendars or business days.
"""

from collections.abc import Callable
from datetime import date
from enum import StrEnum


class DayCount(StrEnum):
    """The conventions of the 2006 ISDA Definitions, paragraph 4.16, that terms may name."""

    ACT_360 = "ACT/360"
    ACT_365F = "ACT/365F"
    EUROBOND = "30E/360"
    BOND = "30/360 US"
    ACT_ACT_ISDA = "ACT/ACT ISDA"


_ACT_ACT_DENOMINATOR = 365 * 366


def days(start: date, end: date, day_count: DayCount) -> int:
    """Days from `start` (not counted) to `end` (counted); negative when `end` lies before `start`.

    The ACT/ conventions count real days, the 30 conventions months of thirty days: ISDA 2006, 4.16 (f) and (g).
    """
    return _DAYS[day_count](start, end)


def year_fraction(start: date, end: date, day_count: DayCount) -> tuple[int, int]:
    """The part of a year from `start` to `end` as an exact (numerator, denominator > 0), not reduced.

    ISDA 2006, 4.16: (b) ACT/ACT ISDA, (d) ACT/365F, (e) ACT/360, (f) 30/360 US, (g) 30E/360.
    """
    if day_count is DayCount.ACT_ACT_ISDA:
        return _act_act(end) - _act_act(start), _ACT_ACT_DENOMINATOR
    return _DAYS[day_count](start, end), _YEAR[day_count]


def _actual(start: date, end: date) -> int:
    return (end - start).days


def _eurobond(start: date, end: date) -> int:
    """ISDA 2006, 4.16 (g): a 31st counts as the 30th on both sides."""
    return _months_of_thirty(start, min(start.day, 30), end, min(end.day, 30))


def _bond(start: date, end: date) -> int:
    """ISDA 2006, 4.16 (f), also called bond basis: an end on the 31st is the 30th only after a start on 30 or 31.

    It has no rule for the end of February; QuantLib's `Thirty360(USA)` has one and differs there.
    """
    first = min(start.day, 30)
    last = 30 if end.day == 31 and first == 30 else end.day
    return _months_of_thirty(start, first, end, last)


def _months_of_thirty(start: date, first: int, end: date, last: int) -> int:
    return 360 * (end.year - start.year) + 30 * (end.month - start.month) + last - first


def _act_act(on: date) -> int:
    """Years since the year 0 in units of 1/(365 × 366): a day weighs 366 of them, in a leap year 365."""
    leap = on.year % 4 == 0 and (on.year % 100 != 0 or on.year % 400 == 0)
    return on.year * _ACT_ACT_DENOMINATOR + (on - date(on.year, 1, 1)).days * (365 if leap else 366)


_DAYS: dict[DayCount, Callable[[date, date], int]] = {
    DayCount.ACT_360: _actual,
    DayCount.ACT_365F: _actual,
    DayCount.EUROBOND: _eurobond,
    DayCount.BOND: _bond,
    DayCount.ACT_ACT_ISDA: _actual,
}
_YEAR = {DayCount.ACT_360: 360, DayCount.ACT_365F: 365, DayCount.EUROBOND: 360, DayCount.BOND: 360}
