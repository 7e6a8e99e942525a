"""Proposals as rows: what the maker asked for, word for word, until a checker decides."""

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Integer, String, Text

from scf.db.types import UTCDateTime, id_column, table

proposals = table(
    "proposal",
    id_column(),
    Column("scope_id", BigInteger, nullable=False),
    Column("command", String(60), nullable=False),
    Column("payload", Text, nullable=False),
    # the thing it is about, of commands that say so: one proposal a thing may wait
    Column("about_id", BigInteger, nullable=True),
    Column("maker_id", BigInteger, nullable=False),
    Column("proposed_at", UTCDateTime, nullable=False),
    Column("checker_id", BigInteger, nullable=True),
    Column("decided_at", UTCDateTime, nullable=True),
    Column("status", String(12), nullable=False),
    Column("version", Integer, nullable=False),
    CheckConstraint("status IN ('proposed', 'accepted', 'declined', 'withdrawn')", name="status"),
    CheckConstraint("(status = 'proposed') = (decided_at IS NULL)", name="decided"),
    CheckConstraint("checker_id IS NULL OR checker_id <> maker_id", name="four_eyes"),
)
Index("ix_proposal_scope_id_id", proposals.c.scope_id, proposals.c.id)
Index("ix_proposal_scope_id_command_id", proposals.c.scope_id, proposals.c.command, proposals.c.id)
_WAITING = proposals.c.status == "proposed"
Index(
    "ix_proposal_waiting", proposals.c.scope_id, proposals.c.command, postgresql_where=_WAITING, sqlite_where=_WAITING
)
Index(
    "uq_proposal_waiting_about_id",
    proposals.c.scope_id,
    proposals.c.command,
    proposals.c.about_id,
    unique=True,
    postgresql_where=_WAITING,
    sqlite_where=_WAITING,
)
