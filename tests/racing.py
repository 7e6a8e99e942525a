"""Several processes that begin at the same moment, each with its own connections to one PostgreSQL database."""

import multiprocessing
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from multiprocessing.synchronize import Barrier
from typing import Any, TypeVar

from scf.clock import SetClock
from scf.db.engine import Database, open_engine

Answer = TypeVar("Answer")
Work = Callable[[Database, int], Answer]

_ready: list[Any] = []


def together(url: str, at: datetime, count: int, work: Work[Answer]) -> list[Answer]:
    """What `work` answers in each of `count` processes, given its number; an error in one is raised here.

    `work` is a function of a module, or a partial of one.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["scf.manifest"])
    with context.Pool(count, initializer=_prepare, initargs=(url, at, context.Barrier(count))) as pool:
        return pool.map(partial(_begin, work), range(count), chunksize=1)


def _prepare(url: str, at: datetime, barrier: Barrier) -> None:
    database = Database(open_engine(url), SetClock(at.astimezone(UTC)))
    database.ids()
    _ready.extend((database, barrier))


def _begin(work: Work[Answer], number: int) -> Answer:
    """Nobody takes a second number, for everybody waits here until all have one."""
    database, barrier = _ready
    barrier.wait(60)
    return work(database, number)
