"""Rows in bulk: the fastest way in, id lists as arrays, and guarded status moves.

Ids travel as one array parameter (`json_each` on SQLite), so a statement has the same text at any batch size.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, lru_cache
from itertools import chain
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Dialect,
    String,
    Table,
    bindparam,
    func,
    text,
    update,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import InstrumentedAttribute

from scf.errors import StaleWrite

Row = Sequence[Any]

# from so many rows on, a table made and dropped costs less than arrays
_STAGED_FROM = 1_000
_STAGE = "incoming"
_JSON_VALUES = text("SELECT value FROM json_each(:listed)")


def insert(connection: Connection, table: Table, columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Insert rows given in the order of `columns`: a prepared `executemany` on SQLite, COPY on PostgreSQL.

    COPY and row-level security do not go together: a role that the walls bind sends few rows as arrays, and many by
    COPY into a table of the transaction's own, from which the server takes them: three statements more.
    """
    if rows:
        _INSERT[connection.dialect.name](connection, table, columns, _bound(connection.dialect, table, columns, rows))


def load(connection: Connection, table: Table, columns: Sequence[str], chunks: Iterable[Sequence[Row]]) -> None:
    """Insert a stream of rows in flat memory, as one statement on PostgreSQL: a row may refer to a later one."""
    given = (_bound(connection.dialect, table, columns, rows) for rows in chunks if rows)
    if connection.dialect.name == "postgresql":
        _copy(connection, table, table.name, columns, chain.from_iterable(given))
        return
    for rows in given:
        _executemany(connection, table, columns, rows)


def _bound(dialect: Dialect, table: Table, columns: Sequence[str], rows: Sequence[Row]) -> Sequence[Row]:
    """The rows with the few values converted whose Python type the driver does not take as it is."""
    binds = [(n, bind) for n, name in enumerate(columns) if (bind := _binder(dialect, table.c[name]))]
    if not binds:
        return rows
    by_column: list[Iterable[Any]] = list(zip(*rows, strict=True))
    for n, bind in binds:
        by_column[n] = map(bind, by_column[n])
    return list(zip(*by_column, strict=True))


def _binder(dialect: Dialect, column: Column[Any]) -> Callable[[Any], Any] | None:
    if dialect.name == "postgresql" and column.type.python_type is not bytes:
        return None
    bind = column.type.dialect_impl(dialect).bind_processor(dialect)
    return _remembering(bind) if bind and column.type.python_type.__name__ in ("date", "datetime") else bind


def _remembering(bind: Callable[[Any], Any]) -> Callable[[Any], Any]:
    # a batch holds few distinct dates, and turning one into text costs more than looking it up
    return cache(bind)


def _into_postgresql(connection: Connection, table: Table, columns: Sequence[str], rows: Sequence[Row]) -> None:
    if not _is_walled(connection, table):
        _copy(connection, table, table.name, columns, rows)
    elif len(rows) < _STAGED_FROM:
        _arrays(connection, table, columns, rows)
    else:
        _stage(connection, table, columns, rows)


def _is_walled(connection: Connection, table: Table) -> bool:
    """Whether row-level security binds this connection's role; asked once a connection and table, and not announced."""
    known: dict[str, bool] = connection.info.setdefault("walled", {})
    if table.name not in known:
        server: Any = connection.connection.dbapi_connection
        asked = server.execute("SELECT row_security_active(%s)", (f'"{table.name}"',))
        known[table.name] = bool(asked.fetchone()[0])
    return known[table.name]


def _arrays(connection: Connection, table: Table, columns: Sequence[str], rows: Sequence[Row]) -> None:
    """One array a column: a statement of the same text at any number of rows."""
    arrays = ", ".join(f"%b::{_type_name(connection.dialect, table.c[name])}[]" for name in columns)
    connection.exec_driver_sql(
        f'INSERT INTO "{table.name}" ({", ".join(columns)}) SELECT * FROM unnest({arrays})',
        tuple(list(values) for values in zip(*rows, strict=True)),
    )


def _stage(connection: Connection, table: Table, columns: Sequence[str], rows: Sequence[Row]) -> None:
    listed = ", ".join(columns)
    made = f'CREATE TEMP TABLE {_STAGE} ON COMMIT DROP AS SELECT {listed} FROM "{table.name}" WITH NO DATA'
    connection.exec_driver_sql(made)
    _copy(connection, table, _STAGE, columns, rows)
    connection.exec_driver_sql(f'INSERT INTO "{table.name}" ({listed}) SELECT * FROM {_STAGE}')
    connection.exec_driver_sql(f"DROP TABLE {_STAGE}")


def _copy(connection: Connection, table: Table, target: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """In the binary format, which neither side has to print or parse: twice as fast as text."""
    statement = f'COPY "{target}" ({", ".join(columns)}) FROM STDIN (FORMAT BINARY)'
    with _driver_cursor(connection, statement) as cursor, cursor.copy(statement) as copy:
        copy.set_types([_type_name(connection.dialect, table.c[name]) for name in columns])
        for row in rows:
            copy.write_row(row)


@lru_cache(maxsize=4096)
def _type_name(dialect: Dialect, column: Column[Any]) -> str:
    """The type as PostgreSQL calls it, without its length: "character varying", "bigint"."""
    return column.type.compile(dialect).lower().partition("(")[0]


@contextmanager
def _driver_cursor(connection: Connection, statement: str) -> Iterator[Any]:
    """The driver's own cursor, for the one thing that SQLAlchemy has no words for.

    The statement is announced as SQLAlchemy announces its own, so that whoever logs or counts statements sees it; its
    errors come out as SQLAlchemy's, so that `commands.run` knows which to retry.
    """
    cursor = connection.connection.cursor()
    driver = connection.dialect.loaded_dbapi
    try:
        for told in connection.engine.dispatch.before_cursor_execute:
            told(connection, cursor, statement, (), None, True)
        yield cursor
    except driver.Error as error:
        raise DBAPIError.instance(statement, None, error, driver.Error, dialect=connection.dialect) from error
    finally:
        cursor.close()


def _executemany(connection: Connection, table: Table, columns: Sequence[str], rows: Sequence[Row]) -> None:
    marks = ", ".join("?" * len(columns))
    connection.exec_driver_sql(f'INSERT INTO "{table.name}" ({", ".join(columns)}) VALUES ({marks})', list(rows))


_INSERT: dict[str, Callable[[Connection, Table, Sequence[str], Sequence[Row]], None]] = {
    "postgresql": _into_postgresql,
    "sqlite": _executemany,
}


def among(
    connection: Connection, column: ColumnElement[Any] | InstrumentedAttribute[Any], ids: Iterable[Any]
) -> ColumnElement[bool]:
    """`column` is one of `ids`, with the ids as one parameter. All ids are integers, or all are strings."""
    listed = list(ids)
    if connection.dialect.name == "postgresql":
        array = ARRAY(column.type if isinstance(column.type, String) else BigInteger)
        return column == func.any(sql_cast(bindparam(None, listed, type_=array), array))
    return column.in_(_json_values(json.dumps(listed)))


def _json_values(listed: str) -> Any:
    # as text: building the same out of expressions takes as long as running it
    return _JSON_VALUES.bindparams(bindparam("listed", listed, unique=True))


def move(connection: Connection, table: Table, ids: Sequence[int], source: str, target: str, **values: Any) -> None:
    """Move the status of rows from `source` to `target`, all of them or none, counting the version up.

    The rows were locked when they were read, so their version cannot have changed; the guard on the status and the
    asserted count catch the bug of a command that forgot to lock. Raises `StaleWrite`.
    """
    if not ids:
        return
    statement = (
        update(table)
        .where(among(connection, table.c.id, ids), table.c.status == source)
        .values(status=target, version=table.c.version + 1, **values)
    )
    moved = connection.execute(statement).rowcount
    if moved != len(ids):
        raise StaleWrite(f"{table.name}: {moved} of {len(ids)} rows were still {source}")


def set_each(connection: Connection, table: Table, names: Sequence[str], rows: Sequence[Row]) -> None:
    """Set integer columns of rows by id in one statement; a row is (id, value, value …) in the order of `names`.

    Raises `StaleWrite` when a row is missing.
    """
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        arrays = ", ".join("%s::bigint[]" for _ in range(len(names) + 1))
        sets = ", ".join(f"{name} = given.{name}" for name in names)
        result = connection.exec_driver_sql(
            f'UPDATE "{table.name}" AS held SET {sets} FROM unnest({arrays}) AS given(id, {", ".join(names)})'
            " WHERE held.id = given.id",
            tuple(list(values) for values in zip(*rows, strict=True)),
        )
    else:
        sets = ", ".join(f"{name} = ?" for name in names)
        statement = f'UPDATE "{table.name}" SET {sets} WHERE id = ?'
        result = connection.exec_driver_sql(statement, [(*row[1:], row[0]) for row in rows])
    if result.rowcount != len(rows):
        raise StaleWrite(f"{table.name}: {result.rowcount} of {len(rows)} rows were there")
