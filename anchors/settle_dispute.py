"""What follows a dispute: either side writes, and the anchor settles it, so that the invoice may be confirmed again.

Only the anchor settles; the supplier answers, or withdraws its invoice. Refuses what is over, and what is not the
caller's organisation's: to it, that is not there.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select, update

from anchors.dispute import unsaid
from anchors.models import dispute_messages, disputes
from invoices import parts
from invoices.lifecycle import DISPUTED
from invoices.parts import Invoice
from scf.announcements import Announcement, announce, tell
from scf.commands import Command, ScopeKind, Unit
from scf.db import bulk
from scf.outcomes import Outcome, done, refused

_MESSAGE_COLUMNS = ("id", "dispute_id", "organisation_id", "words", "written_by_id", "written_at")


@dataclass(frozen=True, slots=True)
class Message:
    """Words about a dispute, to the other side."""

    dispute_id: int
    words: str


@dataclass(frozen=True, slots=True)
class Settlement:
    """A dispute that the anchor settles; its words may stay empty."""

    dispute_id: int
    words: str = ""


class _Dispute(NamedTuple):
    id: int
    invoice_id: int
    anchor_id: int
    supplier_id: int
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Facts:
    ids: list[int]
    caller_id: int
    disputes: Mapping[int, _Dispute]
    invoices: Mapping[int, Invoice]


@dataclass(frozen=True, slots=True)
class _Plan:
    outcomes: list[Outcome] = field(default_factory=list)
    # (message's id, dispute, words)
    written: list[tuple[int, _Dispute, str]] = field(default_factory=list)
    settled: list[_Dispute] = field(default_factory=list)


def _load(unit: Unit, batch: Sequence[Message | Settlement]) -> _Facts:
    """Disputes change under the lock of their invoice alone, so that is taken first."""
    wanted = bulk.among(unit.connection, disputes.c.id, sorted({each.dispute_id for each in batch}))
    named = unit.connection.execute(select(disputes.c.invoice_id).where(wanted)).scalars().all()
    held = parts.lock(unit, named)
    columns = (disputes.c[name] for name in _Dispute._fields)
    rows = unit.connection.execute(
        select(*columns).where(wanted).order_by(disputes.c.id).with_for_update(key_share=True)
    )
    return _Facts(unit.ids.take(len(batch)), unit.scope.id, {row.id: _Dispute._make(row) for row in rows}, held)


def _answer(facts: _Facts, batch: Sequence[Message]) -> _Plan:
    plan = _Plan()
    for id, each in zip(facts.ids, batch, strict=True):
        found = facts.disputes.get(each.dispute_id)
        refusal = _closed(facts, each.dispute_id, found, set()) or unsaid(each.words, each.dispute_id)
        plan.outcomes.append(refusal or done(id))
        if refusal is None and found is not None:
            plan.written.append((id, found, each.words))
    return plan


def _settle(facts: _Facts, batch: Sequence[Settlement]) -> _Plan:
    plan = _Plan()
    taken: set[int] = set()
    for id, each in zip(facts.ids, batch, strict=True):
        found = facts.disputes.get(each.dispute_id)
        refusal = _closed(facts, each.dispute_id, found, taken) or _not_anchors(facts, found)
        said = bool(each.words.strip())
        refusal = refusal or (unsaid(each.words, each.dispute_id) if said else None)
        plan.outcomes.append(refusal or done(each.dispute_id))
        if refusal is None and found is not None:
            taken.add(found.id)
            plan.settled.append(found)
            if said:
                plan.written.append((id, found, each.words))
    return plan


def _closed(facts: _Facts, id: int, found: _Dispute | None, taken: Iterable[int]) -> Outcome | None:
    if found is None or facts.caller_id not in (found.anchor_id, found.supplier_id):
        return refused("not_found", field="dispute", id=id, remedy="give a dispute of an invoice you sent or received")
    status = facts.invoices[found.invoice_id].status
    if found.settled_at is not None or found.id in taken:
        return refused("not_open", field="dispute", value="settled", bound="open", id=id)
    if status != DISPUTED:
        return refused("not_open", field="dispute", value=status, bound="open", id=id)
    return None


def _not_anchors(facts: _Facts, found: _Dispute | None) -> Outcome | None:
    if found is None or found.anchor_id == facts.caller_id:
        return None
    return refused(
        "not_its_anchor", field="dispute", remedy="answer what it says, or withdraw the invoice", id=found.id
    )


def _write(unit: Unit, facts: _Facts, plan: _Plan) -> None:
    parts.mark_settled(unit, [each.invoice_id for each in plan.settled])
    if plan.settled:
        theirs = bulk.among(unit.connection, disputes.c.id, [each.id for each in plan.settled])
        by = {"settled_by_id": unit.actor.id, "settled_at": unit.at}
        unit.connection.execute(update(disputes).where(theirs).values(by))
    signed = (unit.actor.id, unit.at)
    rows = [(id, each.id, facts.caller_id, words, *signed) for id, each, words in plan.written]
    bulk.insert(unit.connection, dispute_messages, _MESSAGE_COLUMNS, rows)
    announce(unit, _told(facts, plan))


def _told(facts: _Facts, plan: _Plan) -> Iterable[Announcement]:
    """Both sides hear of an answer; that a dispute is settled says what was written with it."""
    settled = {each.id for each in plan.settled}
    for _id, each, _words in plan.written:
        if each.id not in settled:
            yield Announcement(each.anchor_id, "dispute.answered", [each.id])
            yield Announcement(each.supplier_id, "dispute.answered", [each.id])
    yield from tell(
        "invoice.settled", ((each.supplier_id, each.invoice_id) for each in plan.settled), all_to=facts.caller_id
    )


ANSWER_DISPUTE = Command("anchors.answer_dispute", ScopeKind.ORGANISATION, _load, _answer, _write)
SETTLE_DISPUTE = Command("anchors.settle_dispute", ScopeKind.ORGANISATION, _load, _settle, _write)
