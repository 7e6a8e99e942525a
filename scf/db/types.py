"""Column types that mean the same on SQLite (STRICT) and PostgreSQL, and the one `MetaData`."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, Column, DateTime, MetaData, Table, TypeDecorator
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import SchemaItem
from sqlalchemy.types import BigInteger as _BigInteger
from sqlalchemy.types import Boolean as _Boolean
from sqlalchemy.types import Date as _Date
from sqlalchemy.types import DateTime as _DateTime
from sqlalchemy.types import String as _String
from sqlalchemy.types import Text as _Text

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite's STRICT tables know only INTEGER, TEXT, BLOB and REAL.
_STRICT = {
    _BigInteger: "INTEGER",
    _Boolean: "INTEGER",
    _Date: "TEXT",
    _DateTime: "TEXT",
    _String: "TEXT",
    _Text: "TEXT",
}


def _strict(name: str) -> Any:
    return lambda _type, _compiler, **_options: name


for _type, _name in _STRICT.items():
    compiles(_type, "sqlite")(_strict(_name))


class UTCDateTime(TypeDecorator[datetime]):
    """An instant in UTC; naive values are refused, on SQLite the zone is given back when read."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        """What its values are."""
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive instants; store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        value = value.astimezone(UTC)
        return value if dialect.name == "postgresql" else value.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Always aware, always UTC."""
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


def table(name: str, *columns: SchemaItem, bulk_loaded: bool = False, append_only: bool = False) -> Table:
    """A table of the platform: STRICT on SQLite.

    What a `bulk_loaded` one must refer to is checked a statement at a time on PostgreSQL (see `scf.db.references`).
    The rows of an `append_only` one can be neither changed nor deleted (see `scf.db.append_only`).
    """
    info = {"bulk_loaded": bulk_loaded, "append_only": append_only}
    made = Table(name, metadata, *columns, sqlite_strict=True, info=info)
    if bulk_loaded:
        for constraint in made.foreign_key_constraints:
            if not any(column.nullable for column in constraint.columns):
                constraint.ddl_if(dialect="sqlite")
    return made


def id_column() -> Column[int]:
    """The key, made by the process, never by the database."""
    return Column("id", BigInteger, primary_key=True, autoincrement=False)


def one_of(column: str, values: Iterable[str]) -> str:
    """The condition that a column holds one of a closed list of words."""
    return f"{column} IN ({', '.join(repr(str(value)) for value in values)})"
