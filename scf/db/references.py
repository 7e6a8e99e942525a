"""References of bulk-loaded tables on PostgreSQL: all rows of a statement are checked by one query, by a trigger.

Row-wise foreign keys took two thirds of the floor of funding, and lock the very parents that many commands share.
SQLite keeps its foreign keys, and so does every column that may be NULL. What is referred to can be neither deleted nor
given another id, and a reference, once written, stays what it is.
"""

from sqlalchemy import ForeignKeyConstraint, Table

from scf.db.types import metadata

Reference = tuple[str, str]  # a column, and the table whose id it holds

# a plan is kept for the session: probing the parents' keys is right for one row and for ten thousand, while one that
# reads whole parents is made when they are small and kept when they are not
PROBE = "SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off"
# what is there must not depend on who looks (`scf.db.walls`, which also pins the schema): checks run as the owner
AS_OWNER = "LANGUAGE plpgsql SECURITY DEFINER"


def statements() -> list[str]:
    """The DDL for PostgreSQL, in the order to run it; it needs `scf_refuse` of `append_only`."""
    loaded = sorted((each for each in metadata.tables.values() if each.info.get("bulk_loaded")), key=lambda t: t.name)
    parents = sorted({parent for each in loaded for _, parent in _references(each)})
    return [
        *(statement for each in loaded for statement in _checked(each.name, _references(each))),
        *(
            f"CREATE TRIGGER {parent}_stays BEFORE UPDATE OF id OR DELETE OR TRUNCATE ON {parent}"
            " FOR EACH STATEMENT EXECUTE FUNCTION scf_refuse()"
            for parent in parents
        ),
    ]


def _references(table: Table) -> list[Reference]:
    """The references of a table that may not be NULL, in the order of its columns."""
    keys = [each for each in table.foreign_key_constraints if not each.columns[0].nullable]
    found = {_column(key): key.referred_table.name for key in keys}
    return [(column.name, found[column.name]) for column in table.columns if column.name in found]


def _column(key: ForeignKeyConstraint) -> str:
    return str(key.columns[0].name)


def _checked(table: str, references: list[Reference]) -> list[str]:
    joins = "\n    ".join(
        f"LEFT JOIN {parent} AS r{n} ON r{n}.id = fresh.{column}" for n, (column, parent) in enumerate(references)
    )
    missing = " OR ".join(f"r{n}.id IS NULL" for n in range(len(references)))
    return [
        f"""
CREATE FUNCTION scf_{table}_refers() RETURNS trigger {AS_OWNER} {PROBE} AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM fresh
    {joins}
    WHERE {missing}
  ) THEN
    RAISE EXCEPTION 'a row of {table} refers to what is not there' USING ERRCODE = '23503';
  END IF;
  RETURN NULL;
END $$
""",
        f"CREATE TRIGGER {table}_refers AFTER INSERT ON {table} REFERENCING NEW TABLE AS fresh"
        f" FOR EACH STATEMENT EXECUTE FUNCTION scf_{table}_refers()",
        f"CREATE TRIGGER {table}_keeps_references BEFORE UPDATE OF {', '.join(column for column, _ in references)}"
        f" ON {table} FOR EACH STATEMENT EXECUTE FUNCTION scf_refuse()",
    ]
