"""Fanning an announcement out: a delivery for every endpoint of the organisation that wants it, each on its own."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from scf import outbox
from scf.commands import transact
from scf.db.engine import Database
from scf.ids import Ids
from scf.module import Surroundings
from scf.webhooks.bodies import body_text
from scf.webhooks.models import ACTIVE, deliveries, endpoints
from scf.webhooks.sending import call, insert_deliveries, rows_of


def fan_out(database: Database, _surroundings: Surroundings, payload: Mapping[str, Any]) -> None:
    """Put down what an announcement means for the endpoints there are now; a second time changes nothing."""
    # taken first: leasing the process's node of ids writes, and would wait for the transaction below
    ids, now = database.ids(), database.clock.now()

    def work(connection: Connection) -> None:
        wanting = _endpoints(connection, payload)
        if wanting:
            _put(connection, ids, payload, wanting, now)

    transact(database, work)


def _endpoints(connection: Connection, payload: Mapping[str, Any]) -> list[int]:
    """The active endpoints that subscribed to the kind and have no delivery of this announcement yet."""
    known = select(deliveries.c.endpoint_id).where(
        deliveries.c.endpoint_id == endpoints.c.id, deliveries.c.message_id == payload["id"]
    )
    rows = connection.execute(
        select(endpoints.c.id, endpoints.c.kinds)
        .where(
            endpoints.c.organisation_id == payload["organisation_id"],
            endpoints.c.status == ACTIVE,
            ~known.exists(),
        )
        .order_by(endpoints.c.id)
    )
    return [id for id, kinds in rows if wants(json.loads(kinds), payload["kind"])]


def wants(kinds: list[str], kind: str) -> bool:
    """Whether a subscription covers a kind; an empty one covers all."""
    return not kinds or kind in kinds


def _put(connection: Connection, ids: Ids, payload: Mapping[str, Any], endpoint_ids: list[int], now: datetime) -> None:
    organisation_id, kind = payload["organisation_id"], payload["kind"]
    body = body_text(kind, datetime.fromisoformat(payload["at"]), organisation_id, payload["ids"])
    own = ids.take(len(endpoint_ids))
    bodies = [(id, endpoint_id, payload["id"], body) for id, endpoint_id in zip(own, endpoint_ids, strict=True)]
    insert_deliveries(connection, rows_of(organisation_id, kind, bodies, now))
    outbox.add(connection, ids, organisation_id, [call(id) for id in own], now)
