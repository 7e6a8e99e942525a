"""The links of the chain as rows."""

from sqlalchemy import BigInteger, Column, ForeignKey, PrimaryKeyConstraint, String, UniqueConstraint

from scf.db.types import table

audit_links = table(
    "audit_link",
    Column("scope_id", BigInteger, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("command_id", BigInteger, ForeignKey("command_log.id"), nullable=False),
    Column("hash", String(64), nullable=False),
    PrimaryKeyConstraint("scope_id", "position"),
    UniqueConstraint("command_id"),
    append_only=True,
)
