"""Money of suppliers and guarantors that stands on a statement: it was booked when it came, and is not booked again.

A collection is taken whole: out of what is unapplied, back through cash, into what the command says it pays.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from sqlalchemy import func, select

from scf.commands import Unit
from scf.db import bulk
from scf.factoring.standing import Standing
from scf.ledger.chart import Owner
from scf.ledger.journal import AccountKey, Journal, account_keys
from scf.money import readable
from scf.outcomes import Outcome, refused
from scf.payments import parts as payments
from scf.payments.parts import Collection
from scf.settlement.models import applications

_EVENT = "collection taken"


@dataclass(frozen=True, slots=True)
class Waiting:
    """Collections under their locks, and what is left of each in minor units ≥ 0."""

    collections: Mapping[int, Collection]
    left_minor: Mapping[int, int]

    def account_keys(self) -> set[AccountKey]:
        """The accounts that taking any of them touches."""
        return {
            key
            for each in self.collections.values()
            for key in account_keys([_EVENT], _parties(each.payer_id), each.currency)
        }


class Taking(Protocol):
    """The plan of a command that takes collections: their new statuses by id."""

    journals: list[Journal]
    taken: dict[int, str]


def load(unit: Unit, batch: Iterable[Any]) -> Waiting:
    """The collections that items name; two statements, none when no item names one."""
    ids = {id for each in batch if (id := getattr(each, "collection_id", 0))}
    if not ids:
        return Waiting({}, {})
    held = payments.lock(unit, ids)
    spent = unit.connection.execute(
        select(applications.c.collection_id, func.sum(applications.c.face_minor + applications.c.late_minor))
        .where(bulk.among(unit.connection, applications.c.collection_id, sorted(held)))
        .group_by(applications.c.collection_id)
    )
    applied = {id: int(amount) for id, amount in spent}
    left = {
        id: each.amount_minor - applied.get(id, 0) if each.status in ("received", "part_applied") else 0
        for id, each in held.items()
    }
    return Waiting(held, left)


def take(
    waiting: Waiting, plan: Taking, collection_id: int, amount_minor: int, advance: Standing, debtor_id: int, on: date
) -> Outcome | None:
    """Take a collection for what is paid on an advance, or say why not; `debtor_id` 0 when anybody may pay.

    A `collection_id` of 0 is money that stands on no statement: nothing is taken.
    """
    if not collection_id:
        return None
    held = waiting.collections.get(collection_id)
    if held is None or collection_id in plan.taken:
        remedy = "give a collection of this book, once"
        return refused("not_found", field="collection_id", remedy=remedy, id=advance.id)
    if held.currency != advance.currency:
        value, bound = held.currency, advance.currency
        return refused("other_currency", field="collection_id", value=value, bound=bound, id=advance.id)
    if debtor_id and held.payer_id not in (0, debtor_id):
        value, bound = "paid by another", "paid by whom the advance waits for"
        remedy = "say who paid, then take it"
        return refused("other_payer", field="collection_id", value=value, bound=bound, id=advance.id, remedy=remedy)
    left = waiting.left_minor[collection_id]
    if left != amount_minor:
        value, bound = readable(left, held.currency), readable(amount_minor, held.currency)
        remedy = "a collection is taken whole: give the amount that is left of it"
        return refused("other_amount", field="collection_id", value=value, bound=bound, id=advance.id, remedy=remedy)
    plan.taken[collection_id] = "applied"
    amounts = {"named" if held.payer_id else "unnamed": amount_minor}
    parts = [(_parties(held.payer_id), amounts)]
    plan.journals.append(Journal(_EVENT, held.id, 1, on, held.currency, advance.ref, parts))
    return None


def _parties(payer_id: int) -> dict[Owner, int]:
    return {Owner.ANCHOR: payer_id} if payer_id else {}
