"""Requests that end without an advance: withdrawn by the supplier, or expired when the due date came first.

What an approval had reserved is freed. A supplier withdraws only what is not approved yet: an approved request is
money on its way.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from sqlalchemy import select

from scf.announcements import announce, tell
from scf.books.models import books
from scf.commands import Command, ScopeKind, Unit
from scf.db import bulk
from scf.factoring import cases
from scf.factoring.cases import Ask, Parties
from scf.factoring.models import advance_requests
from scf.ledger import accounts as ledger_accounts
from scf.ledger.accounts import Accounts
from scf.ledger.write import write as post
from scf.limits import parts as limits
from scf.limits.positions import LimitKey, Positions
from scf.outcomes import Outcome, done, refused
from scf.programmes.models import enrolments


@dataclass(frozen=True, slots=True)
class _Facts:
    on: date
    asks: dict[int, Ask]
    parties: Parties
    found: dict[LimitKey, int]
    accounts: Accounts


@dataclass(slots=True)
class _Plan:
    positions: Positions
    outcomes: list[Outcome] = field(default_factory=list)
    requested: list[int] = field(default_factory=list)
    approved: list[int] = field(default_factory=list)


def _load(unit: Unit, batch: Sequence[int]) -> _Facts:
    asks = cases.lock_asks(unit, sorted(set(batch)))
    pairs = {(ask.anchor_id, ask.supplier_id) for ask in asks.values()}
    known = cases.parties(unit.connection, unit.business_date, pairs, unit.in_book().id)
    found = limits.find(unit, {key for ask in asks.values() for key in _keys(ask, known)})
    accounts = ledger_accounts.load(unit, limits.keys_of(found))
    return _Facts(unit.business_date, asks, known, found, accounts)


def _keys(ask: Ask, known: Parties) -> list[LimitKey]:
    return cases.limit_keys(ask.programme_id, ask.anchor_id, ask.supplier_id, ask.currency, known)


def _decide(facts: _Facts, batch: Sequence[int]) -> _Plan:
    plan = _Plan(limits.positions(facts.found, facts.accounts))
    seen: set[int] = set()
    for id in batch:
        ask = facts.asks.get(id)
        if ask is None or id in seen or ask.status not in ("requested", "approved"):
            status = ask.status if ask else "not there"
            plan.outcomes.append(refused("not_waiting", field="request_id", value=status, bound="requested, approved"))
            continue
        seen.add(id)
        if ask.due_on > facts.on and ask.receivable_status == "open":
            bound = f"after {ask.due_on}, or when the receivable is gone"
            plan.outcomes.append(refused("not_over", field="request_id", value=str(facts.on), bound=bound, id=id))
            continue
        for position in plan.positions.of(_keys(ask, facts.parties)) if ask.reserved_minor else []:
            position.free(ask.reserved_minor)
        (plan.approved if ask.status == "approved" else plan.requested).append(id)
        plan.outcomes.append(done(id))
    return plan


def _write(unit: Unit, facts: _Facts, plan: _Plan) -> None:
    bulk.move(unit.connection, advance_requests, plan.requested, "requested", "expired", ended_at=unit.at)
    bulk.move(unit.connection, advance_requests, plan.approved, "approved", "expired", ended_at=unit.at)
    post(unit, facts.accounts, limits.journals(unit, plan.positions))
    told = ((facts.asks[id].supplier_id, id) for id in (*plan.requested, *plan.approved))
    announce(unit, tell("advance_request.expired", told, all_to=unit.in_book().funder_id))


@dataclass(frozen=True, slots=True)
class _Withdrawn:
    outcomes: list[Outcome]
    ids: list[int]


class _Own(NamedTuple):
    id: int
    status: str
    funder_id: int


def _load_own(unit: Unit, batch: Sequence[int]) -> dict[int, _Own]:
    rows = unit.connection.execute(
        select(advance_requests.c.id, advance_requests.c.status, books.c.funder_id)
        .join(enrolments, enrolments.c.id == advance_requests.c.enrolment_id)
        .join(books, books.c.id == advance_requests.c.book_id)
        .where(
            bulk.among(unit.connection, advance_requests.c.id, sorted(set(batch))),
            enrolments.c.supplier_id == unit.scope.id,
        )
        .order_by(advance_requests.c.id)
        .with_for_update(key_share=True, of=advance_requests)
    )
    return {row.id: _Own(*row) for row in rows}


def _decide_withdraw(own: dict[int, _Own], batch: Sequence[int]) -> _Withdrawn:
    plan = _Withdrawn([], [])
    left = {id: each.status for id, each in own.items()}
    for id in batch:
        status = left.get(id, "not there")
        if status != "requested":
            plan.outcomes.append(refused("not_requested", field="request_id", value=status, bound="requested", id=id))
            continue
        left[id] = "withdrawn"
        plan.ids.append(id)
        plan.outcomes.append(done(id))
    return plan


def _write_withdraw(unit: Unit, own: dict[int, _Own], plan: _Withdrawn) -> None:
    ended = {"ended_at": unit.at, "withdrawn_by_id": unit.actor.id}
    bulk.move(unit.connection, advance_requests, plan.ids, "requested", "withdrawn", **ended)
    told = [(party, id) for id in plan.ids for party in (unit.scope.id, own[id].funder_id)]
    announce(unit, tell("advance_request.withdrawn", told))


EXPIRE = Command("factoring.expire", ScopeKind.BOOK, _load, _decide, _write)
WITHDRAW = Command("factoring.withdraw", ScopeKind.ORGANISATION, _load_own, _decide_withdraw, _write_withdraw)
