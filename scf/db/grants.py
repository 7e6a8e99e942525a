"""What the role that production runs as may do on PostgreSQL: read and write rows, and nothing to the tables.

It refuses a role that could give itself more, or that row-level security (`scf.db.walls`) would not bind. SQLite knows
no roles.
"""

from sqlalchemy import Connection, Engine, text

from scf.db.schema_changes import alone
from scf.errors import SettingsError

_ANSWERABLE = text("""
    SELECT pg_has_role(rolname, current_user, 'MEMBER') OR EXISTS (
        SELECT FROM pg_roles AS other
        WHERE (other.rolsuper OR other.rolbypassrls) AND pg_has_role(role.rolname, other.oid, 'MEMBER')
    )
    FROM pg_roles AS role WHERE rolname = :role
""")

# a table is append-only when a trigger without columns refuses both UPDATE (16) and DELETE (8)
_TABLES = text("""
    SELECT c.relname, EXISTS (
        SELECT FROM pg_trigger AS t JOIN pg_proc AS p ON p.oid = t.tgfoid
        WHERE t.tgrelid = c.oid AND p.proname = 'scf_refuse' AND t.tgtype & 24 = 24 AND t.tgattr = ''
    )
    FROM pg_class AS c
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
    ORDER BY c.relname
""")


def grant(engine: Engine, role: str) -> None:
    """Give a role exactly what the program needs; run it again after every migration, as the tables' owner.

    Append-only tables take SELECT and INSERT, the others UPDATE too, the schema's version only SELECT; nothing takes
    DELETE or TRUNCATE. Raises `SettingsError` for a role that is missing, that owns the tables, or that no wall binds.
    """
    if engine.dialect.name != "postgresql":
        raise SettingsError("roles are PostgreSQL's; an SQLite file is guarded by its permissions")
    quoted = engine.dialect.identifier_preparer.quote(role)
    with alone(engine) as connection:
        _check(connection, role)
        connection.execute(text(f"REVOKE ALL ON ALL TABLES IN SCHEMA {_schema(connection)} FROM {quoted}"))
        connection.execute(text(f"GRANT USAGE ON SCHEMA {_schema(connection)} TO {quoted}"))
        connection.execute(text(f"GRANT TEMPORARY ON DATABASE {_database(connection)} TO {quoted}"))
        for name, append_only in connection.execute(_TABLES).all():
            connection.execute(text(f'GRANT {_rights(name, append_only)} ON "{name}" TO {quoted}'))


def _check(connection: Connection, role: str) -> None:
    mightier = connection.execute(_ANSWERABLE, {"role": role}).scalar_one_or_none()
    if mightier is None:
        raise SettingsError(f"there is no role {role!r}; make it first: CREATE ROLE … LOGIN")
    if mightier:
        words = "owns the tables, is a superuser, bypasses row-level security, or may act as one who does"
        raise SettingsError(f"the role {role!r} {words}; give one that does not")


def _schema(connection: Connection) -> str:
    name: str = connection.execute(text("SELECT quote_ident(current_schema())")).scalar_one()
    return name


def _database(connection: Connection) -> str:
    name: str = connection.execute(text("SELECT quote_ident(current_database())")).scalar_one()
    return name


def _rights(name: str, append_only: bool) -> str:
    if name == "alembic_version":
        return "SELECT"
    return "SELECT, INSERT" if append_only else "SELECT, INSERT, UPDATE"
