"""Giving and ending consents: what one organisation lets another see. The giver signs what it gives, in words.

Ending one needs no signature and works at once; what was seen until then was seen rightly.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from scf import encoding, files
from scf.commands import Command, ScopeKind, Unit
from scf.db import bulk
from scf.organisations.queries import names
from scf.outcomes import Outcome, done, refused
from scf.signatures.methods import BY_CLICK, Signing
from scf.signatures.models import consents
from scf.signatures.parts import NewSignature, Sealed, seal, sign
from scf.signatures.words import SUBJECT_WORDS, Purpose, Subject


@dataclass(frozen=True, slots=True)
class NewConsent:
    """An organisation lets another one see something of it; and how this is signed."""

    to_id: int
    subject: Subject
    signing: Signing = BY_CLICK


@dataclass(frozen=True, slots=True)
class ConsentDocument:
    """The document that the giver signs."""

    giver: str
    giver_id: int
    to: str
    to_id: int
    subject: Subject
    says: str


@dataclass(frozen=True, slots=True)
class _Facts:
    giver_id: int
    ids: list[int]
    known: dict[int, str]
    given: set[tuple[int, str]]
    documents: list[bytes]
    seals: list[Sealed]


@dataclass(slots=True)
class _Plan:
    outcomes: list[Outcome] = field(default_factory=list)
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    signatures: list[NewSignature] = field(default_factory=list)


def _load(unit: Unit, batch: Sequence[NewConsent]) -> _Facts:
    known = names(unit.connection, {unit.scope.id, *(new.to_id for new in batch)})
    given = unit.connection.execute(
        select(consents.c.to_id, consents.c.subject).where(
            consents.c.organisation_id == unit.scope.id, consents.c.status == "given"
        )
    )
    documents = [_document(unit.scope.id, known, new) for new in batch]
    wanted = [(files.sha256_of(each), new.signing) for each, new in zip(documents, batch, strict=True)]
    return _Facts(
        unit.scope.id,
        unit.ids.take(len(batch)),
        known,
        {(row[0], row[1]) for row in given},
        documents,
        seal(unit, wanted),
    )


def _document(giver_id: int, known: dict[int, str], new: NewConsent) -> bytes:
    giver, to = known.get(giver_id, ""), known.get(new.to_id, "")
    says = f"Until it ends this consent, {giver} lets {to} see {SUBJECT_WORDS[new.subject]}."
    return encoding.canonical(ConsentDocument(giver, giver_id, to, new.to_id, new.subject, says)).encode()


def _decide(facts: _Facts, batch: Sequence[NewConsent]) -> _Plan:
    plan = _Plan()
    given = set(facts.given)
    for id, document, sealed, new in zip(facts.ids, facts.documents, facts.seals, batch, strict=True):
        refusal = _refusal(facts, new, given) or sealed.refusal
        plan.outcomes.append(refusal or done(id))
        if refusal is None:
            given.add((new.to_id, new.subject.value))
            name = f"consent to see {new.subject.value}.json"
            plan.signatures.append(NewSignature(sealed, Purpose.CONSENT, name, document))
            plan.rows.append((id, new.to_id, new.subject.value, sealed.id))
    return plan


def _refusal(facts: _Facts, new: NewConsent, given: set[tuple[int, str]]) -> Outcome | None:
    if new.to_id not in facts.known:
        return refused("not_found", field="to_id", remedy="give an organisation that is registered")
    if new.to_id == facts.giver_id:
        return refused("to_oneself", field="to_id", remedy="an organisation sees all of its own; give another one")
    if (new.to_id, new.subject.value) in given:
        return refused("already_given", field="subject", value=new.subject.value, remedy="the consent stands already")
    return None


def _write(unit: Unit, _facts: _Facts, plan: _Plan) -> None:
    sign(unit, plan.signatures)
    columns = ("id", "to_id", "subject", "signature_id", "organisation_id", "given_at", "status", "version")
    rows = [(*row, unit.scope.id, unit.at, "given", 1) for row in plan.rows]
    bulk.insert(unit.connection, consents, columns, rows)


@dataclass(frozen=True, slots=True)
class _Ending:
    outcomes: list[Outcome]
    ended: list[int]


def _load_ends(unit: Unit, batch: Sequence[int]) -> dict[int, str]:
    """The status of the consents among these that the organisation gave, locked."""
    rows = unit.connection.execute(
        select(consents.c.id, consents.c.status)
        .where(bulk.among(unit.connection, consents.c.id, sorted(set(batch))))
        .where(consents.c.organisation_id == unit.scope.id)
        .order_by(consents.c.id)
        .with_for_update(key_share=True)
    )
    return dict(rows.all())


def _decide_ends(statuses: dict[int, str], batch: Sequence[int]) -> _Ending:
    plan = _Ending([], [])
    for id in batch:
        status = "ended" if id in plan.ended else statuses.get(id)
        if status is None:
            plan.outcomes.append(refused("not_found", field="consent_id", remedy="give a consent of yours", id=id))
        elif status != "given":
            plan.outcomes.append(refused("already_ended", field="consent_id", value=status, bound="given", id=id))
        else:
            plan.ended.append(id)
            plan.outcomes.append(done(id))
    return plan


def _write_ends(unit: Unit, _statuses: dict[int, str], plan: _Ending) -> None:
    bulk.move(unit.connection, consents, plan.ended, "given", "ended", ended_at=unit.at)


GIVE = Command("consents.give", ScopeKind.ORGANISATION, _load, _decide, _write, step_up=True)
END = Command("consents.end", ScopeKind.ORGANISATION, _load_ends, _decide_ends, _write_ends)
