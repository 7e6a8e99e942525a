"""Confirmations as rows: who promised what, when, and the digest of exactly what was promised."""

from sqlalchemy import BigInteger, CheckConstraint, Column, Date, ForeignKey, Index, String, UniqueConstraint

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
