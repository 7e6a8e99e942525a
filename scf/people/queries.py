"""Questions about people, and the parts that add and erase them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects import postgresql, sqlite

from scf.db import bulk
from scf.people import filters, preferences
from scf.people.models import people

ERASED = "erased person"
PLATFORM_NAME = "platform"
UNKNOWN = "unknown person"

_COLUMNS = ("id", "name", "email", "local_to_id", "created_at", "seen_at", "erased_at", "version")


class Met(NamedTuple):
    """A person of a command line, and when they were last met there, to the day."""

    id: int
    seen_at: datetime


def names(connection: Connection, ids: Iterable[int | None]) -> dict[int, str]:
    """The names of people by id, of every id asked for; 0 is the platform itself."""
    wanted = sorted({id for id in ids if id})
    rows = connection.execute(select(people.c.id, people.c.name).where(bulk.among(connection, people.c.id, wanted)))
    return {0: PLATFORM_NAME, **dict.fromkeys(wanted, UNKNOWN), **dict(rows.all())}


def add(connection: Connection, rows: Sequence[tuple[int, str, str]], at: datetime) -> None:
    """Add people who sign in: (id, name, e-mail address in its normal form)."""
    bulk.insert(connection, people, _COLUMNS, [(id, name, email, None, at, at, None, 1) for id, name, email in rows])


def local(connection: Connection, organisation_id: int, name: str) -> Met | None:
    """A person of an organisation's command line, None when nobody of that name was met there yet."""
    which = (people.c.local_to_id == organisation_id) & (people.c.name == name)
    row = connection.execute(select(people.c.id, people.c.seen_at).where(which)).one_or_none()
    return Met._make(row) if row else None


def meet_local(connection: Connection, id: int, organisation_id: int, name: str, at: datetime) -> int:
    """Note that a person of an organisation's command line is met; one who is new there gets `id`. Returns their id."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    new = {"id": id, "name": name, "local_to_id": organisation_id, "created_at": at, "seen_at": at, "version": 1}
    met = (
        dialect.insert(people)
        .values(new)
        .on_conflict_do_update(index_elements=["local_to_id", "name"], set_={"seen_at": at})
        .returning(people.c.id)
    )
    return int(connection.execute(met).scalar_one())


def by_email(connection: Connection, email: str) -> int | None:
    """The id of the person with an e-mail address, written in any way."""
    which = people.c.email == normal_email(email)
    return connection.execute(select(people.c.id).where(which)).scalar_one_or_none()


def normal_email(email: str) -> str:
    """An e-mail address as it is kept and compared."""
    return email.strip().lower()


def lock(connection: Connection, ids: Iterable[int]) -> dict[int, datetime | None]:
    """When people were erased, by id, None for those who are not; locked. Ids that nobody has are left out."""
    rows = connection.execute(
        select(people.c.id, people.c.erased_at)
        .where(bulk.among(connection, people.c.id, sorted(set(ids))))
        .order_by(people.c.id)
        .with_for_update(key_share=True)
    )
    return dict(rows.all())


def unseen_local(connection: Connection, before: datetime) -> list[int]:
    """The people of command lines who were last met before a moment, locked; those erased are of no command line."""
    rows = connection.execute(
        select(people.c.id)
        .where(people.c.local_to_id.is_not(None), people.c.seen_at < before)
        .order_by(people.c.id)
        .with_for_update()
    )
    return list(rows.scalars())


def erase(connection: Connection, ids: Sequence[int], at: datetime) -> None:
    """Take a person's name and address out, and what they liked; the id stays, and with it what it signed."""
    values = {"name": ERASED, "email": None, "local_to_id": None, "erased_at": at, "version": people.c.version + 1}
    connection.execute(update(people).where(bulk.among(connection, people.c.id, ids)).values(values))
    preferences.blank(connection, ids)
    filters.forget_people(connection, ids, at)
