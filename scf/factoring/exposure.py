"""What is open, sorted out: how old it is, when it falls due, what it earns, how much hangs on how few. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from scf.money import PPM

NOT_DUE = "not due"
# days past the due date up to which a bucket goes
AGES: tuple[tuple[str, int], ...] = ((NOT_DUE, 0), ("1-5", 5), ("6-30", 30), ("31-60", 60), ("61-90", 90))
OLDEST = "over 90"
_YEAR_DAYS = 365
_WEEKS = 8
_MONTHS = 4
TOP = 10


@dataclass(frozen=True, slots=True)
class Due:
    """The open advances that fall due on one day; `earning` is net × tenor summed, in minor units × days."""

    due_on: date
    count: int
    open_minor: int
    net_minor: int
    cost_minor: int
    earning: int


@dataclass(frozen=True, slots=True)
class Bucket:
    """A part of what is open."""

    words: str
    count: int
    open_minor: int


@dataclass(frozen=True, slots=True)
class Rung:
    """What falls due in a time, both days included; None in front is all that is overdue, behind all that is later."""

    from_on: date | None
    to_on: date | None
    count: int
    open_minor: int


class Share(NamedTuple):
    """What one party's part is of the whole."""

    party_id: int
    minor: int
    ppm: int


@dataclass(frozen=True, slots=True)
class Concentration:
    """How much hangs on how few: the largest, their share together, and the Herfindahl–Hirschman index to 10,000."""

    largest: Sequence[Share]
    party_count: int
    total_minor: int
    top_ppm: int
    hhi: int


def totals(days: Sequence[Due]) -> Due | None:
    """All days together, under the first; None when nothing is open."""
    if not days:
        return None
    return Due(
        days[0].due_on,
        sum(each.count for each in days),
        sum(each.open_minor for each in days),
        sum(each.net_minor for each in days),
        sum(each.cost_minor for each in days),
        sum(each.earning for each in days),
    )


def ageing(days: Sequence[Due], today: date) -> list[Bucket]:
    """The buckets by days past due, every one of them, the youngest first."""
    counts: dict[str, list[int]] = {words: [0, 0] for words, _ in AGES} | {OLDEST: [0, 0]}
    for each in days:
        late = (today - each.due_on).days
        found = counts[next((words for words, most in AGES if late <= most), OLDEST)]
        found[0] += each.count
        found[1] += each.open_minor
    return [Bucket(words, *found) for words, found in counts.items()]


def ladder(days: Sequence[Due], today: date) -> list[Rung]:
    """When what is open falls due: overdue, then week by week, then month by month, then later."""
    ends = _ends(today)
    counts = [[0, 0] for _ in range(len(ends) + 1)]
    for each in days:
        place = next((n for n, end in enumerate(ends) if each.due_on <= end), len(ends))
        counts[place][0] += each.count
        counts[place][1] += each.open_minor
    starts = [None, *(end + timedelta(days=1) for end in ends)]
    return [Rung(start, end, *found) for start, end, found in zip(starts, [*ends, None], counts, strict=True)]


def _ends(today: date) -> list[date]:
    """The last day of each rung but the last; the weeks end on Sundays, the last of them with its month."""
    ends = [today - timedelta(days=1)]
    sunday = today + timedelta(days=6 - today.weekday())
    ends += [sunday + timedelta(weeks=n) for n in range(_WEEKS)]
    month_end = _month_end(ends[-1])
    for _ in range(_MONTHS):
        if month_end > ends[-1]:
            ends.append(month_end)
        month_end = _month_end(month_end + timedelta(days=1))
    return ends


def _month_end(on: date) -> date:
    first_of_next = (on.replace(day=1) + timedelta(days=32)).replace(day=1)
    return first_of_next - timedelta(days=1)


def yield_ppm(whole: Due | None) -> int | None:
    """What is charged by the year on the money out, weighted by amount and days; None when nothing is out."""
    if whole is None or whole.earning <= 0:
        return None
    return whole.cost_minor * _YEAR_DAYS * PPM // whole.earning


def concentration(by_party: Mapping[int, int]) -> Concentration:
    """How amounts by party are spread; the largest `TOP` are named."""
    whole = sum(by_party.values())
    if not whole:
        return Concentration((), 0, 0, 0, 0)
    ranked = sorted(by_party.items(), key=lambda each: (-each[1], each[0]))
    largest = [Share(id, minor, minor * PPM // whole) for id, minor in ranked[:TOP]]
    top = sum(each.minor for each in largest)
    squares = sum(minor * minor for minor in by_party.values())
    return Concentration(largest, len(by_party), whole, top * PPM // whole, squares * 10_000 // (whole * whole))
