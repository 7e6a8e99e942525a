"""Restore: a backup into an empty database of either kind, all of it or nothing, and then the books are recomputed.

It refuses a database that has a row, a folder of the bank that has a file, another schema than the program's, and a
file whose rows do not have the hashes it names: all of that before the first row is written.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from zipfile import ZipFile

from sqlalchemy import Connection, Table
from sqlalchemy.exc import DBAPIError

from scf.db import bulk
from scf.db.bulk import Row
from scf.db.engine import Database
from scf.db.schema_changes import alone
from scf.db.types import metadata
from scf.errors import FileRefused, ScfError
from scf.operations import archive, portable
from scf.operations.archive import FILES, TABLES, Manifest
from scf.operations.backup import Tell, files_below, has_rows, revision_of, untold

# a role that row-level security binds may neither COPY nor see all
_WALLED = ("0A000", "42501")


def restore(database: Database, var_folder: Path, source: Path, tell: Tell = untold) -> Manifest:
    """Load a backup. Raises `FileRefused` or `ScfError`, saying what stands in the way; then nothing was changed.

    Nobody else may work on the database meanwhile. Run `scf.operations.soundness.findings` afterwards.
    """
    with archive.opened(source) as file:
        manifest = archive.read_manifest(file)
        with database.reading() as connection:
            _check_schema(manifest, revision_of(connection))
            _check_empty(connection)
        _check_hashes(file, manifest)
        with _files_aside(file, manifest, var_folder) as move_in:
            with alone(database.engine) as connection:
                _check_empty(connection)
                for table in metadata.sorted_tables:
                    _load(connection, file, table, tell)
            move_in()
    return manifest


def _check_schema(manifest: Manifest, revision: str) -> None:
    if manifest.revision != revision:
        raise FileRefused(
            f"the backup is of schema revision {manifest.revision}, and this program's is {revision}:"
            " restore it with the program that wrote it, then start this one"
        )
    here = {table.name: portable.columns(table) for table in metadata.sorted_tables}
    there = {name: content.columns for name, content in manifest.tables.items()}
    unlike = sorted(name for name in here.keys() | there.keys() if here.get(name) != there.get(name))
    if unlike:
        raise FileRefused(f"the backup has other columns than this program in: {', '.join(unlike)}")


def _check_empty(connection: Connection) -> None:
    filled = [table.name for table in metadata.sorted_tables if has_rows(connection, table)]
    if filled:
        raise ScfError(
            f"the database is not empty: there are rows in {', '.join(filled)}."
            " Restore into a new one, and stop every process that works on it"
        )


def _check_hashes(file: ZipFile, manifest: Manifest) -> None:
    for name, content in manifest.tables.items():
        if archive.digest_of(file, f"{TABLES}{name}") != (content.row_count, content.sha256):
            raise FileRefused(f"the rows of {name} are not those that were backed up: another copy is needed")
    for name, sha256 in manifest.files.items():
        if archive.digest_of(file, f"{FILES}{name}")[1] != sha256:
            raise FileRefused(f"the file {name} is not the one that was backed up: another copy is needed")


@contextmanager
def _files_aside(file: ZipFile, manifest: Manifest, var_folder: Path) -> Iterator[Callable[[], None]]:
    """Unpack the files beside their place; what is given moves them there. Raises `ScfError` when that is taken."""
    if taken := files_below(var_folder):
        raise ScfError(f"there are files of a bank already, the first {taken[0]}: name an empty folder in SCF_VAR")
    var_folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        aside = Path(tempfile.mkdtemp(dir=var_folder, prefix="restoring-"))
        stack.callback(shutil.rmtree, aside, ignore_errors=True)
        for name in manifest.files:
            path = aside / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with archive.member(file, f"{FILES}{name}") as member, path.open("wb") as copy:
                shutil.copyfileobj(member, copy)

        def move_in() -> None:
            for folder in sorted({name.split("/")[0] for name in manifest.files}):
                shutil.rmtree(var_folder / folder, ignore_errors=True)
                os.rename(aside / folder, var_folder / folder)

        yield move_in


def _load(connection: Connection, file: ZipFile, table: Table, tell: Tell) -> None:
    names = [column.name for column in table.columns]
    try:
        with archive.member(file, f"{TABLES}{table.name}") as member:
            bulk.load(connection, table, names, _told(portable.chunks(table, member), table.name, tell))
    except DBAPIError as error:
        walled = getattr(error.orig, "sqlstate", None) in _WALLED
        remedy = "; do it as the owner of the tables" if walled else ""
        raise ScfError(f"the rows of {table.name} were not taken: {str(error.orig).splitlines()[0]}{remedy}") from error


def _told(chunks: Iterator[Sequence[Row]], name: str, tell: Tell) -> Iterator[Sequence[Row]]:
    for rows in chunks:
        yield rows
        tell(name, len(rows))
