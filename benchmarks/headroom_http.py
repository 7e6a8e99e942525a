"""One headroom through HTTP: `python -m benchmarks.headroom_http [--writes N] [--clients N]`, on a durable PostgreSQL.

Client processes accept proposed approvals of one anchor's requests, each write a single one under a key of its own, as
fast as they are answered; the limit fits half. Two workers serve. The run fails unless every answer is found in the
database as it was given, exactly the limit is reserved, and the ledger's own checks find nothing.
"""

import argparse
import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median, quantiles

from racing import together
from sqlalchemy import select

from benchmarks.places import PLACES, opened, settled
from benchmarks.seed import FACE_MINOR, accepted
from benchmarks.served import Person, Sandbox, sandbox, serving
from scf import ids
from scf.actor import PLATFORM
from scf.clock import SystemClock, seconds
from scf.commands import in_book, in_organisation
from scf.db.engine import Database
from scf.factoring.approve import APPROVE_BY_PEOPLE, Approval
from scf.factoring.models import advance_requests
from scf.factoring.request import REQUEST, NewRequest
from scf.ledger import checks
from scf.limits import queries as limits
from scf.limits.positions import LimitKind
from scf.proposals.models import proposals
from scf.running import collect_seldom

WORKERS = 2


@dataclass(frozen=True, slots=True)
class Course:
    """What one client did: when it began and ended, seconds of each write, the answers by proposal: '' is accepted."""

    began: float
    ended: float
    writing: Sequence[float]
    answers: Mapping[str, str]


def writing(
    address: str, made: Sandbox, waiting: Sequence[str], clients: int, _database: Database, number: int
) -> Course:
    """One client: accept its share of the proposals, one by one."""
    checker = Person(address, made.keys["funder_checker"], f"client-{number}")
    taken: list[float] = []
    answers: dict[str, str] = {}
    began = seconds()
    for proposal_id in waiting[number::clients]:
        at = seconds()
        outcome = checker.post(f"{made.book}/requests/approve/accept", {"proposal_id": proposal_id})
        taken.append(seconds() - at)
        answers[proposal_id] = "" if outcome["accepted"] else str(outcome["refusal"]["reason"])
    return Course(began, seconds(), taken, answers)


def proposed(database: Database, made: Sandbox) -> dict[str, int]:
    """A request for every receivable and its proposed approval: the requests by proposal."""
    supplier, enrolment = ids.parse(made.ids["supplier"]), ids.parse(made.ids["enrolment"])
    asks = [NewRequest(id, enrolment) for id in made.receivables]
    requests = accepted(database, REQUEST, asks, PLATFORM, in_organisation(supplier))
    approvals = [Approval(id) for id in requests]
    waiting = accepted(database, APPROVE_BY_PEOPLE.propose, approvals, PLATFORM, in_book(made.book_id))
    return {ids.text("pro", id): request for id, request in zip(waiting, requests, strict=True)}


def check(database: Database, made: Sandbox, requests: Mapping[str, int], courses: Sequence[Course], fits: int) -> None:
    """Every answer is in the database as it was given, and exactly the limit is reserved."""
    answers = {id: reason for course in courses for id, reason in course.answers.items()}
    with database.reading() as connection:
        statuses = dict(connection.execute(select(advance_requests.c.id, advance_requests.c.status)).all())
        decided = dict(connection.execute(select(proposals.c.id, proposals.c.status)).all())
        findings = checks.findings(connection, made.book_id)
        standing = next(each for each in limits.standings(connection, made.book_id) if each.kind == LimitKind.ANCHOR)
    told = {True: ("approved", "accepted"), False: ("requested", "proposed")}
    wrong = [
        id
        for id, reason in answers.items()
        if (statuses[requests[id]], decided[ids.parse(id)]) != told[not reason] or reason not in ("", "limit_exceeded")
    ]
    position = (standing.headroom_minor, standing.reserved_minor, standing.drawn_minor, standing.excess_minor)
    whole = len(answers) == len(requests) and sum(not reason for reason in answers.values()) == fits
    if wrong or findings or not whole or position != (0, fits * FACE_MINOR, 0, 0):
        raise SystemExit(f"not what was answered: {len(answers)} answers, {wrong[:5]}, {standing}, {findings}")


def report(writes: int, clients: int) -> None:
    """Measure and print."""
    count, fits = writes * clients, writes * clients // 2
    with PLACES["postgresql"]() as place, tempfile.TemporaryDirectory(prefix="scf-http-") as name:
        url, folder = place.create(), Path(name)
        database = opened(url, SystemClock())
        made = sandbox(database, folder, count, fits * FACE_MINOR)
        requests = proposed(database, made)
        settled(database)
        with serving(url, folder, WORKERS) as address:
            work = partial(writing, address, made, list(requests), clients)
            courses = together(url, database.clock.now(), clients, work)
        check(database, made, requests, courses, fits)
        took = max(course.ended for course in courses) - min(course.began for course in courses)
        taken = [1000 * each for course in courses for each in course.writing]
        print(
            f"{clients} clients, {count:,} single writes: {count / took:,.0f} writes/s, load {os.getloadavg()[0]:.1f}"
        )
        print(f"    p50 {median(taken):6.1f} ms   p99 {quantiles(taken, n=100)[98]:6.1f} ms")
        print(f"    {fits:,} accepted, {count - fits:,} refused, each as it was answered; no over-limit", flush=True)
        database.engine.dispose()
        place.drop(url)


def main() -> None:
    """Read the options and measure."""
    options = argparse.ArgumentParser(prog="benchmarks.headroom_http", description=__doc__)
    options.add_argument("--writes", type=int, default=1000, help="writes of each client")
    options.add_argument("--clients", type=int, default=4, help="client processes")
    options.add_argument("--rounds", type=int, default=3, help="rounds, each told")
    chosen = options.parse_args()
    collect_seldom()
    for _ in range(chosen.rounds):
        report(chosen.writes, chosen.clients)


if __name__ == "__main__":
    main()
