"""The file of a backup: a zip with each table's rows as lines, the folder of the development bank, and a manifest.

The manifest is written last, when counts and hashes are known, and read first. A file that was not finished never
bears the name it was asked for. It refuses a manifest it does not know, and a name that leads out of its folder.
"""

import hashlib
import io
import json
import os
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any, cast

from scf.errors import FileRefused

FORMAT = "scf-backup/1"
MANIFEST = "manifest.json"
TABLES, FILES = "tables/", "files/"
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Content:
    """One table: its columns with their forms, how many rows, and the SHA-256 of all its lines."""

    columns: list[list[str]]
    row_count: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself; `files` are names with their SHA-256."""

    format: str
    revision: str
    database: str
    taken_at: str
    tables: dict[str, Content]
    files: dict[str, str]


@contextmanager
def written_whole(target: Path) -> Iterator[zipfile.ZipFile]:
    """A zip that takes its name only when the block ends well, and is on the disk by then. Nothing is overwritten.

    Only its owner may read it. Raises `FileRefused` when the name is taken or its folder is missing.
    """
    if target.exists():
        raise FileRefused(f"{target} is there already: name another file")
    if not target.parent.is_dir():
        raise FileRefused(f"{target.parent} is no folder: make it first")
    descriptor, part = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".part")
    try:
        with os.fdopen(descriptor, "wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
                yield archive
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, target)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(part)
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def add_lines(archive: zipfile.ZipFile, name: str, lines: Iterable[bytes]) -> tuple[int, str]:
    """Write lines as one member; how many, and their SHA-256."""
    count, digest = 0, hashlib.sha256()
    with archive.open(name, "w", force_zip64=True) as member:
        for line in lines:
            count += 1
            digest.update(line)
            member.write(line)
    return count, digest.hexdigest()


def add_manifest(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Write the manifest; the last thing."""
    archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1, sort_keys=True))


def read_manifest(archive: zipfile.ZipFile) -> Manifest:
    """The manifest. Raises `FileRefused` for a file that has none, or one of another format."""
    try:
        given: dict[str, Any] = json.loads(archive.read(MANIFEST))
        if given["format"] != FORMAT:
            raise FileRefused(f"this program reads {FORMAT}, and the file is {given['format']}")
        tables = {name: Content(**each) for name, each in given.pop("tables").items()}
        manifest = Manifest(tables=tables, **given)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise FileRefused(f"this zip is no backup: its {MANIFEST} is missing or not readable") from error
    for name in manifest.files:
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts:
            raise FileRefused(f"the backup names a file outside of its folder: {name!r}")
    return manifest


@contextmanager
def opened(source: Path) -> Iterator[zipfile.ZipFile]:
    """The zip, for reading. Raises `FileRefused` for what is none."""
    try:
        archive = zipfile.ZipFile(source)
    except (zipfile.BadZipFile, OSError) as error:
        raise FileRefused(f"{source} is no whole backup: {error}") from error
    with archive:
        yield archive


def member(archive: zipfile.ZipFile, name: str) -> IO[bytes]:
    """One member, for reading line by line."""
    return io.BufferedReader(cast(io.RawIOBase, archive.open(name)), _BLOCK)


def digest_of(archive: zipfile.ZipFile, name: str) -> tuple[int, str]:
    """How many lines a member has, and its SHA-256. Raises `FileRefused` when it is missing or damaged."""
    count, digest = 0, hashlib.sha256()
    try:
        with member(archive, name) as file:
            for line in file:
                count += 1
                digest.update(line)
    except KeyError as error:
        raise FileRefused(f"the backup lacks {name}, which its manifest names") from error
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise FileRefused(f"{name} is damaged ({error}): another copy of the backup is needed") from error
    return count, digest.hexdigest()
