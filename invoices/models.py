"""Invoices as rows: what the file said, where it stands in the file, and how its life on this desk ended."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
)

from invoices.lifecycle import LIVE, MOVES
from scf.db.prefixes import word_index
from scf.db.types import UTCDateTime, id_column, table


def _one_of(statuses: tuple[str, ...]) -> str:
    return f"status IN ({', '.join(repr(status) for status in statuses)})"


invoices = table(
    "invoice",
    id_column(),
    Column("supplier_id", BigInteger, ForeignKey("organisation.id"), nullable=False),
    Column("anchor_id", BigInteger, ForeignKey("organisation.id"), nullable=False),
    Column("number", String(60), nullable=False),
    Column("order_ref", Text, nullable=False),
    Column("issue_on", Date, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    # equal fingerprints are the same claim; equal disguise keys are candidates for it
    Column("fingerprint", String(64), nullable=False),
    Column("disguise", String(64), nullable=False),
    Column("file_sha256", String(64), ForeignKey("file.sha256"), nullable=False),
    Column("file_row", Integer, nullable=False),
    # what the checks found odd, for whoever decides
    Column("warnings", Text, nullable=False),
    Column("submitted_by_id", BigInteger, nullable=False),
    Column("submitted_at", UTCDateTime, nullable=False),
    Column("status", String(12), nullable=False),
    Column("version", Integer, nullable=False),
    CheckConstraint("amount_minor > 0", name="positive"),
    CheckConstraint("due_on >= issue_on", name="due_after_issue"),
    CheckConstraint(_one_of(tuple(MOVES)), name="status"),
)
_LIVE = invoices.c.status.in_(LIVE)
Index(
    "uq_invoice_live",
    invoices.c.supplier_id,
    invoices.c.fingerprint,
    unique=True,
    postgresql_where=_LIVE,
    sqlite_where=_LIVE,
)
# its supplier reads them in the order of their ids
Index("ix_invoice_supplier_id_id", invoices.c.supplier_id, invoices.c.id)
Index("ix_invoice_disguise", invoices.c.supplier_id, invoices.c.disguise)
# both sides look for a number as it begins
word_index("ix_invoice_supplier_id_number", invoices.c.supplier_id, invoices.c.number)
word_index("ix_invoice_anchor_id_number", invoices.c.anchor_id, invoices.c.number)
# whose file it is (`scf.db.walls`)
Index("ix_invoice_file_sha256", invoices.c.file_sha256)
_WAITING = invoices.c.status == "submitted"
# what waits for an anchor, by when it is due, summed out of the index alone
Index(
    "ix_invoice_submitted",
    invoices.c.anchor_id,
    invoices.c.due_on,
    invoices.c.id,
    invoices.c.currency,
    invoices.c.amount_minor,
    invoices.c.supplier_id,
    postgresql_where=_WAITING,
    sqlite_where=_WAITING,
)
# what waits for its anchors, summed for its supplier out of the index alone
Index(
    "ix_invoice_submitted_supplier",
    invoices.c.supplier_id,
    invoices.c.currency,
    invoices.c.amount_minor,
    postgresql_where=_WAITING,
    sqlite_where=_WAITING,
)
# each side counts and lists its disputes without looking through the rest
_DISPUTED = invoices.c.status == "disputed"
for _side in (invoices.c.anchor_id, invoices.c.supplier_id):
    Index(f"ix_invoice_disputed_{_side.name}", _side, postgresql_where=_DISPUTED, sqlite_where=_DISPUTED)
# its anchor reads them in the order of their ids, and by when they fall due
Index("ix_invoice_anchor_id_id", invoices.c.anchor_id, invoices.c.id)
Index("ix_invoice_anchor_id_due_on_id", invoices.c.anchor_id, invoices.c.due_on, invoices.c.id)
# how far a supplier takes part, and how its last invoices went
Index(
    "ix_invoice_anchor_id_supplier_id_id",
    invoices.c.anchor_id,
    invoices.c.supplier_id,
    invoices.c.id,
    invoices.c.status,
)

# Why an invoice ended without a confirmation, and who ended it.
invoice_ends = table(
    "invoice_end",
    Column("invoice_id", BigInteger, ForeignKey("invoice.id"), primary_key=True, autoincrement=False),
    Column("supplier_id", BigInteger, ForeignKey("organisation.id"), nullable=False),
    Column("status", String(12), nullable=False),
    Column("reason", String(40), nullable=False),
    Column("words", Text, nullable=False),
    Column("by_id", BigInteger, nullable=False),
    Column("at", UTCDateTime, nullable=False),
    CheckConstraint("status IN ('rejected', 'withdrawn')", name="status"),
)

# A file that was read and shown to whoever sent it. What was submitted of it the log of commands tells, by its key.
uploads = table(
    "upload",
    id_column(),
    Column("supplier_id", BigInteger, ForeignKey("organisation.id"), nullable=False),
    Column("file_sha256", String(64), ForeignKey("file.sha256"), nullable=False),
    Column("name", String(200), nullable=False),
    Column("row_count", Integer, nullable=False),
    Column("sent_by_id", BigInteger, nullable=False),
    Column("sent_at", UTCDateTime, nullable=False),
    append_only=True,
)
Index("ix_upload_supplier_id_id", uploads.c.supplier_id, uploads.c.id)
# whose file it is (`scf.db.walls`)
Index("ix_upload_file_sha256", uploads.c.file_sha256)
