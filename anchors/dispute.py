"""Disputing: the anchor does not confirm an invoice yet, and says what it objects to, by a code and in words.

A disputed invoice cannot be confirmed until the anchor settles the dispute. Refuses what is not submitted, and what is
said in no words: its supplier is to answer them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from anchors.models import disputes
from anchors.reject import WORDS_MAX, Reason
from invoices import parts
from invoices.lifecycle import DISPUTED, SUBMITTED
from invoices.parts import Invoice
from scf.announcements import announce, tell
from scf.commands import Command, ScopeKind, Unit
from scf.db import bulk
from scf.outcomes import Outcome, done, refused

_COLUMNS = ("id", "invoice_id", "anchor_id", "supplier_id", "reason", "words", "opened_by_id", "opened_at")


@dataclass(frozen=True, slots=True)
class Objection:
    """An invoice the anchor objects to, the reason, and what its supplier should know or do."""

    invoice_id: int
    reason: Reason
    words: str


@dataclass(frozen=True, slots=True)
class _Facts:
    ids: list[int]
    anchor_id: int
    invoices: Mapping[int, Invoice]


@dataclass(frozen=True, slots=True)
class _Plan:
    outcomes: list[Outcome] = field(default_factory=list)
    # (dispute's id, invoice, what is objected)
    opened: list[tuple[int, Invoice, Objection]] = field(default_factory=list)


def _load(unit: Unit, batch: Sequence[Objection]) -> _Facts:
    held = parts.lock(unit, [each.invoice_id for each in batch])
    return _Facts(unit.ids.take(len(batch)), unit.scope.id, held)


def _decide(facts: _Facts, batch: Sequence[Objection]) -> _Plan:
    plan = _Plan()
    taken: set[int] = set()
    for id, each in zip(facts.ids, batch, strict=True):
        invoice = facts.invoices.get(each.invoice_id)
        refusal = _refusal(facts, each, invoice, taken)
        plan.outcomes.append(refusal or done(id))
        if refusal is None and invoice is not None:
            taken.add(invoice.id)
            plan.opened.append((id, invoice, each))
    return plan


def _refusal(facts: _Facts, each: Objection, invoice: Invoice | None, taken: set[int]) -> Outcome | None:
    id = each.invoice_id
    if invoice is None or invoice.anchor_id != facts.anchor_id:
        return refused("not_found", field="invoice", id=id, remedy="give an invoice that was sent to you")
    status = DISPUTED if id in taken else invoice.status
    if status != SUBMITTED:
        remedy = "what is confirmed is lowered by a credit note" if status == "confirmed" else ""
        return refused("not_submitted", field="invoice", value=status, bound=SUBMITTED, remedy=remedy, id=id)
    return unsaid(each.words, id)


def unsaid(words: str, id: int) -> Outcome | None:
    """The refusal of words to the other side that say nothing, or too much."""
    if not words.strip():
        return refused("words_missing", field="words", remedy="say in words what the other side should know", id=id)
    if len(words) > WORDS_MAX:
        return refused("words_too_long", field="words", value=str(len(words)), bound=str(WORDS_MAX), id=id)
    return None


def _write(unit: Unit, facts: _Facts, plan: _Plan) -> None:
    parts.mark_disputed(unit, [invoice.id for _id, invoice, _each in plan.opened])
    rows = [
        (id, invoice.id, facts.anchor_id, invoice.supplier_id, each.reason.value, each.words, unit.actor.id, unit.at)
        for id, invoice, each in plan.opened
    ]
    bulk.insert(unit.connection, disputes, _COLUMNS, rows)
    told = ((invoice.supplier_id, invoice.id) for _id, invoice, _each in plan.opened)
    announce(unit, tell("invoice.disputed", told, all_to=facts.anchor_id))


DISPUTE = Command("anchors.dispute", ScopeKind.ORGANISATION, _load, _decide, _write)
