"""When an anchor has to pay: weeks from today, and a month day by day, in each currency. Pure.

A week is seven days, the first begins today and holds what is overdue too; what is due later than the last is left out.
"""

from calendar import Calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

WEEKS = 13


class Due(NamedTuple):
    """So much is due on a day: promised, or submitted and not confirmed yet."""

    on: date
    currency: str
    minor: int
    is_promised: bool


@dataclass(slots=True)
class Week:
    """A week's sums, in minor units of one currency."""

    from_on: date
    to_on: date
    promised_minor: int = 0
    submitted_minor: int = 0


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a month's page: outside of it, it stands empty."""

    on: date
    is_in_month: bool
    sums: Mapping[str, int]


def last_day(today: date, weeks: int = WEEKS) -> date:
    """The last day of the weeks."""
    return today + timedelta(days=7 * weeks - 1)


def ladder(today: date, dues: Iterable[Due], weeks: int = WEEKS) -> Mapping[str, list[Week]]:
    """The weeks of each currency in which something is due, by currency."""
    found: dict[str, list[Week]] = {}
    for each in dues:
        n = max(0, (each.on - today).days // 7)
        if n >= weeks:
            continue
        if each.currency not in found:
            found[each.currency] = [_week(today, at) for at in range(weeks)]
        week = found[each.currency][n]
        if each.is_promised:
            week.promised_minor += each.minor
        else:
            week.submitted_minor += each.minor
    return {currency: found[currency] for currency in sorted(found)}


def _week(today: date, at: int) -> Week:
    first = today + timedelta(days=7 * at)
    return Week(first, first + timedelta(days=6))


def month(of: date, dues: Iterable[Due]) -> Sequence[Sequence[Day]]:
    """The weeks of the month of a day, Monday to Sunday, with what is promised for each of its days."""
    sums: dict[date, dict[str, int]] = {}
    for each in dues:
        if each.is_promised:
            day = sums.setdefault(each.on, {})
            day[each.currency] = day.get(each.currency, 0) + each.minor
    return [
        [Day(on, on.month == of.month, sums.get(on, {}) if on.month == of.month else {}) for on in week]
        for week in Calendar().monthdatescalendar(of.year, of.month)
    ]


def months_around(of: date) -> tuple[date, date]:
    """The first days of the month before and the month after."""
    first = of.replace(day=1)
    return (first - timedelta(days=1)).replace(day=1), (first + timedelta(days=31)).replace(day=1)


def total(dues: Iterable[Due], from_on: date, to_on: date) -> Mapping[str, int]:
    """What is promised for some days, by currency."""
    sums: dict[str, int] = {}
    for each in dues:
        if each.is_promised and from_on <= each.on <= to_on:
            sums[each.currency] = sums.get(each.currency, 0) + each.minor
    return {currency: sums[currency] for currency in sorted(sums)}
