"""The moves of an invoice; every other is refused. Its life ends at `confirmed`: what follows is the receivable's."""

DRAFT = "draft"
SUBMITTED = "submitted"
DISPUTED = "disputed"
CONFIRMED = "confirmed"
REJECTED = "rejected"
WITHDRAWN = "withdrawn"

MOVES: dict[str, frozenset[str]] = {
    # an upload submits at once; a draft is what somebody keeps back
    DRAFT: frozenset({SUBMITTED, WITHDRAWN}),
    SUBMITTED: frozenset({CONFIRMED, REJECTED, WITHDRAWN, DISPUTED}),
    DISPUTED: frozenset({SUBMITTED, REJECTED, WITHDRAWN}),
    CONFIRMED: frozenset(),
    REJECTED: frozenset(),
    WITHDRAWN: frozenset(),
}

# An invoice in one of these stands in the way of a duplicate; a rejected or withdrawn one may be sent again.
LIVE = (DRAFT, SUBMITTED, DISPUTED, CONFIRMED)

# What its supplier may still withdraw, and its anchor still reject.
UNDECIDED = frozenset({SUBMITTED, DISPUTED})
