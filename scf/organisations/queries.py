"""Questions about organisations, and the part that adds them."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from scf.db import bulk
from scf.organisations.models import organisations
from scf.organisations.registration import normal_id

_COLUMNS = ("id", "name", "registration_ref", "country", "group_id", "created_at")


def add(connection: Connection, rows: Sequence[tuple[int, str, str, str, int | None]], at: datetime) -> None:
    """Add organisations: (id, name, registration ref, country, head of the obligor group)."""
    bulk.insert(connection, organisations, _COLUMNS, [(*row, at) for row in rows])


def by_registration(connection: Connection, refs: Iterable[str]) -> dict[str, int]:
    """The ids of organisations by registration number in its normal form; `refs` may be written in any."""
    column = organisations.c.registration_ref
    wanted = bulk.among(connection, column, sorted({normal_id(ref) for ref in refs}))
    return dict(connection.execute(select(column, organisations.c.id).where(wanted)).all())


def names(connection: Connection, ids: Iterable[int]) -> dict[int, str]:
    """The names of organisations by id."""
    wanted = bulk.among(connection, organisations.c.id, sorted(set(ids)))
    return dict(connection.execute(select(organisations.c.id, organisations.c.name).where(wanted)).all())
