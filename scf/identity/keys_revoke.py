"""Ending API keys: one's own at any time, anybody's by an administrator. A revoked key opens nothing from then on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from scf.commands import Command, ScopeKind, Unit
from scf.db import bulk
from scf.identity.models_sessions import api_keys
from scf.outcomes import Outcome, done, refused


@dataclass(frozen=True, slots=True)
class _Facts:
    unit: Unit
    held: dict[int, tuple[int, str]]


@dataclass(frozen=True, slots=True)
class _Plan:
    outcomes: list[Outcome]
    ids: list[int]


def _load(unit: Unit, batch: Sequence[int]) -> _Facts:
    rows = unit.connection.execute(
        select(api_keys.c.id, api_keys.c.person_id, api_keys.c.status)
        .where(bulk.among(unit.connection, api_keys.c.id, sorted(set(batch))))
        .where(api_keys.c.organisation_id == unit.scope.id)
        .order_by(api_keys.c.id)
        .with_for_update(key_share=True)
    )
    return _Facts(unit, {row.id: (row.person_id, row.status) for row in rows})


def _decide(facts: _Facts, batch: Sequence[int]) -> _Plan:
    plan = _Plan([], [])
    for id in batch:
        owner, status = facts.held.get(id, (0, ""))
        if not (owner == facts.unit.actor.id or (owner and facts.unit.actor.may("keys.revoke_any"))):
            plan.outcomes.append(refused("not_found", field="key", id=id, remedy="give a key of yours"))
        elif status != "active" or id in plan.ids:
            plan.outcomes.append(refused("already_revoked", field="key", id=id))
        else:
            plan.outcomes.append(done(id))
            plan.ids.append(id)
    return plan


def _write(unit: Unit, _facts: _Facts, plan: _Plan) -> None:
    values = {"ended_at": unit.at, "ended_by_id": unit.actor.id}
    bulk.move(unit.connection, api_keys, plan.ids, "active", "revoked", **values)


REVOKE = Command("keys.revoke", ScopeKind.ORGANISATION, _load, _decide, _write, batch_max=500)


def revoke_all_of(
    connection: Connection, person_ids: Sequence[int], organisation_id: int, by_id: int, at: datetime
) -> None:
    """Revoke every key of people in one organisation; a part for commands that end a membership."""
    theirs = bulk.among(connection, api_keys.c.person_id, sorted(person_ids))
    values = {"status": "revoked", "ended_at": at, "ended_by_id": by_id, "version": api_keys.c.version + 1}
    connection.execute(
        update(api_keys)
        .where(theirs, api_keys.c.organisation_id == organisation_id, api_keys.c.status == "active")
        .values(values)
    )
