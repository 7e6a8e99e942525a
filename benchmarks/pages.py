"""What pages and lists take: `python -m benchmarks.pages [--count N] [--rounds N] [--on sqlite postgresql]`.

Every screen and every list of the API, opened by somebody of each desk who may, on a stock of 1,000 and of N invoices:
the statements each takes on both, and its time on the larger, beside a page of the same site that asks no list.
"""

import argparse
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from statements import counted

from benchmarks.places import PLACES, Place
from benchmarks.screens import Visitor, lists, pages, site, visitors
from benchmarks.seed import TODAY
from benchmarks.stock import load, made_parties
from benchmarks.stock_rows import noon
from scf.clock import SetClock, seconds
from scf.db.engine import Database, open_engine
from scf.migrate import upgrade
from scf.running import collect_seldom

SMALL = 1_000
# what every page takes anyway: the session, the menu, the frame
FLOOR = "/account"
_BOOK = re.compile(r"/books/bok_\w+")


@dataclass(frozen=True, slots=True)
class Taken:
    """An address opened by somebody: how many statements, and milliseconds a time."""

    statements: int
    times: list[float]


@contextmanager
def stocked(place: Place, count: int) -> Iterator[tuple[Database, list[Visitor], list[str]]]:
    """A site on a stock of so many invoices: its visitors, and what there is to open."""
    url = place.create()
    engine = open_engine(url)
    upgrade(engine)
    database = Database(engine, SetClock(noon(TODAY)))
    parties = made_parties(database)
    load(database, parties, count)
    with tempfile.TemporaryDirectory() as folder:
        app = site(database, Path(folder))
        people = visitors(app, database, parties)
        book = parties.book_ids[0]
        yield database, people, [FLOOR, *pages(book), *lists(book)]
    engine.dispose()
    place.drop(url)


def measured(database: Database, people: list[Visitor], paths: list[str], rounds: int) -> dict[tuple[str, str], Taken]:
    """Each address by each visitor whom it lets in; a book's goes by the same name whichever book it is."""
    found = {}
    for visitor in people:
        for path in dict.fromkeys(paths):
            with counted(database.engine) as seen:
                first = visitor.client.get(path)
            if first.status_code == 200:
                found[visitor.desk, _BOOK.sub("/books/*", path)] = Taken(
                    len(seen), [_timed(visitor, path) for _ in range(rounds)]
                )
    return found


def _timed(visitor: Visitor, path: str) -> float:
    began = seconds()
    visitor.client.get(path).get_data()
    return (seconds() - began) * 1000


def p99(times: list[float]) -> float:
    """The time that 99 of 100 keep under."""
    return sorted(times)[min(len(times) - 1, len(times) * 99 // 100)]


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--on", nargs="+", choices=list(PLACES), default=list(PLACES))
    parser.add_argument("--slowest", type=int, default=15)
    given = parser.parse_args()
    collect_seldom()
    for name in given.on:
        with PLACES[name]() as place:
            with stocked(place, SMALL) as (database, people, paths):
                small = measured(database, people, paths, 1)
            with stocked(place, given.count) as (database, people, paths):
                large = measured(database, people, paths, given.rounds)
        _print(name, given.count, small, large, given.slowest)


def _print(
    name: str, count: int, small: dict[tuple[str, str], Taken], large: dict[tuple[str, str], Taken], slowest: int
) -> None:
    every = [time for taken in large.values() for time in taken.times]
    floor = median(time for (_, path), taken in large.items() if path == FLOOR for time in taken.times)
    more = [key for key, taken in large.items() if key in small and taken.statements > small[key].statements]
    over = [key for key, taken in large.items() if p99(taken.times) > 100]
    print(f"{name}, {count:,} invoices: {len(large)} addresses, p50 {median(every):.1f} ms, p99 {p99(every):.1f} ms")
    print(f"  the floor ({FLOOR}): p50 {floor:.1f} ms; more statements than with {SMALL:,}: {len(more)}")
    print(f"  over 100 ms at p99: {len(over)} of {len(large)}")
    for key in more:
        print(f"  more statements: {' '.join(key)}: {small[key].statements} → {large[key].statements}")
    order = sorted(large, key=lambda key: -p99(large[key].times))
    for key in order[:slowest]:
        taken = large[key]
        print(
            f"  {p99(taken.times):8.1f} {median(taken.times):8.1f} ms  {taken.statements:3} statements  {' '.join(key)}"
        )


if __name__ == "__main__":
    main()
