"""A worker of jobs in a process of its own, to be killed; and the jobs it is given.

Started as a program it says "." when it is ready, and then makes a new worker for each "s" it reads, so that a restart
costs no imports. The worker says its process id; "?" when it has claimed a job and has done nothing yet, and again each
time the job has said how far it came: then it waits for a "g" to go on; "!" when no job is left; and "x" when it is
gone, of itself or killed.
"""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from invoices import intake
from invoices.manifest import INVOICES
from scf import outbox
from scf.actor import PLATFORM
from scf.clock import SystemClock, pause
from scf.commands import Command, ScopeKind, Unit, in_organisation, run
from scf.db.engine import Database, open_engine
from scf.module import Job, Work
from scf.outbox import Message
from scf.outcomes import Outcome, done
from scf.scheduling import jobs, lease, queries
from scf.scheduling.jobs import NewJob
from scf.scheduling.worker import work_all

EFFECT = "effect"


@dataclass(frozen=True)
class _Plan:
    outcomes: list[Outcome]


def _done(_facts: Any, batch: Sequence[Any]) -> _Plan:
    return _Plan([done() for _ in batch])


def _write_jobs(unit: Unit, batch: Sequence[NewJob], _plan: _Plan) -> None:
    jobs.enqueue(unit, batch)
    if any(new.kind == "broken" for new in batch):
        raise ArithmeticError("after the job was put down")


def _write_effects(unit: Unit, batch: Sequence[int], _plan: _Plan) -> None:
    # nothing makes a row of the outbox unique: an effect that came twice would be seen
    outbox.write(unit, [Message(EFFECT, {"number": number}) for number in batch])


PUT: Command[NewJob, Any, _Plan] = Command(
    "tests.put", ScopeKind.ORGANISATION, lambda _, batch: batch, _done, _write_jobs
)
HAVE_EFFECT: Command[int, Any, _Plan] = Command(
    "tests.effect", ScopeKind.ORGANISATION, lambda _, batch: batch, _done, _write_effects
)


def put(database: Database, *new: NewJob) -> None:
    """Put jobs down, as the platform."""
    run(database, PUT, new, key=new[0].key, actor=PLATFORM, scope=in_organisation(0))


def have_effect(work: Work) -> Mapping[str, Any]:
    """A job whose effect is a command under the job's key."""
    number = work.payload["number"]
    run(work.database, HAVE_EFFECT, [number], key=work.key, actor=PLATFORM, scope=in_organisation(0))
    return {"number": number}


def effects(database: Database) -> list[str]:
    """What jobs brought about, by their payload."""
    with database.reading() as connection:
        return list(connection.execute(select(outbox.outbox.c.payload).where(outbox.outbox.c.kind == EFFECT)).scalars())


@dataclass(frozen=True)
class RunningClock:
    """A clock that stood at `at` when the machine's stood at `since`."""

    at: datetime
    since: datetime

    def now(self) -> datetime:
        return self.at + (SystemClock().now() - self.since)


def _ask() -> None:
    os.write(1, b"?")
    assert os.read(0, 1) == b"g"


def _asking(job: Job) -> Job:
    def asked(work: Work) -> Mapping[str, Any] | None:
        _ask()
        return job(replace(work, tell=_then_asking(work.tell)))

    return asked


def _then_asking(tell: Callable[[int, int], None]) -> Callable[[int, int], None]:
    def told(done: int, total: int) -> None:
        tell(done, total)
        _ask()

    return told


def _work(url: str, clock: RunningClock) -> None:
    """Work until no job is left: what a dead worker held becomes due when its lease has run out."""
    database = Database(open_engine(url), clock)
    kinds = {kind: _asking(job) for kind, job in {EFFECT: have_effect, **INVOICES.jobs}.items()}
    while _left(database):
        if not work_all(database, kinds):
            pause(0.02)


def _left(database: Database) -> int:
    with database.reading() as connection:
        backlog = queries.backlog(connection, database.clock.now())
    return backlog.due_count + backlog.running_count + backlog.later_count


def main(url: str, at: str, lease_seconds: str, chunk_rows: str) -> None:
    """A worker for each "s"."""
    clock = RunningClock(datetime.fromisoformat(at).astimezone(UTC), SystemClock().now())
    lease.LEASE = timedelta(seconds=float(lease_seconds))
    intake.CHUNK_ROWS = int(chunk_rows)
    os.write(1, b".")
    while word := os.read(0, 1):
        if word == b"g":
            continue  # for one who was killed before it could hear
        worker = os.fork()
        if not worker:
            os.write(1, f"{os.getpid()}\n".encode())
            _work(url, clock)
            os.write(1, b"!")
            os._exit(0)
        os.waitpid(worker, 0)
        os.write(1, b"x")


if __name__ == "__main__":
    main(*sys.argv[1:])
