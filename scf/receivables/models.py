"""Receivables and the credit notes against them as rows."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
    literal_column,
)

from scf.db.prefixes import word_index
from scf.db.types import UTCDateTime, id_column, table
from scf.receivables.lifecycle import OWED

receivables = table(
    "receivable",
    id_column(),
    Column("debtor_id", BigInteger, ForeignKey("organisation.id"), nullable=False),
    Column("creditor_id", BigInteger, ForeignKey("organisation.id"), nullable=False),
    Column("ref", String(60), nullable=False),
    # of the source document: the same claim cannot come to stand here twice, whoever brings it
    Column("fingerprint", String(64), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("face_minor", BigInteger, nullable=False),
    Column("open_minor", BigInteger, nullable=False),
    Column("issued_on", Date, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("undertaking", String(20), nullable=False),
    # closed or cancelled; what a funder bought ends with its advance
    Column("ended_at", UTCDateTime, nullable=True),
    Column("status", String(12), nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("debtor_id", "fingerprint"),
    CheckConstraint("face_minor > 0 AND open_minor >= 0 AND open_minor <= face_minor", name="open_within_face"),
    CheckConstraint(
        "status IN ('open', 'funded', 'settled', 'returned', 'written_off', 'cancelled', 'closed')", name="status"
    ),
    bulk_loaded=True,
)
_OPEN = receivables.c.status == "open"
Index(
    "ix_receivable_open", receivables.c.debtor_id, receivables.c.creditor_id, postgresql_where=_OPEN, sqlite_where=_OPEN
)
# what is funded and not open in full any more: few, however many are funded
PART_PAID = (receivables.c.status == literal_column("'funded'")) & (receivables.c.open_minor < receivables.c.face_minor)
Index("ix_receivable_part_paid", receivables.c.id, postgresql_where=PART_PAID, sqlite_where=PART_PAID)
# what a supplier can be paid today, and what it waits for, the nearest due first
Index(
    "ix_receivable_open_creditor",
    receivables.c.creditor_id,
    receivables.c.due_on,
    receivables.c.id,
    postgresql_where=_OPEN,
    sqlite_where=_OPEN,
)
# what a debtor owes, summed by day out of the index alone
_OWED = receivables.c.status.in_(OWED)
Index(
    "ix_receivable_owed",
    receivables.c.debtor_id,
    receivables.c.due_on,
    receivables.c.currency,
    receivables.c.open_minor,
    postgresql_where=_OWED,
    sqlite_where=_OWED,
)
# both sides read their own, in the order of their ids or by when they fall due
for _side in (receivables.c.debtor_id, receivables.c.creditor_id):
    Index(f"ix_receivable_{_side.name}_id", _side, receivables.c.id)
    Index(f"ix_receivable_{_side.name}_due_on_id", _side, receivables.c.due_on, receivables.c.id)

credit_notes = table(
    "credit_note",
    id_column(),
    Column("receivable_id", BigInteger, ForeignKey("receivable.id"), nullable=False),
    # the receivable's when the note came
    Column("creditor_id", BigInteger, ForeignKey("organisation.id"), nullable=False),
    Column("ref", String(60), nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("issued_on", Date, nullable=False),
    Column("received_at", UTCDateTime, nullable=False),
    Column("status", String(12), nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("receivable_id", "ref"),
    CheckConstraint("amount_minor > 0", name="positive"),
    CheckConstraint("status IN ('received', 'applied', 'refused')", name="status"),
)
Index("ix_credit_note_creditor_id_id", credit_notes.c.creditor_id, credit_notes.c.id)
word_index("ix_credit_note_creditor_id_ref", credit_notes.c.creditor_id, credit_notes.c.ref)
_RECEIVED = credit_notes.c.status == "received"
Index("ix_credit_note_received", credit_notes.c.receivable_id, postgresql_where=_RECEIVED, sqlite_where=_RECEIVED)
