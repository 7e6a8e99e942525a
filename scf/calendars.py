"""Business-day calendars and how a date that falls on a closed day is moved.

The days come from the package `holidays`; this module only asks it once a calendar and year. It knows no cut-off times
and no books. The years after the last decree a government has published (CN: after the current year) hold what the law
says, without the make-up working days yet to be announced.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache

from holidays import HolidayBase, country_holidays, financial_holidays

from scf.errors import FieldError

_DAY = timedelta(days=1)
_LAST_YEAR = 2100


class Roll(StrEnum):
    """Where a date on a closed day goes (ISDA 2006, 4.12): the modified ones never leave the month."""

    UNADJUSTED = "unadjusted"
    FOLLOWING = "following"
    MODIFIED_FOLLOWING = "modified_following"
    PRECEDING = "preceding"
    MODIFIED_PRECEDING = "modified_preceding"


@dataclass(frozen=True, slots=True)
class _Source:
    """Where a calendar's days come from, and the first year from which they are complete."""

    holidays: HolidayBase
    first_year: int


_SOURCES = {
    "TARGET": _Source(financial_holidays("ECB"), 1999),
    # The Federal Reserve stays open on the Friday before a holiday that falls on a Saturday; federal offices do not.
    "US": _Source(financial_holidays("FED"), 1999),
    "GB": _Source(country_holidays("GB", subdiv="ENG"), 1990),
    "CN": _Source(country_holidays("CN"), 2008),
}

CALENDARS = tuple(_SOURCES)


def check(calendar: str) -> None:
    """Raises `FieldError`, naming the known calendars, when this is none of them."""
    if calendar not in _SOURCES:
        raise FieldError("calendar", f"{calendar!r} is no known calendar; known are {', '.join(CALENDARS)}")


def is_open(calendar: str, on: date) -> bool:
    """True when the calendar's banks work on the day.

    Raises `FieldError` for a calendar nobody knows, and for a year before its first or after 2100.
    """
    return on not in _closed_days(calendar, on.year)


def roll(calendar: str, on: date, convention: Roll) -> date:
    """The day itself when it is open (or the convention leaves it alone), else the open day the convention names."""
    if convention is Roll.UNADJUSTED or on not in _closed_days(calendar, on.year):
        return on
    forward = convention is Roll.FOLLOWING or convention is Roll.MODIFIED_FOLLOWING
    moved = _towards(calendar, on, _DAY if forward else -_DAY)
    if moved.month != on.month and convention in (Roll.MODIFIED_FOLLOWING, Roll.MODIFIED_PRECEDING):
        return _towards(calendar, on, -_DAY if forward else _DAY)
    return moved


def next_open(calendar: str, on: date) -> date:
    """The first open day strictly after `on`."""
    return _towards(calendar, on, _DAY)


def previous_open(calendar: str, on: date) -> date:
    """The last open day strictly before `on`."""
    return _towards(calendar, on, -_DAY)


def add_open_days(calendar: str, on: date, n: int) -> date:
    """The n-th open day after `on`, or before it when n is negative; n = 0 gives `on` itself, open or not."""
    step = _DAY if n > 0 else -_DAY
    for _ in range(abs(n)):
        on = _towards(calendar, on, step)
    return on


def _towards(calendar: str, on: date, step: timedelta) -> date:
    on += step
    while on in _closed_days(calendar, on.year):
        on += step
    return on


@cache
def _closed_days(calendar: str, year: int) -> frozenset[date]:
    check(calendar)
    source = _SOURCES[calendar]
    if not source.first_year <= year <= _LAST_YEAR:
        known = f"{source.first_year} to {_LAST_YEAR}"
        raise FieldError("calendar", f"{calendar} is known for the years {known}, not for {year}")
    first = date(year, 1, 1).toordinal()
    every = (date.fromordinal(day) for day in range(first, date(year + 1, 1, 1).toordinal()))
    return frozenset(on for on in every if not source.holidays.is_working_day(on))
