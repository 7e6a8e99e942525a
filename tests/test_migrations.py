"""One history of the schema: it says what the models say, applies whole or not at all, and once."""

import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from first_rows import open_book, register
from granted import granted
from posting import journal, post
from real_postgres import Server
from sqlalchemy import Engine, inspect, make_url, text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from scf import migrate
from scf.cli import build_cli
from scf.db.engine import Database, open_engine
from scf.db.grants import grant
from scf.errors import ScfError, SettingsError
from scf.ledger import checks
from scf.ledger.chart import Owner
from scf.settings import ROOT

HALF = """
from alembic import op
revision = "0002"
down_revision = "0001"
def upgrade():
    op.execute("CREATE TABLE half_done (id INTEGER)")
    op.execute("INSERT INTO nowhere VALUES (1)")
"""
LOOSE = """
from alembic import op
revision = "0002"
down_revision = "0001"
def upgrade():
    op.execute("CREATE TABLE parent (id INTEGER PRIMARY KEY)")
    op.execute("CREATE TABLE child (parent_id INTEGER REFERENCES parent (id))")
    op.execute("INSERT INTO child VALUES (7)")
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Engine:
    """An engine of a database without any table."""
    if request.param == "sqlite":
        return open_engine(f"sqlite:///{tmp_path / 'empty.db'}")
    return open_engine(request.getfixturevalue("fresh_postgres_url"))


def history(tmp_path: Path, second: str) -> Path:
    """The real history with another migration after it."""
    folder = tmp_path / "migrations"
    shutil.copytree(migrate.FOLDER, folder)
    (folder / "versions" / "0002_second.py").write_text(second)
    return folder


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names())


def test_the_frozen_schema_is_what_the_models_say_now() -> None:
    done = subprocess.run([sys.executable, ROOT / ".ci" / "first-migration", "--check"], capture_output=True, text=True)
    assert done.returncode == 0, f"run .ci/first-migration\n{done.stdout}{done.stderr}"


def test_an_empty_database_becomes_current_and_stays_so(empty: Engine) -> None:
    assert migrate.missing(empty)[0] == "0001"
    migrate.upgrade(empty)
    assert migrate.missing(empty) == []
    before = tables(empty)
    assert {"posting", "journal", "account", "alembic_version"} <= before
    migrate.upgrade(empty)
    assert tables(empty) == before
    empty.dispose()


def test_a_migration_that_fails_half_way_leaves_nothing(empty: Engine, tmp_path: Path) -> None:
    with pytest.raises(DBAPIError, match="nowhere"):
        migrate.upgrade(empty, history(tmp_path, HALF))
    assert tables(empty) == set()
    migrate.upgrade(empty)
    with pytest.raises(DBAPIError, match="nowhere"):
        migrate.upgrade(empty, tmp_path / "migrations")
    assert "half_done" not in tables(empty)
    assert migrate.missing(empty) == []
    assert migrate.missing(empty, tmp_path / "migrations") == ["0002"]
    empty.dispose()


def test_two_upgrades_at_once_apply_it_once(empty: Engine) -> None:
    failures: list[BaseException] = []

    def work() -> None:
        try:
            migrate.upgrade(empty)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with empty.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM alembic_version")) == 1
    empty.dispose()


def test_a_database_of_a_newer_program_is_refused(empty: Engine) -> None:
    migrate.upgrade(empty)
    with empty.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SettingsError, match="9999"):
        migrate.missing(empty)
    with pytest.raises(SettingsError, match="9999"):
        migrate.upgrade(empty)
    empty.dispose()


def test_on_sqlite_a_migration_that_leaves_a_row_pointing_nowhere_is_undone(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'loose.db'}")
    with pytest.raises(ScfError, match="child"):
        migrate.upgrade(engine, history(tmp_path, LOOSE))
    assert tables(engine) == set()
    with engine.connect() as connection:
        assert connection.scalar(text("PRAGMA foreign_keys")) == 1
    engine.dispose()


def test_opening_upgrades_when_told_to_and_only_says_so_otherwise(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new' / 'folder' / 'scf.db'}"
    with pytest.raises(SettingsError, match=r"0001.*scf migrate"):
        migrate.open_database(url, "check")
    opened = migrate.open_database(url, "auto")
    assert migrate.missing(opened.engine) == []
    opened.engine.dispose()
    migrate.open_database(url, "check").engine.dispose()


def test_the_command_line_migrates_and_says_what_it_did(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCF_DATABASE_URL", f"sqlite:///{tmp_path / 'var' / 'scf.db'}")
    cli = build_cli("wsgi:app", (), ())
    assert "applied: 0001" in CliRunner().invoke(cli, ["migrate"]).output
    assert "current" in CliRunner().invoke(cli, ["migrate"]).output
    refused = CliRunner().invoke(cli, ["migrate", "--grant", "scf"])
    assert refused.exit_code == 1
    assert "PostgreSQL" in refused.output


def test_every_constraint_and_index_has_a_name_of_ours(database: Database) -> None:
    named = ("pk_", "uq_", "ix_", "fk_", "ck_")
    seen = inspect(database.engine)
    for table in set(seen.get_table_names()) - {"alembic_version"}:
        found = [seen.get_pk_constraint(table)["name"]]
        found += [entry["name"] for entry in seen.get_foreign_keys(table)]
        found += [entry["name"] for entry in seen.get_unique_constraints(table)]
        found += [entry["name"] for entry in seen.get_check_constraints(table)]
        found += [entry["name"] for entry in seen.get_indexes(table)]
        assert all(name and name.startswith(named) for name in found), (table, found)


def test_on_sqlite_every_table_is_strict(sqlite_template: Path) -> None:
    engine = open_engine(f"sqlite:///{sqlite_template}")
    with engine.connect() as connection:
        lax = connection.scalars(text("SELECT name FROM pragma_table_list WHERE strict = 0 AND schema = 'main'")).all()
    engine.dispose()
    assert {name for name in lax if not name.startswith("sqlite_")} == {"alembic_version"}


FORBIDDEN = [
    "UPDATE posting SET amount_minor = 1",
    *(f"DELETE FROM {name}" for name in ("posting", "journal", "account_day", "command_log", "account")),
    *(f"TRUNCATE {name} CASCADE" for name in ("posting", "journal", "account_day", "command_log", "account")),
    "ALTER TABLE posting DISABLE TRIGGER ALL",
    "ALTER TABLE posting DROP CONSTRAINT ck_posting_positive",
    "ALTER TABLE account DROP CONSTRAINT ck_account_floor",
    "DROP TRIGGER posting_append_only ON posting",
    "DROP TABLE posting CASCADE",
    "CREATE OR REPLACE FUNCTION scf_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "UPDATE alembic_version SET version_num = '0000'",
    "SET session_replication_role = replica",
    "CREATE TABLE posting (id int)",
]


@pytest.fixture
def production(postgres_server: Server, postgres_template: str) -> Iterator[Database]:
    """A PostgreSQL database, opened as a role that was granted what the program needs."""
    with granted(postgres_server, postgres_template) as opened:
        yield opened.production


def test_the_granted_role_can_run_commands_and_post(production: Database) -> None:
    (funder_id,) = register(production, "Northbank")
    book_id = open_book(production, funder_id)
    post(production, book_id, [journal("collection received", {Owner.ANCHOR: funder_id}, {"amount": 500})])
    with production.reading() as connection:
        assert connection.scalar(text("SELECT count(*) FROM posting")) == 1
        assert checks.findings(connection, book_id) == []
    assert migrate.missing(production.engine) == []


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_granted_role_cannot_change_what_was_written_or_the_rules(production: Database, statement: str) -> None:
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), production.engine.begin() as it:
        it.execute(text(statement))


def test_a_role_that_owns_the_tables_or_does_not_exist_is_refused(fresh_postgres_url: str) -> None:
    engine = open_engine(fresh_postgres_url)
    with pytest.raises(SettingsError, match="no role"):
        grant(engine, "nobody_here")
    with pytest.raises(SettingsError, match="owns the tables"):
        grant(engine, make_url(fresh_postgres_url).username or "postgres")
    with engine.begin() as connection:
        connection.execute(text("CREATE ROLE climbs_walls BYPASSRLS"))
        connection.execute(text("CREATE ROLE knows_a_climber IN ROLE climbs_walls"))
    for role in ("climbs_walls", "knows_a_climber"):
        with pytest.raises(SettingsError, match="bypasses row-level security"):
            grant(engine, role)
    with engine.begin() as connection:
        connection.execute(text("DROP ROLE knows_a_climber, climbs_walls"))
    engine.dispose()
