"""`onboarding.sign`: the platform's membership agreement, whose very bytes the party reads and signs.

The text is of an edition, and says who signs it; changing it means a new edition here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from scf import encoding, files
from scf.commands import Command, ScopeKind, Unit
from scf.onboarding.dossiers import Dossier, Move, move, not_found, own, wrong_state
from scf.onboarding.lifecycle import ACCOUNT, AGREEMENT
from scf.organisations.queries import names
from scf.outcomes import Outcome, done, refused
from scf.signatures.methods import BY_CLICK, Signing
from scf.signatures.parts import NewSignature, Sealed, seal, sign
from scf.signatures.words import Purpose

EDITION = 1
CLAUSES = (
    "The party takes part in the platform under the rules that the operator publishes.",
    "What it said in its dossier is true; it says within a month what has changed.",
    "It signs by its own people, whose acts on the platform bind it.",
    "The operator keeps its dossier confidential, and shows it to those to whom the party consents.",
    "Either may end the membership; what was agreed with funders until then stays agreed.",
)


@dataclass(frozen=True, slots=True)
class MembershipAgreement:
    """The document that a party signs."""

    edition: int
    party: str
    party_id: int
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AgreementSigned:
    """The party signs the agreement that it read, named by its SHA-256."""

    document_sha256: str
    signing: Signing = BY_CLICK


@dataclass(frozen=True, slots=True)
class _Facts:
    dossier: Dossier | None
    document: bytes
    sealed: Sealed


@dataclass(frozen=True, slots=True)
class _Plan:
    outcomes: list[Outcome]
    moves: list[Move]


def document(connection: Connection, organisation_id: int) -> bytes:
    """The agreement as a party is to sign it."""
    party = names(connection, [organisation_id]).get(organisation_id, "")
    return encoding.canonical(MembershipAgreement(EDITION, party, organisation_id, CLAUSES)).encode()


def _load(unit: Unit, batch: Sequence[AgreementSigned]) -> _Facts:
    (signed,) = batch
    content = document(unit.connection, unit.scope.id)
    (sealed,) = seal(unit, [(files.sha256_of(content), signed.signing)])
    return _Facts(own(unit), content, sealed)


def _decide(facts: _Facts, batch: Sequence[AgreementSigned]) -> _Plan:
    (signed,) = batch
    dossier, sealed = facts.dossier, facts.sealed
    if dossier is None:
        return _Plan([not_found()], [])
    if dossier.status != AGREEMENT:
        return _Plan([wrong_state(dossier, {AGREEMENT})], [])
    if signed.document_sha256 != sealed.document_sha256:
        given, remedy = signed.document_sha256, "read the agreement again, and sign what it says"
        differs = refused(
            "document_differs", field="document_sha256", value=given, bound=sealed.document_sha256, remedy=remedy
        )
        return _Plan([differs], [])
    if sealed.refusal is not None:
        return _Plan([sealed.refusal], [])
    values = {"signature_id": sealed.id}
    return _Plan(
        [done(dossier.id)], [Move(dossier, ACCOUNT, f"the party signs the agreement, edition {EDITION}", values)]
    )


def _write(unit: Unit, facts: _Facts, plan: _Plan) -> None:
    name = f"membership agreement, edition {EDITION}.json"
    sign(unit, [NewSignature(facts.sealed, Purpose.MEMBERSHIP, name, facts.document) for _ in plan.moves])
    move(unit, plan.moves)


SIGN = Command("onboarding.sign", ScopeKind.ORGANISATION, _load, _decide, _write, batch_max=1, step_up=True)
