"""The supplier's answer to terms: it consents by its signature on the very document, or refuses. Either once.

Terms that were agreed by the funder are an offer until then; consent brings them into force from their day on, or at
once when that day has passed. An offer that a newer one has replaced can no longer be answered.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select

from scf.announcements import announce, tell
from scf.books.models import books
from scf.commands import Command, ScopeKind, Unit
from scf.db import bulk
from scf.outcomes import Outcome, done, refused
from scf.programmes.models import Answer, enrolment_terms, enrolments, terms_answers, terms_documents
from scf.signatures.methods import BY_CLICK, Signing
from scf.signatures.parts import NewSignature, Sealed, seal, sign
from scf.signatures.words import Purpose

_TOLD = {"terms.consented": Answer.CONSENTED, "terms.refused": Answer.REFUSED}


@dataclass(frozen=True, slots=True)
class TermsConsent:
    """Consent to a version of terms, by the SHA-256 of the document that was seen, and how it is signed."""

    enrolment_terms_id: int
    document_sha256: str
    signing: Signing = BY_CLICK


@dataclass(frozen=True, slots=True)
class TermsRefusal:
    """A refusal of a version of terms, and why."""

    enrolment_terms_id: int
    words: str = ""


@dataclass(frozen=True, slots=True)
class _Offer:
    """A version of terms as its supplier sees it; `answer` is empty while it has given none."""

    id: int
    enrolment_id: int
    version: int
    from_on: date
    sha256: str
    body: str
    funder_id: int
    answer: str


@dataclass(frozen=True, slots=True)
class _Facts:
    on: date
    offers: dict[int, _Offer]
    # of each enrolment its versions, each with the day it begins
    versions: dict[int, list[tuple[int, date]]]
    seals: list[Sealed]

    def replacing(self, offer: _Offer) -> int | None:
        """The later version that begins when this one would count, if there is one."""
        begins = max(offer.from_on, self.on)
        later = (n for n, from_on in self.versions[offer.enrolment_id] if n > offer.version and from_on <= begins)
        return max(later, default=None)


@dataclass(slots=True)
class _Plan:
    outcomes: list[Outcome] = field(default_factory=list)
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    signatures: list[NewSignature] = field(default_factory=list)


def _load(unit: Unit, ids: Sequence[int], seals: list[Sealed]) -> _Facts:
    """What of these was offered to the organisation, and what else its enrolments were offered; two statements."""
    answer = terms_answers.c.answer
    offered = unit.connection.execute(
        select(
            enrolment_terms.c.id,
            enrolment_terms.c.enrolment_id,
            enrolment_terms.c.version,
            enrolment_terms.c.from_on,
            terms_documents.c.hash,
            terms_documents.c.body,
            books.c.funder_id,
            answer,
        )
        .join(enrolments, enrolments.c.id == enrolment_terms.c.enrolment_id)
        .join(books, books.c.id == enrolments.c.book_id)
        .join(terms_documents, terms_documents.c.id == enrolment_terms.c.terms_id)
        .outerjoin(terms_answers, terms_answers.c.enrolment_terms_id == enrolment_terms.c.id)
        .where(
            bulk.among(unit.connection, enrolment_terms.c.id, sorted(set(ids))),
            enrolments.c.supplier_id == unit.scope.id,
        )
    )
    offers = {row.id: _Offer(*row[:-1], row.answer or "") for row in offered}
    versions: dict[int, list[tuple[int, date]]] = {offer.enrolment_id: [] for offer in offers.values()}
    columns = (enrolment_terms.c.enrolment_id, enrolment_terms.c.version, enrolment_terms.c.from_on)
    wanted = bulk.among(unit.connection, enrolment_terms.c.enrolment_id, sorted(versions))
    for enrolment_id, version, from_on in unit.connection.execute(select(*columns).where(wanted)):
        versions[enrolment_id].append((version, from_on))
    return _Facts(unit.business_date, offers, versions, seals)


def _unanswerable(facts: _Facts, id: int, answered: dict[int, Answer]) -> Outcome | None:
    """Why a version cannot be answered, None when it can."""
    offer = facts.offers.get(id)
    if offer is None:
        return refused("not_found", field="terms", remedy="give a version of terms that was offered to you", id=id)
    answer = answered.get(id, offer.answer)
    if answer:
        remedy = "an answer is given once; ask your funder for a new version"
        return refused(f"already_{answer}", field="terms", value=f"version {offer.version}", remedy=remedy, id=id)
    newer = facts.replacing(offer)
    if newer is not None:
        value, bound = f"version {offer.version}", f"version {newer}"
        return refused("superseded", field="terms", value=value, bound=bound, remedy="answer the newer version", id=id)
    return None


def _decide(facts: _Facts, batch: Sequence[TermsConsent]) -> _Plan:
    plan = _Plan()
    answered: dict[int, Answer] = {}
    for sealed, each in zip(facts.seals, batch, strict=True):
        id = each.enrolment_terms_id
        refusal = _unanswerable(facts, id, answered) or _unsigned(facts.offers[id], sealed)
        plan.outcomes.append(refusal or done(id))
        if refusal is None:
            offer = facts.offers[id]
            answered[id] = Answer.CONSENTED
            name = f"terms version {offer.version}.json"
            plan.signatures.append(NewSignature(sealed, Purpose.TERMS, name, offer.body.encode()))
            plan.rows.append((id, Answer.CONSENTED.value, sealed.id, ""))
    return plan


def _unsigned(offer: _Offer, sealed: Sealed) -> Outcome | None:
    if sealed.document_sha256 != offer.sha256:
        remedy = "read the document again, and consent to what it says"
        return refused(
            "document_differs", field="document_sha256", value=sealed.document_sha256, bound=offer.sha256,
            remedy=remedy, id=offer.id,
        )  # fmt: skip
    return sealed.refusal


def _decide_refusals(facts: _Facts, batch: Sequence[TermsRefusal]) -> _Plan:
    plan = _Plan()
    answered: dict[int, Answer] = {}
    for each in batch:
        id = each.enrolment_terms_id
        refusal = _unanswerable(facts, id, answered)
        plan.outcomes.append(refusal or done(id))
        if refusal is None:
            answered[id] = Answer.REFUSED
            plan.rows.append((id, Answer.REFUSED.value, None, each.words))
    return plan


def _write(unit: Unit, facts: _Facts, plan: _Plan) -> None:
    sign(unit, plan.signatures)
    columns = (
        "enrolment_terms_id", "answer", "signature_id", "words", "organisation_id", "answered_by_id", "answered_at",
    )  # fmt: skip
    rows = [(*row, unit.scope.id, unit.actor.id, unit.at) for row in plan.rows]
    bulk.insert(unit.connection, terms_answers, columns, rows)
    announce(
        unit,
        [
            each
            for kind, answer in _TOLD.items()
            for each in tell(kind, _told(facts, plan, answer), all_to=unit.scope.id)
        ],
    )


def _told(facts: _Facts, plan: _Plan, answer: Answer) -> list[tuple[int, int]]:
    return [(facts.offers[id].funder_id, id) for id, given, *_ in plan.rows if given == answer.value]


def _load_consents(unit: Unit, batch: Sequence[TermsConsent]) -> _Facts:
    seals = seal(unit, [(each.document_sha256, each.signing) for each in batch])
    return _load(unit, [each.enrolment_terms_id for each in batch], seals)


def _load_refusals(unit: Unit, batch: Sequence[TermsRefusal]) -> _Facts:
    return _load(unit, [each.enrolment_terms_id for each in batch], [])


CONSENT = Command("programmes.consent", ScopeKind.ORGANISATION, _load_consents, _decide, _write, step_up=True)
REFUSE = Command("programmes.refuse", ScopeKind.ORGANISATION, _load_refusals, _decide_refusals, _write)
