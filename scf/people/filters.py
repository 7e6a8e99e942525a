"""Filters that people keep: the query of a page under a name; and the parts that keep, find and forget them."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, select, update

from scf.db import bulk
from scf.people.models import saved_filters

# so many of a person for one organisation: what is more is no help
FILTERS_MAX = 200
_COLUMNS = (
    "id", "person_id", "organisation_id", "path", "name", "query", "created_at", "forgotten_at", "version",
)  # fmt: skip


class SavedFilter(NamedTuple):
    """A filter that somebody keeps for a page."""

    id: int
    path: str
    name: str
    query: str


def of_page(connection: Connection, person_id: int, organisation_id: int, path: str) -> Sequence[SavedFilter]:
    """What a person keeps for a page, by name."""
    return _read(connection, person_id, organisation_id, saved_filters.c.path == path)


def of_person(connection: Connection, person_id: int, organisation_id: int) -> Sequence[SavedFilter]:
    """What a person keeps for an organisation, by page and name."""
    return _read(connection, person_id, organisation_id, saved_filters.c.id > 0)


def _read(
    connection: Connection, person_id: int, organisation_id: int, which: ColumnElement[bool]
) -> Sequence[SavedFilter]:
    kept = saved_filters.c
    rows = connection.execute(
        select(kept.id, kept.path, kept.name, kept.query)
        .where(_of(person_id, organisation_id), which)
        .order_by(kept.path, kept.name)
        .limit(FILTERS_MAX)
    )
    return [SavedFilter._make(row) for row in rows]


def _of(person_id: int, organisation_id: int) -> ColumnElement[bool]:
    kept = saved_filters.c
    return (kept.person_id == person_id) & (kept.organisation_id == organisation_id) & kept.forgotten_at.is_(None)


def add(connection: Connection, person_id: int, organisation_id: int, new: Sequence[SavedFilter], at: datetime) -> None:
    """Keep filters."""
    rows = [(each.id, person_id, organisation_id, each.path, each.name, each.query, at, None, 1) for each in new]
    bulk.insert(connection, saved_filters, _COLUMNS, rows)


def forget(connection: Connection, ids: Sequence[int], at: datetime) -> None:
    """Forget filters: what they said is blanked."""
    _blank(connection, bulk.among(connection, saved_filters.c.id, ids), at)


def forget_people(connection: Connection, ids: Sequence[int], at: datetime) -> None:
    """Forget all that people kept who are erased."""
    _blank(connection, bulk.among(connection, saved_filters.c.person_id, ids), at)


def _blank(connection: Connection, which: ColumnElement[bool], at: datetime) -> None:
    values = {"name": "", "query": "", "forgotten_at": at, "version": saved_filters.c.version + 1}
    blanking = update(saved_filters).where(which, saved_filters.c.forgotten_at.is_(None))
    connection.execute(blanking.values(values))
