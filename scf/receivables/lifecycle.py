"""The moves of a receivable; every other is refused."""

OPEN = "open"
FUNDED = "funded"
SETTLED = "settled"
RETURNED = "returned"
WRITTEN_OFF = "written_off"
CANCELLED = "cancelled"
CLOSED = "closed"

MOVES: dict[str, frozenset[str]] = {
    # cancelled: credited in full before funding; closed: the anchor paid its supplier, nobody funded
    OPEN: frozenset({FUNDED, CANCELLED, CLOSED}),
    FUNDED: frozenset({SETTLED, RETURNED, WRITTEN_OFF}),
    SETTLED: frozenset(),
    RETURNED: frozenset(),
    WRITTEN_OFF: frozenset(),
    CANCELLED: frozenset(),
    CLOSED: frozenset(),
}
