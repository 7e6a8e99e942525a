"""Questions about members: who plays which part where, and where somebody may go."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from scf.books.models import books
from scf.db import bulk
from scf.identity.models_members import memberships, operators
from scf.identity.models_sessions import sessions
from scf.identity.role_rules import roles_at
from scf.organisations.models import organisations
from scf.roles import Role


@dataclass(frozen=True, slots=True)
class Choice:
    """An organisation that somebody may act for."""

    organisation_id: int
    name: str


def operator_id(connection: Connection) -> int | None:
    """The organisation that operates the platform, None before `scf init`."""
    return connection.execute(select(operators.c.organisation_id)).scalar_one_or_none()


def choices(connection: Connection, person_id: int) -> list[Choice]:
    """The organisations a person may act for, by name."""
    member = select(memberships.c.organisation_id).where(
        memberships.c.person_id == person_id, memberships.c.status == "active"
    )
    rows = connection.execute(
        select(organisations.c.id, organisations.c.name)
        .where(organisations.c.id.in_(member))
        .order_by(organisations.c.name, organisations.c.id)
    )
    return [Choice(*row) for row in rows]


def organisation_to_enter(connection: Connection, person_id: int) -> int | None:
    """Where a person who signs in goes first: where the last session was, else where they have been longest."""
    lately = select(func.max(sessions.c.created_at)).where(
        sessions.c.person_id == person_id, sessions.c.organisation_id == memberships.c.organisation_id
    )
    order = lately.scalar_subquery()
    return connection.execute(
        select(memberships.c.organisation_id)
        .where(memberships.c.person_id == person_id, memberships.c.status == "active")
        .order_by(order.desc().nulls_last(), memberships.c.granted_at, memberships.c.id)
        .limit(1)
    ).scalar_one_or_none()


def kinds(connection: Connection, organisation_ids: Iterable[int]) -> dict[int, frozenset[Role]]:
    """The roles there are in each organisation."""
    wanted = sorted(set(organisation_ids))
    funders = set(
        connection.execute(select(books.c.funder_id).where(bulk.among(connection, books.c.funder_id, wanted))).scalars()
    )
    operator = operator_id(connection)
    return {id: roles_at(id in funders, id == operator) for id in wanted}
