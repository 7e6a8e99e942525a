"""Tables whose rows can be neither changed nor deleted: the database itself refuses it, whatever the code above asks.

A table says so where it is defined (`append_only=True`); the migrations run these triggers, on both databases.
"""

from scf.db.types import metadata

_REFUSE = """
CREATE FUNCTION scf_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% on % is refused: it is append-only', TG_OP, TG_TABLE_NAME USING ERRCODE = '23001';
END $$
"""


def statements(dialect: str) -> list[str]:
    """The DDL for `postgresql` or `sqlite`, in the order to run it; other rules of PostgreSQL need its `scf_refuse`."""
    names = sorted(table.name for table in metadata.tables.values() if table.info.get("append_only"))
    if dialect == "postgresql":
        return [_REFUSE, *(_on_postgresql(name) for name in names)]
    return [on_sqlite(name, verb, f"BEFORE {verb} ON {name}") for name in names for verb in ("UPDATE", "DELETE")]


def _on_postgresql(name: str) -> str:
    return (
        f"CREATE TRIGGER {name}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {name}"
        " FOR EACH STATEMENT EXECUTE FUNCTION scf_refuse()"
    )


def on_sqlite(name: str, verb: str, when: str) -> str:
    """The trigger that refuses a verb on a table of SQLite."""
    return (
        f"CREATE TRIGGER {name}_refuses_{verb.lower()} {when}"
        f" BEGIN SELECT RAISE(ABORT, '{verb} on {name} is refused: it is append-only'); END"
    )
