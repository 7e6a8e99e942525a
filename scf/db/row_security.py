"""The walls as PostgreSQL's row-level security: policies for the role that production runs as, none for the owner.

One policy a command and table. What a row's own columns say is compared with values asked once a query; what other
tables say is asked by a function a column, which PostgreSQL plans once a session: as text of the policy it would be
planned with every statement of every command, which took longer than many of the statements.
"""

from sqlalchemy import Table

from scf.db.types import metadata
from scf.db.walls import OPEN, PLATFORM, WALLS, Holder, OfBook, Rule, Through, rules_by
from scf.errors import ScfError

# As the tables' owner: which books are the reader's, and what hangs together, must not depend on what the reader sees.
# Their bodies are bound to the tables when they are made, so no search path leads them astray.
_FUNCTIONS = [
    f"""
CREATE FUNCTION scf_is_platform() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(current_setting('scf.reader', true) = '{PLATFORM}', false)
""",
    """
CREATE FUNCTION scf_reader() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
RETURN CAST(NULLIF(current_setting('scf.reader', true), '') AS bigint)
""",
    """
CREATE FUNCTION scf_books() RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER
RETURN ARRAY(SELECT book.id FROM book WHERE book.funder_id = scf_reader())
""",
]
# what runs as the owner and is bound by name finds the names in the tables' schema, and in no temporary table's
_PINNED = """
DO $$
DECLARE function regprocedure;
BEGIN
  FOR function IN
    SELECT p.oid FROM pg_proc AS p JOIN pg_language AS l ON l.oid = p.prolang
    WHERE p.prosecdef AND l.lanname = 'plpgsql' AND p.pronamespace = current_schema()::regnamespace
  LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', function, current_schema());
  END LOOP;
END $$
"""
# in brackets of their own: PostgreSQL then asks once a query, not once a row
_IS_PLATFORM = "(SELECT scf_is_platform())"
_READER = "(SELECT scf_reader())"
_BOOKS = "CAST((SELECT scf_books()) AS bigint[])"


def statements() -> list[str]:
    """The DDL for PostgreSQL, in the order to run it. Raises `ScfError` for a table without a place here."""
    walled = [table for table in metadata.sorted_tables if not _is_open(table)]
    links = [text for table in walled for text in _links(table)]
    return [*_FUNCTIONS, *links, *(text for table in walled for text in _policies(table)), _PINNED]


def _is_open(table: Table) -> bool:
    if table.name in WALLS and table.name not in OPEN:
        return False
    if table.name in OPEN and table.name not in WALLS:
        return True
    raise ScfError(f"{table.name}: say in scf/db/walls.py to whom its rows belong (WALLS), or why to nobody (OPEN)")


def _links(table: Table) -> list[str]:
    """A function for each column that leads to other tables."""
    through = _through(table.name)
    found = []
    for column in through:
        kind = "text" if table.c[column].type.python_type is str else "bigint"
        found.append(
            f"""
CREATE FUNCTION scf_sees_{table.name}_by_{column}(given {kind}, reader bigint, its_books bigint[]) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER COST 1
RETURN {" OR ".join(_exists(rule, "given", 0) for rule in through[column])}
"""
        )
    return found


def _through(table: str) -> dict[str, list[Through]]:
    found: dict[str, list[Through]] = {}
    for rule in WALLS[table]:
        if isinstance(rule, Through):
            found.setdefault(rule.column, []).append(rule)
    return found


def _policies(table: Table) -> list[str]:
    """One policy a command: the platform is asked first, and costs a row next to nothing."""
    name = table.name
    seen = [_IS_PLATFORM]
    plain = [rule for rule in WALLS[name] if not isinstance(rule, Through)]
    seen += [_plain(f'"{name}".{rule.column}', rule, _READER, _BOOKS) for rule in plain]
    seen += [f'scf_sees_{name}_by_{column}("{name}".{column}, {_READER}, {_BOOKS})' for column in _through(name)]
    return [
        f'ALTER TABLE "{name}" ENABLE ROW LEVEL SECURITY',
        f'CREATE POLICY {name}_seen ON "{name}" FOR SELECT USING (\n  {" OR ".join(seen)}\n)',
        f'CREATE POLICY {name}_added ON "{name}" FOR INSERT WITH CHECK ({_IS_PLATFORM})',
        f'CREATE POLICY {name}_changed ON "{name}" FOR UPDATE USING ({_IS_PLATFORM})',
    ]


def _plain(column: str, rule: Rule, reader: str, books: str) -> str:
    match rule:
        case Holder():
            return f"{column} = {reader}"
        case OfBook():
            return f"{column} = ANY ({books})"
        case _:
            return f"{column} = {reader} OR {column} = ANY ({books})"


def _exists(rule: Through, given: str, depth: int) -> str:
    near = f"near_{depth}"
    terms = [_near(each, f"{near}.{each.column}", depth + 1) for each in rules_by(rule)]
    parts = (f"{near}.{rule.key} = {given}", rule.where, f"({' OR '.join(terms)})")
    where = " AND ".join(filter(None, parts))
    return f'\n  EXISTS (SELECT FROM "{rule.table}" AS {near} WHERE {where})'


def _near(rule: Rule, column: str, depth: int) -> str:
    if isinstance(rule, Through):
        return _exists(rule, column, depth)
    return _plain(column, rule, "reader", "its_books")
