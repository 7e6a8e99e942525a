"""Questions about second factors: which a person has."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from scf.identity.models_factors import passkeys, recovery_codes, totps


@dataclass(frozen=True, slots=True)
class Factor:
    """A second factor as its owner sees it; `kind` is `totp` or `passkey`."""

    id: int
    kind: str
    name: str
    created_at: datetime
    used_at: datetime | None


def of_person(connection: Connection, person_id: int) -> list[Factor]:
    """A person's factors, oldest first."""
    found = []
    for kind, table in (("totp", totps), ("passkey", passkeys)):
        rows = connection.execute(
            select(table.c.id, table.c.name, table.c.created_at, table.c.used_at).where(
                table.c.person_id == person_id, table.c.ended_at.is_(None)
            )
        )
        found += [Factor(row.id, kind, row.name, row.created_at, row.used_at) for row in rows]
    return sorted(found, key=lambda factor: factor.id)


def unused_code_count(connection: Connection, person_id: int) -> int:
    """How many recovery codes a person has left."""
    mine = (recovery_codes.c.person_id == person_id) & (recovery_codes.c.status == "unused")
    return connection.execute(select(func.count()).select_from(recovery_codes).where(mine)).scalar_one()
