"""Every screen and every list takes as many statements with two thousand invoices stored as with two hundred.

The stock and the visitors are the benchmark's (`benchmarks/pages.py`), which does the same with a million.
"""

from collections.abc import Mapping
from pathlib import Path

import pytest
from conftest import DATABASES, opened

from benchmarks.pages import measured
from benchmarks.screens import lists, pages, site, visitors
from benchmarks.seed import TODAY
from benchmarks.stock import load, made_parties
from benchmarks.stock_rows import noon
from scf.clock import SetClock
from scf.db.engine import Database

FEW, MANY = 200, 2_000


def statements(database: Database, folder: Path, count: int) -> Mapping[tuple[str, str], int]:
    """How many each address takes for each visitor whom it lets in, on a stock of so many invoices."""
    assert isinstance(database.clock, SetClock)
    database.clock.at = noon(TODAY)
    parties = made_parties(database)
    load(database, parties, count)
    folder.mkdir()
    people = visitors(site(database, folder), database, parties)
    book = parties.book_ids[0]
    found = measured(database, people, [*pages(book), *lists(book)], rounds=0)
    return {key: taken.statements for key, taken in found.items()}


@pytest.fixture(params=DATABASES)
def kind(request: pytest.FixtureRequest) -> pytest.FixtureRequest:
    """Of which kind the two databases are."""
    return request


def test_no_page_takes_more_statements_for_more_invoices(kind: pytest.FixtureRequest, tmp_path: Path) -> None:
    taken = []
    for count in (FEW, MANY):
        with opened(kind) as database:
            taken.append(statements(database, tmp_path / str(count), count))
    few, many = taken
    assert len(few) > 300 and few.keys() == many.keys()
    assert {key: (few[key], many[key]) for key in few if many[key] > few[key]} == {}
