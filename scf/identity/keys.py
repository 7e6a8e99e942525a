"""API keys: a person's own, for one organisation, allowed no more than the person is at each use.

A key acts in the name of its maker, so that two keys of one person are one pair of eyes. It shows a second factor to
nobody: where a factor must be fresh it is refused, unless it was made for approvals, by a maker who had just shown one.
"""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from ipaddress import ip_network
from typing import Any

from sqlalchemy import select

from scf import outbox
from scf.commands import Command, ScopeKind, Unit
from scf.db import bulk
from scf.identity.letters import letter
from scf.identity.models_sessions import api_keys
from scf.identity.permissions import NOT_BY_KEY
from scf.outcomes import Outcome, done, refused

LONGEST_DAYS = 365
NETWORKS_MAX = 20
ACTIVE_MAX = 50

_COLUMNS = (
    "id", "organisation_id", "person_id", "name", "secret_hash", "permissions", "networks", "with_approvals", "status",
    "created_at", "expires_at", "version",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key to make. Its last day is counted in UTC; no `networks` means from anywhere.

    `secret_hash` is made where the secret was, and is no part of what a repeated call is compared by.
    """

    name: str
    permissions: tuple[str, ...]
    expires_on: date
    networks: tuple[str, ...] = ()
    with_approvals: bool = False
    secret_hash: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class _Facts:
    unit: Unit
    ids: list[int]
    active: int


@dataclass(frozen=True, slots=True)
class _Plan:
    outcomes: list[Outcome]
    rows: list[tuple[Any, ...]]


def _load(unit: Unit, batch: Sequence[NewKey]) -> _Facts:
    held = select(api_keys.c.id).where(
        api_keys.c.organisation_id == unit.scope.id,
        api_keys.c.person_id == unit.actor.id,
        api_keys.c.status == "active",
        api_keys.c.expires_at > unit.at,
    )
    return _Facts(unit, unit.ids.take(len(batch)), len(unit.connection.execute(held).all()))


def _decide(facts: _Facts, batch: Sequence[NewKey]) -> _Plan:
    plan = _Plan([], [])
    unit = facts.unit
    for id, new in zip(facts.ids, batch, strict=True):
        refusal = _refusal(unit, new, facts.active + len(plan.rows))
        plan.outcomes.append(refusal or done(id))
        if refusal is None:
            listed = (json.dumps(sorted(set(new.permissions))), json.dumps(list(new.networks)))
            row = (id, unit.scope.id, unit.actor.id, new.name, new.secret_hash, *listed, new.with_approvals)
            plan.rows.append((*row, "active", unit.at, _end_of(new.expires_on), 1))
    return plan


def _end_of(on: date) -> datetime:
    return datetime.combine(on + timedelta(days=1), time(), UTC)


def _refusal(unit: Unit, new: NewKey, active: int) -> Outcome | None:
    last_on = unit.at.date() + timedelta(days=LONGEST_DAYS)
    if not unit.at.date() <= new.expires_on <= last_on:
        bound = f"{unit.at.date()} to {last_on}"
        return refused("expires_on", field="expires_on", value=str(new.expires_on), bound=bound, remedy="choose a day")
    if active >= ACTIVE_MAX:
        remedy = "revoke a key that is not used any more"
        return refused("too_many_keys", value=f"{active} keys", bound=f"{ACTIVE_MAX} a person", remedy=remedy)
    return _rights_refusal(unit, new) or _networks_refusal(new)


def _rights_refusal(unit: Unit, new: NewKey) -> Outcome | None:
    if not new.permissions:
        return refused("no_permissions", field="permissions", remedy="name what the key is for")
    beyond = sorted(set(new.permissions) & NOT_BY_KEY)
    if beyond:
        remedy = "a person does this, signed in"
        return refused("not_by_key", field="permissions", value=", ".join(beyond), remedy=remedy)
    lacking = sorted(each for each in set(new.permissions) if not unit.actor.may(each))
    if lacking:
        remedy = "a key may do what its maker may; leave these out"
        return refused("not_yours", field="permissions", value=", ".join(lacking), remedy=remedy)
    if new.with_approvals and not unit.actor.stepped_up:
        remedy = "show your second factor again, then repeat"
        return refused("step_up_needed", field="with_approvals", remedy=remedy)
    return None


def _networks_refusal(new: NewKey) -> Outcome | None:
    if len(new.networks) > NETWORKS_MAX:
        return refused("too_many_networks", field="networks", value=str(len(new.networks)), bound=str(NETWORKS_MAX))
    for network in new.networks:
        try:
            ip_network(network)
        except ValueError:
            remedy = "give networks like 203.0.113.0/24"
            return refused("not_a_network", field="networks", value=network, remedy=remedy)
    return None


def _write(unit: Unit, _facts: _Facts, plan: _Plan) -> None:
    bulk.insert(unit.connection, api_keys, _COLUMNS, plan.rows)
    if plan.rows:
        names = ", ".join(row[3] for row in plan.rows)
        outbox.write(unit, [letter("keys made", unit.actor.id, names=names, organisation_id=unit.scope.id)])


MAKE = Command("keys.make", ScopeKind.ORGANISATION, _load, _decide, _write, batch_max=20)


def new_key_secret() -> str:
    """The secret part of a key: 256 random bits."""
    return secrets.token_hex(32)
