"""Confirming: the anchor promises to pay, and each promise makes a receivable, in one transaction.

The confirmation is the product: everything after it relies on this row. It is made once for an invoice and never
changed; a claim that stands already, from whatever document, is refused.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from anchors.confirmation import Confirmation
from anchors.evidence import digest
from anchors.models import confirmations
from invoices import parts as invoices
from invoices.lifecycle import SUBMITTED
from invoices.parts import Invoice
from scf.announcements import announce, tell
from scf.commands import Command, ScopeKind, Unit
from scf.db import bulk
from scf.money import decimal_string
from scf.outcomes import Outcome, done, refused
from scf.proposals.four_eyes import four_eyes
from scf.receivables import parts as receivables
from scf.receivables.parts import NewReceivable

_COLUMNS = (
    "id", "invoice_id", "receivable_id", "anchor_id", "amount_minor", "due_on", "undertaking", "maker_id",
    "checker_id", "confirmed_at", "digest",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Facts:
    ids: list[int]
    receivable_ids: list[int]
    anchor_id: int
    on: date
    invoices: Mapping[int, Invoice]
    standing: set[str]
    actor_id: int


@dataclass(frozen=True, slots=True)
class _Plan:
    outcomes: list[Outcome] = field(default_factory=list)
    confirmed: list[int] = field(default_factory=list)
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    receivables: list[NewReceivable] = field(default_factory=list)


def _load(unit: Unit, batch: Sequence[Confirmation]) -> _Facts:
    held = invoices.lock(unit, [each.invoice_id for each in batch])
    own = [invoice.fingerprint for invoice in held.values() if invoice.anchor_id == unit.scope.id]
    standing = receivables.known(unit, unit.scope.id, own)
    ids = unit.ids.take(2 * len(batch))
    return _Facts(ids[::2], ids[1::2], unit.scope.id, unit.business_date, held, standing, unit.actor.id)


def _decide(facts: _Facts, batch: Sequence[Confirmation]) -> _Plan:
    plan = _Plan()
    standing, taken = set(facts.standing), set[int]()
    for id, receivable_id, each in zip(facts.ids, facts.receivable_ids, batch, strict=True):
        invoice = facts.invoices.get(each.invoice_id)
        refusal = _refusal(facts, each, invoice, taken) or _already(invoice, each, standing)
        if refusal is not None or invoice is None:
            plan.outcomes.append(refusal or _unknown(each))
            continue
        taken.add(invoice.id)
        standing.add(invoice.fingerprint)
        plan.outcomes.append(done(id, receivable_id=receivable_id))
        plan.confirmed.append(invoice.id)
        plan.rows.append(_row(id, receivable_id, invoice, each))
        plan.receivables.append(_receivable(receivable_id, invoice, each))
    return plan


def _unknown(each: Confirmation) -> Outcome:
    return refused("not_found", field="invoice", id=each.invoice_id, remedy="give an invoice that was sent to you")


def _refusal(facts: _Facts, each: Confirmation, invoice: Invoice | None, taken: set[int]) -> Outcome | None:
    if invoice is None or invoice.anchor_id != facts.anchor_id:
        return _unknown(each)
    status = "confirmed" if invoice.id in taken else invoice.status
    if status != SUBMITTED:
        return refused("not_submitted", field="invoice", value=status, bound=SUBMITTED, id=invoice.id)
    if each.maker_id and each.maker_id == facts.actor_id:
        remedy = "passes when somebody other than its maker confirms"
        return refused(
            "same_person", field="maker", value="its maker", bound="another person", id=invoice.id, remedy=remedy
        )
    if each.currency != invoice.currency:
        remedy = "confirm in the invoice's currency"
        return refused(
            "currency_differs",
            field="currency",
            value=each.currency,
            bound=invoice.currency,
            remedy=remedy,
            id=invoice.id,
        )
    if not 1 <= each.amount_minor <= invoice.amount_minor:
        return refused(
            "amount_out_of_range",
            field="amount",
            value=decimal_string(each.amount_minor, invoice.currency),
            bound=f"{decimal_string(1, invoice.currency)} to {decimal_string(invoice.amount_minor, invoice.currency)}",
            remedy="confirm what you owe on this invoice, or reject it",
            id=invoice.id,
        )
    return _untimely(facts, each, invoice)


def _untimely(facts: _Facts, each: Confirmation, invoice: Invoice) -> Outcome | None:
    given = str(each.due_on)
    if each.due_on < invoice.issue_on:
        remedy = "give the day on which you will pay"
        bound = f"issued on {invoice.issue_on}"
        return refused("due_before_issue", field="due date", value=given, bound=bound, remedy=remedy, id=invoice.id)
    if each.due_on <= facts.on:
        remedy = "give a later day, or pay your supplier directly and reject the invoice as paid"
        return refused(
            "due_not_ahead", field="due date", value=given, bound=f"after {facts.on}", remedy=remedy, id=invoice.id
        )
    return None


def _already(invoice: Invoice | None, each: Confirmation, standing: set[str]) -> Outcome | None:
    if invoice is None or invoice.fingerprint not in standing:
        return None
    remedy = "this claim was confirmed before; reject the invoice as a duplicate"
    return refused("already_a_receivable", field="invoice", value=invoice.number, remedy=remedy, id=each.invoice_id)


def _row(id: int, receivable_id: int, invoice: Invoice, each: Confirmation) -> tuple[Any, ...]:
    promise = (each.amount_minor, each.due_on, each.undertaking.value)
    return (id, invoice.id, receivable_id, invoice.anchor_id, promise, each.maker_id or None, digest(invoice, each))


def _receivable(id: int, invoice: Invoice, each: Confirmation) -> NewReceivable:
    return NewReceivable(
        id=id,
        debtor_id=invoice.anchor_id,
        creditor_id=invoice.supplier_id,
        ref=invoice.number,
        fingerprint=invoice.fingerprint,
        currency=invoice.currency,
        face_minor=each.amount_minor,
        issued_on=invoice.issue_on,
        due_on=each.due_on,
        undertaking=each.undertaking.value,
    )


def _write(unit: Unit, facts: _Facts, plan: _Plan) -> None:
    invoices.mark_confirmed(unit, plan.confirmed)
    receivables.register(unit, plan.receivables)
    checked = (unit.actor.id, unit.at)
    rows = [(*head, *promise, maker_id, *checked, digest) for *head, promise, maker_id, digest in plan.rows]
    bulk.insert(unit.connection, confirmations, _COLUMNS, rows)
    suppliers = [each.creditor_id for each in plan.receivables]
    confirmed = zip(suppliers, plan.confirmed, strict=True)
    registered = ((each.creditor_id, each.id) for each in plan.receivables)
    announce(
        unit,
        [
            *tell("invoice.confirmed", confirmed, all_to=facts.anchor_id),
            *tell("receivable.registered", registered, all_to=facts.anchor_id),
        ],
    )


def _signed(confirmation: Confirmation, maker_id: int) -> Confirmation:
    return replace(confirmation, maker_id=maker_id)


def _invoice_id(confirmation: Confirmation) -> int:
    return confirmation.invoice_id


CONFIRM = Command("anchors.confirm", ScopeKind.ORGANISATION, _load, _decide, _write, checked=True)
CONFIRM_BY_PEOPLE = four_eyes(CONFIRM, Confirmation, _signed, about=_invoice_id)
