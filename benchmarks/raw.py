"""The raw transaction of an advance: the rows that its calls wrote, from the request to the payout sent, in one commit.

The rows are read back, put as they were when they were new, and written again into a copy of the database: one
statement a table for the rows, one a status move, one a running total. It reads, checks and decides nothing.
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine

from scf.clock import seconds

# parents first; how the rows of one advance are found, between the first id of it and of the next
_ROWS: Mapping[str, str] = {
    "command_log": "id >= {since} AND id < {until}",
    "advance_request": "id >= {since} AND id < {until}",
    "proposal": "id >= {since} AND id < {until}",
    "advance": "id >= {since} AND id < {until}",
    "assignment": "id >= {since} AND id < {until}",
    "file": "sha256 IN (SELECT sha256 FROM payment_file WHERE id >= {since} AND id < {until})",
    "payment_file": "id >= {since} AND id < {until}",
    "payout": "id >= {since} AND id < {until}",
    "journal": "id >= {since} AND id < {until}",
    "posting": "journal_id >= {since} AND journal_id < {until}",
    "outbox": "id >= {since} AND id < {until}",
}
# what a row held when it was new, and the statuses it went through since; the first move sets the other values too
_NEW: Mapping[str, Mapping[str, Any]] = {
    "advance_request": {"status": "requested", "version": 1, "reserved_minor": 0, "decided_by_id": None},
    "proposal": {"status": "proposed", "version": 1, "checker_id": None, "decided_at": None},
    "payout": {"status": "instructed", "version": 1, "file_id": None},
}
_MOVES: Mapping[str, Sequence[str]] = {
    "advance_request": ("approved", "funded"),
    "proposal": ("accepted",),
    "payout": ("sent",),
}

Statement = tuple[str, tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Written:
    """The statements of one advance, and the number of rows that they insert."""

    statements: Sequence[Statement]
    row_count: int


def captured(engine: Engine, since: int) -> Iterator[Written]:
    """What the calls wrote for each advance whose ids are `since` or later; the last one's end is not known."""
    mark = "%s" if engine.dialect.name == "postgresql" else "?"
    with closing(engine.raw_connection()) as connection, closing(connection.cursor()) as cursor:
        cursor.execute(f"SELECT id FROM command_log WHERE command = 'factoring.request' AND id >= {since} ORDER BY id")
        first_ids = [id for (id,) in cursor.fetchall()]
        cursor.execute("SELECT id FROM account WHERE floored")
        totalled = {id for (id,) in cursor.fetchall()}
        for since_id, until in itertools.pairwise(first_ids):
            found = {
                table: _rows(cursor, f"{table} WHERE {where.format(since=since_id, until=until)}")
                for table, where in _ROWS.items()
            }
            statements = [*_inserts(found, mark), *_moves(found, mark), *_totals(found["posting"], totalled, mark)]
            yield Written(statements, sum(map(len, found.values())))


def write(engine: Engine, several: Sequence[Written]) -> list[float]:
    """Seconds that each took, its durable commit included."""
    begin = engine.dialect.name == "sqlite"
    taken = []
    with closing(engine.raw_connection()) as connection, closing(connection.cursor()) as cursor:
        for written in several:
            began = seconds()
            # psycopg begins by itself; on SQLite the engine's connections leave it to us
            if begin:
                cursor.execute("BEGIN IMMEDIATE")
            for statement, values in written.statements:
                cursor.execute(statement, values)
            connection.commit()
            taken.append(seconds() - began)
    return taken


def _rows(cursor: Any, what: str) -> list[dict[str, Any]]:
    cursor.execute(f"SELECT * FROM {what}")
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _inserts(found: Mapping[str, list[dict[str, Any]]], mark: str) -> Iterator[Statement]:
    for table, rows in found.items():
        if rows:
            places = ", ".join([f"({', '.join([mark] * len(rows[0]))})"] * len(rows))
            values = tuple(value for row in rows for value in {**row, **_NEW.get(table, {})}.values())
            yield f"INSERT INTO {table} ({', '.join(rows[0])}) VALUES {places}", values


def _moves(found: Mapping[str, list[dict[str, Any]]], mark: str) -> Iterator[Statement]:
    for table, statuses in _MOVES.items():
        for row in found[table]:
            source = _NEW[table]["status"]
            others = {name: row[name] for name in _NEW[table] if name not in ("status", "version")}
            for status in statuses:
                sets = "".join(f", {name} = {mark}" for name in others)
                statement = f"UPDATE {table} SET status = {mark}, version = version + 1{sets}"
                yield (
                    f"{statement} WHERE id = {mark} AND status = {mark}",
                    (status, *others.values(), row["id"], source),
                )
                source, others = status, {}
    for row in found["advance"]:
        moved = "UPDATE receivable SET status = 'funded', version = version + 1"
        yield f"{moved} WHERE id = {mark} AND status = 'open'", (row["receivable_id"],)


def _totals(postings: Sequence[Mapping[str, Any]], totalled: set[int], mark: str) -> Iterator[Statement]:
    """The totals of the accounts that keep some; both sides in one statement an account."""
    moved: dict[int, list[int]] = {}
    for row in postings:
        for side, column in enumerate(("debit_account_id", "credit_account_id")):
            if row[column] in totalled:
                moved.setdefault(row[column], [0, 0])[side] += row["amount_minor"]
    statement = f"UPDATE account SET debit_minor = debit_minor + {mark}, credit_minor = credit_minor + {mark}"
    for id, (debit, credit) in sorted(moved.items()):
        yield f"{statement} WHERE id = {mark}", (debit, credit, id)
