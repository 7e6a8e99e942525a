"""What row-level security costs: `python -m benchmarks.walls [--count N] [--rounds N]`, on a durable PostgreSQL.

The same work as the tables' owner, whom no wall binds and who says nothing with BEGIN, and as the role of production:
transactions that read one row and a page, and funding singly and in one command. Medians of interleaved rounds.
"""

import argparse
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from statistics import median

from sqlalchemy import Connection, Select, select, text

from benchmarks.fund import fund
from benchmarks.places import PLACES, Place, opened, settled
from benchmarks.seed import UNLIMITED_MINOR, Seed, approve, clock, seeded
from scf.clock import seconds
from scf.db.engine import Database, open_engine
from scf.db.grants import grant
from scf.factoring.models import advance_requests, advances
from scf.receivables.models import receivables
from scf.running import collect_seldom

OWNER, PRODUCTION = "owner", "production's role"
READS = 1_000
SINGLES = 100


def queries(database: Database, seed: Seed) -> dict[str, tuple[int, Select[tuple[int]]]]:
    """What is read, and for whom."""
    with database.reading() as connection:
        supplier = connection.scalars(select(receivables.c.creditor_id).limit(1)).one()
        funder = seed.bank.banker.organisation_id
    page = select(advances.c.id).where(advances.c.book_id == seed.bank.book_id).order_by(advances.c.id).limit(50)
    claimed = receivables.c.creditor_id == supplier
    return {
        "one request of the funder": (
            funder,
            select(advance_requests.c.id).where(advance_requests.c.id == seed.requests[0]),
        ),
        "50 advances of the funder": (funder, page),
        "50 receivables of a supplier": (supplier, select(receivables.c.id).where(claimed).limit(50)),
        "50 receivables asked of the funder": (
            funder,
            select(receivables.c.id)
            .join(advance_requests, advance_requests.c.receivable_id == receivables.c.id)
            .where(advance_requests.c.book_id == seed.bank.book_id)
            .order_by(advance_requests.c.id)
            .limit(50),
        ),
    }


def reading(connect: Callable[[], Connection], query: Select[tuple[int]]) -> float:
    """Milliseconds a transaction that reads once; the connection comes out of the pool."""
    for _ in range(20):
        with connect() as connection:
            connection.execute(query).all()
    began = seconds()
    for _ in range(READS):
        with connect() as connection:
            connection.execute(query).all()
    return (seconds() - began) * 1000 / READS


def funding(database: Database, seed: Seed) -> tuple[float, float]:
    """Milliseconds a request funded singly, and requests a second in one command."""
    for request in seed.requests[:20]:
        fund(database, seed, [request])
    singles = []
    for request in seed.requests[20 : 20 + SINGLES]:
        singles.append(fund(database, seed, [request]) * 1000)
    rest = seed.requests[20 + SINGLES :]
    return median(singles), len(rest) / fund(database, seed, rest)


@contextmanager
def opened_by(place: Place, prepared: str, role: str, who: str) -> Iterator[Database]:
    """A copy of the prepared database, opened by its owner or by production's role."""
    url = place.copy(prepared)
    as_role = f"{'&' if '?' in url else '?'}options=-c%20role%3D{role}"
    database = opened(url, clock()) if who == OWNER else Database(open_engine(url + as_role), clock())
    database.ids()
    yield database
    database.engine.dispose()
    place.drop(url)


def measure(count: int, rounds: int) -> None:
    """Measure and print."""
    taken: dict[tuple[str, str], list[float]] = {}
    with PLACES["postgresql"]() as place:
        prepared, role = place.create(), f"benchmark_{uuid.uuid4().hex}"
        database = opened(prepared, clock())
        seed = seeded(database, count, UNLIMITED_MINOR)
        approve(database, seed)
        with database.engine.begin() as connection:
            connection.execute(text(f"CREATE ROLE {role} LOGIN"))
        grant(database.engine, role)
        asked = queries(database, seed)
        settled(database)
        for _ in range(rounds):
            for who in (OWNER, PRODUCTION):
                with opened_by(place, prepared, role, who) as database:
                    single, batch = funding(database, seed)
                    taken.setdefault(("funded singly, ms", who), []).append(single)
                    taken.setdefault(("funded in one command, requests/s", who), []).append(batch)
                    for name, (reader, query) in asked.items():
                        connect = database.engine.connect if who == OWNER else partial(database.reading, reader)
                        taken.setdefault((f"{name}, ms", who), []).append(reading(connect, query))
    for name in dict.fromkeys(name for name, _ in taken):
        owner, production = (median(taken[name, who]) for who in (OWNER, PRODUCTION))
        print(f"{name:45} owner {owner:10,.2f}   production's role {production:10,.2f}   ({rounds} rounds)", flush=True)


def main() -> None:
    """Read the options and measure."""
    options = argparse.ArgumentParser(prog="benchmarks.walls", description=__doc__)
    options.add_argument("--count", type=int, default=10_000, help="approved requests to fund")
    options.add_argument("--rounds", type=int, default=5, help="rounds of which the medians are told")
    chosen = options.parse_args()
    collect_seldom()
    measure(chosen.count, chosen.rounds)


if __name__ == "__main__":
    main()
