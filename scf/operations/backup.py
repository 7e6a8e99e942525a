"""Backup: every row of every table as of one moment, and the folder of the development bank, in one file.

No outside program is needed, and the file says nothing of the kind of database it came from: either kind takes it back
(`scf.operations.restore`). The secret key is never in it: whoever finds a backup must not be able to open what is
sealed in it, so the key is kept apart.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from zipfile import ZipFile

from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, MetaData, Table, exists, inspect, select

from scf.db.engine import Database
from scf.db.types import metadata
from scf.errors import ScfError
from scf.operations import archive, portable
from scf.operations.archive import FILES, FORMAT, TABLES, Content, Manifest
from scf.operations.snapshot import snapshot

Tell = Callable[[str, int], None]

# of var/: what the development bank remembers is nowhere else
FOLDERS = ("bank",)


def untold(_table: str, _rows: int) -> None:
    """Nobody watches the progress."""


def backup(database: Database, var_folder: Path, target: Path, tell: Tell = untold) -> Manifest:
    """Write a backup to `target`, which must not be there yet; `tell` hears of every thousand rows of a table.

    Writers are not stopped, and what they commit meanwhile is not in it.
    """
    with archive.written_whole(target) as file:
        with snapshot(database, whole=True) as connection:
            _refuse_unknown(connection)
            tables = {
                table.name: Content(portable.columns(table), *_add_rows(file, connection, table, tell))
                for table in metadata.sorted_tables
            }
            revision = revision_of(connection)
        # after the rows: the bank may have heard of a payment that the rows wait to send, never the other way round
        files = dict(_add_files(file, var_folder))
        manifest = Manifest(
            FORMAT, revision, database.engine.dialect.name, database.clock.now().isoformat(), tables, files
        )
        archive.add_manifest(file, manifest)
    return manifest


def revision_of(connection: Connection) -> str:
    """The revision of the schema that a database has."""
    return ",".join(MigrationContext.configure(connection).get_current_heads())


def _refuse_unknown(connection: Connection) -> None:
    """A table of another program's, or of a part that this process has not loaded, must not be left out unsaid."""
    others = set(inspect(connection).get_table_names()) - metadata.tables.keys() - {"alembic_version"}
    filled = [name for name in sorted(others) if has_rows(connection, Table(name, MetaData()))]
    if filled:
        raise ScfError(
            f"this program does not know the tables {', '.join(filled)}, which have rows: nothing was backed up"
        )


def has_rows(connection: Connection, table: Table) -> bool:
    """Whether a table has a row."""
    return bool(connection.execute(select(exists(select(1).select_from(table)))).scalar_one())


def _add_rows(file: ZipFile, connection: Connection, table: Table, tell: Tell) -> tuple[int, str]:
    lines = _told(portable.lines(connection, table), table.name, tell)
    return archive.add_lines(file, f"{TABLES}{table.name}", lines)


def _told(lines: Iterable[bytes], name: str, tell: Tell) -> Iterator[bytes]:
    count = 0
    for count, line in enumerate(lines, start=1):
        if count % 1000 == 0:
            tell(name, 1000)
        yield line
    tell(name, count % 1000)


def _add_files(file: ZipFile, var_folder: Path) -> Iterator[tuple[str, str]]:
    for path in files_below(var_folder):
        name = path.relative_to(var_folder).as_posix()
        payload = path.read_bytes()
        file.writestr(f"{FILES}{name}", payload)
        yield name, hashlib.sha256(payload).hexdigest()


def files_below(var_folder: Path) -> list[Path]:
    """The files of var/ that a backup holds; those half written are not among them."""
    found = (path for folder in FOLDERS for path in (var_folder / folder).rglob("*"))
    return sorted(path for path in found if path.is_file() and path.suffix != ".part")
