"""Questions about API keys: which of a person's open something now."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from scf.identity.models_sessions import api_keys


def active_of(
    connection: Connection, organisation_id: int, person_id: int, at: datetime
) -> list[Row[*tuple[Any, ...]]]:
    """A person's keys for an organisation that are neither revoked nor over, oldest first."""
    held = api_keys.c
    rows = connection.execute(
        select(held.id, held.name, held.with_approvals, held.created_at, held.expires_at, held.used_at)
        .where(held.organisation_id == organisation_id, held.person_id == person_id)
        .where(held.status == "active", held.expires_at > at)
        .order_by(held.id)
    )
    return list(rows)
