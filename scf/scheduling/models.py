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
    bindparam,
)

from scf.db.types import UTCDateTime, id_column, table
from scf.scheduling.lifecycle import FAILED, LIVE, MOVES

jobs = table(
    "job",
    id_column(),
    # whose job it is: who may see and cancel it; 0 is the platform
    Column("organisation_id", BigInteger, nullable=False),
    Column("asked_by_id", BigInteger, nullable=False),
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
    # a total of 0 is one that is not known
    Column("progress_done", BigInteger, nullable=False),
    Column("progress_total", BigInteger, nullable=False),
    Column("cancel_asked_at", UTCDateTime, nullable=True),
    # JSON
    Column("result", Text, nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    Column("ended_at", UTCDateTime, nullable=True),
    UniqueConstraint("key"),
    CheckConstraint(f"status IN ({', '.join(repr(status) for status in MOVES)})", name="status"),
    CheckConstraint("(ended_at IS NULL) = (status IN ('queued', 'running'))", name="ended"),
)
_WAITING = jobs.c.status.in_(LIVE)
_FAILED = jobs.c.status == FAILED
Index("ix_job_waiting", jobs.c.due_at, jobs.c.id, postgresql_where=_WAITING, sqlite_where=_WAITING)
Index("ix_job_failed", jobs.c.id, postgresql_where=_FAILED, sqlite_where=_FAILED)
# said in the statement, not bound to it: only so do both databases see that the index above fits
IS_LIVE = jobs.c.status.in_(bindparam("live", LIVE, expanding=True, literal_execute=True))
IS_FAILED = jobs.c.status == bindparam("failed", FAILED, literal_execute=True)
Index("ix_job_organisation", jobs.c.organisation_id, jobs.c.id)

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
