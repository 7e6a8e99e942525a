"""Withdrawing an invoice: the supplier takes it back before the anchor has decided, disputed or not.

A confirmed one stays.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from invoices import parts
from invoices.lifecycle import SUBMITTED, UNDECIDED, WITHDRAWN
from invoices.parts import End, Invoice
from scf.announcements import announce, tell
from scf.commands import Command, ScopeKind, Unit
from scf.outcomes import Outcome, done, refused

_WORDS_MAX = 1000


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """An invoice to take back, and why, in the supplier's words; they may stay empty."""

    invoice_id: int
    words: str = ""


@dataclass(frozen=True, slots=True)
class _Facts:
    supplier_id: int
    invoices: Mapping[int, Invoice]


@dataclass(frozen=True, slots=True)
class _Plan:
    outcomes: list[Outcome]
    ends: list[End]


def _load(unit: Unit, batch: Sequence[Withdrawal]) -> _Facts:
    return _Facts(unit.scope.id, parts.lock(unit, [each.invoice_id for each in batch]))


def _decide(facts: _Facts, batch: Sequence[Withdrawal]) -> _Plan:
    plan = _Plan([], [])
    taken: set[int] = set()
    for each in batch:
        refusal = _refusal(facts, each, taken)
        plan.outcomes.append(refusal or done(each.invoice_id))
        if refusal is None:
            taken.add(each.invoice_id)
            plan.ends.append(End(each.invoice_id, facts.supplier_id, "withdrawn_by_supplier", each.words))
    return plan


def _refusal(facts: _Facts, each: Withdrawal, taken: set[int]) -> Outcome | None:
    invoice = facts.invoices.get(each.invoice_id)
    if invoice is None or invoice.supplier_id != facts.supplier_id:
        return refused("not_found", field="invoice", id=each.invoice_id, remedy="give an invoice of yours")
    status = WITHDRAWN if invoice.id in taken else invoice.status
    if status not in UNDECIDED:
        remedy = "a confirmed invoice is lowered by a credit note" if status == "confirmed" else ""
        return refused("not_submitted", field="invoice", value=status, bound=SUBMITTED, remedy=remedy, id=invoice.id)
    if len(each.words) > _WORDS_MAX:
        return refused(
            "words_too_long", field="words", value=str(len(each.words)), bound=str(_WORDS_MAX), id=invoice.id
        )
    return None


def _write(unit: Unit, facts: _Facts, plan: _Plan) -> None:
    parts.end(unit, plan.ends, facts.invoices, WITHDRAWN)
    told = ((facts.invoices[each.invoice_id].anchor_id, each.invoice_id) for each in plan.ends)
    announce(unit, tell("invoice.withdrawn", told, all_to=facts.supplier_id))


WITHDRAW = Command("invoices.withdraw", ScopeKind.ORGANISATION, _load, _decide, _write)
