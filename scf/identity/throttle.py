"""How long to wait after failures, by account and by network: pure rules over what was counted.

An account that is not here is throttled like one that is, so that waiting tells nobody who has an account. Somebody who
knows an address can make its owner wait for the password; a passkey is counted apart and still opens.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

# failures further back are forgotten
WINDOW = timedelta(days=1)
NETWORK_WINDOW = timedelta(hours=1)

_FREE = 2
_LOCK_AFTER = 5
_LOCKS = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 4, 8, 16, 32, 60))
# many people may sit behind one address
_NETWORK_LOCK_AFTER = 50


@dataclass(frozen=True, slots=True)
class Failures:
    """How many attempts failed within the window since the last success, and when the last of them was."""

    count: int
    last_at: datetime | None


def wait_after(count: int) -> timedelta:
    """How long an account rests after so many failures in a row: 2 s, 4 s, then 1 minute, doubling to an hour."""
    if count <= _FREE:
        return timedelta()
    if count < _LOCK_AFTER:
        return timedelta(seconds=2 ** (count - _FREE))
    return _lock(count - _LOCK_AFTER)


def network_wait_after(count: int) -> timedelta:
    """How long a network rests after so many failures, of whatever accounts."""
    if count < _NETWORK_LOCK_AFTER:
        return timedelta()
    return _lock(count - _NETWORK_LOCK_AFTER)


def _lock(doublings: int) -> timedelta:
    return _LOCKS[min(doublings, len(_LOCKS) - 1)]


def free_at(account: Failures, network: Failures, at: datetime) -> datetime:
    """When the next attempt is let through: `at` itself when it is now."""
    rests = [at]
    if account.last_at is not None:
        rests.append(account.last_at + wait_after(account.count))
    if network.last_at is not None:
        rests.append(network.last_at + network_wait_after(network.count))
    return max(rests)
