"""An API key at use: whose it is and what it may do now; and making one, with its secret shown once.

A key reads `scf_`, thirteen letters that name its row, `_`, and 256 random bits.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from hmac import compare_digest
from ipaddress import ip_network

from sqlalchemy import Connection, and_, select, update

from scf import ids
from scf.actor import Actor
from scf.commands import in_organisation, run, transact
from scf.db import bulk
from scf.db.engine import Database
from scf.identity import attempts, freshness
from scf.identity.keys import MAKE, NewKey, new_key_secret
from scf.identity.models_members import memberships, operators
from scf.identity.models_sessions import api_keys
from scf.identity.permissions import NOT_BY_KEY
from scf.identity.role_rules import Granted, permissions_of
from scf.identity.tokens import hash_of
from scf.outcomes import Outcome
from scf.people.models import people
from scf.roles import Role

_PREFIX = "scf"

_KEY = (
    select(api_keys, people.c.name.label("person_name"), operators.c.id.label("operator_id"), memberships.c.role)
    .join(people, people.c.id == api_keys.c.person_id)
    .join(
        memberships,
        and_(
            memberships.c.organisation_id == api_keys.c.organisation_id,
            memberships.c.person_id == api_keys.c.person_id,
            memberships.c.status == "active",
        ),
    )
    .outerjoin(operators, operators.c.organisation_id == api_keys.c.organisation_id)
)


def actor_of_key(database: Database, secret: str, address: str, at: datetime, granted: Granted) -> Actor | None:
    """Who a key acts for, None when it is wrong, over, or used from elsewhere than it may be.

    One statement, and once a minute another that notes the key was used.
    """
    id = _id_of(secret)
    if id is None:
        return None
    with database.reading() as connection:
        rows = connection.execute(_KEY.where(api_keys.c.id == id, api_keys.c.status == "active")).all()
    if not rows or not compare_digest(rows[0].secret_hash, hash_of(secret.rpartition("_")[2])):
        return None
    key = rows[0]
    if at >= key.expires_at or not _is_within(address, json.loads(key.networks)):
        return None
    if key.used_at is None or freshness.is_due(key.used_at, at):
        transact(database, lambda connection: _use(connection, key.id, at))
    makers = permissions_of({Role(row.role) for row in rows}, granted)
    allowed = (makers & frozenset(json.loads(key.permissions))) - NOT_BY_KEY
    operates = key.operator_id is not None
    return Actor(
        key.person_id,
        key.person_name,
        key.organisation_id,
        allowed,
        stepped_up=key.with_approvals,
        operates=operates,
    )


def make_keys(
    database: Database, actor: Actor, batch: Sequence[NewKey], key: str
) -> tuple[list[Outcome], dict[int, str]]:
    """Make keys: the outcomes, and the secrets by id, shown this once.

    Repeated under the same idempotency key it gives the same outcomes and no secret: that was told to whoever asked
    first.
    """
    parts = [new_key_secret() for _ in batch]
    # the row's id is not known before the command ran, so the hash is of the random part alone
    asked = [replace(new, secret_hash=hash_of(part)) for new, part in zip(batch, parts, strict=True)]
    outcomes = run(database, MAKE, asked, key=key, actor=actor, scope=in_organisation(actor.organisation_id))
    made = [outcome.id for outcome in outcomes if outcome.accepted and outcome.id]
    with database.reading() as connection:
        which = select(api_keys.c.id, api_keys.c.secret_hash).where(bulk.among(connection, api_keys.c.id, made))
        stored = dict(connection.execute(which).all())
    shown = {
        outcome.id: f"{ids.text(_PREFIX, outcome.id)}_{part}"
        for outcome, part in zip(outcomes, parts, strict=True)
        if outcome.id and stored.get(outcome.id) == hash_of(part)
    }
    return outcomes, shown


def _id_of(secret: str) -> int | None:
    prefix, _, rest = secret.partition("_")
    digits, _, _part = rest.partition("_")
    try:
        id = ids.parse(f"{_PREFIX}_{digits}")
    except ValueError:
        return None
    return id if prefix == _PREFIX and id < 1 << 63 else None


def _is_within(address: str, networks: Sequence[str]) -> bool:
    if not networks:
        return True
    found = attempts.address_of(address)
    return found is not None and any(found in ip_network(each) for each in networks)


def _use(connection: Connection, key_id: int, at: datetime) -> None:
    connection.execute(update(api_keys).where(api_keys.c.id == key_id).values(used_at=at))
