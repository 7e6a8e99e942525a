"""Ids: time-ordered 63-bit integers made by the process, so that parents and children load in one pass.

41 bits of milliseconds since 2020, 10 of node, 12 of sequence. When a millisecond is used up the ids run ahead of the
clock; they never go back. Outside the platform an id appears as a prefix and base-32 digits: `inv_01h3…`.
"""

import threading
from collections.abc import Callable

NODES = 1024
_EPOCH_MS = 1_577_836_800_000
# 63 bits are thirteen digits of five bits, of which the first has three
PATTERN = "[0-7][0-9a-hjkmnp-tv-z]{12}"
_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"
_VALUES = {digit: value for value, digit in enumerate(_DIGITS)}


class Ids:
    """A source of ids for one process; safe to share between its threads."""

    def __init__(self, node: int, milliseconds: Callable[[], int]) -> None:
        """`node` is 0…1023 and leased by the caller; `milliseconds` tells the Unix time in milliseconds."""
        self.node = node
        self._milliseconds = milliseconds
        self._next = 0
        self._lock = threading.Lock()

    def take(self, count: int) -> list[int]:
        """`count` new ids, ascending."""
        with self._lock:
            start = max(self._next, (self._milliseconds() - _EPOCH_MS) << 12)
            self._next = start + count
        node = self.node << 12
        return [((n >> 12) << 22) | node | (n & 4095) for n in range(start, start + count)]

    def one(self) -> int:
        """One new id."""
        return self.take(1)[0]


def text(prefix: str, id: int) -> str:
    """An id as people and other programs see it: `adv_` and thirteen base-32 digits."""
    digits = [_DIGITS[(id >> shift) & 31] for shift in range(60, -1, -5)]
    return f"{prefix}_{''.join(digits)}"


def parse(written: str) -> int:
    """The integer of an id written by `text`. Raises `ValueError` for anything else."""
    _, _, digits = written.rpartition("_")
    if len(digits) != 13 or not set(digits) <= _VALUES.keys():
        raise ValueError(f"{written!r} is no id")
    number = 0
    for digit in digits:
        number = number << 5 | _VALUES[digit]
    return number
