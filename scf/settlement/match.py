"""Matching collections with what is owed: by the reference the payer gives and the amount. Pure.

It proposes only what is certain: one advance of the payer bears the reference, or one of several is owed exactly what
came. Everything else stays unapplied, for people.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Owed:
    """An advance of an anchor: its invoice's number, and what is open of its face, in minor units."""

    advance_id: int
    ref: str
    currency: str
    owed_minor: int


@dataclass(frozen=True, slots=True)
class Money:
    """A collection with what is left of it in minor units, and the reference its payer gave."""

    collection_id: int
    reference: str
    currency: str
    left_minor: int


def normal(ref: str) -> str:
    """A reference without what people and banks change about it: case, width, blanks, punctuation."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", ref)).upper()


def by_ref(owed: Iterable[Owed]) -> Mapping[tuple[str, str], list[Owed]]:
    """What is owed by (currency, normal reference)."""
    found: dict[tuple[str, str], list[Owed]] = {}
    for each in owed:
        found.setdefault((each.currency, normal(each.ref)), []).append(each)
    return found


def match(money: Money, owed: Mapping[tuple[str, str], Sequence[Owed]]) -> Owed | None:
    """The one thing a collection pays, or None when that is not certain."""
    named = normal(money.reference)
    candidates = owed.get((money.currency, named), ()) if named else ()
    if len(candidates) <= 1:
        return candidates[0] if candidates else None
    exact = [each for each in candidates if each.owed_minor == money.left_minor]
    return exact[0] if len(exact) == 1 else None
