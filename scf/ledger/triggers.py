"""What the database itself refuses, whatever the code above asks: run by the migrations, on both databases.

On PostgreSQL one statement-level trigger checks (account, book, currency) and (journal, book) of all new postings at
once; on SQLite composite foreign keys do (see `models`). Journals, postings, closed days and the command log can be
neither changed nor deleted; accounts keep their keys.
"""

from scf.db.references import AS_OWNER, PROBE

_APPEND_ONLY = ("journal", "posting", "account_day", "command_log", "audit_link")
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

_REFUSE = """
CREATE FUNCTION scf_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% on % is refused: it is append-only', TG_OP, TG_TABLE_NAME USING ERRCODE = '23001';
END $$
"""


def statements(dialect: str) -> list[str]:
    """The DDL for `postgresql` or `sqlite`, in the order to run it."""
    return _postgresql() if dialect == "postgresql" else _sqlite()


def _postgresql() -> list[str]:
    refusals = [
        f"CREATE TRIGGER {name}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {name}"
        " FOR EACH STATEMENT EXECUTE FUNCTION scf_refuse()"
        for name in _APPEND_ONLY
    ]
    return [
        _POSTING_FITS,
        _REFUSE,
        "CREATE TRIGGER posting_fits AFTER INSERT ON posting REFERENCING NEW TABLE AS fresh"
        " FOR EACH STATEMENT EXECUTE FUNCTION scf_posting_fits()",
        "CREATE TRIGGER account_stays BEFORE DELETE OR TRUNCATE ON account"
        " FOR EACH STATEMENT EXECUTE FUNCTION scf_refuse()",
        f"CREATE TRIGGER account_keeps_keys BEFORE UPDATE OF {_ACCOUNT_KEYS} ON account"
        " FOR EACH STATEMENT EXECUTE FUNCTION scf_refuse()",
        *refusals,
    ]


def _sqlite() -> list[str]:
    refused = [(name, verb, f"BEFORE {verb} ON {name}") for name in _APPEND_ONLY for verb in ("UPDATE", "DELETE")]
    refused += [
        ("account", "DELETE", "BEFORE DELETE ON account"),
        ("account", "UPDATE", f"BEFORE UPDATE OF {_ACCOUNT_KEYS} ON account"),
    ]
    return [
        f"CREATE TRIGGER {name}_refuses_{verb.lower()} {when}"
        f" BEGIN SELECT RAISE(ABORT, '{verb} on {name} is refused: it is append-only'); END"
        for name, verb, when in refused
    ]
