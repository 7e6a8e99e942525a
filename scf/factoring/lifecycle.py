"""The moves of requests, advances, assignments and claims; every other is refused."""

REQUEST_MOVES: dict[str, frozenset[str]] = {
    "requested": frozenset({"approved", "declined", "withdrawn", "expired"}),
    "approved": frozenset({"funded", "withdrawn", "expired"}),
    "declined": frozenset(),
    "withdrawn": frozenset(),
    "expired": frozenset(),
    "funded": frozenset(),
}

ADVANCE_MOVES: dict[str, frozenset[str]] = {
    "funded": frozenset({"settled", "repurchased", "written_off"}),
    "settled": frozenset(),
    "repurchased": frozenset(),
    "written_off": frozenset(),
}

ASSIGNMENT_MOVES: dict[str, frozenset[str]] = {
    "agreed": frozenset({"notified", "released"}),
    "notified": frozenset({"acknowledged", "released"}),
    "acknowledged": frozenset({"registered", "released"}),
    "registered": frozenset({"released"}),
    "released": frozenset(),
}

CLAIM_MOVES: dict[str, frozenset[str]] = {"open": frozenset({"paid"}), "paid": frozenset()}
