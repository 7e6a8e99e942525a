"""Bringing a database to the schema this program needs: one Alembic history, run from here and never by `alembic`.

It refuses a database that a newer program has upgraded, and never goes back.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext, MigrationStep
from alembic.script import Script, ScriptDirectory
from alembic.script.revision import ResolutionError
from sqlalchemy import Connection, Engine
from sqlalchemy.engine import make_url

from scf.db.engine import Database, open_engine
from scf.db.schema_changes import alone
from scf.errors import SettingsError
from scf.settings import Migrate

FOLDER = Path(__file__).parent / "migrations"


def open_database(url: str, migrate: Migrate) -> Database:
    """Open a database that is current: upgraded on the way with `auto`; `check` raises `SettingsError` when it is not.

    The folder of an SQLite file is made.
    """
    prepare(url)
    engine = open_engine(url)
    waiting = missing(engine)
    if waiting and migrate == "auto":
        upgrade(engine)
    elif waiting:
        engine.dispose()
        raise SettingsError(
            f"the database lacks the migrations {', '.join(waiting)}: run `scf migrate`, or set SCF_MIGRATE=auto"
        )
    return Database(engine)


def prepare(url: str) -> None:
    """Make the folder of an SQLite file; PostgreSQL's databases are made by their owner."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)


def missing(engine: Engine, folder: Path = FOLDER) -> list[str]:
    """The revisions that are not applied, oldest first; empty when the database is current.

    Raises `SettingsError` when the database is at a revision that this program does not know.
    """
    with engine.connect().execution_options(read_only=True) as connection:
        heads = MigrationContext.configure(connection).get_current_heads()
    return [script.revision for script in _above(ScriptDirectory(folder), heads)]


def upgrade(engine: Engine, folder: Path = FOLDER) -> None:
    """Apply what is missing in one transaction: all of it or nothing. Two processes at once do it once."""
    scripts = ScriptDirectory(folder)
    with alone(engine) as connection:
        context = _context(connection, scripts)
        with Operations.context(context):
            context.run_migrations()


def _context(connection: Connection, scripts: ScriptDirectory) -> MigrationContext:
    def steps(heads: Any, _context: MigrationContext) -> Iterable[MigrationStep]:
        return [MigrationStep.upgrade_from_script(scripts.revision_map, script) for script in _above(scripts, heads)]

    return MigrationContext.configure(connection, opts={"fn": steps, "transactional_ddl": True})


def _above(scripts: ScriptDirectory, heads: tuple[str, ...]) -> list[Script]:
    """The scripts between the heads and the newest, oldest first."""
    try:
        newest_first = list(scripts.iterate_revisions("head", heads, implicit_base=True))
    except ResolutionError as error:
        raise SettingsError(
            f"the database is at revision {', '.join(heads)}, which this program does not know: start the newer one"
        ) from error
    return newest_first[::-1]
