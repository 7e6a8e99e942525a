"""`onboarding.add_documents`: a party's papers, kept by their hash; only PDF, PNG and JPEG, and only of kinds that fit.

What people call a file is kept beside it, made harmless; the bytes themselves are stored under a name that says
nothing.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from scf import files
from scf.commands import Command, ScopeKind, Unit
from scf.db import bulk
from scf.onboarding.dossiers import Dossier, Move, move, not_found, own, wrong_state
from scf.onboarding.lifecycle import APPLICATION, DOCUMENTS, WITH_THE_PARTY
from scf.onboarding.models import documents
from scf.onboarding.requirements import TAKEN, DocumentKind, LegalForm
from scf.outcomes import Outcome, done, refused

CONTENT_MAX = 10_000_000
# by what the bytes begin with, whatever the sender says
BEGINNINGS: Mapping[str, bytes] = {
    "application/pdf": b"%PDF-",
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/jpeg": b"\xff\xd8\xff",
}
ENDINGS: Mapping[str, str] = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}
_NAME_MAX = 120
_COLUMNS = (
    "id", "organisation_id", "dossier_id", "kind", "name", "media_type", "sha256", "status", "added_by_id", "added_at",
    "version",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A document to add; made by `new_document`."""

    kind: DocumentKind
    name: str
    media_type: str
    sha256: str
    content: bytes = field(repr=False)


def new_document(kind: DocumentKind, name: str, media_type: str, content: bytes) -> NewDocument:
    """A document under the hash of its bytes and a harmless name."""
    return NewDocument(kind, harmless(name), media_type, files.sha256_of(content), content)


def harmless(name: str) -> str:
    """A file's name without folders, control characters and what file systems and headers read as their own."""
    plain = unicodedata.normalize("NFKC", name).replace("\\", "/").rpartition("/")[2]
    kept = re.sub(r"[^\w .()-]", "_", plain).strip(" .")
    return kept[-_NAME_MAX:].strip(" .") or "document"


@dataclass(frozen=True, slots=True)
class _Facts:
    dossier: Dossier | None
    ids: list[int]


@dataclass(slots=True)
class _Plan:
    outcomes: list[Outcome] = field(default_factory=list)
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    contents: list[tuple[str, bytes]] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)


def _load(unit: Unit, batch: Sequence[NewDocument]) -> _Facts:
    return _Facts(own(unit), unit.ids.take(len(batch)))


def _decide(facts: _Facts, batch: Sequence[NewDocument]) -> _Plan:
    plan = _Plan()
    for id, new in zip(facts.ids, batch, strict=True):
        refusal = _refusal(facts.dossier, new)
        plan.outcomes.append(refusal or done(id))
        if refusal is None and facts.dossier is not None:
            plan.contents.append((f"{new.kind}.{ENDINGS[new.media_type]}", new.content))
            plan.rows.append((id, facts.dossier.id, new.kind.value, new.name, new.media_type, new.sha256))
    if plan.rows and facts.dossier is not None and facts.dossier.status == APPLICATION:
        plan.moves.append(Move(facts.dossier, DOCUMENTS, "the party adds its first documents"))
    return plan


def _refusal(dossier: Dossier | None, new: NewDocument) -> Outcome | None:
    if dossier is None:
        return not_found()
    if dossier.status not in WITH_THE_PARTY:
        return wrong_state(dossier, WITH_THE_PARTY)
    taken = TAKEN[LegalForm(dossier.legal_form)]
    if new.kind not in taken:
        remedy = f"a {dossier.legal_form.replace('_', ' ')} gives no such document"
        return refused("kind_unfit", field="kind", value=new.kind, bound=", ".join(sorted(taken)), remedy=remedy)
    if not 1 <= len(new.content) <= CONTENT_MAX:
        value, bound = f"{len(new.content)} bytes", f"1 to {CONTENT_MAX} bytes"
        return refused("size_out_of_range", field="content", value=value, bound=bound, remedy="give a smaller scan")
    if not new.content.startswith(BEGINNINGS.get(new.media_type, b"\0none")):
        remedy = "send a PDF, PNG or JPEG under its own media type"
        return refused("type_unfit", field="media_type", value=new.media_type, bound=", ".join(ENDINGS), remedy=remedy)
    return None


def _write(unit: Unit, _facts: _Facts, plan: _Plan) -> None:
    files.store_all(unit.connection, plan.contents)
    same = ("standing", unit.actor.id, unit.at, 1)
    bulk.insert(unit.connection, documents, _COLUMNS, [(row[0], unit.scope.id, *row[1:], *same) for row in plan.rows])
    move(unit, plan.moves)


ADD_DOCUMENTS = Command("onboarding.add_documents", ScopeKind.ORGANISATION, _load, _decide, _write, batch_max=20)
