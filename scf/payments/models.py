"""Money out and money in as rows: accounts to pay to, payouts and their files, statements and collections."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    literal_column,
)

from scf.db.prefixes import word_index
from scf.db.types import UTCDateTime, id_column, table

bank_accounts = table(
    "bank_account",
    id_column(),
    Column("book_id", BigInteger, ForeignKey("book.id"), nullable=False),
    # the funder's own accounts stand here too: it pays from one and is paid on it
    Column("organisation_id", BigInteger, ForeignKey("organisation.id"), nullable=False),
    Column("iban", String(34), nullable=False),
    Column("name", String(140), nullable=False),
    Column("currency", String(3), nullable=False),
    # a changed account cools before money goes to it
    Column("usable_from_on", Date, nullable=False),
    Column("status", String(12), nullable=False),
    Column("version", Integer, nullable=False),
    CheckConstraint("status IN ('active', 'closed')", name="status"),
)
Index("ix_bank_account_book_id_id", bank_accounts.c.book_id, bank_accounts.c.id)
Index("ix_bank_account_organisation_id_id", bank_accounts.c.organisation_id, bank_accounts.c.id)
_ACTIVE = bank_accounts.c.status == "active"
Index(
    "uq_bank_account_active",
    bank_accounts.c.book_id,
    bank_accounts.c.organisation_id,
    bank_accounts.c.currency,
    unique=True,
    postgresql_where=_ACTIVE,
    sqlite_where=_ACTIVE,
)

payment_files = table(
    "payment_file",
    id_column(),
    Column("book_id", BigInteger, ForeignKey("book.id"), nullable=False),
    Column("ref", String(35), nullable=False),
    Column("sha256", String(64), ForeignKey("file.sha256"), nullable=False),
    Column("business_date", Date, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("line_count", Integer, nullable=False),
    Column("total_minor", BigInteger, nullable=False),
    UniqueConstraint("ref"),
)
Index("ix_payment_file_book_id_id", payment_files.c.book_id, payment_files.c.id)
Index("ix_payment_file_sha256", payment_files.c.sha256)

payouts = table(
    "payout",
    id_column(),
    Column("book_id", BigInteger, ForeignKey("book.id"), nullable=False),
    Column("beneficiary_id", BigInteger, ForeignKey("organisation.id"), nullable=False),
    Column("ref", String(60), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("instructed_on", Date, nullable=False),
    # the day on which the bank is to credit it
    Column("pay_on", Date, nullable=False),
    Column("file_id", BigInteger, ForeignKey("payment_file.id"), nullable=True),
    Column("replaces_id", BigInteger, ForeignKey("payout.id"), nullable=True),
    # the advance that it pays out, or whose reserve it pays
    Column("for_id", BigInteger, nullable=True),
    Column("instructed_at", UTCDateTime, nullable=True),
    Column("sent_at", UTCDateTime, nullable=True),
    Column("cleared_at", UTCDateTime, nullable=True),
    Column("returned_at", UTCDateTime, nullable=True),
    Column("status", String(12), nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("replaces_id"),
    CheckConstraint("amount_minor > 0", name="positive"),
    CheckConstraint("status IN ('instructed', 'sent', 'cleared', 'returned', 'unknown')", name="status"),
    bulk_loaded=True,
)
Index("ix_payout_book_id_id", payouts.c.book_id, payouts.c.id)
# what was paid for an advance bears its ref
word_index("ix_payout_book_id_ref", payouts.c.book_id, payouts.c.ref)
Index("ix_payout_beneficiary_id_id", payouts.c.beneficiary_id, payouts.c.id)
_WAITING = payouts.c.status == "instructed"
_BACK = payouts.c.status == "returned"
Index("ix_payout_returned", payouts.c.book_id, payouts.c.id, postgresql_where=_BACK, sqlite_where=_BACK)
Index("ix_payout_instructed", payouts.c.book_id, postgresql_where=_WAITING, sqlite_where=_WAITING)
_ON_ITS_WAY = payouts.c.status.in_(["instructed", "sent", "unknown"])
Index(
    "ix_payout_on_its_way",
    payouts.c.beneficiary_id,
    payouts.c.pay_on,
    postgresql_where=_ON_ITS_WAY,
    sqlite_where=_ON_ITS_WAY,
)

statements = table(
    "statement",
    id_column(),
    Column("book_id", BigInteger, ForeignKey("book.id"), nullable=False),
    Column("sha256", String(64), ForeignKey("file.sha256"), nullable=False),
    Column("kind", String(3), nullable=False),
    Column("ref", String(40), nullable=False),
    Column("account", String(40), nullable=False),
    Column("business_date", Date, nullable=False),
    # banks number the statements of each account by themselves
    UniqueConstraint("book_id", "account", "kind", "ref"),
)
Index("ix_statement_book_id_id", statements.c.book_id, statements.c.id)
Index("ix_statement_sha256", statements.c.sha256)

statement_entries = table(
    "statement_entry",
    id_column(),
    Column("book_id", BigInteger, ForeignKey("book.id"), nullable=False),
    Column("statement_id", BigInteger, ForeignKey("statement.id"), nullable=False),
    # the bank's own reference of one booking and detail: the same money in camt.054 and camt.053 bears it twice
    Column("bank_ref", String(80), nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("booked_on", Date, nullable=False),
    Column("value_date", Date, nullable=False),
    Column("end_to_end_ref", String(40), nullable=False),
    Column("reference", String(140), nullable=False),
    Column("name", String(140), nullable=False),
    Column("counter_account", String(40), nullable=False),
    Column("text", Text, nullable=False),
    # what it was recognised as: collection, payout, return, seen before, waiting for the statement, or unmatched
    Column("meaning", String(12), nullable=False),
    Column("reconciled", Boolean, nullable=False),
    UniqueConstraint("statement_id", "bank_ref"),
    bulk_loaded=True,
)
Index("ix_statement_entry_book_id_id", statement_entries.c.book_id, statement_entries.c.id)
# what nobody has understood, or a statement has yet to tell: for people, the newest first
FOR_PEOPLE = statement_entries.c.meaning.in_([literal_column("'unmatched'"), literal_column("'waiting'")])
Index(
    "ix_statement_entry_for_people",
    statement_entries.c.book_id,
    statement_entries.c.booked_on,
    postgresql_where=FOR_PEOPLE,
    sqlite_where=FOR_PEOPLE,
)
Index("ix_statement_entry_bank_ref", statement_entries.c.book_id, statement_entries.c.bank_ref)
word_index("ix_statement_entry_book_id_reference", statement_entries.c.book_id, statement_entries.c.reference)

collections = table(
    "collection",
    id_column(),
    Column("book_id", BigInteger, ForeignKey("book.id"), nullable=False),
    Column("entry_id", BigInteger, ForeignKey("statement_entry.id"), nullable=False),
    Column("bank_ref", String(80), nullable=False),
    # NULL until somebody says who paid
    Column("payer_id", BigInteger, ForeignKey("organisation.id"), nullable=True),
    Column("currency", String(3), nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("value_date", Date, nullable=False),
    Column("reference", String(140), nullable=False),
    Column("status", String(12), nullable=False),
    Column("version", Integer, nullable=False),
    # the same money cannot be received twice
    UniqueConstraint("book_id", "bank_ref"),
    CheckConstraint("amount_minor > 0", name="positive"),
    CheckConstraint("status IN ('received', 'part_applied', 'applied', 'returned')", name="status"),
    bulk_loaded=True,
)
Index("ix_collection_book_id_id", collections.c.book_id, collections.c.id)
_LEFT = collections.c.status.in_(["received", "part_applied"])
Index("ix_collection_unapplied", collections.c.book_id, postgresql_where=_LEFT, sqlite_where=_LEFT)
