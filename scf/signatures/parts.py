"""Signing as parts of other folders' commands: seal while loading, sign while writing, in their unit of work.

The organisation that signs is the one the command acts in; the signer is the command's actor.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from scf import files
from scf.commands import Unit
from scf.db import bulk
from scf.outcomes import Outcome, refused
from scf.signatures.methods import NotSealed, Signing, available
from scf.signatures.models import signatures
from scf.signatures.words import Purpose

_COLUMNS = (
    "id", "purpose", "document_sha256", "method", "method_ref", "organisation_id", "signer_id", "stepped_up",
    "command_id", "signed_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sealed:
    """A document as its signer sealed it, under the id its signature will have; or why it is not sealed."""

    id: int
    document_sha256: str
    method: str
    ref: str = ""
    refusal: Outcome | None = None


@dataclass(frozen=True, slots=True)
class NewSignature:
    """A signature to write. `content` are the bytes signed, called `name`; empty when they are stored already."""

    sealed: Sealed
    purpose: Purpose
    name: str = ""
    content: bytes = b""


def seal(unit: Unit, wanted: Sequence[tuple[str, Signing]]) -> list[Sealed]:
    """Seal documents, each given by its SHA-256 and how it is signed; in the order given, without a statement."""
    methods = available(unit.adapters)
    found = []
    for id, (sha256, signing) in zip(unit.ids.take(len(wanted)), wanted, strict=True):
        method = methods.get(signing.method)
        if method is None:
            known = ", ".join(sorted(methods))
            refusal = refused("unknown_method", field="method", value=signing.method, bound=known)
            found.append(Sealed(id, sha256, signing.method, refusal=refusal))
            continue
        try:
            found.append(Sealed(id, sha256, signing.method, method.seal(sha256, unit.actor, signing.evidence, unit.at)))
        except NotSealed as error:
            refusal = refused("not_sealed", field="evidence", value=signing.method, remedy=str(error))
            found.append(Sealed(id, sha256, signing.method, refusal=refusal))
    return found


def sign(unit: Unit, new: Sequence[NewSignature]) -> list[int]:
    """Keep what was signed and write the signatures; returns their ids. Two statements."""
    files.store_all(unit.connection, {each.content: (each.name, each.content) for each in new if each.content}.values())
    by = (unit.scope.id, unit.actor.id, unit.actor.stepped_up, unit.command_id, unit.at)
    rows = [
        (each.sealed.id, each.purpose.value, each.sealed.document_sha256, each.sealed.method, each.sealed.ref, *by)
        for each in new
    ]
    bulk.insert(unit.connection, signatures, _COLUMNS, rows)
    return [each.sealed.id for each in new]
