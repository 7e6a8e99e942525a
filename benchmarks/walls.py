"""What row-level security costs: `python -m benchmarks.walls [--count N] [--rounds N]`, on a durable PostgreSQL.

The same work as the tables' owner, whom no wall binds and who says nothing with BEGIN, and as the role of production:
funding singly and in one command (medians of interleaved rounds), and transactions that read one row and a page (in
turns; the bound of the quickest quarter, for the machine is shared).
"""

import argparse
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from statistics import median, quantiles

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
READS, TURNS = 100, 20
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


def quiet(work: Callable[[], object], times: int) -> list[float]:
    """Milliseconds that each of so many runs took."""
    taken = []
    for _ in range(times):
        began = seconds()
        work()
        taken.append((seconds() - began) * 1000)
    return taken


def read(connect: Callable[[], Connection], query: Select[tuple[int]]) -> None:
    """One transaction that reads once, on a connection out of the pool."""
    with connect() as connection:
        connection.execute(query).all()


def reading(owner: Database, production: Database, reader: int, query: Select[tuple[int]]) -> dict[str, float]:
    """Milliseconds a transaction, by who reads; in turns, of all runs the quickest quarter's bound."""
    connects: dict[str, Callable[[], Connection]] = {
        OWNER: owner.engine.connect,
        PRODUCTION: partial(production.reading, reader),
    }
    taken: dict[str, list[float]] = {who: [] for who in connects}
    for _ in range(TURNS):
        for who, connect in connects.items():
            taken[who] += quiet(partial(read, connect, query), READS)
    return {who: quantiles(each)[0] for who, each in taken.items()}


def funding(database: Database, seed: Seed) -> tuple[float, float]:
    """Milliseconds a request funded singly, and requests a second in one command."""
    for request in seed.requests[:20]:
        fund(database, seed, [request])
    singles = [fund(database, seed, [request]) * 1000 for request in seed.requests[20 : 20 + SINGLES]]
    rest = seed.requests[20 + SINGLES :]
    return median(singles), len(rest) / fund(database, seed, rest)


@contextmanager
def opened_by(place: Place, url: str, role: str, who: str) -> Iterator[Database]:
    """A database, dropped afterwards, opened by its owner or by production's role."""
    database = opened(url, clock()) if who == OWNER else Database(open_engine(as_role(url, role)), clock())
    database.ids()
    yield database
    database.engine.dispose()
    place.drop(url)


def as_role(url: str, role: str) -> str:
    """The URL that opens a database as a role."""
    return f"{url}{'&' if '?' in url else '?'}options=-c%20role%3D{role}"


def measure(count: int, rounds: int) -> None:
    """Measure and print."""
    with PLACES["postgresql"]() as place:
        prepared, role = place.create(), f"benchmark_{uuid.uuid4().hex}"
        database = opened(prepared, clock())
        seed = seeded(database, count, UNLIMITED_MINOR)
        approve(database, seed)
        with database.engine.begin() as connection:
            connection.execute(text(f"CREATE ROLE {role} LOGIN"))
        grant(database.engine, role)
        settled(database)
        funded: dict[str, list[tuple[float, float]]] = {OWNER: [], PRODUCTION: []}
        for _ in range(rounds):
            for who, taken in funded.items():
                with opened_by(place, place.copy(prepared), role, who) as database:
                    taken.append(funding(database, seed))
        told("funded singly, ms", {who: median(single for single, _ in taken) for who, taken in funded.items()})
        told("funded in one command, /s", {who: median(batch for _, batch in taken) for who, taken in funded.items()})
        url = place.copy(prepared)
        with opened_by(place, url, role, OWNER) as owner:
            fund(owner, seed, seed.requests)
            settled(owner)
            production = Database(open_engine(as_role(url, role)), clock())
            for name, (reader, query) in queries(owner, seed).items():
                told(f"{name}, ms", reading(owner, production, reader, query))
            production.engine.dispose()


def told(what: str, taken: dict[str, float]) -> None:
    """Print a line."""
    print(f"{what:45} " + "   ".join(f"{who} {figure:9,.2f}" for who, figure in taken.items()), flush=True)


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
