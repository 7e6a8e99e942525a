"""How long a session lives, how long a shown factor counts as fresh, and what a session still lacks: pure rules."""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum

from scf.roles import Role

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
FACTOR_FRESH = timedelta(minutes=10)
SEEN_EVERY = timedelta(minutes=1)

# who approves, gives roles or moves money must show more than a password
NEED_FACTOR = frozenset(
    {Role.CHECKER, Role.ADMINISTRATOR, Role.CREDIT_OFFICER, Role.OPERATIONS, Role.OPERATOR, Role.AUDITOR}
)


class Lacks(StrEnum):
    """What a session needs before it may do what its roles allow."""

    NOTHING = ""
    # there is a factor, and it was not shown yet
    FACTOR = "factor"
    # the roles ask for a factor, and there is none: it may be enrolled, and nothing else
    ENROLMENT = "enrolment"


def is_alive(created_at: datetime, seen_at: datetime, at: datetime) -> bool:
    """True while a session was used lately and is not too old."""
    return at - seen_at < IDLE and at - created_at < LONGEST


def is_fresh(factor_at: datetime | None, at: datetime) -> bool:
    """True when a second factor was shown lately enough to approve something by it."""
    return factor_at is not None and at - factor_at < FACTOR_FRESH


def is_due(seen_at: datetime, at: datetime) -> bool:
    """True when it is time to note again that a session or key was used."""
    return at - seen_at >= SEEN_EVERY


def lacks(roles: Collection[Role], has_factor: bool, factor_at: datetime | None) -> Lacks:
    """What a session needs first; one that showed a factor since it began needs nothing."""
    if factor_at is not None:
        return Lacks.NOTHING
    if has_factor:
        return Lacks.FACTOR
    return Lacks.ENROLMENT if NEED_FACTOR & set(roles) else Lacks.NOTHING
