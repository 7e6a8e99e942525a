"""Limits as rows; how much is free, reserved and drawn is in the ledger, and nowhere else."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, String, UniqueConstraint

from scf.db.types import id_column, table

limits = table(
    "credit_limit",
    id_column(),
    Column("book_id", BigInteger, ForeignKey("book.id"), nullable=False),
    Column("kind", String(20), nullable=False),
    # an organisation, or a programme
    Column("holder_id", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    UniqueConstraint("book_id", "holder_id", "kind", "currency"),
)
Index("ix_credit_limit_book_id_id", limits.c.book_id, limits.c.id)
