"""Paying again what came back: a new payout in place of a returned one, by four eyes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from scf.commands import Command, ScopeKind, Unit
from scf.db import bulk
from scf.outcomes import Outcome, done, refused
from scf.payments.models import payouts
from scf.proposals.four_eyes import four_eyes


@dataclass(frozen=True, slots=True)
class Reinstruction:
    """A returned payout to be paid again, to the account that is agreed when it is sent."""

    payout_id: int


@dataclass(frozen=True, slots=True)
class _Facts:
    ids: list[int]
    returned: dict[int, Any]
    replaced: set[int]


@dataclass(frozen=True, slots=True)
class _Plan:
    outcomes: list[Outcome]
    rows: list[tuple[Any, ...]]


def _load(unit: Unit, batch: Sequence[Reinstruction]) -> _Facts:
    ids = sorted({each.payout_id for each in batch})
    held = unit.connection.execute(
        select(
            payouts.c.id, payouts.c.status, payouts.c.beneficiary_id, payouts.c.ref, payouts.c.currency,
            payouts.c.amount_minor, payouts.c.for_id,
        )
        .where(payouts.c.book_id == unit.in_book().id, bulk.among(unit.connection, payouts.c.id, ids))
        .order_by(payouts.c.id)
        .with_for_update(key_share=True)
    )  # fmt: skip
    replaced = unit.connection.execute(
        select(payouts.c.replaces_id).where(bulk.among(unit.connection, payouts.c.replaces_id, ids))
    )
    return _Facts(unit.ids.take(len(batch)), {row.id: row for row in held}, set(replaced.scalars()))


def _decide(facts: _Facts, batch: Sequence[Reinstruction]) -> _Plan:
    plan = _Plan([], [])
    replaced = set(facts.replaced)
    for id, each in zip(facts.ids, batch, strict=True):
        payout = facts.returned.get(each.payout_id)
        if payout is None or payout.status != "returned":
            status = payout.status if payout else "not there"
            plan.outcomes.append(refused("not_returned", field="payout_id", value=status, bound="returned"))
        elif payout.id in replaced:
            plan.outcomes.append(refused("already_replaced", field="payout_id", remedy="it was paid again before"))
        else:
            replaced.add(payout.id)
            paid = (payout.beneficiary_id, payout.ref, payout.currency, payout.amount_minor, payout.for_id)
            plan.rows.append((id, *paid, payout.id))
            plan.outcomes.append(done(id))
    return plan


def _write(unit: Unit, _facts: _Facts, plan: _Plan) -> None:
    columns = (
        "id", "beneficiary_id", "ref", "currency", "amount_minor", "for_id", "replaces_id", "book_id", "instructed_on",
        "pay_on", "instructed_at", "status", "version",
    )  # fmt: skip
    rest = (unit.in_book().id, unit.business_date, unit.business_date, unit.at, "instructed", 1)
    bulk.insert(unit.connection, payouts, columns, [(*row, *rest) for row in plan.rows])


REINSTRUCT = Command("payments.reinstruct", ScopeKind.BOOK, _load, _decide, _write, checked=True)
REINSTRUCT_BY_PEOPLE = four_eyes(REINSTRUCT, Reinstruction)
