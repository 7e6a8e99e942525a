"""Sending once more, or for the first time: a test call, and replays of what was delivered or given up.

A replay sends the same bytes under the same id, so that a receiver that remembers ids takes them once. Refuses what
waits anyway, what was blanked, and endpoints that are not active.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from scf.commands import Command, ScopeKind, Unit
from scf.db import bulk
from scf.outbox import Message
from scf.outbox import write as put_out
from scf.outcomes import Outcome, done, refused
from scf.webhooks import endpoints as endpoint_parts
from scf.webhooks.bodies import TEST_KIND, body_text
from scf.webhooks.models import ACTIVE, DELIVERED, GIVEN_UP, WAITING, deliveries, endpoints

CALL_KIND = "webhook"
REPLAYS_MAX = 10_000
_COLUMNS = (
    "id", "organisation_id", "endpoint_id", "message_id", "kind", "body", "status", "try_count", "created_at",
    "version",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Failed:
    """All deliveries to an endpoint that were made since an instant and given up: at most 10,000, the oldest first."""

    endpoint_id: int
    since: datetime


@dataclass(frozen=True, slots=True)
class _Test:
    ids: list[int]
    endpoints: dict[int, Row[Any]]


@dataclass(frozen=True, slots=True)
class _Plan:
    outcomes: list[Outcome] = field(default_factory=list)
    rows: list[tuple[int, int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Held:
    """Deliveries under their locks, and whether their endpoints take calls."""

    deliveries: dict[int, Row[Any]]
    endpoints: dict[int, Row[Any]] = field(default_factory=dict)


def rows_of(
    organisation_id: int, kind: str, bodies: Iterable[tuple[int, int, int, str]], at: datetime
) -> list[tuple[Any, ...]]:
    """Rows of new deliveries out of (id, endpoint, message, body)."""
    return [
        (id, organisation_id, endpoint_id, message_id, kind, body, WAITING, 0, at, 1)
        for id, endpoint_id, message_id, body in bodies
    ]


def call(delivery_id: int) -> Message:
    """The outbox message that makes a delivery try."""
    return Message(CALL_KIND, {"delivery_id": delivery_id})


def _load_test(unit: Unit, batch: Sequence[int]) -> _Test:
    return _Test(unit.ids.take(len(batch)), endpoint_parts.lock(unit, batch))


def _decide_test(facts: _Test, batch: Sequence[int]) -> _Plan:
    plan = _Plan()
    for id, endpoint_id in zip(facts.ids, batch, strict=True):
        row = facts.endpoints.get(endpoint_id)
        refusal = endpoint_parts.not_usable(row, endpoint_id) or _inactive(row.status if row else "", endpoint_id)
        plan.outcomes.append(refusal or done(id))
        if refusal is None:
            plan.rows.append((id, endpoint_id))
    return plan


def _inactive(status: str, id: int) -> Outcome | None:
    if status == ACTIVE:
        return None
    return refused("not_active", field="endpoint_id", value=status, bound=ACTIVE, remedy="make it active first", id=id)


def _write_test(unit: Unit, _facts: _Test, plan: _Plan) -> None:
    body = body_text(TEST_KIND, unit.at, unit.scope.id, [])
    # a test tells of nothing that happened: it is its own message
    rows = rows_of(unit.scope.id, TEST_KIND, ((id, endpoint, id, body) for id, endpoint in plan.rows), unit.at)
    bulk.insert(unit.connection, deliveries, _COLUMNS, rows)
    put_out(unit, [call(id) for id, _ in plan.rows])


def insert_deliveries(connection: Any, rows: Sequence[tuple[Any, ...]]) -> None:
    """A part for the fan-out: new deliveries as `rows_of` makes them."""
    bulk.insert(connection, deliveries, _COLUMNS, rows)


_READ = (
    select(
        deliveries.c.id, deliveries.c.status, deliveries.c.body.is_(None).label("is_blank"), deliveries.c.endpoint_id,
        endpoints.c.status.label("endpoint_status"),
    )
    .join(endpoints, endpoints.c.id == deliveries.c.endpoint_id)
    .order_by(deliveries.c.id)
    .with_for_update(key_share=True, of=deliveries)
)  # fmt: skip


def _load_replay(unit: Unit, batch: Sequence[int]) -> _Held:
    which = bulk.among(unit.connection, deliveries.c.id, sorted(set(batch)))
    rows = unit.connection.execute(_READ.where(which, deliveries.c.organisation_id == unit.scope.id))
    return _Held({row.id: row for row in rows})


def _decide_replay(facts: _Held, batch: Sequence[int]) -> _Plan:
    plan = _Plan()
    left = dict(facts.deliveries)
    for id in batch:
        row = left.pop(id, None)
        refusal = _not_replayed(row, id)
        plan.outcomes.append(refusal or done(id))
        if refusal is None:
            plan.rows.append((id, 0))
    return plan


def _not_replayed(row: Row[Any] | None, id: int) -> Outcome | None:
    if row is None:
        return refused("not_found", field="delivery_id", remedy="give a delivery of yours, once", id=id)
    if row.status == WAITING:
        return refused("still_waiting", field="delivery_id", value=WAITING, remedy="it is tried again anyway", id=id)
    if row.is_blank:
        return refused("not_kept", field="delivery_id", bound="90 days", remedy="read what it was about instead", id=id)
    return _inactive(row.endpoint_status, row.endpoint_id)


def _write_replay(unit: Unit, facts: _Held, plan: _Plan) -> None:
    for source in (DELIVERED, GIVEN_UP):
        ids = [id for id, _ in plan.rows if facts.deliveries[id].status == source]
        bulk.move(unit.connection, deliveries, ids, source, WAITING, try_count=0)
    put_out(unit, [call(id) for id, _ in plan.rows])


def _load_failed(unit: Unit, batch: Sequence[Failed]) -> _Held:
    found: dict[int, Row[Any]] = {}
    for each in batch:
        which = (deliveries.c.endpoint_id == each.endpoint_id) & (deliveries.c.created_at >= each.since)
        failed = _READ.where(which, deliveries.c.organisation_id == unit.scope.id, deliveries.c.status == GIVEN_UP)
        kept = failed.where(deliveries.c.body.is_not(None), endpoints.c.status == ACTIVE).limit(REPLAYS_MAX)
        found |= {row.id: row for row in unit.connection.execute(kept)}
    return _Held(found, endpoint_parts.lock(unit, [each.endpoint_id for each in batch]))


def _decide_failed(facts: _Held, batch: Sequence[Failed]) -> _Plan:
    plan = _Plan(rows=[(id, 0) for id in facts.deliveries])
    for each in batch:
        id = each.endpoint_id
        count = sum(row.endpoint_id == id for row in facts.deliveries.values())
        refusal = endpoint_parts.not_usable(facts.endpoints.get(id), id)
        plan.outcomes.append(refusal or done(id, count=count))
    return plan


_SCOPE = ScopeKind.ORGANISATION
TEST = Command("webhooks.test", _SCOPE, _load_test, _decide_test, _write_test, endpoint_parts.BATCH_MAX)
REPLAY = Command("webhooks.replay", _SCOPE, _load_replay, _decide_replay, _write_replay, REPLAYS_MAX)
REPLAY_FAILED = Command("webhooks.replay_failed", _SCOPE, _load_failed, _decide_failed, _write_replay, 1)
