"""Guarantee: the guarantor's share of a loss is called when the terms say, and moves to its limit until it pays."""

from dataclasses import dataclass
from datetime import date

from scf.factoring import standing
from scf.factoring.standing import Standing
from scf.ledger.chart import Owner
from scf.limits.positions import LimitKind
from scf.money import PPM, readable, round_ratio
from scf.outcomes import Outcome, done, refused
from scf.settlement.take import take
from scf.settlement.trouble import Facts, Plan, other_currency, trouble, waive


@dataclass(frozen=True, slots=True)
class GuaranteeCall:
    """An advance whose guarantor is called."""

    advance_id: int


@dataclass(frozen=True, slots=True)
class GuaranteePayment:
    """The guarantor's payment of what was called for an advance, and the value date of the money.

    `collection_id` is the collection that it is; 0 for money that stands on no statement.
    """

    advance_id: int
    value_date: date
    collection_id: int = 0


@dataclass(frozen=True, slots=True)
class GuarantorPayment:
    """What recoveries of an advance owe its guarantor, paid out with this value date; minor units."""

    advance_id: int
    currency: str
    amount_minor: int
    value_date: date


def _call(facts: Facts, plan: Plan, _each: GuaranteeCall, advance: Standing, id: int) -> Outcome:
    terms = facts.terms[advance.terms_id]
    overdue_days = (facts.on - advance.due_on).days
    if not terms.guarantor_id or advance.status != "funded" or advance.id in facts.calls:
        value = "called before" if advance.id in facts.calls else advance.status
        bound = "funded, guaranteed and not called"
        return refused("no_guarantee", field="advance_id", value=value, bound=bound, id=advance.id)
    if overdue_days < terms.guarantee_after_days:
        value, bound = f"{overdue_days} days after due", f"{terms.guarantee_after_days} days"
        return refused("too_early", field="advance_id", value=value, bound=bound, id=advance.id)
    amount = round_ratio(facts.funded_loss(advance) * terms.guarantee_share_ppm, PPM, terms.rounding)
    if not amount:
        remedy = "the reserve covers what is open; nothing is lost"
        return refused("nothing_lost", field="advance_id", id=advance.id, remedy=remedy)
    for position in plan.positions.of(standing.limit_keys(advance, facts.parties)):
        position.release(amount)
    for position in plan.positions.of([(LimitKind.GUARANTOR, terms.guarantor_id, advance.currency)]):
        position.force(amount)
    parties = {Owner.GUARANTOR: terms.guarantor_id, Owner.SUPPLIER: advance.supplier_id}
    plan.calls.append((id, advance.id, terms.guarantor_id, amount, facts.on))
    plan.post("guarantee called", id, facts.on, advance, parties, amount=amount)
    waive(facts, plan, advance, id)
    return done(id)


def _pay(facts: Facts, plan: Plan, each: GuaranteePayment, advance: Standing, _id: int) -> Outcome:
    call = facts.calls.get(advance.id)
    if call is None or call.status != "called":
        value = call.status if call else "never called"
        return refused("not_called", field="advance_id", value=value, bound="called", id=advance.id)
    amount, guarantor, on = call.amount_minor, call.guarantor_id, each.value_date
    refusal = take(facts.waiting, plan, each.collection_id, amount, advance, guarantor, on)
    if refusal is not None:
        return refusal
    for position in plan.positions.of([(LimitKind.GUARANTOR, call.guarantor_id, advance.currency)]):
        position.release(call.amount_minor)
    parties = {Owner.GUARANTOR: call.guarantor_id}
    plan.paid_calls.append(call.id)
    plan.post("guarantee paid", call.id, each.value_date, advance, parties, amount=call.amount_minor)
    return done(call.id)


def _pay_guarantor(facts: Facts, plan: Plan, each: GuarantorPayment, advance: Standing, id: int) -> Outcome:
    differs = other_currency(each, advance)
    if differs is not None:
        return differs
    guarantor = facts.terms[advance.terms_id].guarantor_id
    owed = facts.accounts.balance_minor("payable to guarantor", guarantor, advance.currency)
    owed -= plan.guarantors_paid.get((guarantor, advance.currency), 0)
    if not 0 < each.amount_minor <= owed:
        value, bound = readable(each.amount_minor, advance.currency), readable(owed, advance.currency)
        return refused("more_than_owed", field="amount", value=value, bound=bound, id=advance.id)
    parties = {Owner.GUARANTOR: guarantor}
    plan.post("guarantor paid", id, each.value_date, advance, parties, amount=each.amount_minor)
    paid = plan.guarantors_paid.get((guarantor, advance.currency), 0)
    plan.guarantors_paid[guarantor, advance.currency] = paid + each.amount_minor
    return done(advance.id)


CALL_GUARANTEE = trouble("settlement.call_guarantee", _call)
COLLECT_GUARANTEE = trouble("settlement.collect_guarantee", _pay)
PAY_GUARANTOR = trouble("settlement.pay_guarantor", _pay_guarantor)
