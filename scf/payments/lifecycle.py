"""The moves of payouts and collections; every other is refused."""

PAYOUT_MOVES: dict[str, frozenset[str]] = {
    "instructed": frozenset({"sent"}),
    # unknown: the bank did not answer; it is asked again under the same id, never sent anew
    "sent": frozenset({"cleared", "returned", "unknown"}),
    "unknown": frozenset({"sent", "cleared", "returned"}),
    "cleared": frozenset({"returned"}),
    "returned": frozenset(),
}

COLLECTION_MOVES: dict[str, frozenset[str]] = {
    "received": frozenset({"part_applied", "applied", "returned"}),
    "part_applied": frozenset({"part_applied", "applied"}),
    "applied": frozenset(),
    "returned": frozenset(),
}
