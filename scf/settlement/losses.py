"""Losses: impairment builds an allowance, a write-off uses it and releases what it does not need.

A recovery makes the loss smaller afterwards, and is shared with the guarantor as the loss was.

A write-off does not free the anchor's limit.
"""

from dataclasses import dataclass
from datetime import date

from scf.factoring.standing import Standing
from scf.ledger.chart import Owner
from scf.money import PPM, readable, round_ratio, share
from scf.outcomes import Outcome, done, refused
from scf.proposals.four_eyes import four_eyes
from scf.settlement.owe import owe
from scf.settlement.take import take
from scf.settlement.trouble import Facts, Plan, other_currency, trouble, waive


@dataclass(frozen=True, slots=True)
class Impairment:
    """An advance whose anchor will not pay: the part of the funded loss that no guarantee covers is impaired."""

    advance_id: int


@dataclass(frozen=True, slots=True)
class WriteOff:
    """An impaired advance given up; its guarantee, if it has one, was called before."""

    advance_id: int


@dataclass(frozen=True, slots=True)
class Recovery:
    """Money that came after the write-off: minor units, and its value date.

    `collection_id` is the collection that it is, whoever paid it; 0 for money that stands on no statement.
    """

    advance_id: int
    currency: str
    amount_minor: int
    value_date: date
    collection_id: int = 0


def _impair(facts: Facts, plan: Plan, _each: Impairment, advance: Standing, id: int) -> Outcome:
    terms = facts.terms[advance.terms_id]
    uncovered = facts.funded_loss(advance)
    if not advance.called_minor:
        uncovered -= round_ratio(uncovered * terms.guarantee_share_ppm, PPM, terms.rounding)
    amount = uncovered - facts.allowance(advance.id)
    if advance.status != "funded" or advance.lent or amount <= 0:
        value = f"{advance.kind}, {advance.status}, {readable(max(0, amount), advance.currency)} uncovered"
        bound = "bought, funded, with a loss not impaired yet"
        return refused("nothing_to_impair", field="advance_id", value=value, bound=bound, id=advance.id)
    plan.losses.append((id, advance.id, "impaired", amount, 0, facts.on))
    plan.post("impaired", id, facts.on, advance, {}, amount=amount)
    return done(id)


def _write_off(facts: Facts, plan: Plan, _each: WriteOff, advance: Standing, id: int) -> Outcome:
    call = facts.calls.get(advance.id)
    if advance.status != "funded" or advance.lent:
        value = f"{advance.kind}, {advance.status}"
        return refused("not_funded", field="advance_id", value=value, bound="bought, funded", id=advance.id)
    if facts.terms[advance.terms_id].guarantor_id and call is None and facts.funded_loss(advance):
        remedy = "passes when the guarantee has been called"
        return refused("guarantee_not_called", field="advance_id", id=advance.id, remedy=remedy)
    # of the reserve only what covers the loss is the funder's
    reserve = min(facts.reserve_left(advance), advance.held_minor)
    lost = facts.funded_loss(advance)
    allowed = facts.allowance(advance.id)
    if lost > allowed:
        value, bound = readable(allowed, advance.currency), readable(lost, advance.currency)
        remedy = "impair what the allowance does not cover, then write off"
        return refused("allowance_differs", field="allowance", value=value, bound=bound, id=advance.id, remedy=remedy)
    parties = {Owner.SUPPLIER: advance.supplier_id}
    _release(facts, plan, advance, allowed - lost, facts.payout_id(id))
    if lost:
        plan.losses.append((id, advance.id, "written_off", lost, 0, facts.on))
    plan.post("written off", id, facts.on, advance, parties, allowance=lost, reserve=reserve)
    waive(facts, plan, advance, id)
    plan.written_off.append(advance)
    rest = facts.reserve_left(advance) - reserve
    plan.post("reserve released", advance.id, facts.on, advance, parties, amount=rest)
    owe(plan, facts.claims, advance, facts.payout_id(id), rest, facts.on)
    return done(id)


def _release(facts: Facts, plan: Plan, advance: Standing, excess: int, id: int) -> None:
    """Release what the allowance has beyond the loss: money that came, or a dilution, made the loss smaller."""
    if excess:
        plan.losses.append((id, advance.id, "released", excess, 0, facts.on))
        plan.post("impairment released", id, facts.on, advance, {}, amount=excess)


def _recover(facts: Facts, plan: Plan, each: Recovery, advance: Standing, id: int) -> Outcome:
    differs = other_currency(each, advance)
    if differs is not None:
        return differs
    call = facts.calls.get(advance.id)
    # what the anchor paid of it before the write-off is the guarantor's already
    called = advance.called_minor
    left = facts.lost(advance.id, "written_off") + called - facts.lost(advance.id, "recovered")
    if advance.status != "written_off" or not 0 < each.amount_minor <= left:
        value = f"{readable(each.amount_minor, advance.currency)}, {advance.status}"
        bound = f"at most {readable(left, advance.currency)}, written_off"
        return refused("not_recoverable", field="amount", value=value, bound=bound, id=advance.id)
    refusal = take(facts.waiting, plan, each.collection_id, each.amount_minor, advance, 0, each.value_date)
    if refusal is not None:
        return refusal
    own, guarantors = share(each.amount_minor, [facts.lost(advance.id, "written_off"), called])
    parties = {Owner.GUARANTOR: call.guarantor_id} if call else {}
    amounts = {"own": own} | ({"guarantor": guarantors} if call else {})
    plan.losses.append((id, advance.id, "recovered", each.amount_minor, guarantors, each.value_date))
    plan.post("recovered", id, each.value_date, advance, parties, **amounts)
    return done(id)


IMPAIR = trouble("settlement.impair", _impair)
WRITE_OFF = trouble("settlement.write_off", _write_off, checked=True)
WRITE_OFF_BY_PEOPLE = four_eyes(WRITE_OFF, WriteOff)
RECOVER = trouble("settlement.recover", _recover)
