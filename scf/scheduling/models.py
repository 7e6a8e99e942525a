"""Jobs and the steps of business days as rows."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Text,
    UniqueConstraint,
)

from scf.db.types import UTCDateTime, id_column, table

jobs = table(
    "job",
    id_column(),
    Column("kind", String(40), nullable=False),
    Column("payload", Text, nullable=False),
    # the same work is not put down twice
    Column("key", String(120), nullable=False),
    Column("status", String(10), nullable=False),
    Column("due_at", UTCDateTime, nullable=False),
    Column("leased_to_at", UTCDateTime, nullable=True),
    # counts the claims: who holds an older number has lost the job
    Column("fence", Integer, nullable=False),
    # claims that were not set back to wait for somebody else
    Column("attempt_count", Integer, nullable=False),
    Column("error", Text, nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    UniqueConstraint("key"),
    CheckConstraint("status IN ('queued', 'running', 'done', 'failed')", name="status"),
)
_WAITING = jobs.c.status.in_(["queued", "running"])
Index("ix_job_waiting", jobs.c.due_at, jobs.c.id, postgresql_where=_WAITING, sqlite_where=_WAITING)

day_steps = table(
    "day_step",
    Column("book_id", BigInteger, ForeignKey("book.id"), nullable=False),
    Column("business_date", Date, nullable=False),
    Column("step", String(40), nullable=False),
    Column("status", String(10), nullable=False),
    Column("leased_to_at", UTCDateTime, nullable=False),
    Column("fence", Integer, nullable=False),
    Column("started_at", UTCDateTime, nullable=False),
    Column("ended_at", UTCDateTime, nullable=True),
    Column("result", Text, nullable=False),
    PrimaryKeyConstraint("book_id", "business_date", "step"),
    CheckConstraint("status IN ('running', 'done')", name="status"),
)

ticks = table(
    "tick",
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("at", UTCDateTime, nullable=False),
    # how long until the next one is to come: whoever waits longer knows that the scheduler is silent
    Column("every_seconds", Integer, nullable=False),
)
