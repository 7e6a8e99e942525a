"""The floor of a command: the rows it wrote, read back and written again by the fastest raw means.

The same rows go into the same tables, keys, indexes and checks of a copy of the database, in one transaction: binary
`COPY` of ready-made bytes on PostgreSQL, `executemany` of ready-made tuples on SQLite, and the same updates. It reads
and decides nothing. `into_bare_tables` writes the inserted rows into tables without a key, an index or a check.
"""

import json
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine

from scf.clock import seconds

Insert = Callable[[Any, str, Any], None]


@dataclass(frozen=True, slots=True)
class Moved:
    """Rows of a table moved from one status to another."""

    table: str
    ids: list[int]
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Written:
    """What a command wrote: new rows by table as the driver takes them, moves, and accounts' running totals."""

    rows: dict[str, Any]
    moves: Sequence[Moved]
    totals: list[tuple[int, int, int]]


def captured(engine: Engine, keys: dict[str, str], since: int, moves: Sequence[Moved], before: set[Any]) -> Written:
    """Read back what was written with keys from `since` on; `keys` names each table's key, parents first.

    `before` holds the (id, debit, credit) of the accounts as they were.
    """
    with closing(engine.raw_connection()) as connection, closing(connection.cursor()) as cursor:
        read = _READ[engine.dialect.name]
        rows = {table: read(cursor, f"{table} WHERE {key} >= {since} ORDER BY {key}") for table, key in keys.items()}
        return Written(rows, moves, sorted(totals(engine) - before))


def totals(engine: Engine) -> set[tuple[int, int, int]]:
    """The running totals of all accounts: (id, debit, credit)."""
    with closing(engine.raw_connection()) as connection, closing(connection.cursor()) as cursor:
        cursor.execute("SELECT id, debit_minor, credit_minor FROM account")
        return set(cursor.fetchall())


def into_the_same_tables(engine: Engine, written: Written) -> float:
    """Seconds to write it all again, durable commit included."""
    name = engine.dialect.name
    with closing(engine.raw_connection()) as connection, closing(connection.cursor()) as cursor:
        began = seconds()
        _BEGIN[name](cursor)
        for moved in written.moves:
            _MOVE[name](cursor, moved)
        for table, rows in written.rows.items():
            _INSERT[name](cursor, table, rows)
        _TOTALS[name](cursor, written.totals)
        connection.commit()
        return seconds() - began


def into_bare_tables(engine: Engine, written: Written) -> float:
    """Seconds to write the inserted rows into tables that check nothing, durable commit included."""
    name = engine.dialect.name
    with closing(engine.raw_connection()) as connection, closing(connection.cursor()) as cursor:
        for table in written.rows:
            cursor.execute(f"CREATE TABLE bare_{table} AS SELECT * FROM {table} WHERE 1 = 0")
        connection.commit()
        began = seconds()
        _BEGIN[name](cursor)
        for table, rows in written.rows.items():
            _INSERT[name](cursor, f"bare_{table}", rows)
        connection.commit()
        return seconds() - began


def _read_bytes(cursor: Any, what: str) -> bytes:
    with cursor.copy(f"COPY (SELECT * FROM {what}) TO STDOUT (FORMAT BINARY)") as copy:
        return b"".join(copy)


def _read_tuples(cursor: Any, what: str) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = cursor.execute(f"SELECT * FROM {what}").fetchall()
    return rows


def _copy(cursor: Any, table: str, rows: bytes) -> None:
    with cursor.copy(f"COPY {table} FROM STDIN (FORMAT BINARY)") as copy:
        copy.write(rows)


def _executemany(cursor: Any, table: str, rows: list[tuple[Any, ...]]) -> None:
    if rows:
        cursor.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)


def _move_array(cursor: Any, moved: Moved) -> None:
    cursor.execute(
        f"UPDATE {moved.table} SET status = %s, version = version + 1 WHERE id = ANY(%s) AND status = %s",
        (moved.target, moved.ids, moved.source),
    )


def _move_listed(cursor: Any, moved: Moved) -> None:
    cursor.execute(
        f"UPDATE {moved.table} SET status = ?, version = version + 1"
        " WHERE id IN (SELECT value FROM json_each(?)) AND status = ?",
        (moved.target, json.dumps(moved.ids), moved.source),
    )


def _set_totals(mark: str) -> Callable[[Any, list[tuple[int, int, int]]], None]:
    def update(cursor: Any, rows: list[tuple[int, int, int]]) -> None:
        statement = f"UPDATE account SET debit_minor = {mark}, credit_minor = {mark} WHERE id = {mark}"
        cursor.executemany(statement, [(debit, credit, id) for id, debit, credit in rows])

    return update


_READ: dict[str, Callable[[Any, str], Any]] = {"postgresql": _read_bytes, "sqlite": _read_tuples}
_INSERT: dict[str, Insert] = {"postgresql": _copy, "sqlite": _executemany}
_MOVE = {"postgresql": _move_array, "sqlite": _move_listed}
_TOTALS = {"postgresql": _set_totals("%s"), "sqlite": _set_totals("?")}
# psycopg begins by itself; on SQLite the engine's connections leave it to us
_BEGIN: dict[str, Callable[[Any], object]] = {
    "postgresql": lambda cursor: None,
    "sqlite": lambda cursor: cursor.execute("BEGIN IMMEDIATE"),
}
