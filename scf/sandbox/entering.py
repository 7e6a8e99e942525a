"""Signing in as one of the sandbox's made-up people, without a password: they are nobody's.

Nobody else can be entered so, and nothing of it exists where the sandbox is not switched on.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from scf.commands import transact
from scf.db.engine import Database
from scf.identity.models_members import memberships
from scf.identity.sessions import Origin, begin, renew
from scf.organisations.models import organisations
from scf.people.models import people
from scf.roles import Role
from scf.sandbox.parties import DOMAIN


@dataclass(frozen=True, slots=True)
class MadeUp:
    """One of the sandbox's people, where they work, and what they are there."""

    person_id: int
    name: str
    organisation_id: int
    organisation_name: str
    roles: Sequence[Role]


def made_up(connection: Connection) -> list[MadeUp]:
    """The sandbox's people, by organisation."""
    rows = connection.execute(
        select(
            people.c.id,
            people.c.name,
            memberships.c.organisation_id,
            organisations.c.name.label("organisation_name"),
            memberships.c.role,
        )
        .join(memberships, (memberships.c.person_id == people.c.id) & (memberships.c.status == "active"))
        .join(organisations, organisations.c.id == memberships.c.organisation_id)
        .where(people.c.email.like(f"%@{DOMAIN}"))
        .order_by(memberships.c.organisation_id, people.c.id, memberships.c.role)
    )
    found: dict[tuple[int, int], MadeUp] = {}
    for row in rows:
        key = (row.id, row.organisation_id)
        roles = (*(found[key].roles if key in found else ()), Role(row.role))
        found[key] = MadeUp(row.id, row.name, row.organisation_id, row.organisation_name, roles)
    return list(found.values())


def enter(database: Database, person_id: int, origin: Origin) -> str | None:
    """Begin a session of one of them, a second factor shown; its token, None for anybody else."""
    at, id = database.clock.now(), database.ids().one()
    with database.reading() as connection:
        person = next((each for each in made_up(connection) if each.person_id == person_id), None)
    if person is None:
        return None
    return transact(
        database,
        lambda connection: begin(connection, id, person_id, person.organisation_id, origin, at, factor_at=at),
    )


def show_factor(database: Database, session_id: int, person_id: int) -> str | None:
    """Show a factor for a session of one of them; its new token, None for anybody else."""
    with database.reading() as connection:
        known = {each.person_id for each in made_up(connection)}
    if person_id not in known:
        return None
    return transact(database, lambda connection: renew(connection, session_id, database.clock.now()))
