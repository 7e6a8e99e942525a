"""Headroom as a pure decision: what a limit allows, moved item by item through a batch, netted at the end.

A position starts from locked accounts. Reserving and drawing anew is refused over the headroom and on a suspended
limit; releasing never is, and pays back an excess first. What a fact forces (a claim, a guarantee) is drawn even
beyond the ceiling, and shows as excess.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from scf.money import readable
from scf.outcomes import Refusal


class LimitKind(StrEnum):
    """Against whom a limit stands; the order is the order in which they are asked."""

    ANCHOR = "anchor"
    OBLIGOR_GROUP = "obligor_group"
    SUPPLIER = "supplier"
    PROGRAMME = "programme"
    GUARANTOR = "guarantor"


LimitKey = tuple[LimitKind, int, str]  # kind, holder, currency


@dataclass(slots=True)
class Position:
    """One limit while a batch is being decided; amounts in minor units, all ≥ 0."""

    limit_id: int
    kind: LimitKind
    currency: str
    headroom: int
    reserved: int
    drawn: int
    excess: int
    hold: str
    moves: dict[str, int] = field(default_factory=dict)

    @property
    def ceiling(self) -> int:
        """What the limit was set to."""
        return self.headroom + self.reserved + self.drawn - self.excess

    def _count(self, name: str, amount: int) -> None:
        if amount:
            self.moves[name] = self.moves.get(name, 0) + amount

    def reserve(self, amount: int) -> None:
        """Headroom → reserved; ask `shortfall` first."""
        self.headroom -= amount
        self.reserved += amount
        self._count("reserved", amount)

    def draw(self, amount: int) -> None:
        """Reserved → drawn."""
        self.reserved -= amount
        self.drawn += amount
        self._count("drawn", amount)

    def free(self, amount: int) -> None:
        """Give back what was reserved: an excess first, the rest to the headroom."""
        absorbed = min(self.excess, amount)
        self.excess -= absorbed
        self.reserved -= amount
        self.headroom += amount - absorbed
        self._count("reserved_absorbed", absorbed)
        self._count("freed", amount - absorbed)

    def release(self, amount: int) -> None:
        """Give back what was drawn: an excess first, the rest to the headroom."""
        absorbed = min(self.excess, amount)
        self.excess -= absorbed
        self.drawn -= amount
        self.headroom += amount - absorbed
        self._count("absorbed", absorbed)
        self._count("released", amount - absorbed)

    def force(self, amount: int) -> None:
        """Draw what a fact has put at risk, from the headroom and, beyond it, as excess."""
        taken = min(self.headroom, amount)
        self.headroom -= taken
        self.excess += amount - taken
        self.drawn += amount
        self._count("taken", taken)
        self._count("forced", amount - taken)

    def set_ceiling(self, ceiling: int) -> None:
        """Raise or cut: cutting below use takes the headroom to zero and the rest out of later releases."""
        change = ceiling - self.ceiling
        undone = min(self.excess, change) if change > 0 else 0
        lowered = min(self.headroom, -change) if change < 0 else 0
        self.excess += -undone + (max(0, -change) - lowered)
        self.headroom += max(0, change) - undone - lowered
        self._count("cut_undone", undone)
        self._count("raised", max(0, change) - undone)
        self._count("lowered", lowered)
        self._count("cut", max(0, -change) - lowered)


@dataclass(frozen=True, slots=True)
class Positions:
    """The limits a batch touches."""

    by_key: Mapping[LimitKey, Position]

    def of(self, keys: Iterable[LimitKey]) -> list[Position]:
        """The limits that exist among `keys`, in their order."""
        return [self.by_key[key] for key in keys if key in self.by_key]

    def moved(self) -> list[Position]:
        """Those with something to post, by id."""
        return sorted((p for p in self.by_key.values() if p.moves), key=lambda p: p.limit_id)


def shortfall(positions: Sequence[Position], amount: int) -> Refusal | None:
    """Why `amount` more cannot be reserved on all of these limits; None when it can.

    A missing anchor limit is said by the caller; here: suspension first, then the first limit that is too small.
    """
    for position in positions:
        if position.hold:
            return Refusal(
                "limit_suspended",
                "amount",
                position.hold,
                f"{position.kind} limit",
                "passes when the funder lifts the suspension",
            )
    for position in positions:
        if amount > position.headroom:
            return _exceeded(position, amount)
    return None


def _exceeded(position: Position, amount: int) -> Refusal:
    currency = position.currency
    used, ceiling = position.drawn + position.reserved, position.ceiling
    over = readable(amount - position.headroom, currency)
    return Refusal(
        "limit_exceeded",
        "amount",
        f"{readable(amount, currency)} on {readable(used, currency)} in use",
        f"{position.kind} limit {readable(ceiling, currency)}, headroom {readable(position.headroom, currency)}",
        f"passes with {over} less face, or when {over} is released",
    )
