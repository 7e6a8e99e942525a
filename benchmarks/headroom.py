"""Eight processes on one headroom, on a durable PostgreSQL: `python -m benchmarks.headroom [--asks N] [--processes N]`.

Each asks for approvals on one anchor's limit as fast as it can and funds at once what was approved; the limit fits half
of what is asked. It prints asks a second and the latencies, singly and in batches of 25, and fails unless exactly the
limit is funded and the ledger is sound. A deadlock that reached a caller would end it.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from statistics import quantiles

from racing import together

from benchmarks.places import PLACES, opened, settled
from benchmarks.seed import FACE_MINOR, Bank, clock, seeded
from scf.clock import seconds
from scf.commands import run
from scf.db.engine import Database
from scf.factoring.approve import APPROVE, Approval
from scf.factoring.fund import FUND
from scf.ledger import checks
from scf.limits import queries as limits
from scf.limits.positions import LimitKind


@dataclass(frozen=True, slots=True)
class Course:
    """What one process did: when it began and ended, seconds of each approval and funding, how many were funded."""

    began: float
    ended: float
    approving: list[float]
    funding: list[float]
    funded_count: int


def asking(bank: Bank, requests: Sequence[int], size: int, processes: int, database: Database, number: int) -> Course:
    """One process: approve its share of the requests in batches of a size, and fund what was approved."""
    share = requests[number::processes]
    approving: list[float] = []
    funding: list[float] = []
    funded = 0
    began = seconds()
    for start in range(0, len(share), size):
        batch = share[start : start + size]
        at = seconds()
        asks = [Approval(id, by_rule=True) for id in batch]
        answers = run(database, APPROVE, asks, key=f"{batch[0]}", actor=bank.banker, scope=bank.scope)
        approving.append(seconds() - at)
        approved = [id for id, answer in zip(batch, answers, strict=True) if answer.accepted]
        if approved:
            at = seconds()
            paid = run(database, FUND, approved, key=f"{batch[0]}", actor=bank.banker, scope=bank.scope)
            funding.append(seconds() - at)
            funded += sum(answer.accepted for answer in paid)
    return Course(began, seconds(), approving, funding, funded)


def check(database: Database, bank: Bank, courses: Sequence[Course], fits: int) -> None:
    """Exactly the limit is funded, nothing is left reserved, and the ledger says so itself."""
    with database.reading() as connection:
        findings = checks.findings(connection, bank.book_id)
        standing = next(each for each in limits.standings(connection, bank.book_id) if each.kind == LimitKind.ANCHOR)
    funded = sum(course.funded_count for course in courses)
    position = (standing.headroom_minor, standing.reserved_minor, standing.drawn_minor, standing.excess_minor)
    if funded != fits or position != (0, 0, fits * FACE_MINOR, 0) or findings:
        raise SystemExit(f"not exactly the limit: {funded} funded of {fits}, {standing}, {findings}")


def report(asks: int, processes: int, size: int) -> None:
    """Measure with batches of one size and print."""
    with PLACES["postgresql"]() as place:
        url = place.create()
        database = opened(url, clock())
        seed = seeded(database, asks, asks // 2 * FACE_MINOR, step_minor=0)
        settled(database)
        work = partial(asking, seed.bank, seed.requests, size, processes)
        courses = together(url, clock().now(), processes, work)
        check(database, seed.bank, courses, asks // 2)
        took = max(course.ended for course in courses) - min(course.began for course in courses)
        print(f"{processes} processes, batches of {size}: {asks / took:,.0f} asks/s, {asks // 2 / took:,.0f} funded/s")
        for verb in ("approving", "funding"):
            cuts = quantiles([1000 * each for course in courses for each in getattr(course, verb)], n=100)
            print(f"    {verb:10} p50 {cuts[49]:6.1f} ms   p99 {cuts[98]:6.1f} ms")
        print(f"    exactly the limit was funded: {asks // 2:,} of {asks:,} asked; no deadlock escaped", flush=True)
        place.drop(url)


def main() -> None:
    """Read the options and measure."""
    options = argparse.ArgumentParser(prog="benchmarks.headroom", description=__doc__)
    options.add_argument("--asks", type=int, default=4000, help="requests asked for, in all")
    options.add_argument("--processes", type=int, default=8, help="processes that ask")
    chosen = options.parse_args()
    for size in (1, 25):
        report(chosen.asks, chosen.processes, size)


if __name__ == "__main__":
    main()
