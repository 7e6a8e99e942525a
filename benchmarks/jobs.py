"""Durable jobs while their workers are killed: `python -m benchmarks.jobs [--jobs N] [--kills N] [--processes N]`.

Each job runs a command that writes one row, under the job's key. Twice on each kind of database, SQLite and a durable
PostgreSQL: undisturbed, and with random `kill -9` of worker processes, half of them held between the claim and the
effect, half at whatever place they have come to. It prints jobs a second, and fails unless every job had its effect
exactly once.
"""

import argparse
import json
from collections import Counter
from random import Random

from job_killing import LEASE_SECONDS, Course, all_worked_through, drawn
from job_worker import EFFECT, effects, put

from benchmarks.places import PLACES, Place, opened
from benchmarks.seed import clock
from scf.db.engine import Database
from scf.scheduling.jobs import NewJob


def report(kind: str, jobs: int, kills: int, processes: int, seed: int) -> None:
    """Measure on one kind of database and print."""
    with PLACES[kind]() as place:
        for count in (0, kills):
            course = one_run(place, jobs, count, processes, Random(seed))
            print(
                f"{kind:10}  {jobs:,} jobs, {processes} processes, {course.kills:2} killed:"
                f" {jobs / course.took:5,.0f} jobs/s, {course.took:5.1f} s, exactly {jobs:,} effects",
                flush=True,
            )


def one_run(place: Place, jobs: int, kills: int, processes: int, random: Random) -> Course:
    """Fill a new database with jobs and have them done."""
    url = place.create()
    database = opened(url, clock())
    put(database, *(NewJob(EFFECT, {"number": number}, f"effect/{number}") for number in range(jobs)))
    database.engine.dispose()
    course = all_worked_through(url, database.clock.now(), processes, drawn(random, jobs, kills))
    check(database, jobs)
    database.engine.dispose()
    place.drop(url)
    return course


def check(database: Database, jobs: int) -> None:
    """Every job had its effect, and had it once."""
    counts = Counter(json.loads(each)["number"] for each in effects(database))
    if counts != Counter(range(jobs)):
        twice = sum(count > 1 for count in counts.values())
        raise SystemExit(f"{jobs - len(counts)} of {jobs} jobs had no effect, {twice} more than one")


def main() -> None:
    """Read the options and measure."""
    options = argparse.ArgumentParser(prog="benchmarks.jobs", description=f"{__doc__} A lease is {LEASE_SECONDS} s.")
    options.add_argument("--jobs", type=int, default=1500)
    options.add_argument("--kills", type=int, default=20)
    options.add_argument("--processes", type=int, default=4)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--on", choices=sorted(PLACES), action="append", help="only this kind of database")
    chosen = options.parse_args()
    for kind in chosen.on or ("sqlite", "postgresql"):
        report(kind, chosen.jobs, chosen.kills, chosen.processes, chosen.seed)


if __name__ == "__main__":
    main()
