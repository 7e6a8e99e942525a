"""How much, by when: which receivables to sell so that their nets reach an amount at little cost. Pure.

The rule, exactly. Offers are walked through in the order of their cost by their net; of equal ones the larger net comes
first, then the smaller id. An offer that would reach the amount together with those taken so far is noted as one way to
do it, and passed over; any other is taken. Of every way, whatever it does without is dropped, the dearest first. The
way of the least cost is the plan; of equal ones that of the least net, then the one found first. It costs at most twice
what the best of all sets would (Csirik and others, 1991), never more than all offers together, and of what it holds
nothing can be left out. When all offers together fall short there is no way: the plan is all of them, and says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple


class Choice(NamedTuple):
    """What can be sold: its net is above 0, its cost (discount and fee) is not below; minor units of one currency."""

    id: int
    net_minor: int
    cost_minor: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What to sell, in the order of the walk; `reaches` says whether it brings the amount that was wanted."""

    chosen: tuple[Choice, ...]
    reaches: bool

    @property
    def net_minor(self) -> int:
        """What it brings."""
        return sum(each.net_minor for each in self.chosen)

    @property
    def cost_minor(self) -> int:
        """What it costs."""
        return sum(each.cost_minor for each in self.chosen)


def plan(choices: Sequence[Choice], amount_minor: int) -> Plan:
    """The plan that brings at least the amount; an amount of 0 or less needs nothing."""
    if amount_minor <= 0:
        return Plan((), reaches=True)
    taken: list[Choice] = []
    brought, best = 0, None
    for each in sorted(choices, key=_dearness):
        if brought + each.net_minor < amount_minor:
            taken.append(each)
            brought += each.net_minor
            continue
        way = Plan(_needed([*taken, each], amount_minor), reaches=True)
        if best is None or _weight(way) < _weight(best):
            best = way
    return best or Plan(tuple(taken), reaches=False)


def _dearness(choice: Choice) -> tuple[Fraction, int, int]:
    return Fraction(choice.cost_minor, choice.net_minor), -choice.net_minor, choice.id


def _weight(way: Plan) -> tuple[int, int]:
    return way.cost_minor, way.net_minor


def _needed(chosen: Sequence[Choice], amount_minor: int) -> tuple[Choice, ...]:
    """Without what the amount is reached without, the dearest dropped first."""
    over = sum(each.net_minor for each in chosen) - amount_minor
    dropped = set()
    for each in sorted(chosen, key=lambda each: (-each.cost_minor, each.id)):
        if each.net_minor <= over:
            over -= each.net_minor
            dropped.add(each.id)
    return tuple(each for each in chosen if each.id not in dropped)
