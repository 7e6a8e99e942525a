"""The ledger's tables. A posting cannot be unbalanced or cross a book or a currency: it has no place to say so.

The rule (account, book, currency) and (journal, book) is carried by composite foreign keys on SQLite and by one
statement-level trigger on PostgreSQL; both, and the triggers that keep rows as they are, stand in `ledger.triggers`.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    UniqueConstraint,
)

from scf.db.types import id_column, table

accounts = table(
    "account",
    id_column(),
    Column("book_id", BigInteger, ForeignKey("book.id"), nullable=False),
    Column("code", String(40), nullable=False),
    # an organisation, a limit, or 0 for the book itself
    Column("owner_id", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("debit_normal", Boolean, nullable=False),
    Column("floored", Boolean, nullable=False),
    Column("debit_minor", BigInteger, nullable=False),
    Column("credit_minor", BigInteger, nullable=False),
    # why a limit is suspended; empty when it is not
    Column("hold", String(20), nullable=False),
    UniqueConstraint("book_id", "owner_id", "code", "currency"),
    UniqueConstraint("id", "book_id", "currency"),
    CheckConstraint(
        "NOT floored OR (debit_normal AND debit_minor >= credit_minor)"
        " OR (NOT debit_normal AND credit_minor >= debit_minor)",
        name="floor",
    ),
    CheckConstraint("floored OR (debit_minor = 0 AND credit_minor = 0)", name="unfloored_keeps_no_totals"),
)
# all accounts of a kind; none of its columns ever changes
Index("ix_account_book_id_code_currency", accounts.c.book_id, accounts.c.code, accounts.c.currency)
Index("ix_account_book_id_id", accounts.c.book_id, accounts.c.id)

journals = table(
    "journal",
    id_column(),
    Column("book_id", BigInteger, ForeignKey("book.id"), nullable=False),
    Column("event", String(30), nullable=False),
    Column("subject_id", BigInteger, nullable=False),
    Column("occurrence", Integer, nullable=False),
    Column("value_date", Date, nullable=False),
    Column("business_date", Date, nullable=False),
    Column("command_id", BigInteger, nullable=False),
    Column("ref", String(60), nullable=False),
    UniqueConstraint("subject_id", "event", "occurrence"),
    bulk_loaded=True,
    append_only=True,
)
Index("ix_journal_book_id_id", journals.c.book_id, journals.c.id)
Index("ix_journal_book_id_business_date_id", journals.c.book_id, journals.c.business_date, journals.c.id)
# the target of SQLite's composite foreign key; PostgreSQL checks by its trigger and needs no second index
Index("uq_journal_id_book_id", journals.c.id, journals.c.book_id, unique=True).ddl_if(dialect="sqlite")

postings = table(
    "posting",
    Column("journal_id", BigInteger, nullable=False),
    Column("line", Integer, nullable=False),
    Column("book_id", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("debit_account_id", BigInteger, nullable=False),
    Column("credit_account_id", BigInteger, nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    PrimaryKeyConstraint("journal_id", "line"),
    CheckConstraint("amount_minor > 0", name="positive"),
    CheckConstraint("debit_account_id <> credit_account_id", name="two_accounts"),
    ForeignKeyConstraint(["journal_id", "book_id"], ["journal.id", "journal.book_id"]).ddl_if(dialect="sqlite"),
    ForeignKeyConstraint(
        ["debit_account_id", "book_id", "currency"], ["account.id", "account.book_id", "account.currency"]
    ).ddl_if(dialect="sqlite"),
    ForeignKeyConstraint(
        ["credit_account_id", "book_id", "currency"], ["account.id", "account.book_id", "account.currency"]
    ).ddl_if(dialect="sqlite"),
    append_only=True,
)

account_days = table(
    "account_day",
    Column("account_id", BigInteger, ForeignKey("account.id"), nullable=False),
    Column("business_date", Date, nullable=False),
    Column("value_date", Date, nullable=False),
    Column("book_id", BigInteger, ForeignKey("book.id"), nullable=False),
    Column("debit_minor", BigInteger, nullable=False),
    Column("credit_minor", BigInteger, nullable=False),
    PrimaryKeyConstraint("account_id", "business_date", "value_date"),
    append_only=True,
)
Index("ix_account_day_book_id_business_date", account_days.c.book_id, account_days.c.business_date)
