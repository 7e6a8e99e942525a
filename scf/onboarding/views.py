"""What of onboarding is neither a plain command nor a list: bytes that come in, and bytes that go out."""

from typing import Any

from flask import Response

from scf import files
from scf.commands import in_organisation, run
from scf.onboarding import agreement
from scf.onboarding.add_documents import ADD_DOCUMENTS, ENDINGS, new_document
from scf.onboarding.models import documents
from scf.onboarding.requirements import DocumentKind
from scf.onboarding.visible import shown_documents
from scf.routes import Caller
from scf.signatures.documents import served
from scf.web.batches import accepted
from scf.web.schemas import shown


def add_document(
    caller: Caller, content: bytes, content_type: str, kind: DocumentKind, name: str, key: str
) -> dict[str, Any]:
    """Add a document to the caller's own dossier."""
    new = new_document(kind, name, content_type, content)
    scope = in_organisation(caller.organisation_id)
    (outcome,) = run(caller.database, ADD_DOCUMENTS, [new], key=f"api/{key}", actor=caller.actor, scope=scope)
    return shown(accepted(outcome), "ddc", {})


def document_content(caller: Caller, id: int) -> Response:
    """The bytes of a document that the caller may see; to be saved, never shown in the platform's own pages."""
    with caller.reading() as connection:
        row = connection.execute(shown_documents(caller).where(documents.c.id == id)).one_or_none()
        content = files.read(connection, row.sha256) if row is not None and row.sha256 else None
    return served(content, f"{row.kind}-{id}.{ENDINGS[row.media_type]}" if row is not None else "")


def membership_agreement(caller: Caller) -> Response:
    """The agreement that the caller's organisation is to sign, byte for byte."""
    with caller.reading() as connection:
        content = agreement.document(connection, caller.organisation_id)
    return served(content, f"membership-agreement-{agreement.EDITION}.json")
