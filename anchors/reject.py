"""Rejecting: the anchor will not pay an invoice, and says why by a code its supplier can act on.

A disputed invoice may be rejected too: so the dispute ends.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from invoices import parts
from invoices.lifecycle import REJECTED, SUBMITTED, UNDECIDED
from invoices.parts import End, Invoice
from scf.announcements import announce, tell
from scf.commands import Command, ScopeKind, Unit
from scf.outcomes import Outcome, done, refused

WORDS_MAX = 1000


class Reason(StrEnum):
    """Why an invoice is rejected or disputed; `other` needs words."""

    NOT_ORDERED = "not_ordered"
    NOT_DELIVERED = "not_delivered"
    WRONG_AMOUNT = "wrong_amount"
    WRONG_DUE_DATE = "wrong_due_date"
    WRONG_BUYER = "wrong_buyer"
    QUALITY = "quality"
    DUPLICATE = "duplicate"
    ALREADY_PAID = "already_paid"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Rejection:
    """An invoice the anchor will not pay, the reason, and words for the supplier."""

    invoice_id: int
    reason: Reason
    words: str = ""


@dataclass(frozen=True, slots=True)
class _Facts:
    anchor_id: int
    invoices: Mapping[int, Invoice]


@dataclass(frozen=True, slots=True)
class _Plan:
    outcomes: list[Outcome]
    ends: list[End]


def _load(unit: Unit, batch: Sequence[Rejection]) -> _Facts:
    return _Facts(unit.scope.id, parts.lock(unit, [each.invoice_id for each in batch]))


def _decide(facts: _Facts, batch: Sequence[Rejection]) -> _Plan:
    plan = _Plan([], [])
    taken: set[int] = set()
    for each in batch:
        refusal = _refusal(facts, each, taken)
        plan.outcomes.append(refusal or done(each.invoice_id))
        if refusal is None:
            taken.add(each.invoice_id)
            supplier_id = facts.invoices[each.invoice_id].supplier_id
            plan.ends.append(End(each.invoice_id, supplier_id, each.reason.value, each.words))
    return plan


def _refusal(facts: _Facts, each: Rejection, taken: set[int]) -> Outcome | None:
    id, invoice = each.invoice_id, facts.invoices.get(each.invoice_id)
    if invoice is None or invoice.anchor_id != facts.anchor_id:
        return refused("not_found", field="invoice", id=id, remedy="give an invoice that was sent to you")
    status = REJECTED if id in taken else invoice.status
    if status not in UNDECIDED:
        remedy = "what is confirmed is lowered by a credit note" if status == "confirmed" else ""
        return refused("not_submitted", field="invoice", value=status, bound=SUBMITTED, remedy=remedy, id=id)
    if each.reason is Reason.OTHER and not each.words.strip():
        return refused("words_missing", field="words", remedy="say in words what is wrong", id=id)
    if len(each.words) > WORDS_MAX:
        return refused("words_too_long", field="words", value=str(len(each.words)), bound=str(WORDS_MAX), id=id)
    return None


def _write(unit: Unit, facts: _Facts, plan: _Plan) -> None:
    parts.end(unit, plan.ends, facts.invoices, REJECTED)
    told = ((each.supplier_id, each.invoice_id) for each in plan.ends)
    announce(unit, tell("invoice.rejected", told, all_to=facts.anchor_id))


REJECT = Command("anchors.reject", ScopeKind.ORGANISATION, _load, _decide, _write)
