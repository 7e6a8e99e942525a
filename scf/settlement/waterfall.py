"""What a collection pays first: the waterfall, pure."""

from typing import NamedTuple

from scf.programmes.terms import Waterfall


class Parts(NamedTuple):
    """How an amount is spread, in minor units; what is left stays unapplied, and visible."""

    face: int
    late: int


_ORDER = {Waterfall.FACE_FIRST: ("face", "late"), Waterfall.CHARGES_FIRST: ("late", "face")}


def spread(amount_minor: int, open_minor: int, late_minor: int, order: Waterfall) -> Parts:
    """Spread an amount over the open face and the late charges, in the programme's order."""
    owed = {"face": open_minor, "late": late_minor}
    paid = {}
    for name in _ORDER[order]:
        paid[name] = min(amount_minor, owed[name])
        amount_minor -= paid[name]
    return Parts(paid["face"], paid["late"])
