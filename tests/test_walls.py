"""The second wall: on PostgreSQL the role of production sees an organisation's rows for it, and no others.

Here rows by chance, of every table; what commands wrote stands in `test_walls_of_parties`.
"""

import importlib
import random
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from granted import Granted, granted
from leaks import Rows, words_asked
from real_postgres import Server
from sqlalchemy import Column, Table, func, insert, select, text

from scf.db import bulk, row_security
from scf.db.types import metadata
from scf.db.walls import OPEN, WALLS, Holder, OfBook, OfScope, Through
from scf.errors import ScfError
from scf.operations.snapshot import snapshot
from scf.organisations.models import organisations
from scf.outbox import outbox
from scf.readiness import readiness

ROOT = Path(__file__).parent.parent
NORTHBANK, SOUTHBANK, HALBERD, KESTREL, ASH, BIRCH = PARTIES = range(101, 107)
BOOKS = {201: NORTHBANK, 202: NORTHBANK, 203: SOUTHBANK}
ROWS = 12
# columns without a foreign key by which rows are found, and what they hold the keys of
LOOSE = {("credit_limit", "holder_id"): "organisation"}
# the words that rules ask for, by table and column
ASKED: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
for _rule in (rule for rules in WALLS.values() for rule in rules if isinstance(rule, Through)):
    for _column, _words in words_asked(_rule).items():
        ASKED[_rule.table, _column] += sorted(_words)

ByChance = Mapping[str, Sequence[dict[str, Any]]]


def every_table() -> list[Table]:
    """Every table there is, also of packages that nothing imports yet."""
    for path in sorted((ROOT / "scf").rglob("*.py")):
        if "import" in (source := path.read_text()) and re.search(
            r"^from scf\.db\.types import .*\btable\b", source, re.M
        ):
            importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    return metadata.sorted_tables


@pytest.fixture
def shared(postgres_server: Server, postgres_template: str) -> Iterator[Granted]:
    """A database that several parties share, as the role of production and as its owner."""
    with granted(postgres_server, postgres_template) as opened:
        yield opened


def test_every_table_is_behind_the_walls_or_before_them_for_a_reason() -> None:
    names = {table.name for table in every_table()}
    assert names == WALLS.keys() | OPEN.keys()
    assert not WALLS.keys() & OPEN.keys()
    assert all(OPEN.values())


def test_a_table_without_a_place_stops_the_schema(monkeypatch: pytest.MonkeyPatch) -> None:
    every_table()
    monkeypatch.delitem(WALLS, "claim")
    with pytest.raises(ScfError, match=r"claim.*scf/db/walls\.py"):
        row_security.statements()


@pytest.mark.parametrize("seed", range(3))
def test_each_party_sees_exactly_its_rows_of_every_table(shared: Granted, seed: int) -> None:
    rows = by_chance(random.Random(seed))
    fill(shared, rows)
    belonging = Rows(rows)
    seen = 0
    for reader in PARTIES:
        with shared.production.reading(reader) as connection:
            for table in every_table():
                if table.name in OPEN:
                    continue
                key = list(table.primary_key.columns)
                visible = {tuple(row) for row in connection.execute(select(*key))}
                expected = {tuple(row[column.name] for column in key) for row in belonging.of(table.name, reader)}
                assert visible == expected, (table.name, reader)
                seen += len(visible)
    assert seen > 500, "the rows of chance belong to nobody"


def test_who_names_nobody_sees_nothing(shared: Granted) -> None:
    fill(shared, by_chance(random.Random(0)))
    for reader in (None, 0, 999):
        with shared.production.engine.connect().execution_options(reader=reader) as connection:
            for table in every_table():
                if table.name not in OPEN:
                    assert connection.scalar(select(func.count()).select_from(table)) == 0, (table.name, reader)


def test_the_platform_and_the_owner_see_everything(shared: Granted) -> None:
    rows = by_chance(random.Random(0))
    fill(shared, rows)
    for database in (shared.production, shared.owner):
        with database.reading() as connection:
            for table in every_table():
                if table.name not in OPEN:
                    counted = connection.scalar(select(func.count()).select_from(table))
                    assert counted == len(rows[table.name]), table.name


def by_chance(chance: random.Random) -> ByChance:
    """A few rows of every table; whatever may hold an organisation, a book or another row's key holds any of them."""
    ids = count(1000)
    keys: dict[str, list[Any]] = {}
    for table in every_table():
        keys[table.name] = keys_of(table, keys, ids)
    return {
        table.name: [
            {column.name: value(chance, keys, table, column, key, next(ids)) for column in table.columns}
            for key in keys[table.name]
        ]
        for table in every_table()
        if table.name in WALLS
    }


def keys_of(table: Table, keys: Mapping[str, list[Any]], ids: Iterator[int]) -> list[Any]:
    fixed: dict[str, list[Any]] = {"organisation": list(PARTIES), "book": list(BOOKS)}
    first = next(iter(table.primary_key.columns))
    if table.name in fixed:
        return fixed[table.name]
    if first.foreign_keys and len(table.primary_key.columns) == 1:
        return keys[parent(first)]
    return [f"{n:064x}" if first.type.python_type is str else next(ids) for n in range(ROWS)]


def parent(column: Column[Any]) -> str:
    (foreign,) = column.foreign_keys
    return str(foreign.column.table.name)


def value(
    chance: random.Random, keys: Mapping[str, list[Any]], table: Table, column: Column[Any], key: Any, number: int
) -> Any:
    """What a column holds in the row of a key: a book's funder as given, else whatever chance says."""
    if [column.name] == [each.name for each in table.primary_key]:
        return key
    if (table.name, column.name) == ("book", "funder_id"):
        return BOOKS[key]
    if len(column.foreign_keys) == 1:
        return chance.choice(keys[parent(column)])
    match {rule.column: rule for rule in WALLS[table.name]}.get(column.name):
        case Holder():
            return chance.choice(PARTIES)
        case OfBook():
            return chance.choice(list(BOOKS))
        case OfScope():
            return chance.choice([*PARTIES, *BOOKS])
    if (table.name, column.name) in LOOSE:
        return chance.choice(keys[LOOSE[table.name, column.name]])
    if asked := ASKED[table.name, column.name]:
        return chance.choice([*asked, "other"])
    return filling(column, number)


def filling(column: Column[Any], number: int) -> Any:
    """Some value of the column's type, not the same twice."""
    kind = column.type.python_type
    words = f"{number}"[: getattr(column.type, "length", None) or 20]
    some = {
        int: number,
        str: words,
        date: date.fromordinal(730_000 + number),
        datetime: datetime(2026, 1, 5, tzinfo=UTC),
    }
    return (some | {bool: True, bytes: b"x"})[kind]


def fill(shared: Granted, rows: ByChance) -> None:
    """Write rows that no command would: past checks, unique keys, references and triggers."""
    with shared.owner.engine.begin() as connection:
        checks_and_keys = connection.execute(
            text(
                "SELECT conrelid::regclass, conname FROM pg_constraint WHERE contype IN ('c', 'u', 'f')"
                " AND connamespace = 'public'::regnamespace ORDER BY contype DESC"
            )
        ).all()
        by_key = sorted(checks_and_keys, key=lambda each: not str(each[1]).startswith("fk_"))
        for name, constraint in by_key:
            connection.execute(text(f'ALTER TABLE {name} DROP CONSTRAINT "{constraint}" CASCADE'))
        for index in connection.scalars(text("SELECT indexname FROM pg_indexes WHERE indexname LIKE 'uq\\_%'")).all():
            connection.execute(text(f'DROP INDEX "{index}"'))
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        for name, values in rows.items():
            connection.execute(insert(metadata.tables[name]), list(values))


@pytest.mark.parametrize("reader", [-1, -7])
def test_nobody_reads_as_the_platform_by_accident(shared: Granted, reader: int) -> None:
    with pytest.raises(ValueError, match="no organisation"):
        shared.production.reading(reader)


def test_the_reader_is_asked_once_a_query_and_keys_are_found_by_their_index(shared: Granted) -> None:
    many = text(
        "INSERT INTO journal SELECT n, n % 10, 'funded', n, 1, '2026-01-05', '2026-01-05', 1, ''"
        " FROM generate_series(1, 20000) AS n"
    )
    with shared.owner.engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(many)
        connection.execute(text("ANALYZE journal"))
    with shared.production.reading(5) as connection:
        plan = "\n".join(connection.scalars(text("EXPLAIN SELECT * FROM journal WHERE id = 7")))
        assert "Index Scan" in plan and "InitPlan" in plan
        plan = "\n".join(connection.scalars(text("EXPLAIN SELECT * FROM journal")))
        assert not re.search(r"Filter:.*scf_", plan), plan


def test_few_rows_and_many_go_in_past_the_walls(shared: Granted) -> None:
    """Arrays, and COPY by way of a table that is gone afterwards, in one transaction; all values as they were."""
    at = datetime(2026, 1, 5, 9, tzinfo=UTC)
    rows = [(n, f"Party {n}", f"REG-{n}", "DE", None if n % 2 else 1, at) for n in range(1, 5001)]
    columns = ("id", "name", "registration_ref", "country", "group_id", "created_at")
    with shared.production.writing() as connection:
        bulk.insert(connection, organisations, columns, rows[:5])
        for start, end in ((5, 2000), (2000, 5000)):
            bulk.insert(connection, organisations, columns, rows[start:end])
    with shared.owner.reading() as connection:
        kept = connection.execute(select(*(organisations.c[name] for name in columns)).order_by(organisations.c.id))
        assert [tuple(row) for row in kept] == rows
        assert not connection.scalar(text("SELECT count(*) FROM pg_class WHERE relname = 'incoming'"))


def test_a_snapshot_stays_one_behind_the_walls(shared: Granted) -> None:
    with snapshot(shared.production) as connection:
        assert connection.scalar(text("SHOW transaction_isolation")) == "repeatable read"
        assert connection.scalar(text("SHOW transaction_read_only")) == "on"
    with shared.production.reading() as connection:
        assert connection.scalar(text("SHOW transaction_isolation")) == "read committed"


def test_readiness_sees_behind_the_walls(shared: Granted) -> None:
    with shared.owner.engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        waiting = {"delivered_at": None, "given_up_at": None}
        late = {column.name: filling(column, 7) for column in outbox.columns} | waiting
        connection.execute(insert(outbox).values(**late))
    checks = readiness(shared.production.engine, shared.production.clock).checks
    assert checks["outbox"].startswith("1 due")
