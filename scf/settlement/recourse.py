"""Recourse: what was lent is claimed from the supplier, whose limit it draws on until it is paid."""

from dataclasses import dataclass
from datetime import date

from scf.factoring import claims, standing
from scf.factoring.standing import Standing
from scf.ledger.chart import Owner
from scf.limits.positions import LimitKind
from scf.money import readable
from scf.outcomes import Outcome, done, refused
from scf.settlement.owe import owe, surplus
from scf.settlement.take import take
from scf.settlement.trouble import Facts, Plan, other_currency, trouble, waive


@dataclass(frozen=True, slots=True)
class Recourse:
    """An advance lent with full recourse whose anchor has not paid in time."""

    advance_id: int


@dataclass(frozen=True, slots=True)
class ClaimPayment:
    """Money from the supplier for its claims on an advance: minor units, and the value date of the money.

    `collection_id` is the collection that it is; 0 for money that stands on no statement.
    """

    advance_id: int
    currency: str
    amount_minor: int
    value_date: date
    collection_id: int = 0


def _claim(facts: Facts, plan: Plan, _each: Recourse, advance: Standing, id: int) -> Outcome:
    terms = facts.terms[advance.terms_id]
    overdue_days = (facts.on - advance.due_on).days
    if advance.status != "funded" or not advance.lent:
        value, bound = f"{advance.kind}, {advance.status}", "lent, funded"
        return refused("no_recourse", field="advance_id", value=value, bound=bound, id=advance.id)
    if overdue_days < terms.recourse_after_days:
        value, bound = f"{overdue_days} days after due", f"{terms.recourse_after_days} days"
        return refused("too_early", field="advance_id", value=value, bound=bound, id=advance.id)
    left = standing.lent_left(advance, facts.taken(advance))
    for position in plan.positions.of(standing.limit_keys(advance, facts.parties)):
        position.release(advance.open_minor)
        if position.kind is LimitKind.SUPPLIER:
            position.force(left)
    waive(facts, plan, advance, id)
    plan.repurchased.append(advance.id)
    if left:
        plan.claims.append((id, advance.supplier_id, advance.id, "recourse", advance.currency, left))
        plan.post("recourse claimed", id, facts.on, advance, {Owner.SUPPLIER: advance.supplier_id}, lent=left)
        return done(id)
    # the loan is repaid: nothing is claimed, what came beyond it is the supplier's, and so is the rest of the face
    plan.returned.append(advance.receivable_id)
    owe(plan, facts.claims, advance, facts.payout_id(id), surplus(advance, facts.taken(advance)), facts.on)
    return done(id)


def _pay(facts: Facts, plan: Plan, each: ClaimPayment, advance: Standing, id: int) -> Outcome:
    differs = other_currency(each, advance)
    if differs is not None:
        return differs
    owed = [claim for claim in facts.claims if claim.advance_id == advance.id]
    total = sum(claim.left_minor for claim in owed)
    if not 0 < each.amount_minor <= total:
        value, bound = readable(each.amount_minor, advance.currency), readable(total, advance.currency)
        return refused("more_than_claimed", field="amount", value=value, bound=bound, id=advance.id)
    on = each.value_date
    refusal = take(facts.waiting, plan, each.collection_id, each.amount_minor, advance, advance.supplier_id, on)
    if refusal is not None:
        return refusal
    left = each.amount_minor
    for claim in owed:
        part = min(left, claim.left_minor)
        if part:
            claims.pay(plan.payments, claim, part, "paid", each.value_date, plan.positions)
            left -= part
    parties = {Owner.SUPPLIER: advance.supplier_id}
    plan.post("claim paid", id, each.value_date, advance, parties, amount=each.amount_minor)
    return done(advance.id)


CLAIM_RECOURSE = trouble("settlement.claim_recourse", _claim)
COLLECT_CLAIM = trouble("settlement.collect_claim", _pay)
