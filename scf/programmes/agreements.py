"""Master agreements: the funder offers a document to a party, which signs its very bytes, or leaves it.

A party has at most one offer and one signed agreement with a funder: a new offer ends the one before it, a new
signature the agreement before it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from scf import files
from scf.commands import Command, ScopeKind, Unit
from scf.db import bulk
from scf.organisations.queries import names
from scf.outcomes import Outcome, done, refused
from scf.programmes.models import master_agreements
from scf.signatures.methods import BY_CLICK, Signing
from scf.signatures.parts import NewSignature, Sealed, seal, sign
from scf.signatures.words import Purpose

CONTENT_MAX = 5_000_000
_COLUMNS = (
    "id", "organisation_id", "edition", "name", "document_sha256", "book_id", "offered_by_id", "offered_at", "status",
    "version",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NewAgreement:
    """A document that a party is asked to sign, byte for byte, and what people call it."""

    organisation_id: int
    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class AgreementSignature:
    """An agreement to sign, by the SHA-256 of the document that was read, and how it is signed."""

    agreement_id: int
    document_sha256: str
    signing: Signing = BY_CLICK


@dataclass(frozen=True, slots=True)
class _Agreement:
    id: int
    book_id: int
    organisation_id: int
    edition: int
    document_sha256: str
    status: str


@dataclass(frozen=True, slots=True)
class _Offers:
    ids: list[int]
    funder_id: int
    parties: set[int]
    agreements: list[_Agreement]


@dataclass(frozen=True, slots=True)
class _ToSign:
    agreements: dict[int, _Agreement]
    seals: list[Sealed]


@dataclass(slots=True)
class _Plan:
    outcomes: list[Outcome] = field(default_factory=list)
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    signed: list[tuple[int, int]] = field(default_factory=list)
    signatures: list[NewSignature] = field(default_factory=list)
    ended: list[int] = field(default_factory=list)


def _locked(unit: Unit, *which: Any) -> list[_Agreement]:
    columns = ("id", "book_id", "organisation_id", "edition", "document_sha256", "status")
    rows = unit.connection.execute(
        select(*(master_agreements.c[name] for name in columns))
        .where(*which)
        .order_by(master_agreements.c.id)
        .with_for_update(key_share=True)
    )
    return [_Agreement(*row) for row in rows]


def _load(unit: Unit, batch: Sequence[NewAgreement]) -> _Offers:
    parties = sorted({new.organisation_id for new in batch})
    agreements = _locked(
        unit,
        master_agreements.c.book_id == unit.in_book().id,
        bulk.among(unit.connection, master_agreements.c.organisation_id, parties),
    )
    return _Offers(
        unit.ids.take(len(batch)), unit.in_book().funder_id, set(names(unit.connection, parties)), agreements
    )


def _decide(facts: _Offers, batch: Sequence[NewAgreement]) -> _Plan:
    plan = _Plan()
    offered: set[int] = set()
    for id, new in zip(facts.ids, batch, strict=True):
        refusal = _refusal(facts, new, offered)
        plan.outcomes.append(refusal or done(id))
        if refusal is not None:
            continue
        offered.add(new.organisation_id)
        before = [each for each in facts.agreements if each.organisation_id == new.organisation_id]
        edition = max((each.edition for each in before), default=0) + 1
        plan.ended += [each.id for each in before if each.status == "offered"]
        plan.rows.append((id, new, edition))
    return plan


def _refusal(facts: _Offers, new: NewAgreement, offered: set[int]) -> Outcome | None:
    if new.organisation_id not in facts.parties:
        return refused("not_found", field="organisation_id", remedy="give an organisation that is registered")
    if new.organisation_id == facts.funder_id:
        return refused("to_oneself", field="organisation_id", remedy="a funder's agreement is with another party")
    if new.organisation_id in offered:
        return refused("twice_in_batch", field="organisation_id", remedy="offer a party one document at a time")
    if not 1 <= len(new.content) <= CONTENT_MAX:
        value, bound = f"{len(new.content)} bytes", f"1 to {CONTENT_MAX} bytes"
        return refused("size_out_of_range", field="content", value=value, bound=bound, remedy="give the document")
    return None


def _write(unit: Unit, _facts: _Offers, plan: _Plan) -> None:
    files.store_all(unit.connection, [(new.name, new.content) for _, new, _ in plan.rows])
    bulk.move(unit.connection, master_agreements, plan.ended, "offered", "ended", ended_at=unit.at)
    same = (unit.in_book().id, unit.actor.id, unit.at, "offered", 1)
    rows = [
        (id, new.organisation_id, edition, new.name, files.sha256_of(new.content), *same)
        for id, new, edition in plan.rows
    ]
    bulk.insert(unit.connection, master_agreements, _COLUMNS, rows)


def _load_signing(unit: Unit, batch: Sequence[AgreementSignature]) -> _ToSign:
    own = _locked(unit, master_agreements.c.organisation_id == unit.scope.id)
    seals = seal(unit, [(each.document_sha256, each.signing) for each in batch])
    return _ToSign({each.id: each for each in own}, seals)


def _decide_signing(facts: _ToSign, batch: Sequence[AgreementSignature]) -> _Plan:
    plan = _Plan()
    signed: set[int] = set()
    for sealed, each in zip(facts.seals, batch, strict=True):
        agreement = facts.agreements.get(each.agreement_id)
        refusal = _unsignable(agreement, each, signed) or sealed.refusal
        plan.outcomes.append(refusal or done(each.agreement_id))
        if refusal is not None or agreement is None:
            continue
        signed.add(agreement.id)
        replaced = (other for other in facts.agreements.values() if other.book_id == agreement.book_id)
        plan.ended += [other.id for other in replaced if other.status == "signed"]
        plan.signed.append((agreement.id, sealed.id))
        plan.signatures.append(NewSignature(sealed, Purpose.MASTER_AGREEMENT))
    return plan


def _unsignable(agreement: _Agreement | None, each: AgreementSignature, signed: set[int]) -> Outcome | None:
    id = each.agreement_id
    if agreement is None:
        return refused("not_found", field="agreement_id", remedy="give an agreement that was offered to you", id=id)
    if agreement.status == "signed" or id in signed:
        return refused("already_signed", field="agreement_id", value=f"edition {agreement.edition}", id=id)
    if agreement.status == "ended":
        value, remedy = f"edition {agreement.edition}", "sign the newer edition"
        return refused("superseded", field="agreement_id", value=value, remedy=remedy, id=id)
    if each.document_sha256 != agreement.document_sha256:
        remedy = "read the document again, and sign what it says"
        return refused(
            "document_differs", field="document_sha256", value=each.document_sha256, bound=agreement.document_sha256,
            remedy=remedy, id=id,
        )  # fmt: skip
    return None


def _write_signing(unit: Unit, _facts: _ToSign, plan: _Plan) -> None:
    sign(unit, plan.signatures)
    bulk.move(unit.connection, master_agreements, plan.ended, "signed", "ended", ended_at=unit.at)
    bulk.set_each(unit.connection, master_agreements, ("signature_id",), plan.signed)
    ids = [id for id, _ in plan.signed]
    bulk.move(unit.connection, master_agreements, ids, "offered", "signed", signed_at=unit.at)


OFFER = Command("agreements.offer", ScopeKind.BOOK, _load, _decide, _write, batch_max=100)
SIGN = Command(
    "agreements.sign",
    ScopeKind.ORGANISATION,
    _load_signing,
    _decide_signing,
    _write_signing,
    batch_max=100,
    step_up=True,
)
