"""A worker in a process of its own, to be killed: runs a book's days, does jobs, hands files to the bank.

Started as a program it makes a new worker for each line it reads, so that a restart costs no imports. The worker says
its process id, a dot for every statement it sends to its database, and "!" when the days are done.
"""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event
from world import World

from scf import outbox
from scf.books import queries as books
from scf.books.queries import Book
from scf.clock import SetClock
from scf.db.engine import Database, open_engine
from scf.manifest import SCF
from scf.module import Surroundings
from scf.scheduling.day import run_day
from scf.scheduling.worker import work_all

# longer than any lease: who starts anew finds everything that a dead worker held
AFTER_ANY_LEASE = timedelta(hours=1)


@dataclass
class Worker:
    """One worker on one database and bank."""

    database: Database
    folder: Path
    book_id: int

    def run_days(self, to: date) -> None:
        """From where the last worker stopped to the end of a day: what it left undelivered comes first."""
        self.work()
        while (book := self.book()).business_date <= to:
            assert run_day(self.database, book, SCF.steps, self.bank), "the lease of a dead worker still runs"
            self.work()

    def work(self) -> None:
        work_all(self.database, SCF.jobs)
        outbox.deliver_due(self.database, {kind: self._delivery(kind) for kind in SCF.deliveries})

    def _delivery(self, kind: str) -> outbox.Deliver:
        surroundings = Surroundings(lambda _book: self.bank)
        return lambda payload: SCF.deliveries[kind](self.database, surroundings, payload)

    def book(self) -> Book:
        with self.database.reading() as connection:
            found = books.find(connection, self.book_id)
        assert found is not None
        return found

    @property
    def bank(self) -> Any:
        return World(self.database, SetClock(datetime(2026, 1, 5, tzinfo=UTC)), self.folder).bank


def opened(url: str, start: int, told: Callable[[], None] = lambda: None) -> Database:
    """The database of the worker that is started as number `start`; `told` hears of every statement.

    It stands after all that the test's own process put down, so that everything is due.
    """
    engine = open_engine(url)
    event.listen(engine, "before_cursor_execute", lambda *_: told())
    event.listen(engine, "commit", lambda *_: told())
    return Database(engine, SetClock(datetime(2026, 2, 1, tzinfo=UTC) + start * AFTER_ANY_LEASE))


def say(text: str) -> None:
    os.write(sys.stdout.fileno(), text.encode())


def main(url: str, folder: str, book_id: str, to: str) -> None:
    """A worker a line; the line is the number of the start."""
    for line in sys.stdin:
        worker = os.fork()
        if not worker:
            say(f"{os.getpid()}\n")
            database = opened(url, int(line), lambda: say("."))
            Worker(database, Path(folder), int(book_id)).run_days(date.fromisoformat(to))
            say("!")
            os._exit(0)
        os.waitpid(worker, 0)
        say("\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
