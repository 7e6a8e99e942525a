"""Credit notes in an uploaded file: a part of the upload that lowers the receivable of the invoice they name.

It runs the receivables' own credit command on what it finds, and refuses what credits an invoice that the anchor has
not confirmed yet: that one is withdrawn and sent again as it should be.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import select

from invoices.canonical import ParsedInvoice
from invoices.fingerprint import disguise, plain_number
from invoices.lifecycle import CONFIRMED, LIVE
from invoices.models import invoices
from scf.commands import Unit
from scf.db import bulk
from scf.outcomes import Outcome, Refusal
from scf.receivables.credit import CREDIT, NewCreditNote
from scf.receivables.models import receivables

# The command's fields under the headings of a supplier's file.
_HEADINGS = {"receivable_id": "credited number", "ref": "invoice number", "amount": "amount"}


class _Credited(NamedTuple):
    number: str
    status: str
    receivable_id: int | None


@dataclass(frozen=True, slots=True)
class Credits:
    """The credit notes of a batch: what each lowers, or why not, and the inner command's facts."""

    targets: Sequence[NewCreditNote | Refusal]
    inner: Any

    @property
    def notes(self) -> list[NewCreditNote]:
        """Those that have a receivable to lower, in order."""
        return [target for target in self.targets if isinstance(target, NewCreditNote)]


@dataclass(frozen=True, slots=True)
class Decision:
    """An outcome a credit note, in order, and the inner command's plan."""

    outcomes: list[Outcome]
    inner: Any


def load(unit: Unit, rows: Sequence[ParsedInvoice], submitted: Set[str]) -> Credits:
    """Find and lock what the credit notes lower; `submitted` are disguise keys of the invoices of the same batch."""
    if not rows:
        return Credits([], None)
    named = [disguise(row.seller_id, row.buyer_id, row.credited_number, row.currency) for row in rows]
    found = _find(unit, named)
    targets = [_target(row, found.get(key, []), key in submitted) for row, key in zip(rows, named, strict=True)]
    credits = Credits(targets, None)
    return Credits(targets, CREDIT.load(unit, credits.notes)) if credits.notes else credits


def _find(unit: Unit, named: Iterable[str]) -> Mapping[str, list[_Credited]]:
    connection = unit.connection
    held = connection.execute(
        select(invoices.c.disguise, invoices.c.number, invoices.c.status, invoices.c.fingerprint)
        .where(
            invoices.c.supplier_id == unit.scope.id,
            bulk.among(connection, invoices.c.disguise, sorted(set(named))),
            invoices.c.status.in_(LIVE),
        )
        .order_by(invoices.c.id)
        .with_for_update(key_share=True)
    ).all()
    confirmed = [row.fingerprint for row in held if row.status == CONFIRMED]
    rows = connection.execute(
        select(receivables.c.fingerprint, receivables.c.id).where(
            receivables.c.creditor_id == unit.scope.id,
            bulk.among(connection, receivables.c.fingerprint, confirmed),
        )
    )
    by_fingerprint = dict(rows.all())
    found: dict[str, list[_Credited]] = {}
    for key, number, status, fingerprint in held:
        found.setdefault(key, []).append(_Credited(number, status, by_fingerprint.get(fingerprint)))
    return found


def _target(row: ParsedInvoice, found: Sequence[_Credited], in_batch: bool) -> NewCreditNote | Refusal:
    if not row.credited_number:
        return Refusal("credited_number_missing", "credited number", remedy="say which invoice the credit note lowers")
    exact = [each for each in found if plain_number(each.number) == plain_number(row.credited_number)]
    matches = exact or found
    if len(matches) > 1:
        numbers = ", ".join(each.number for each in matches)
        remedy = "write the number as the invoice has it"
        return Refusal("credited_invoice_ambiguous", "credited number", row.credited_number, numbers, remedy)
    if not matches and not in_batch:
        remedy = "give the number of an invoice that was uploaded, to this buyer and in this currency"
        return Refusal("credited_invoice_unknown", "credited number", row.credited_number, remedy=remedy)
    receivable_id = matches[0].receivable_id if matches else None
    if receivable_id is None:
        remedy = "withdraw the invoice and upload a corrected one; a credit note lowers it once the buyer has confirmed"
        return Refusal("invoice_not_confirmed", "credited number", row.credited_number, CONFIRMED, remedy)
    return NewCreditNote(receivable_id, row.number, row.currency, row.payable_minor, row.issue_on)


def decide(facts: Credits) -> Decision:
    """What becomes of each credit note, in order."""
    notes = facts.notes
    plan = CREDIT.decide(facts.inner, notes) if notes else None
    inner = iter(plan.outcomes if plan else [])
    outcomes = [Outcome(None, each) if isinstance(each, Refusal) else _renamed(next(inner)) for each in facts.targets]
    return Decision(outcomes, plan)


def _renamed(outcome: Outcome) -> Outcome:
    refusal = outcome.refusal
    if refusal is None:
        return outcome
    field = _HEADINGS.get(refusal.field, refusal.field)
    return Outcome(None, Refusal(refusal.reason, field, refusal.value, refusal.bound, refusal.remedy))


def write(unit: Unit, facts: Credits, decision: Decision) -> None:
    """Write the credit notes, lower what is open, and put down the dilution of what is funded."""
    if decision.inner is not None:
        CREDIT.write(unit, facts.inner, decision.inner)
