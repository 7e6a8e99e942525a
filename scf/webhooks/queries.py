"""Questions about webhooks: the endpoints, the delivery log, and whether a secret is the one that is kept."""

from typing import Any

from sqlalchemy import Connection, Row, Select, select

from scf.secrets import Vault
from scf.webhooks.models import attempts, deliveries, endpoints
from scf.webhooks.signing import place_of_secret


def endpoints_of(organisation_id: int) -> Select[Any]:
    """An organisation's endpoints, without their secrets."""
    shown = [column for column in endpoints.c if column.name not in ("secret", "old_secret")]
    return select(*shown).where(endpoints.c.organisation_id == organisation_id)


def deliveries_of(organisation_id: int) -> Select[Any]:
    """An organisation's deliveries."""
    return select(deliveries).where(deliveries.c.organisation_id == organisation_id)


def delivery(connection: Connection, organisation_id: int, id: int) -> tuple[Row[Any], list[Row[Any]]] | None:
    """A delivery of an organisation and the attempts at it, the first one first; None when it has no such delivery."""
    found = connection.execute(deliveries_of(organisation_id).where(deliveries.c.id == id)).one_or_none()
    if found is None:
        return None
    made = select(attempts).where(attempts.c.delivery_id == id).order_by(attempts.c.id)
    return found, list(connection.execute(made))


def keeps(connection: Connection, vault: Vault, endpoint_id: int, secret: str) -> bool:
    """Whether a secret is the one an endpoint signs with: of a repeated call it is not, for nothing new was stored."""
    kept = connection.execute(select(endpoints.c.secret).where(endpoints.c.id == endpoint_id)).scalar_one()
    return bool(kept) and vault.open(kept, place_of_secret(endpoint_id)) == secret
