"""The moves of receivables and credit notes; every other is refused."""

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

# what the debtor still has to pay, to whomever
OWED = (OPEN, FUNDED, RETURNED, WRITTEN_OFF)

# how a debtor reads a receivable of a creditor who lets it see no financing: as if nobody had funded it
READ_BY_DEBTOR: dict[str, str] = {FUNDED: OPEN, RETURNED: OPEN, WRITTEN_OFF: OPEN, SETTLED: CLOSED}

NOTE_MOVES: dict[str, frozenset[str]] = {
    # received: after funding, until the funder's book has booked the dilution, or found nothing open to dilute
    "received": frozenset({"applied", "refused"}),
    "applied": frozenset(),
    "refused": frozenset(),
}
