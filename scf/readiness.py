"""Whether this process can serve: the truth about database, schema, scheduler, backlog, disk and clock, in words.

Which of them make it not ready stands in one table. It never raises, and repairs nothing.
"""

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.exc import SQLAlchemyError

from scf.clock import Clock, SystemClock
from scf.db.engine import reading
from scf.errors import ScfError
from scf.migrate import missing
from scf.operations import figures
from scf.operations.figures import Figures, Waiting

# whether it stops the process from serving when it is not well: nobody is sent to a page that cannot answer, but pages
# are served while only the work behind them stands still
STOPS = {
    "database": True,
    "migrations": True,
    "disk": True,
    "clock": False,
    "scheduler": False,
    "jobs": False,
    "failed jobs": False,
    "outbox": False,
}

TICKS_MISSED = 5
WAITED_TOO_LONG = timedelta(minutes=15)
SKEW_MAX = timedelta(seconds=5)
FREE_MIN_BYTES = 200 << 20


@dataclass(frozen=True, slots=True)
class Found:
    """One check: whether it is well, and what is so, in words."""

    name: str
    well: bool
    words: str


@dataclass(frozen=True, slots=True)
class Readiness:
    """The answer, each check in words, and which of them are not well."""

    ready: bool
    checks: dict[str, str]
    unwell: tuple[str, ...] = ()


def readiness(engine: Engine, clock: Clock, folders: Sequence[Path] = ()) -> Readiness:
    """Ask the database and the disk; `folders` are those that must be writable, beside SQLite's own."""
    found = list(_all(engine, clock, folders))
    unwell = tuple(each.name for each in found if not each.well)
    return Readiness(not any(STOPS[name] for name in unwell), {each.name: each.words for each in found}, unwell)


def _all(engine: Engine, clock: Clock, folders: Sequence[Path]) -> Iterator[Found]:
    try:
        waiting = missing(engine)
        yield Found("database", True, f"reachable, {engine.dialect.name}")
        words = f"missing: {', '.join(waiting)}; run migrate" if waiting else "current"
        yield Found("migrations", not waiting, words)
        if not waiting:
            with reading(engine) as connection:
                yield from _asked(connection, clock.now())
    except (SQLAlchemyError, ScfError) as error:
        yield Found("database", False, f"not usable: {str(error).splitlines()[0]}")
    yield _disk([*folders, *_folder_of(engine)])


def _asked(connection: Connection, now: datetime) -> Iterator[Found]:
    found = figures.read(connection, now)
    yield _scheduler(found, now)
    yield _waits("jobs", found.jobs, now, "start a worker")
    failed = found.failed_count
    yield Found("failed jobs", not failed, f"{failed} failed; see why: jobs list" if failed else "none")
    yield _waits("outbox", found.outbox, now, "start a worker, or see what its deliveries fail of")
    yield _CLOCKS[connection.dialect.name](connection)


def _scheduler(found: Figures, now: datetime) -> Found:
    if found.ticked_at is None:
        return Found("scheduler", False, "has never ticked; start it with: scheduler")
    since = int((now - found.ticked_at).total_seconds())
    words = f"ticked {since} s ago"
    if since <= TICKS_MISSED * found.tick_every_seconds:
        return Found("scheduler", True, words)
    return Found(
        "scheduler", False, f"{words}, and ticks every {found.tick_every_seconds} s: it stands still; start it"
    )


def _waits(name: str, waiting: Waiting, now: datetime, remedy: str) -> Found:
    if not waiting.due_count:
        return Found(name, True, "none due")
    words = f"{waiting.due_count} due, the oldest for {waiting.seconds(now)} s"
    well = waiting.seconds(now) <= WAITED_TOO_LONG.total_seconds()
    return Found(name, well, words if well else f"{words}: {remedy}")


def _skew(connection: Connection) -> Found:
    # both ends of the question are read, so that a slow answer is not taken for a wrong clock
    before = SystemClock().now()
    there: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
    after = SystemClock().now()
    off = max(before - there, there - after, timedelta(0))
    words = f"{off.total_seconds():.1f} s from the database's"
    return Found("clock", off <= SKEW_MAX, words if off <= SKEW_MAX else f"{words}: set both by a time server")


def _same_machine(_connection: Connection) -> Found:
    return Found("clock", True, "the database's own")


_CLOCKS: dict[str, Callable[[Connection], Found]] = {"postgresql": _skew, "sqlite": _same_machine}


def _folder_of(engine: Engine) -> list[Path]:
    file = engine.url.database if engine.dialect.name == "sqlite" else None
    return [Path(file).absolute().parent] if file else []


def _disk(folders: Sequence[Path]) -> Found:
    for folder in dict.fromkeys(folders):
        place = next(each for each in (folder, *folder.parents) if each.exists())
        if not os.access(place, os.W_OK | os.X_OK):
            return Found("disk", False, f"{place} is not writable")
        if shutil.disk_usage(place).free < FREE_MIN_BYTES:
            return Found("disk", False, f"{place} has less than {FREE_MIN_BYTES >> 20} MB left: make room")
    return Found("disk", True, "writable")
