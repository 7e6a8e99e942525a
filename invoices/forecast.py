"""Thirteen weeks of a supplier's cash: what is expected in and out, week by week, in each currency. Pure.

A week is seven days, the first begins today. What was due before today and has not come, and what is owed at any time,
stands in the first week; what is due later than the last week is left out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

WEEKS = 13
_WEEK = timedelta(days=7)


class Source(StrEnum):
    """Where cash comes from or goes, in the order of the chart."""

    ANCHORS = "anchors"
    ON_ITS_WAY = "on_its_way"
    APPROVED = "approved"
    REQUESTED = "requested"
    RESERVES = "reserves"
    CLAIMS = "claims"


# what leaves
OUT = frozenset({Source.CLAIMS})


class Expected(NamedTuple):
    """An amount above 0, in minor units, expected on a day."""

    on: date
    currency: str
    source: Source
    amount_minor: int


@dataclass(slots=True)
class Week:
    """A week's sums by source; `sum_minor` is what all weeks up to this one bring, less what they take."""

    from_on: date
    to_on: date
    by_source: dict[Source, int] = field(default_factory=dict)
    sum_minor: int = 0

    @property
    def net_minor(self) -> int:
        """What the week brings, less what it takes; may be below 0."""
        return sum(-minor if source in OUT else minor for source, minor in self.by_source.items())


def last_day(today: date, weeks: int = WEEKS) -> date:
    """The last day that is looked at."""
    return today + weeks * _WEEK - timedelta(days=1)


def forecast(today: date, expected: Iterable[Expected], weeks: int = WEEKS) -> Mapping[str, list[Week]]:
    """The weeks of each currency in which something is expected, by currency."""
    found: dict[str, list[Week]] = {}
    for each in expected:
        n = max(0, (each.on - today).days // 7)
        if n >= weeks:
            continue
        if each.currency not in found:
            found[each.currency] = _empty(today, weeks)
        sums = found[each.currency][n].by_source
        sums[each.source] = sums.get(each.source, 0) + each.amount_minor
    for of_currency in found.values():
        reached = 0
        for week in of_currency:
            reached += week.net_minor
            week.sum_minor = reached
    return dict(sorted(found.items()))


def _empty(today: date, weeks: int) -> list[Week]:
    begins = [today + n * _WEEK for n in range(weeks)]
    return [Week(on, on + _WEEK - timedelta(days=1)) for on in begins]
