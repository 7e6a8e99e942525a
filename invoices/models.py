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
Index("ix_invoice_disguise", invoices.c.supplier_id, invoices.c.disguise)
# whose file it is (`scf.db.walls`)
Index("ix_invoice_file_sha256", invoices.c.file_sha256)
_WAITING = invoices.c.status == "submitted"
Index("ix_invoice_submitted", invoices.c.anchor_id, invoices.c.due_on, postgresql_where=_WAITING, sqlite_where=_WAITING)
# each side counts and lists its disputes without looking through the rest
_DISPUTED = invoices.c.status == "disputed"
for _side in (invoices.c.anchor_id, invoices.c.supplier_id):
    Index(f"ix_invoice_disputed_{_side.name}", _side, postgresql_where=_DISPUTED, sqlite_where=_DISPUTED)
# its anchor reads them in the order of their ids, and by when they fall due
Index("ix_invoice_anchor_id_id", invoices.c.anchor_id, invoices.c.id)
Index("ix_invoice_anchor_id_due_on_id", invoices.c.anchor_id, invoices.c.due_on, invoices.c.id)

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
