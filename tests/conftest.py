"""Fixtures for every test: a real PostgreSQL, and databases of one's own on it."""

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from real_postgres import URL_VARIABLE, PostgresAbsent, Server, running_server
from shared_app import take_back
from world import World

from scf import migrate
from scf.books import queries as books
from scf.clock import SetClock
from scf.db.engine import Database, open_engine
from scf.ledger import checks
from scf.running import collect_seldom

START = datetime(2026, 1, 5, 9, tzinfo=UTC)

# how long a machine takes says nothing about the code: no deadline, and slow drawing is no failure
settings.register_profile("scf", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("scf")

# as in every process of the platform
collect_seldom()

# files whose tests take minutes each
LONGEST = ("test_api_fuzz.py",)
ONE_SERVER_A_RUN = pytest.StashKey[ExitStack]()


def pytest_configure(config: pytest.Config) -> None:
    """With several workers, start the one server that they share; they find it by the variable."""
    if hasattr(config, "workerinput") or not getattr(config.option, "numprocesses", None):
        return
    stack = config.stash[ONE_SERVER_A_RUN] = ExitStack()
    try:
        os.environ[URL_VARIABLE] = stack.enter_context(running_server()).url
    except PostgresAbsent:
        return  # each test that wants it skips, and says why


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the workers' server."""
    stack = config.stash.get(ONE_SERVER_A_RUN, None)
    if stack is not None:
        stack.close()
        os.environ.pop(URL_VARIABLE, None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest tests first: one that begins last keeps a single worker busy while the others are done."""
    items.sort(key=lambda item: item.path.name not in LONGEST)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """The real PostgreSQL of this run; the test is skipped, loudly, when there is none."""
    with ExitStack() as stack:
        try:
            server = stack.enter_context(running_server())
        except PostgresAbsent as absent:
            pytest.skip(f"no PostgreSQL: {absent}")
        yield server


@pytest.fixture(scope="session")
def postgres_server_url(postgres_server: Server) -> str:
    """SQLAlchemy's URL of the server's own `postgres` database."""
    return postgres_server.url


@pytest.fixture
def fresh_postgres_url(postgres_server: Server) -> Iterator[str]:
    """SQLAlchemy's URL of a new, empty database, dropped after the test."""
    name = f"fresh_{uuid.uuid4().hex}"
    yield postgres_server.create(name)
    postgres_server.drop(name)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the schema, and nothing beside it."""
    path = tmp_path_factory.mktemp("template") / "scf.db"
    engine = open_engine(f"sqlite:///{path}")
    migrate.upgrade(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres_server: Server) -> Iterator[str]:
    """The name of a PostgreSQL database with the schema, this worker's own."""
    name = f"template_{uuid.uuid4().hex}"
    engine = open_engine(postgres_server.create(name))
    migrate.upgrade(engine)
    engine.dispose()
    yield name
    postgres_server.drop(name)


@contextmanager
def _on_sqlite(request: pytest.FixtureRequest) -> Iterator[str]:
    folder: pytest.TempPathFactory = request.getfixturevalue("tmp_path_factory")
    path = folder.mktemp("database") / "scf.db"
    shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
    yield f"sqlite:///{path}"


@contextmanager
def _on_postgresql(request: pytest.FixtureRequest) -> Iterator[str]:
    template = request.getfixturevalue("postgres_template")
    server: Server = request.getfixturevalue("postgres_server")
    name = f"test_{uuid.uuid4().hex}"
    yield server.create(name, template)
    server.drop(name)


_COPIES = {"sqlite": _on_sqlite, "postgresql": _on_postgresql}


DATABASES = tuple(_COPIES)


@contextmanager
def opened(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A migrated, empty database of the kind `request.param`; at the end every book's ledger is checked."""
    with _COPIES[request.param](request) as url:
        database = Database(open_engine(url), SetClock(START))
        yield database
        found = _findings(database)
        take_back(database)
        database.engine.dispose()
    assert not found, f"the ledger is not sound: {found}"


@pytest.fixture(params=DATABASES)
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A migrated, empty database on a Monday morning, SQLite and then PostgreSQL; its ledger is checked at the end."""
    with opened(request) as database:
        yield database


def _findings(database: Database) -> list[checks.Finding]:
    with database.reading() as connection:
        return [finding for book in books.every(connection) for finding in checks.findings(connection, book.id)]


@pytest.fixture
def world(database: Database, tmp_path: Path) -> World:
    """A funder's world on the database, before anybody is in it; its bank is kept in the test's own folder."""
    clock = database.clock
    assert isinstance(clock, SetClock)
    return World(database, clock, tmp_path)
