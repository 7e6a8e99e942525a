"""Standing instructions: the supplier has every invoice that is confirmed offered by itself, and may stop it any day.

It signs what it instructs, in words; nobody else can instruct for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select

from scf import encoding, files
from scf.books.models import books
from scf.commands import Command, ScopeKind, Unit
from scf.db import bulk
from scf.organisations.queries import names
from scf.outcomes import Outcome, done, refused
from scf.programmes.models import enrolments, programmes, standing_instructions
from scf.signatures.methods import BY_CLICK, Signing
from scf.signatures.parts import NewSignature, Sealed, seal, sign
from scf.signatures.words import Purpose


@dataclass(frozen=True, slots=True)
class NewInstruction:
    """From a day on, every invoice confirmed under an enrolment is offered to its funder; and how this is signed."""

    enrolment_id: int
    from_on: date
    signing: Signing = BY_CLICK


@dataclass(frozen=True, slots=True)
class Instruction:
    """The document that the supplier signs."""

    enrolment: int
    supplier: str
    anchor: str
    funder: str
    programme: str
    from_on: date
    says: str = (
        "From this day on, and until the supplier stops it, every invoice of the supplier that the anchor confirms"
        " is offered to the funder for an advance, under the terms in force on the day it is offered."
    )


@dataclass(frozen=True, slots=True)
class _Facts:
    on: date
    # an organisation's own enrolments, as they are named in what it signs
    enrolments: dict[int, tuple[str, str, str, str]]
    # enrolments with an instruction, by enrolment
    given: dict[int, int]
    documents: list[bytes] = field(default_factory=list)
    seals: list[Sealed] = field(default_factory=list)
    ids: list[int] = field(default_factory=list)


@dataclass(slots=True)
class _Plan:
    outcomes: list[Outcome] = field(default_factory=list)
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    signatures: list[NewSignature] = field(default_factory=list)
    ended: list[int] = field(default_factory=list)


def _named(unit: Unit, ids: Sequence[int]) -> dict[int, tuple[str, str, str, str]]:
    """Supplier, anchor, funder and programme by name, of the enrolments among these that are the organisation's."""
    rows = unit.connection.execute(
        select(enrolments.c.id, enrolments.c.supplier_id, enrolments.c.anchor_id, books.c.funder_id, programmes.c.name)
        .join(programmes, programmes.c.id == enrolments.c.programme_id)
        .join(books, books.c.id == enrolments.c.book_id)
        .where(
            bulk.among(unit.connection, enrolments.c.id, sorted(set(ids))), enrolments.c.supplier_id == unit.scope.id
        )
    ).all()
    called = names(unit.connection, {id for row in rows for id in row[1:4]})
    return {row.id: (called[row[1]], called[row[2]], called[row[3]], row.name) for row in rows}


def _given(unit: Unit, enrolment_ids: Sequence[int]) -> dict[int, int]:
    """The instructions given for these enrolments by the organisation, by enrolment, locked."""
    rows = unit.connection.execute(
        select(standing_instructions.c.enrolment_id, standing_instructions.c.id)
        .where(
            bulk.among(unit.connection, standing_instructions.c.enrolment_id, sorted(set(enrolment_ids))),
            standing_instructions.c.organisation_id == unit.scope.id,
            standing_instructions.c.status == "given",
        )
        .order_by(standing_instructions.c.id)
        .with_for_update(key_share=True)
    )
    return dict(rows.all())


def _load(unit: Unit, batch: Sequence[NewInstruction]) -> _Facts:
    ids = [each.enrolment_id for each in batch]
    own = _named(unit, ids)
    unknown = ("", "", "", "")
    documents = [
        encoding.canonical(
            Instruction(each.enrolment_id, *own.get(each.enrolment_id, unknown), from_on=each.from_on)
        ).encode()
        for each in batch
    ]
    wanted = [(files.sha256_of(each), new.signing) for each, new in zip(documents, batch, strict=True)]
    return _Facts(unit.business_date, own, _given(unit, ids), documents, seal(unit, wanted), unit.ids.take(len(batch)))


def _decide(facts: _Facts, batch: Sequence[NewInstruction]) -> _Plan:
    plan = _Plan()
    given = set(facts.given)
    for id, document, sealed, new in zip(facts.ids, facts.documents, facts.seals, batch, strict=True):
        refusal = _refusal(facts, new, given) or sealed.refusal
        plan.outcomes.append(refusal or done(new.enrolment_id))
        if refusal is None:
            given.add(new.enrolment_id)
            name = f"standing instruction from {new.from_on}.json"
            plan.signatures.append(NewSignature(sealed, Purpose.STANDING_INSTRUCTION, name, document))
            plan.rows.append((id, new.enrolment_id, new.from_on, sealed.id))
    return plan


def _refusal(facts: _Facts, new: NewInstruction, given: set[int]) -> Outcome | None:
    if new.enrolment_id not in facts.enrolments:
        return refused("not_found", field="enrolment_id", remedy="give an enrolment of yours")
    if new.enrolment_id in given:
        return refused("already_instructed", field="enrolment_id", remedy="stop the instruction that is there first")
    if new.from_on < facts.on:
        remedy = "an instruction begins today or later"
        return refused("in_the_past", field="from_on", value=str(new.from_on), bound=str(facts.on), remedy=remedy)
    return None


def _write(unit: Unit, _facts: _Facts, plan: _Plan) -> None:
    sign(unit, plan.signatures)
    columns = (
        "id", "enrolment_id", "from_on", "signature_id", "organisation_id", "given_at", "status", "version",
    )  # fmt: skip
    rows = [(*row, unit.scope.id, unit.at, "given", 1) for row in plan.rows]
    bulk.insert(unit.connection, standing_instructions, columns, rows)


def _load_stops(unit: Unit, batch: Sequence[int]) -> _Facts:
    return _Facts(unit.business_date, {}, _given(unit, batch))


def _decide_stops(facts: _Facts, batch: Sequence[int]) -> _Plan:
    plan = _Plan()
    given = dict(facts.given)
    for enrolment_id in batch:
        id = given.pop(enrolment_id, None)
        if id is None:
            remedy = "give an enrolment of yours with a standing instruction, once"
            plan.outcomes.append(refused("not_instructed", field="enrolment_id", remedy=remedy, id=enrolment_id))
            continue
        plan.ended.append(id)
        plan.outcomes.append(done(enrolment_id))
    return plan


def _write_stops(unit: Unit, _facts: _Facts, plan: _Plan) -> None:
    bulk.move(unit.connection, standing_instructions, plan.ended, "given", "ended", ended_at=unit.at)


INSTRUCT = Command("programmes.instruct", ScopeKind.ORGANISATION, _load, _decide, _write, step_up=True)
STOP_INSTRUCTING = Command(
    "programmes.stop_instructing", ScopeKind.ORGANISATION, _load_stops, _decide_stops, _write_stops
)
