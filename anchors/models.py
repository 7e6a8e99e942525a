"""Confirmations and disputes as rows: who promised what, when, and exactly what; what an anchor objects to, and why."""

from sqlalchemy import BigInteger, CheckConstraint, Column, Date, ForeignKey, Index, String, Text, UniqueConstraint

from scf.db.types import UTCDateTime, id_column, table

confirmations = table(
    "confirmation",
    id_column(),
    Column("invoice_id", BigInteger, ForeignKey("invoice.id"), nullable=False),
    Column("receivable_id", BigInteger, ForeignKey("receivable.id"), nullable=False),
    Column("anchor_id", BigInteger, ForeignKey("organisation.id"), nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("undertaking", String(20), nullable=False),
    # NULL: confirmed by the anchor's own system, without a second person
    Column("maker_id", BigInteger, nullable=True),
    Column("checker_id", BigInteger, nullable=False),
    Column("confirmed_at", UTCDateTime, nullable=False),
    Column("digest", String(64), nullable=False),
    UniqueConstraint("invoice_id"),
    UniqueConstraint("receivable_id"),
    CheckConstraint("amount_minor > 0", name="positive"),
    CheckConstraint("undertaking IN ('validity_only', 'conditional', 'irrevocable')", name="undertaking"),
    CheckConstraint("maker_id IS NULL OR maker_id <> checker_id", name="four_eyes"),
)
Index("ix_confirmation_anchor_id", confirmations.c.anchor_id, confirmations.c.due_on)
Index("ix_confirmation_anchor_id_id", confirmations.c.anchor_id, confirmations.c.id)

# What an anchor objects to. It has no status of its own: it is open while it is not settled and its invoice disputed.
disputes = table(
    "dispute",
    id_column(),
    Column("invoice_id", BigInteger, ForeignKey("invoice.id"), nullable=False),
    Column("anchor_id", BigInteger, ForeignKey("organisation.id"), nullable=False),
    Column("supplier_id", BigInteger, ForeignKey("organisation.id"), nullable=False),
    Column("reason", String(40), nullable=False),
    Column("words", Text, nullable=False),
    Column("opened_by_id", BigInteger, nullable=False),
    Column("opened_at", UTCDateTime, nullable=False),
    Column("settled_by_id", BigInteger, nullable=True),
    Column("settled_at", UTCDateTime, nullable=True),
    CheckConstraint("(settled_by_id IS NULL) = (settled_at IS NULL)", name="settled"),
)
for _side in (disputes.c.anchor_id, disputes.c.supplier_id):
    Index(f"ix_dispute_{_side.name}_id", _side, disputes.c.id)
_UNSETTLED = disputes.c.settled_at.is_(None)
Index("ix_dispute_invoice_id", disputes.c.invoice_id)
Index("uq_dispute_unsettled", disputes.c.invoice_id, unique=True, postgresql_where=_UNSETTLED, sqlite_where=_UNSETTLED)

# What either side writes about a dispute; both read it, and nobody takes it back.
dispute_messages = table(
    "dispute_message",
    id_column(),
    Column("dispute_id", BigInteger, ForeignKey("dispute.id"), nullable=False),
    # which side writes
    Column("organisation_id", BigInteger, ForeignKey("organisation.id"), nullable=False),
    Column("words", Text, nullable=False),
    Column("written_by_id", BigInteger, nullable=False),
    Column("written_at", UTCDateTime, nullable=False),
    append_only=True,
)
Index("ix_dispute_message_dispute_id_id", dispute_messages.c.dispute_id, dispute_messages.c.id)
