"""A chunk of a step's work, as one command: keyed by its content, and only on the day that it was begun for."""

import hashlib
from collections.abc import Sequence
from typing import Any

from scf.actor import PLATFORM
from scf.commands import Command, in_book, run
from scf.module import Day
from scf.outcomes import Outcome


def run_chunk(day: Day, command: Command[Any, Any, Any], batch: Sequence[Any]) -> list[Outcome]:
    """Run a chunk for a day, under a renewed lease: a repeated chunk gives its first answer.

    Raises `CommandError` when the book is on another day by now: a worker that slept through its lease must not go
    on with the work of a day that somebody else has closed.
    """
    day.renew()
    digest = hashlib.sha256(repr(list(batch)).encode()).hexdigest()[:24]
    key = f"{day.book.business_date}/{digest}"
    scope = in_book(day.book.id, day.book.business_date)
    return run(day.database, command, batch, key=key, actor=PLATFORM, scope=scope)
