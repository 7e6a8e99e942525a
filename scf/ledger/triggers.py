"""What the database itself refuses of the ledger, whatever the code above asks: run by the migrations.

On PostgreSQL one statement-level trigger checks (account, book, currency) and (journal, book) of all new postings at
once; on SQLite composite foreign keys do (see `models`). Accounts keep their keys. That journals, postings and closed
days can be neither changed nor deleted is said by their tables, and refused by `scf.db.append_only`.
"""

from scf.db import append_only
from scf.db.references import AS_OWNER, PROBE

_ACCOUNT_KEYS = "id, book_id, code, owner_id, currency, debit_normal, floored"

# Joined by the keys alone: with the book in a join a plan may look for one account among all of its book's.
_POSTING_FITS = f"""
CREATE FUNCTION scf_posting_fits() RETURNS trigger {AS_OWNER} {PROBE} AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM fresh
    LEFT JOIN account AS d ON d.id = fresh.debit_account_id
    LEFT JOIN account AS c ON c.id = fresh.credit_account_id
    LEFT JOIN journal AS j ON j.id = fresh.journal_id
    WHERE (d.book_id, d.currency, c.book_id, c.currency, j.book_id)
      IS DISTINCT FROM (fresh.book_id, fresh.currency, fresh.book_id, fresh.currency, fresh.book_id)
  ) THEN
    RAISE EXCEPTION 'a posting names an account or journal of another book or currency' USING ERRCODE = '23503';
  END IF;
  RETURN NULL;
END $$
"""

_ON_POSTGRESQL = [
    _POSTING_FITS,
    "CREATE TRIGGER posting_fits AFTER INSERT ON posting REFERENCING NEW TABLE AS fresh"
    " FOR EACH STATEMENT EXECUTE FUNCTION scf_posting_fits()",
    "CREATE TRIGGER account_stays BEFORE DELETE OR TRUNCATE ON account"
    " FOR EACH STATEMENT EXECUTE FUNCTION scf_refuse()",
    f"CREATE TRIGGER account_keeps_keys BEFORE UPDATE OF {_ACCOUNT_KEYS} ON account"
    " FOR EACH STATEMENT EXECUTE FUNCTION scf_refuse()",
]
_ON_SQLITE = [
    append_only.on_sqlite("account", "DELETE", "BEFORE DELETE ON account"),
    append_only.on_sqlite("account", "UPDATE", f"BEFORE UPDATE OF {_ACCOUNT_KEYS} ON account"),
]


def statements(dialect: str) -> list[str]:
    """The DDL for `postgresql` or `sqlite`, in the order to run it, after that of `append_only`."""
    return _ON_POSTGRESQL if dialect == "postgresql" else _ON_SQLITE
