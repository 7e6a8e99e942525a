"""What became of collections and of losses, as rows that only ever grow."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    bindparam,
)

from scf.db.types import UTCDateTime, id_column, table

FINDING_WORDS_MAX = 500

applications = table(
    "application",
    id_column(),
    Column("book_id", BigInteger, ForeignKey("book.id"), nullable=False),
    Column("collection_id", BigInteger, ForeignKey("collection.id"), nullable=False),
    Column("advance_id", BigInteger, ForeignKey("advance.id"), nullable=False),
    # of the face: what the receivable's open amount falls by
    Column("face_minor", BigInteger, nullable=False),
    # of a loan: what it is repaid by; the rest of the face is the supplier's
    Column("lent_minor", BigInteger, nullable=False),
    # of the face: what is the guarantor's, who has paid for it
    Column("guarantor_minor", BigInteger, nullable=False),
    Column("late_minor", BigInteger, nullable=False),
    Column("value_date", Date, nullable=False),
    Column("applied_at", UTCDateTime, nullable=True),
    CheckConstraint("lent_minor >= 0 AND guarantor_minor >= 0 AND late_minor >= 0", name="parts"),
    CheckConstraint("face_minor >= lent_minor + guarantor_minor", name="within_face"),
    bulk_loaded=True,
)
Index("ix_application_advance_id", applications.c.advance_id)
Index("ix_application_collection_id", applications.c.collection_id)

late_charges = table(
    "late_charge",
    id_column(),
    Column("book_id", BigInteger, ForeignKey("book.id"), nullable=False),
    Column("advance_id", BigInteger, ForeignKey("advance.id"), nullable=False),
    Column("from_on", Date, nullable=False),
    Column("to_on", Date, nullable=False),
    Column("open_minor", BigInteger, nullable=False),
    # negative when it waives what was charged before, 0 when it waives only what ran up to here
    Column("amount_minor", BigInteger, nullable=False),
)
Index("ix_late_charge_book_id_id", late_charges.c.book_id, late_charges.c.id)
Index("ix_late_charge_advance_id", late_charges.c.advance_id)

losses = table(
    "loss",
    id_column(),
    Column("book_id", BigInteger, ForeignKey("book.id"), nullable=False),
    Column("advance_id", BigInteger, ForeignKey("advance.id"), nullable=False),
    # impaired; of that, used by a write-off, or released: the anchor paid after all; recovered after the write-off
    Column("kind", String(12), nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    # of a recovery: the guarantor's share
    Column("guarantor_minor", BigInteger, nullable=False),
    Column("value_date", Date, nullable=False),
    CheckConstraint("kind IN ('impaired', 'released', 'written_off', 'recovered')", name="kind"),
    CheckConstraint("amount_minor > 0 AND guarantor_minor >= 0 AND guarantor_minor <= amount_minor", name="amounts"),
)
Index("ix_loss_book_id_id", losses.c.book_id, losses.c.id)
Index("ix_loss_advance_id", losses.c.advance_id)

findings = table(
    "finding",
    id_column(),
    Column("book_id", BigInteger, ForeignKey("book.id"), nullable=False),
    # which check, and what does not hold, in words
    Column("rule", String(40), nullable=False),
    Column("words", String(FINDING_WORDS_MAX), nullable=False),
    Column("status", String(10), nullable=False),
    Column("found_on", Date, nullable=False),
    # when a later check no longer found it
    Column("cleared_on", Date, nullable=True),
    Column("version", Integer, nullable=False),
    CheckConstraint("status IN ('open', 'cleared')", name="status"),
    CheckConstraint("(status = 'open') = (cleared_on IS NULL)", name="cleared"),
)
_OPEN = findings.c.status == "open"
Index(
    "uq_finding_open",
    findings.c.book_id,
    findings.c.rule,
    findings.c.words,
    unique=True,
    postgresql_where=_OPEN,
    sqlite_where=_OPEN,
)
Index("ix_finding_book_id_id", findings.c.book_id, findings.c.id)
# said in the statement, not bound to it: only so do both databases see that the index above fits
IS_OPEN = findings.c.status == bindparam("open_finding", "open", literal_execute=True)
