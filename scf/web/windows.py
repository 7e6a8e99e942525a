"""Where the calls of the last minute are counted: in this process's memory, a queue of instants a caller.

The limiter's own storage in memory starts a thread with nearly every call to forget what is over, and copies the
caller's instants each time; this one forgets when it counts, and once in a while whoever has not come back.
"""

import threading
from collections import defaultdict, deque
from typing import Any

from limits.storage import MovingWindowSupport, Storage

from scf.clock import SystemClock

SCHEME = "scf+memory"
_SWEEP_EVERY = 1_000


class Windows(Storage, MovingWindowSupport):
    """The limiter's storage for moving windows; it knows no others."""

    STORAGE_SCHEME = [SCHEME]  # noqa: RUF012 (the limiter reads a list)

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, **_options: Any) -> None:
        super().__init__(uri, wrap_exceptions=wrap_exceptions)
        self._lock = threading.Lock()
        self._calls: defaultdict[str, deque[float]] = defaultdict(deque)
        self._longest = 0
        self._until_sweep = _SWEEP_EVERY

    @property
    def base_exceptions(self) -> type[Exception]:
        """What this storage may raise: nothing of its own."""
        return ValueError

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Count a call; False, and not counted, when there were as many as the limit allows."""
        now = _now()
        with self._lock:
            self._sweep(now, expiry)
            calls = self._within(key, now - expiry)
            if len(calls) + amount > limit:
                return False
            calls.extend([now] * amount)
            return True

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        """When the first of the calls that count was made, and how many count."""
        now = _now()
        with self._lock:
            calls = self._within(key, now - expiry)
            return (calls[0], len(calls)) if calls else (now, 0)

    def get(self, key: str) -> int:
        """How many calls are remembered."""
        with self._lock:
            return len(self._calls.get(key, ()))

    def get_expiry(self, key: str) -> float:
        """When the last of them is forgotten."""
        with self._lock:
            calls = self._calls.get(key)
            return (calls[-1] if calls else _now()) + self._longest

    def clear(self, key: str) -> None:
        """Forget a caller."""
        with self._lock:
            self._calls.pop(key, None)

    def reset(self) -> int:
        """Forget everybody; how many there were."""
        with self._lock:
            count = len(self._calls)
            self._calls.clear()
            return count

    def check(self) -> bool:
        """It is there as long as the process is."""
        return True

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Counters without a window are not kept."""
        raise NotImplementedError("this storage counts in moving windows alone")

    def _within(self, key: str, since: float) -> deque[float]:
        calls = self._calls[key]
        while calls and calls[0] <= since:
            calls.popleft()
        return calls

    def _sweep(self, now: float, expiry: int) -> None:
        """Forget who has not come back: anybody may show a new credential with every call."""
        self._longest = max(self._longest, expiry)
        self._until_sweep -= 1
        if self._until_sweep <= 0:
            self._until_sweep = _SWEEP_EVERY
            since = now - self._longest
            for key in [key for key, calls in self._calls.items() if not calls or calls[-1] <= since]:
                del self._calls[key]


def _now() -> float:
    return SystemClock().now().timestamp()
