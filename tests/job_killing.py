"""Workers of jobs that are killed with `kill -9`, each from outside, and followed by others until no job is left."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from itertools import count
from pathlib import Path
from random import Random

from scf.clock import seconds

LEASE_SECONDS = 2


class Fate(Enum):
    """What becomes of a worker that asks to go on."""

    LIVE = "live"
    # between the claim and the effect
    DIE = "die"
    # wherever it has come to by then
    DIE_LATER = "die later"


Decide = Callable[[], Fate]


@dataclass
class Fates:
    """Lets everybody live but some, by the number of the question; half of these die where they stand."""

    dying: dict[int, Fate]
    asked: Iterator[int] = field(default_factory=lambda: count(1))
    lock: threading.Lock = field(default_factory=threading.Lock)

    def next(self) -> Fate:
        with self.lock:
            return self.dying.get(next(self.asked), Fate.LIVE)


def drawn(random: Random, questions: int, kills: int) -> Fates:
    """As many kills, spread over as many questions as there are jobs."""
    numbers = random.sample(range(1, questions + 1), kills)
    return Fates({number: (Fate.DIE, Fate.DIE_LATER)[n % 2] for n, number in enumerate(numbers)})


@dataclass(frozen=True)
class Course:
    """How many workers were killed until no job was left, and the seconds that took."""

    kills: int
    took: float


@contextmanager
def program(url: str, at: datetime, chunk_rows: int) -> Iterator["subprocess.Popen[bytes]"]:
    """The program that makes workers on a database, whose clock begins at an instant."""
    folder = Path(__file__).parent
    words = [url, at.isoformat(), str(LEASE_SECONDS), str(chunk_rows)]
    workers = subprocess.Popen(
        [sys.executable, str(folder / "job_worker.py"), *words],
        env=os.environ | {"PYTHONPATH": f"{folder.parent}:{folder}"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=0,
    )
    assert workers.stdin is not None and workers.stdout is not None
    try:
        assert workers.stdout.read(1) == b".", "the program did not start"
        yield workers
    finally:
        workers.stdin.close()
        workers.wait(60)


def worked_through(workers: "subprocess.Popen[bytes]", decide: Decide) -> int:
    """Start worker after worker until one finds no job left; how many were killed."""
    kills = 0
    while not _lived(workers, decide):
        kills += 1
    return kills


def _lived(workers: "subprocess.Popen[bytes]", decide: Decide) -> bool:
    """Whether a new worker got to the end of all jobs."""
    assert workers.stdin is not None and workers.stdout is not None
    workers.stdin.write(b"s")
    process_id = int(workers.stdout.readline())
    while (sign := workers.stdout.read(1)) == b"?":
        fate = decide()
        if fate is not Fate.DIE:
            workers.stdin.write(b"g")
        if fate is not Fate.LIVE:
            with suppress(ProcessLookupError):  # it may have come to its end in the meantime
                os.kill(process_id, signal.SIGKILL)
            while workers.stdout.read(1) != b"x":
                pass  # what it still said
            return False
    assert sign == b"!", "the worker died by itself"
    assert workers.stdout.read(1) == b"x"
    return True


def all_worked_through(url: str, at: datetime, processes: int, fates: Fates, chunk_rows: int = 10_000) -> Course:
    """Several at once, until none finds a job left."""
    killed: list[int] = []
    with ExitStack() as stack:
        programs = [stack.enter_context(program(url, at, chunk_rows)) for _ in range(processes)]
        threads = [
            threading.Thread(target=lambda workers: killed.append(worked_through(workers, fates.next)), args=[workers])
            for workers in programs
        ]
        began = seconds()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        took = seconds() - began
    assert len(killed) == processes, "a worker died by itself"
    return Course(sum(killed), took)
