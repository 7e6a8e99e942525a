"""Parts that add and end memberships, and the facts about them that several commands decide by."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from scf.commands import Unit
from scf.db import bulk
from scf.identity.models_members import memberships
from scf.outcomes import Outcome, refused
from scf.roles import Role

_COLUMNS = (
    "id", "organisation_id", "person_id", "role", "status", "granted_at", "granted_by_id", "version",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Held:
    """The roles held in one organisation by the people asked about and by all its administrators, locked."""

    ids: Mapping[tuple[int, Role], int]

    def of(self, person_id: int) -> frozenset[Role]:
        """The roles of a person."""
        return frozenset(role for person, role in self.ids if person == person_id)

    def administrators(self) -> set[int]:
        """Who are administrators."""
        return {person for person, role in self.ids if role is Role.ADMINISTRATOR}


def lock_held(unit: Unit, person_ids: Iterable[int]) -> Held:
    """Read and lock the roles in the organisation of the command: of these people, and every administrator's.

    The administrators are locked so that of two who are taken at once the second is found to be the last.
    """
    theirs = bulk.among(unit.connection, memberships.c.person_id, sorted(set(person_ids)))
    rows = unit.connection.execute(
        select(memberships.c.id, memberships.c.person_id, memberships.c.role)
        .where(memberships.c.organisation_id == unit.scope.id, memberships.c.status == "active")
        .where(theirs | (memberships.c.role == Role.ADMINISTRATOR))
        .order_by(memberships.c.id)
        .with_for_update(key_share=True)
    )
    return Held({(row.person_id, Role(row.role)): row.id for row in rows})


def known(connection: Connection, organisation_id: int, person_ids: Iterable[int]) -> set[int]:
    """Which of these people are members of the organisation, or ever were."""
    theirs = bulk.among(connection, memberships.c.person_id, sorted(set(person_ids)))
    which = select(memberships.c.person_id).where(memberships.c.organisation_id == organisation_id, theirs)
    return set(connection.execute(which).scalars())


def administrators_ever(connection: Connection, organisation_ids: Iterable[int]) -> dict[int, int]:
    """How many people have ever been administrators of each organisation; one that had none is left out."""
    wanted = bulk.among(connection, memberships.c.organisation_id, sorted(set(organisation_ids)))
    counted = (
        select(memberships.c.organisation_id, func.count(memberships.c.person_id.distinct()))
        .where(wanted, memberships.c.role == Role.ADMINISTRATOR)
        .group_by(memberships.c.organisation_id)
    )
    return dict(connection.execute(counted).all())


def add(
    connection: Connection,
    rows: Sequence[tuple[int, int, int, Role]],
    by_id: int,
    at: datetime,
) -> None:
    """Add roles: (id, organisation, person, role)."""
    bulk.insert(connection, memberships, _COLUMNS, [(*row, "active", at, by_id, 1) for row in rows])


def end(unit: Unit, ids: Collection[int], status: str, why: str) -> None:
    """End roles that were locked; `status` says whether they were taken or suspended."""
    values = {"ended_at": unit.at, "ended_by_id": unit.actor.id, "ended_why": why}
    bulk.move(unit.connection, memberships, sorted(ids), "active", status, **values)


def not_here(role: Role, here: frozenset[Role]) -> Outcome | None:
    """The refusal of a role that organisations of this kind do not have."""
    if role in here:
        return None
    bound = ", ".join(sorted(here))
    return refused("role_not_here", field="role", value=role, bound=bound, remedy="choose one of these")
