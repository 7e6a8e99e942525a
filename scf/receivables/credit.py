"""Credit notes: before funding they lower the face; after it they wait for the funder's book to book the dilution.

The receivable's row is the guard between the two: it is locked here and by funding. Under an irrevocable undertaking
a credit note does not touch the receivable: the anchor pays in full and nets with later, unconfirmed invoices.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from scf.announcements import announce, tell
from scf.commands import Command, ScopeKind, Unit
from scf.db import bulk
from scf.money import readable
from scf.outcomes import Outcome, done, refused
from scf.receivables import parts
from scf.receivables.lifecycle import CANCELLED, FUNDED, OPEN
from scf.receivables.models import credit_notes
from scf.receivables.parts import Receivable
from scf.scheduling.jobs import NewJob, enqueue
from scf.signatures.queries import seen
from scf.signatures.words import Subject


@dataclass(frozen=True, slots=True)
class NewCreditNote:
    """A credit note against a receivable: its number, amount in minor units and date. Debtor or creditor brings it."""

    receivable_id: int
    ref: str
    currency: str
    amount_minor: int
    issued_on: date


@dataclass(frozen=True, slots=True)
class _Facts:
    ids: list[int]
    organisation_id: int
    receivables: dict[int, Receivable]
    known: set[tuple[int, str]]
    # credited after funding, and not booked by the funder yet
    waiting: dict[int, int]
    # creditors whose financing the organisation may see
    shown: set[int]

    def shows(self, receivable: Receivable) -> bool:
        """The organisation may know whether the receivable is financed."""
        return self.organisation_id == 0 or receivable.creditor_id in self.shown


@dataclass(slots=True)
class _Plan:
    outcomes: list[Outcome]
    rows: list[tuple[Any, ...]]
    lowered: dict[int, int]
    cancelled: list[int]
    diluting: list[int]


def _load(unit: Unit, batch: Sequence[NewCreditNote]) -> _Facts:
    ids = sorted({note.receivable_id for note in batch})
    locked = parts.lock(unit, ids)
    wanted = bulk.among(unit.connection, credit_notes.c.receivable_id, ids)
    columns = (credit_notes.c.receivable_id, credit_notes.c.ref, credit_notes.c.status, credit_notes.c.amount_minor)
    known: set[tuple[int, str]] = set()
    waiting: dict[int, int] = {}
    for receivable_id, ref, status, amount in unit.connection.execute(select(*columns).where(wanted)):
        known.add((receivable_id, ref))
        if status == "received":
            waiting[receivable_id] = waiting.get(receivable_id, 0) + amount
    shown = seen(unit.connection, unit.scope.id, Subject.FINANCING) | {unit.scope.id}
    return _Facts(unit.ids.take(len(batch)), unit.scope.id, locked, known, waiting, shown)


def _decide(facts: _Facts, batch: Sequence[NewCreditNote]) -> _Plan:
    plan = _Plan([], [], {}, [], [])
    known = set(facts.known)
    left = {id: each.open_minor - facts.waiting.get(id, 0) for id, each in facts.receivables.items()}
    for id, note in zip(facts.ids, batch, strict=True):
        receivable = facts.receivables.get(note.receivable_id)
        refusal = _refusal(facts, note, receivable, known, left)
        if refusal is not None or receivable is None:
            plan.outcomes.append(refusal or refused("not_found"))
            continue
        known.add((note.receivable_id, note.ref))
        left[receivable.id] -= note.amount_minor
        applied = receivable.status == OPEN
        if applied:
            plan.lowered[receivable.id] = left[receivable.id]
        else:
            plan.diluting.append(id)
        status = "applied" if applied else "received"
        parties = (receivable.id, receivable.creditor_id)
        plan.rows.append((id, *parties, note.ref, note.amount_minor, note.issued_on, status, 1))
        # whether it waits for a funder's book tells that there is one
        plan.outcomes.append(done(id, status=status) if facts.shows(receivable) else done(id))
    plan.cancelled = [id for id, rest in plan.lowered.items() if rest == 0]
    return plan


def _refusal(
    facts: _Facts, note: NewCreditNote, receivable: Receivable | None, known: set[tuple[int, str]], left: dict[int, int]
) -> Outcome | None:
    if receivable is None or facts.organisation_id not in (0, receivable.debtor_id, receivable.creditor_id):
        return refused("not_found", field="receivable_id", remedy="give a receivable of yours")
    if (note.receivable_id, note.ref) in known:
        return refused("duplicate", field="ref", value=note.ref, remedy="this credit note is there already")
    if receivable.undertaking == "irrevocable":
        remedy = "the anchor pays in full; net it with a later invoice that is not confirmed yet"
        return refused("undertaking_irrevocable", field="receivable_id", value=receivable.ref, remedy=remedy)
    if note.currency != receivable.currency:
        remedy = "give the amount in the receivable's currency"
        value, bound = note.currency, receivable.currency
        return refused("currency_differs", field="currency", value=value, bound=bound, remedy=remedy)
    if receivable.status not in (OPEN, FUNDED):
        value = receivable.status if facts.shows(receivable) else ""
        bound = "open or funded" if facts.shows(receivable) else OPEN
        return refused("not_open", field="receivable_id", value=value, bound=bound)
    if not 0 < note.amount_minor <= left[receivable.id]:
        return refused(
            "amount_out_of_range",
            field="amount",
            value=readable(note.amount_minor, receivable.currency),
            bound=f"{readable(1, receivable.currency)} to {readable(left[receivable.id], receivable.currency)}",
            remedy="a credit note cannot exceed what is open",
        )
    return None


def _write(unit: Unit, facts: _Facts, plan: _Plan) -> None:
    columns = (
        "id", "receivable_id", "creditor_id", "ref", "amount_minor", "issued_on", "status", "version", "received_at",
    )  # fmt: skip
    bulk.insert(unit.connection, credit_notes, columns, [(*row, unit.at) for row in plan.rows])
    parts.set_open(unit, plan.lowered)
    parts.move(unit, plan.cancelled, OPEN, CANCELLED)
    enqueue(unit, [NewJob("dilute", {"credit_note_id": id}, f"dilute/{id}") for id in plan.diluting])
    parties = [(facts.receivables[receivable_id], id) for id, receivable_id, *_ in plan.rows]
    told = [(party, id) for each, id in parties for party in (each.debtor_id, each.creditor_id)]
    announce(unit, tell("receivable.credited", told))


def mark(unit: Unit, ids: Sequence[int], status: str) -> None:
    """A part for the funder's book: the dilution of these credit notes is booked ("applied"), or "refused" for good."""
    bulk.move(unit.connection, credit_notes, ids, "received", status)


CREDIT = Command("receivables.credit", ScopeKind.ORGANISATION, _load, _decide, _write)
