"""Rows in bulk: the fastest way in, id lists as arrays, and guarded status moves.

Ids travel as one array parameter (`json_each` on SQLite), so a statement has the same text at any batch size.
"""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
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
    column,
    func,
    select,
    update,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import InstrumentedAttribute

from scf.errors import StaleWrite

Row = Sequence[Any]


def insert(connection: Connection, table: Table, columns: Sequence[str], rows: Collection[Row]) -> None:
    """Insert rows given in the order of `columns`: COPY on PostgreSQL, a prepared `executemany` on SQLite."""
    if not rows:
        return
    with _driver_cursor(connection) as raw:
        _INSERT[connection.dialect.name](raw, table.name, columns, _bound(connection.dialect, table, columns, rows))


@contextmanager
def _driver_cursor(connection: Connection) -> Iterator[Any]:
    """The driver's own cursor; its errors come out as SQLAlchemy's, so that `commands.run` knows which to retry."""
    cursor = connection.connection.cursor()
    driver = connection.dialect.loaded_dbapi
    try:
        yield cursor
    except driver.Error as error:
        raise DBAPIError.instance(None, None, error, driver.Error, dialect=connection.dialect) from error
    finally:
        cursor.close()


def _bound(dialect: Dialect, table: Table, columns: Sequence[str], rows: Iterable[Row]) -> Iterable[Row]:
    """The rows with the few values converted whose Python type the driver does not take as it is."""
    binds = [(n, bind) for n, name in enumerate(columns) if (bind := _binder(dialect, table.c[name]))]
    if not binds:
        return rows
    return (_convert(list(row), binds) for row in rows)


def _convert(row: list[Any], binds: list[tuple[int, Callable[[Any], Any]]]) -> list[Any]:
    for n, bind in binds:
        if row[n] is not None:
            row[n] = bind(row[n])
    return row


def _binder(dialect: Dialect, column: Column[Any]) -> Callable[[Any], Any] | None:
    if dialect.name == "postgresql" and column.type.python_type is not bytes:
        return None
    bind = column.type.dialect_impl(dialect).bind_processor(dialect)
    return _remembering(bind) if bind and column.type.python_type.__name__ in ("date", "datetime") else bind


def _remembering(bind: Callable[[Any], Any]) -> Callable[[Any], Any]:
    # a batch holds few distinct dates, and turning one into text costs more than looking it up
    return cache(bind)


def _copy(cursor: Any, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
    with cursor.copy(f'COPY "{table}" ({", ".join(columns)}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row(row)


def _executemany(cursor: Any, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
    marks = ", ".join("?" * len(columns))
    cursor.executemany(f'INSERT INTO "{table}" ({", ".join(columns)}) VALUES ({marks})', rows)


_INSERT: dict[str, Callable[[Any, str, Sequence[str], Iterable[Row]], None]] = {
    "postgresql": _copy,
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
    each = func.json_each(listed).table_valued(column("value"))
    return select(each.c.value)


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


def set_each(connection: Connection, table: Table, names: Sequence[str], rows: Collection[Row]) -> None:
    """Set integer columns of rows by id in one statement; a row is (id, value, value …) in the order of `names`.

    Raises `StaleWrite` when a row is missing.
    """
    if not rows:
        return
    with _driver_cursor(connection) as raw:
        if connection.dialect.name == "postgresql":
            arrays = ", ".join("%s::bigint[]" for _ in range(len(names) + 1))
            sets = ", ".join(f"{name} = given.{name}" for name in names)
            raw.execute(
                f'UPDATE "{table.name}" AS held SET {sets} FROM unnest({arrays}) AS given(id, {", ".join(names)})'
                " WHERE held.id = given.id",
                [list(values) for values in zip(*rows, strict=True)],
            )
        else:
            sets = ", ".join(f"{name} = ?" for name in names)
            raw.executemany(f'UPDATE "{table.name}" SET {sets} WHERE id = ?', [(*row[1:], row[0]) for row in rows])
        if raw.rowcount != len(rows):
            raise StaleWrite(f"{table.name}: {raw.rowcount} of {len(rows)} rows were there")
