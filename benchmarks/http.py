"""One advance from its request to its payout through HTTP, beside the raw transaction: `python -m benchmarks.http`.

A site is served in a process of its own on a fresh, durable database of each kind. One client asks, proposes, agrees,
funds, finds the payout and sends it, advance after advance; it prints the p50 and p99 of each call and of the whole,
and the raw transaction that writes the same rows in one commit, run right after it.
"""

import argparse
import itertools
import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from benchmarks import raw
from benchmarks.places import PLACES, Place, opened, settled
from benchmarks.served import Person, Sandbox, sandbox, serving
from scf import ids
from scf.clock import SystemClock, seconds
from scf.running import collect_seldom

WARM = 20
CALLS = ("request", "propose", "accept", "fund", "find the payout", "send")


@dataclass(frozen=True, slots=True)
class Round:
    """Seconds of each call of each advance, and of each raw transaction."""

    calls: Sequence[Sequence[float]]
    raw: Sequence[float]
    statement_count: int
    row_count: int


class Desk:
    """Takes advances from request to payout, with as many people as that needs."""

    def __init__(self, address: str, made: Sandbox, name: str) -> None:
        people = {key: Person(address, value, f"{name}-{key}") for key, value in made.keys.items()}
        self._supplier, self._maker = people["supplier"], people["funder_maker"]
        self._checker = people["funder_checker"]
        self._sandbox = made

    def advance(self, receivable_id: int) -> list[float]:
        """Take one receivable through; seconds of each call."""
        marks = [seconds()]
        for _ in self._steps(ids.text("rcv", receivable_id)):
            marks.append(seconds())
        return [after - before for before, after in itertools.pairwise(marks)]

    def _steps(self, receivable_id: str) -> Iterator[None]:
        book = self._sandbox.book
        asked = {"receivable_id": receivable_id, "enrolment_id": self._sandbox.ids["enrolment"]}
        request_id = self._supplier.done("/requests", asked)
        yield
        proposal_id = self._maker.done(f"{book}/requests/approve/propose", {"request_id": request_id})
        yield
        self._checker.done(f"{book}/requests/approve/accept", {"proposal_id": proposal_id})
        yield
        self._maker.done(f"{book}/requests/fund", {"request_id": request_id})
        yield
        (payout,) = self._maker.get(f"{book}/payouts", status="instructed", limit="2")["items"]
        yield
        self._maker.done(f"{book}/payouts/send", {"payout_id": payout["id"]})
        yield


def one_round(place: Place, count: int, folder: Path) -> Round:
    """So many advances through HTTP on a database of their own, and their raw transactions on a copy of it."""
    url = place.create()
    database = opened(url, SystemClock())
    made = sandbox(database, folder, count + 2 * WARM + 1)
    open_ids = iter(made.receivables)
    # the first of all makes the parties' accounts, which the copy is to have
    with serving(url, folder) as address:
        desk = Desk(address, made, "first")
        for _ in range(WARM):
            desk.advance(next(open_ids))
    settled(database)
    copy = place.copy(url)
    with serving(url, folder) as address:
        desk = Desk(address, made, "then")
        for _ in range(WARM):
            desk.advance(next(open_ids))
        since = database.ids().one()
        calls = [desk.advance(next(open_ids)) for _ in range(count)]
        desk.advance(next(open_ids))
    written = list(raw.captured(database.engine, since))
    database.engine.dispose()
    target = opened(copy, SystemClock())
    taken = raw.write(target.engine, written)
    target.engine.dispose()
    place.drop(url)
    place.drop(copy)
    return Round(calls, taken[WARM:], len(written[0].statements), written[0].row_count)


def report(kind: str, count: int, rounds: int) -> None:
    """Measure on one kind of database and print."""
    for _ in range(rounds):
        with PLACES[kind]() as place, tempfile.TemporaryDirectory(prefix="scf-http-") as folder:
            found = one_round(place, count, Path(folder))
        print(f"{kind}: {count} advances one by one, load {os.getloadavg()[0]:.1f}")
        for name, taken in zip(CALLS, zip(*found.calls, strict=True), strict=True):
            print(f"    {name:16} {_percentiles(taken)}")
        whole = [sum(each) for each in found.calls]
        print(f"    {'whole':16} {_percentiles(whole)}")
        print(
            f"    {'raw transaction':16} {_percentiles(found.raw)}"
            f"   {found.row_count} rows, {found.statement_count} statements, one commit"
        )
        p50 = median(found.raw)
        print(
            f"    the whole's p50 is {median(whole) / p50:.1f}, its p99 {_p99(whole) / p50:.1f} times the raw p50",
            flush=True,
        )


def _p99(taken: Sequence[float]) -> float:
    return quantiles(taken, n=100)[98]


def _percentiles(taken: Sequence[float]) -> str:
    return f"p50 {1000 * median(taken):7.2f} ms   p99 {1000 * _p99(taken):7.2f} ms"


def main() -> None:
    """Read the options and measure."""
    options = argparse.ArgumentParser(prog="benchmarks.http", description=__doc__)
    options.add_argument("--count", type=int, default=300, help="advances")
    options.add_argument("--rounds", type=int, default=3, help="rounds, each told")
    options.add_argument("--on", choices=sorted(PLACES), action="append", help="only this kind of database")
    chosen = options.parse_args()
    collect_seldom()
    for kind in chosen.on or ("sqlite", "postgresql"):
        report(kind, chosen.count, chosen.rounds)


if __name__ == "__main__":
    main()
