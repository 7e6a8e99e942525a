"""Funding approved requests in one command, beside the floor: `python -m benchmarks.fund [--count N] [--rounds N]`.

For SQLite and a durable PostgreSQL it prints requests a second, the ratio to the floor and to bare tables (medians of
interleaved rounds, each on a fresh copy of one prepared database), and the statements of batches of 1, 100 and all.
"""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import median
from typing import TypeVar

from sqlalchemy import Engine, select
from statements import counted

from benchmarks.floor import Moved, Written, captured, into_bare_tables, into_the_same_tables, totals
from benchmarks.places import PLACES, Place, opened, settled
from benchmarks.seed import UNLIMITED_MINOR, Seed, approve, clock, seeded
from scf.clock import seconds
from scf.commands import run
from scf.db.engine import Database
from scf.factoring.fund import FUND
from scf.factoring.models import advances
from scf.running import collect_seldom

# the tables that funding writes, parents first, with their keys
KEYS = {
    "account": "id",
    "advance": "id",
    "assignment": "id",
    "payout": "id",
    "journal": "id",
    "posting": "journal_id",
    "outbox": "id",
    "command_log": "id",
}
Measured = TypeVar("Measured")


@dataclass(frozen=True, slots=True)
class Round:
    """Seconds that one round took: the product, the floor, the bare tables."""

    product: float
    floor: float
    bare: float


def fund(database: Database, seed: Seed, requests: Sequence[int]) -> float:
    """Seconds to fund requests, in one command as long as it takes so many; stops when one is refused."""
    began = seconds()
    for start in range(0, len(requests), FUND.batch_max):
        batch = requests[start : start + FUND.batch_max]
        outcomes = run(database, FUND, batch, key=f"fund/{batch[0]}", actor=seed.bank.banker, scope=seed.bank.scope)
        refused = [outcome.refusal for outcome in outcomes if outcome.refusal]
        if refused:
            raise SystemExit(f"{len(refused)} requests were refused, the first: {refused[0].words()}")
    return seconds() - began


def on_a_copy(place: Place, prepared: str, work: Callable[[Database], Measured]) -> Measured:
    """What `work` measures on a fresh copy of the prepared database."""
    url = place.copy(prepared)
    database = opened(url, clock())
    took = work(database)
    database.engine.dispose()
    place.drop(url)
    return took


def one_round(place: Place, prepared: str, seed: Seed) -> Round:
    """The product, the floor and the bare tables, each on a copy of its own."""
    captures: list[Written] = []

    def product(database: Database) -> float:
        before, since = totals(database.engine), database.ids().one()
        took = fund(database, seed, seed.requests)
        captures.append(captured(database.engine, KEYS, since, moves(database.engine), before))
        return took

    return Round(
        on_a_copy(place, prepared, product),
        on_a_copy(place, prepared, lambda database: into_the_same_tables(database.engine, captures[0])),
        on_a_copy(place, prepared, lambda database: into_bare_tables(database.engine, captures[0])),
    )


def moves(engine: Engine) -> list[Moved]:
    """The status moves of what was funded."""
    with engine.connect() as connection:
        rows = connection.execute(select(advances.c.request_id, advances.c.receivable_id).order_by(advances.c.id)).all()
    return [
        Moved("advance_request", [row.request_id for row in rows], "approved", "funded"),
        Moved("receivable", [row.receivable_id for row in rows], "open", "funded"),
    ]


def statement_counts(place: Place, prepared: str, seed: Seed) -> dict[int, int]:
    """The number of statements of a batch, by its size."""

    def statements(database: Database, size: int) -> int:
        with counted(database.engine) as seen:
            fund(database, seed, seed.requests[:size])
        return len(seen)

    sizes = sorted({1, 100, min(len(seed.requests), FUND.batch_max)})
    return {size: on_a_copy(place, prepared, partial(statements, size=size)) for size in sizes}


def report(kind: str, count: int, rounds: int) -> None:
    """Measure on one kind of database and print."""
    with PLACES[kind]() as place:
        prepared = place.create()
        database = opened(prepared, clock())
        seed = seeded(database, count, UNLIMITED_MINOR)
        approve(database, seed)
        settled(database)
        taken = [one_round(place, prepared, seed) for _ in range(rounds)]
        product, floor, bare = (median(getattr(each, name) for each in taken) for name in ("product", "floor", "bare"))
        ratio = median(each.floor / each.product for each in taken)
        print(
            f"{kind:10}  funded {count:,}: {count / product:8,.0f}/s   floor {count / floor:8,.0f}/s"
            f"   ratio {ratio:.2f}   bare tables {count / bare:8,.0f}/s   ({rounds} rounds)"
        )
        counts = statement_counts(place, prepared, seed)
        told = ", ".join(f"{number} for {size:,}" for size, number in counts.items())
        print(f"{'':10}  statements: {told}", flush=True)


def main() -> None:
    """Read the options and measure."""
    options = argparse.ArgumentParser(prog="benchmarks.fund", description=__doc__)
    options.add_argument("--count", type=int, default=10_000, help="approved requests to fund")
    options.add_argument("--rounds", type=int, default=5, help="rounds of which the medians are told")
    options.add_argument("--on", choices=sorted(PLACES), action="append", help="only this kind of database")
    chosen = options.parse_args()
    collect_seldom()
    for kind in chosen.on or ("sqlite", "postgresql"):
        report(kind, chosen.count, chosen.rounds)


if __name__ == "__main__":
    main()
