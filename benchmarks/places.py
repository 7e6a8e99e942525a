"""Where benchmarks run: a durable SQLite file or a durable PostgreSQL, with copies of a prepared database."""

import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Protocol

from real_postgres import Server, running_server
from sqlalchemy import text

from scf import migrate
from scf.clock import Clock
from scf.db.engine import Database, open_engine


class Place(Protocol):
    """A kind of database to measure on."""

    def create(self) -> str:
        """The URL of a new, empty database."""
        ...

    def copy(self, url: str) -> str:
        """The URL of a copy of a database to which nothing is connected."""
        ...

    def drop(self, url: str) -> None:
        """Remove a database."""
        ...


@dataclass(slots=True)
class _Files:
    folder: Path
    _numbers: Iterator[int] = field(default_factory=count)

    def create(self) -> str:
        return f"sqlite:///{self.folder / f'{next(self._numbers)}.db'}"

    def copy(self, url: str) -> str:
        made = self.create()
        shutil.copyfile(self._path(url), self._path(made))
        return made

    def drop(self, url: str) -> None:
        path = self._path(url)
        for part in path.parent.glob(path.name + "*"):
            part.unlink()

    def _path(self, url: str) -> Path:
        return Path(url.removeprefix("sqlite:///"))


@dataclass(slots=True)
class _Databases:
    server: Server

    def create(self) -> str:
        return self.server.create(f"benchmark_{uuid.uuid4().hex}")

    def copy(self, url: str) -> str:
        return self.server.create(f"benchmark_{uuid.uuid4().hex}", template=self._name(url))

    def drop(self, url: str) -> None:
        self.server.drop(self._name(url))

    def _name(self, url: str) -> str:
        return url.partition("?")[0].rpartition("/")[2]


@contextmanager
def _on_sqlite() -> Iterator[Place]:
    with tempfile.TemporaryDirectory(prefix="scf-benchmark-") as folder:
        yield _Files(Path(folder))


@contextmanager
def _on_postgresql() -> Iterator[Place]:
    with running_server(durable=True) as server:
        yield _Databases(server)


PLACES: dict[str, Callable[[], AbstractContextManager[Place]]] = {"sqlite": _on_sqlite, "postgresql": _on_postgresql}


def opened(url: str, clock: Clock) -> Database:
    """The database, migrated when it is new, with a connection made and the process's ids leased."""
    database = Database(open_engine(url), clock)
    migrate.upgrade(database.engine)
    database.ids()
    return database


def settled(database: Database) -> None:
    """Bring a prepared database to rest and close it: PostgreSQL knows its statistics, as after a day's running."""
    if database.engine.dialect.name == "postgresql":
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
            connection.execute(text("CHECKPOINT"))
    database.engine.dispose()
