"""Endpoints: an organisation says where it wants to be told, and of what. Added, changed, ended; a secret renewed.

A secret is made by whoever calls the command and stored sealed for its row; no log, digest or outcome holds it. An
ended endpoint stays ended, and a change of what somebody else changed meanwhile is refused.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, func, select, update

from scf.announcements import KINDS
from scf.commands import Command, ScopeKind, Unit
from scf.db import bulk
from scf.errors import FieldError
from scf.outcomes import Outcome, done, refused
from scf.secrets import Unsealed
from scf.setting_values import Network
from scf.webhooks.addresses import check_literal, place_of
from scf.webhooks.models import ACTIVE, DISABLED, ENDED, endpoints
from scf.webhooks.signing import place_of_secret

ENDPOINTS_MAX = 20
BATCH_MAX = 50
DESCRIPTION_LENGTH_MAX = 200
OLD_SECRET_VALID = timedelta(hours=24)
_COLUMNS = (
    "id", "url", "description", "kinds", "secret", "organisation_id", "status", "created_at", "version",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NewEndpoint:
    """Where to tell of `kinds` (none named: of all), and the secret to sign with.

    `private` are the networks that the operator allows beside the Internet; like the secret they are no part of what
    a repeated key compares.
    """

    url: str
    description: str
    kinds: tuple[str, ...]
    secret: Unsealed = field(repr=False)
    private: tuple[Network, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Change:
    """What to change of the endpoint that was seen in this version; None leaves as it is."""

    id: int
    version: int
    url: str | None = None
    description: str | None = None
    kinds: tuple[str, ...] | None = None
    active: bool | None = None


@dataclass(frozen=True, slots=True)
class Rotation:
    """A new secret for an endpoint; the old one signs beside it for another day."""

    endpoint_id: int
    secret: Unsealed = field(repr=False)


@dataclass(frozen=True, slots=True)
class _New:
    ids: list[int]
    count: int


@dataclass(frozen=True, slots=True)
class _Plan:
    outcomes: list[Outcome]
    rows: list[tuple[Any, ...]]


def _load_new(unit: Unit, batch: Sequence[NewEndpoint]) -> _New:
    mine = endpoints.c.organisation_id == unit.scope.id
    count = select(func.count()).select_from(endpoints).where(mine, endpoints.c.status != ENDED)
    return _New(unit.ids.take(len(batch)), unit.connection.execute(count).scalar_one())


def _decide_new(facts: _New, batch: Sequence[NewEndpoint]) -> _Plan:
    plan = _Plan([], [])
    for id, new in zip(facts.ids, batch, strict=True):
        refusal = _too_many(facts.count + len(plan.rows)) or _wrong(new.description, new.kinds)
        refusal = refusal or _wrong_url(new.url, new.private)
        plan.outcomes.append(refusal or done(id))
        if refusal is None:
            plan.rows.append((id, new.url, new.description, _kinds_text(new.kinds), new.secret))
    return plan


def _too_many(count: int) -> Outcome | None:
    if count < ENDPOINTS_MAX:
        return None
    return refused(
        "too_many", field="endpoints", value=str(count + 1), bound=str(ENDPOINTS_MAX), remedy="end one that is not used"
    )


def _wrong(description: str | None, kinds: Sequence[str] | None) -> Outcome | None:
    if description is not None and len(description) > DESCRIPTION_LENGTH_MAX:
        value, bound = str(len(description)), f"{DESCRIPTION_LENGTH_MAX} characters"
        return refused("too_long", field="description", value=value, bound=bound)
    unknown = sorted(set(kinds or ()) - KINDS.keys())
    if unknown:
        return refused("kind_unknown", field="kinds", value=unknown[0], remedy="give kinds of the list of events")
    return None


def _wrong_url(url: str, private: Sequence[Network]) -> Outcome | None:
    try:
        check_literal(place_of(url), private)
    except FieldError as error:
        return refused("url_not_allowed", field="url", remedy=error.message)
    return None


def _kinds_text(kinds: Sequence[str]) -> str:
    return json.dumps(sorted(set(kinds)))


def _write_new(unit: Unit, _facts: _New, plan: _Plan) -> None:
    tail = (unit.scope.id, ACTIVE, unit.at, 1)
    rows = [(id, *rest, secret.sealed(place_of_secret(id)), *tail) for id, *rest, secret in plan.rows]
    bulk.insert(unit.connection, endpoints, _COLUMNS, rows)


def lock(unit: Unit, ids: Sequence[int]) -> dict[int, Row[Any]]:
    """The organisation's endpoints by id, locked, ids ascending; one statement."""
    rows = unit.connection.execute(
        select(endpoints)
        .where(
            bulk.among(unit.connection, endpoints.c.id, sorted(set(ids))),
            endpoints.c.organisation_id == unit.scope.id,
        )
        .order_by(endpoints.c.id)
        .with_for_update(key_share=True)
    )
    return {row.id: row for row in rows}


def not_usable(row: Row[Any] | None, id: int) -> Outcome | None:
    """Why nothing can be done with an endpoint; None when something can."""
    if row is None:
        return refused("not_found", field="endpoint_id", remedy="give an endpoint of yours", id=id)
    if row.status == ENDED:
        return refused("ended", field="endpoint_id", value=ENDED, bound=ACTIVE, remedy="add another endpoint", id=id)
    return None


def _load_change(unit: Unit, batch: Sequence[Change]) -> dict[int, Row[Any]]:
    return lock(unit, [each.id for each in batch])


def _decide_change(held: dict[int, Row[Any]], batch: Sequence[Change]) -> _Plan:
    plan = _Plan([], [])
    changed: set[int] = set()
    for each in batch:
        row = held.get(each.id)
        refusal = not_usable(row, each.id) or _stale(row, each, each.id in changed)
        refusal = refusal or _wrong(each.description, each.kinds) or _other_url(row, each)
        plan.outcomes.append(refusal or done(each.id, version=each.version + 1))
        if refusal is None:
            changed.add(each.id)
            plan.rows.append((each.id, _values(each)))
    return plan


def _stale(row: Row[Any] | None, each: Change, twice: bool) -> Outcome | None:
    held = (row.version if row else 0) + twice
    if held == each.version:
        return None
    remedy = "read it again, and change what you then see"
    return refused("stale", field="version", value=str(each.version), bound=str(held), remedy=remedy, id=each.id)


def _other_url(row: Row[Any] | None, each: Change) -> Outcome | None:
    if each.url is None or row is None:
        return None
    try:
        scheme = place_of(each.url).scheme
    except FieldError as error:
        return refused("url_not_allowed", field="url", remedy=error.message, id=each.id)
    if scheme == "https" or row.url.startswith("http:"):
        return None
    return refused("url_not_allowed", field="url", value=scheme, bound="https", id=each.id)


def _values(each: Change) -> dict[str, Any]:
    given = {"url": each.url, "description": each.description}
    values = {name: value for name, value in given.items() if value is not None}
    if each.kinds is not None:
        values["kinds"] = _kinds_text(each.kinds)
    if each.active is not None:
        values["status"] = ACTIVE if each.active else DISABLED
    # it may be another receiver now: what was learnt of the old one is forgotten
    return values | {"failing_since_at": None, "rests_to_at": None, "version": each.version + 1}


def _write_change(unit: Unit, _held: dict[int, Row[Any]], plan: _Plan) -> None:
    for id, values in plan.rows:
        unit.connection.execute(update(endpoints).where(endpoints.c.id == id).values(**values))


def _load_ids(unit: Unit, batch: Sequence[int]) -> dict[int, Row[Any]]:
    return lock(unit, batch)


def _decide_end(held: dict[int, Row[Any]], batch: Sequence[int]) -> _Plan:
    plan = _Plan([], [])
    left = dict(held)
    for id in batch:
        row = left.pop(id, None)
        refusal = not_usable(row, id)
        plan.outcomes.append(refusal or done(id))
        if refusal is None and row is not None:
            plan.rows.append((id, row.status))
    return plan


def _write_end(unit: Unit, _held: dict[int, Row[Any]], plan: _Plan) -> None:
    # what nobody will be told with is not kept
    values = {"secret": "", "old_secret": None, "old_secret_to_at": None}
    for source in (ACTIVE, DISABLED):
        ids = [id for id, status in plan.rows if status == source]
        bulk.move(unit.connection, endpoints, ids, source, ENDED, **values)


def _load_rotation(unit: Unit, batch: Sequence[Rotation]) -> dict[int, Row[Any]]:
    return lock(unit, [each.endpoint_id for each in batch])


def _decide_rotation(held: dict[int, Row[Any]], batch: Sequence[Rotation]) -> _Plan:
    plan = _Plan([], [])
    left = dict(held)
    for each in batch:
        row = left.pop(each.endpoint_id, None)
        refusal = not_usable(row, each.endpoint_id)
        plan.outcomes.append(refusal or done(each.endpoint_id))
        if refusal is None and row is not None:
            plan.rows.append((row.id, row.secret, row.version + 1, each.secret))
    return plan


def _write_rotation(unit: Unit, _held: dict[int, Row[Any]], plan: _Plan) -> None:
    for id, old, version, secret in plan.rows:
        values = {
            "secret": secret.sealed(place_of_secret(id)),
            "old_secret": old,
            "old_secret_to_at": unit.at + OLD_SECRET_VALID,
            "version": version,
        }
        unit.connection.execute(update(endpoints).where(endpoints.c.id == id).values(**values))


_SCOPE = ScopeKind.ORGANISATION
ADD = Command("webhooks.add", _SCOPE, _load_new, _decide_new, _write_new, BATCH_MAX)
CHANGE = Command("webhooks.change", _SCOPE, _load_change, _decide_change, _write_change, 1)
END = Command("webhooks.end", _SCOPE, _load_ids, _decide_end, _write_end, BATCH_MAX)
ROTATE = Command("webhooks.rotate", _SCOPE, _load_rotation, _decide_rotation, _write_rotation, 1)
