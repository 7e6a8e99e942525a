"""What exactly an anchor confirmed, as one text that anyone can make again and hash. Pure."""

import hashlib
import json

from anchors.confirmation import Confirmation
from invoices.parts import Invoice

VERSION = 1
_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def document(invoice: Invoice, confirmation: Confirmation) -> str:
    """The canonical JSON of a confirmation: sorted keys, no blanks; amounts in minor units, dates in ISO form.

    It names the original file by its hash, so that the promise is tied to the document that was seen.
    """
    said = {
        "amount_minor": confirmation.amount_minor,
        "anchor_id": invoice.anchor_id,
        "currency": invoice.currency,
        "due_on": confirmation.due_on.isoformat(),
        "file_sha256": invoice.file_sha256,
        "fingerprint": invoice.fingerprint,
        "invoice_amount_minor": invoice.amount_minor,
        "invoice_id": invoice.id,
        "number": invoice.number,
        "supplier_id": invoice.supplier_id,
        "undertaking": confirmation.undertaking.value,
        "version": VERSION,
    }
    return _CANONICAL.encode(said)


def digest(invoice: Invoice, confirmation: Confirmation) -> str:
    """SHA-256 of the document, in hex."""
    return hashlib.sha256(document(invoice, confirmation).encode()).hexdigest()
