"""The states of a dossier, and the moves between them. Pure.

Going back for corrections is a move like any other, with its reason. `declined` is where a dossier ends, refused or
because the relationship is over; the party may apply again.
"""

APPLICATION, DOCUMENTS, OWNERS, SCREENING = "application", "documents", "owners", "screening"
AGREEMENT, ACCOUNT, ACTIVE, REVIEW, DECLINED = "agreement", "account", "active", "review", "declined"

_CORRECTED = frozenset({DOCUMENTS, OWNERS})
MOVES: dict[str, frozenset[str]] = {
    APPLICATION: frozenset({DOCUMENTS, DECLINED}),
    # straight to the screening when only a document had to be corrected
    DOCUMENTS: frozenset({OWNERS, SCREENING, DECLINED}),
    OWNERS: frozenset({DOCUMENTS, SCREENING, DECLINED}),
    # past the agreement when it is signed already
    SCREENING: _CORRECTED | {AGREEMENT, ACCOUNT, DECLINED},
    AGREEMENT: _CORRECTED | {ACCOUNT, DECLINED},
    ACCOUNT: _CORRECTED | {ACTIVE, DECLINED},
    ACTIVE: _CORRECTED | {REVIEW, DECLINED},
    REVIEW: _CORRECTED | {ACTIVE, DECLINED},
    DECLINED: frozenset({APPLICATION}),
}
# where the party may still change what it said
WITH_THE_PARTY = frozenset({APPLICATION, DOCUMENTS, OWNERS})
SCREENED = frozenset({SCREENING, REVIEW})


def may_move(source: str, target: str) -> bool:
    """True when a dossier may go from one state to another."""
    return target in MOVES[source]
