"""Settling receivables whose face is collected: the rest of the reserve is the supplier's, and is paid out.

When the anchor pays before the due date the daily earning stops, and the unearned rest is income or a rebate, as the
terms say. What the supplier owes is set off before money goes out. What was impaired of it is released: nothing is
lost.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from scf.announcements import announce, tell
from scf.commands import Command, ScopeKind, Unit
from scf.db import bulk
from scf.factoring import claims, standing
from scf.factoring.claims import OpenClaim, Payments
from scf.factoring.pricing import earned_to
from scf.factoring.standing import Diluted, Standing
from scf.factoring.write import release, set_earning_end
from scf.ledger import accounts as ledger_accounts
from scf.ledger.accounts import Accounts
from scf.ledger.chart import Owner
from scf.ledger.journal import Amounts, Journal, Parties, account_keys
from scf.ledger.write import write as post
from scf.limits import parts as limits
from scf.limits.positions import LimitKey, Positions
from scf.outcomes import Outcome, done, refused
from scf.payments.payouts import NewPayout, instruct
from scf.programmes import queries as programmes
from scf.programmes.terms import EarlyPayment, Terms
from scf.receivables import parts as receivables
from scf.settlement import allowance
from scf.settlement.allowance import Losses
from scf.settlement.models import losses
from scf.settlement.owe import owe, surplus

_EVENTS = ("reserve released", "discount cut short", "claim set off")
_LOSS = ("id", "book_id", "advance_id", "kind", "amount_minor", "guarantor_minor", "value_date")


@dataclass(frozen=True, slots=True)
class _Facts:
    on: date
    payout_ids: list[int]
    loss_ids: list[int]
    standings: dict[int, Standing]
    terms: dict[int, Terms]
    diluted: Mapping[int, Diluted]
    losses: Losses
    claims: Mapping[int, list[OpenClaim]]
    found: dict[LimitKey, int]
    accounts: Accounts


@dataclass(slots=True)
class _Plan:
    positions: Positions
    outcomes: list[Outcome] = field(default_factory=list)
    settled: list[Standing] = field(default_factory=list)
    cut_short: list[int] = field(default_factory=list)
    losses: list[tuple[Any, ...]] = field(default_factory=list)
    journals: list[Journal] = field(default_factory=list)
    payouts: list[NewPayout] = field(default_factory=list)
    payments: Payments = field(default_factory=Payments)


def _load(unit: Unit, batch: Sequence[int]) -> _Facts:
    standings = standing.lock(unit, advance_ids=batch)
    suppliers = {each.supplier_id for each in standings.values()}
    open_claims = claims.load_open(unit, suppliers)
    found = limits.find(unit, claims.limit_keys(open_claims))
    keys = limits.keys_of(found)
    for supplier, currency in {(each.supplier_id, each.currency) for each in standings.values()}:
        keys += account_keys(_EVENTS, {Owner.SUPPLIER: supplier}, currency)
    lost = allowance.booked(unit, standings)
    # the allowance is one account of the whole book: locked only when something is released from it
    for each in standings.values():
        if allowance.left(lost, each.id):
            keys += account_keys(["impairment released"], {}, each.currency)
    return _Facts(
        unit.business_date,
        unit.ids.take(len(batch)),
        unit.ids.take(len(batch)),
        standings,
        programmes.terms_by_id(unit.connection, {each.terms_id for each in standings.values()}),
        standing.diluted(unit, standings),
        lost,
        claims.by_supplier(open_claims),
        found,
        ledger_accounts.load(unit, keys),
    )


def _decide(facts: _Facts, batch: Sequence[int]) -> _Plan:
    plan = _Plan(limits.positions(facts.found, facts.accounts))
    seen: set[int] = set()
    for id, payout_id, loss_id in zip(batch, facts.payout_ids, facts.loss_ids, strict=True):
        advance = facts.standings.get(id)
        if advance is None or advance.status != "funded" or advance.open_minor or id in seen:
            value = "not there" if advance is None else f"{advance.status}, {advance.open_minor} open"
            plan.outcomes.append(refused("not_collected", field="advance", value=value, bound="funded, 0 open", id=id))
            continue
        seen.add(id)
        _settle(facts, plan, advance, payout_id)
        _release(facts, plan, advance, loss_id)
        plan.outcomes.append(done(id))
    return plan


def _settle(facts: _Facts, plan: _Plan, advance: Standing, payout_id: int) -> None:
    taken = facts.diluted.get(advance.id, Diluted())
    reserve = standing.reserve_left(advance, taken)
    parties = {Owner.SUPPLIER: advance.supplier_id}
    plan.journals.append(
        Journal(
            "reserve released", advance.id, 1, facts.on, advance.currency, advance.ref, [(parties, {"amount": reserve})]
        )
    )
    due = reserve + surplus(advance, taken) + _cut_short(facts, plan, advance)
    owe(plan, facts.claims.get(advance.supplier_id, []), advance, payout_id, due, facts.on)
    plan.settled.append(advance)


def _release(facts: _Facts, plan: _Plan, advance: Standing, loss_id: int) -> None:
    amount = allowance.left(facts.losses, advance.id)
    if amount:
        plan.losses.append((loss_id, advance.id, "released", amount, 0, facts.on))
        parts: list[tuple[Parties, Amounts]] = [({}, {"amount": amount})]
        plan.journals.append(Journal("impairment released", loss_id, 1, facts.on, advance.currency, advance.ref, parts))


def _cut_short(facts: _Facts, plan: _Plan, advance: Standing) -> int:
    """Stop the daily earning of what was paid early; returns the supplier's rebate."""
    if facts.on >= advance.earns_to_on:
        return 0
    passed, days = (facts.on - advance.credited_on).days, (advance.due_on - advance.credited_on).days
    rest = advance.discount_minor - earned_to(advance.discount_minor, passed, days)
    rebated = facts.terms[advance.terms_id].early_payment is EarlyPayment.REBATE
    amounts = {"rebate" if rebated else "income": rest}
    parties = {Owner.SUPPLIER: advance.supplier_id}
    plan.journals.append(
        Journal("discount cut short", advance.id, 1, facts.on, advance.currency, advance.ref, [(parties, amounts)])
    )
    plan.cut_short.append(advance.id)
    return rest if rebated else 0


def _write(unit: Unit, facts: _Facts, plan: _Plan) -> None:
    settled = sorted(plan.settled, key=lambda advance: advance.id)
    receivables.move(unit, [advance.receivable_id for advance in settled], "funded", "settled")
    release(unit, [advance.id for advance in settled], "settled")
    set_earning_end(unit, plan.cut_short, facts.on)
    book_id = unit.in_book().id
    bulk.insert(unit.connection, losses, _LOSS, [(id, book_id, *rest) for id, *rest in plan.losses])
    claims.write_payments(unit, plan.payments)
    instruct(unit, plan.payouts)
    post(unit, facts.accounts, [*plan.journals, *limits.journals(unit, plan.positions)])
    told = tell("advance.settled", ((each.supplier_id, each.id) for each in settled), all_to=unit.in_book().funder_id)
    announce(unit, [*told, *claims.tell_paid(unit, plan.payments)])


SETTLE = Command("settlement.settle", ScopeKind.BOOK, _load, _decide, _write)
