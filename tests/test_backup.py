"""Backup and restore: what one kind of database held, the other takes back row by row, and goes on with."""

import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from conftest import DATABASES, opened
from sqlalchemy import select, text
from test_cli import scf
from test_story import opening
from world import World

from scf.clock import SetClock
from scf.db.engine import Database
from scf.db.types import metadata
from scf.errors import FileRefused, ScfError
from scf.operations.archive import MANIFEST
from scf.operations.backup import backup
from scf.operations.restore import restore
from scf.operations.soundness import findings


@pytest.fixture(params=DATABASES)
def target(request: pytest.FixtureRequest) -> Iterator[Database]:
    """Another, empty database of either kind; its ledger is checked at the end."""
    with opened(request) as database:
        yield database


@pytest.fixture
def played(world: World, tmp_path: Path) -> World:
    """Some days with money out, money in, a credit note and a claim; its bank stands where the platform keeps it."""
    world.folder = tmp_path / "var" / "bank" / "NORTHBANK"
    opening(world)
    world.confirmed("A-1", "Ash Castings", "Halberd", "10,000.00", date(2026, 1, 30))
    world.confirmed("E-1", "Elm Plastics", "Halberd", "5,000.00", date(2026, 2, 27))
    world.asks("A-1", "Ash Castings")
    world.asks("E-1", "Elm Plastics")
    world.until(date(2026, 1, 8))
    world.credit_note("A-1", "Ash Castings", "500.00")
    world.pays("Halberd", "B-1", "9,500.00", "A-1")
    world.until(date(2026, 1, 13))
    return world


def rows(database: Database) -> dict[str, list[Any]]:
    with database.reading() as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(select(table))), key=repr)
            for table in metadata.sorted_tables
        }


def test_either_kind_takes_back_what_either_kind_held(played: World, target: Database, tmp_path: Path) -> None:
    file = tmp_path / "all.zip"
    manifest = backup(played.database, tmp_path / "var", file)
    restore(target, tmp_path / "var2", file)
    before = rows(played.database)
    assert rows(target) == before
    assert {name: each.row_count for name, each in manifest.tables.items()} == {
        name: len(each) for name, each in before.items()
    }
    assert all(before[name] for name in ("posting", "payout", "file", "audit_link", "dilution", "node"))
    files = {path.relative_to(tmp_path / "var"): path.read_bytes() for path in (tmp_path / "var").rglob("*.*")}
    assert files and files == {
        path.relative_to(tmp_path / "var2"): path.read_bytes() for path in (tmp_path / "var2").rglob("*.*")
    }
    with target.reading() as connection:
        found = dict(findings(connection))
    assert "book NORTHBANK" in found and not any(found.values())


def test_the_restored_platform_goes_on_as_the_first_would_have(played: World, target: Database, tmp_path: Path) -> None:
    file = tmp_path / "all.zip"
    backup(played.database, tmp_path / "var", file)
    restore(target, tmp_path / "var2", file)
    assert isinstance(played.clock, SetClock)
    target.clock = played.clock
    again = replace(played, database=target, folder=tmp_path / "var2" / "bank" / "NORTHBANK")
    was = rows(target)
    again.confirmed("A-2", "Ash Castings", "Halberd", "7,000.00", date(2026, 2, 20))
    again.asks("A-2", "Ash Castings")
    again.pays("Halberd", "B-2", "5,000.00", "E-1")
    again.until(date(2026, 1, 16))
    assert again.advance("A-2").status == "funded" and again.advance("E-1").status == "settled"
    # the first life's processes still hold their ids' node: the second takes another
    assert len(rows(target)["node"]) == len(was["node"]) + 1
    with target.reading() as connection:
        assert [found for _, found in findings(connection) if found] == []


def test_a_writer_in_the_middle_does_not_tear_it(played: World, target: Database, tmp_path: Path) -> None:
    before = rows(played.database)
    written: list[str] = []

    def write_meanwhile(table: str, _rows: int) -> None:
        if table == "organisation" and not written:
            written.append(table)
            played.confirmed("A-3", "Ash Castings", "Halberd", "1,000.00", date(2026, 2, 20))

    backup(played.database, tmp_path / "var", tmp_path / "all.zip", write_meanwhile)
    assert written and rows(played.database) != before
    restore(target, tmp_path / "var2", tmp_path / "all.zip")
    assert rows(target) == before


def test_an_interrupted_backup_leaves_nothing(played: World, tmp_path: Path) -> None:
    def interrupt(table: str, _rows: int) -> None:
        if table == "posting":
            raise KeyboardInterrupt

    folder = tmp_path / "backups"
    folder.mkdir()
    with pytest.raises(KeyboardInterrupt):
        backup(played.database, tmp_path / "var", folder / "all.zip", interrupt)
    assert list(folder.iterdir()) == []


def test_a_backup_is_its_owners_to_read_and_overwrites_nothing(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "all.zip"
    backup(database, tmp_path / "var", file)
    assert file.stat().st_mode & 0o077 == 0
    with pytest.raises(FileRefused, match="is there already"):
        backup(database, tmp_path / "var", file)
    with pytest.raises(FileRefused, match="no folder"):
        backup(database, tmp_path / "var", tmp_path / "nowhere" / "all.zip")


def test_a_table_that_is_not_known_is_not_left_out_unsaid(database: Database, tmp_path: Path) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("CREATE TABLE stray (id INTEGER)"))
    backup(database, tmp_path / "var", tmp_path / "empty.zip")
    with database.engine.begin() as connection:
        connection.execute(text("INSERT INTO stray VALUES (1)"))
    with pytest.raises(ScfError, match="does not know the tables stray"):
        backup(database, tmp_path / "var", tmp_path / "all.zip")
    assert not (tmp_path / "all.zip").exists()


def test_the_secret_key_stays_outside(database: Database, tmp_path: Path) -> None:
    (tmp_path / "var" / "bank").mkdir(parents=True)
    (tmp_path / "var" / "secret.key").write_text("sesame")
    (tmp_path / "var" / "bank" / "kept.xml").write_text("<kept/>")
    backup(database, tmp_path / "var", tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        assert [name for name in archive.namelist() if name.startswith("files/")] == ["files/bank/kept.xml"]
        assert all(b"sesame" not in archive.read(name) for name in archive.namelist())


def test_a_database_that_is_in_use_is_refused(played: World, tmp_path: Path) -> None:
    backup(played.database, tmp_path / "var", tmp_path / "all.zip")
    before = rows(played.database)
    with pytest.raises(ScfError, match=r"not empty: there are rows in .*organisation"):
        restore(played.database, tmp_path / "var2", tmp_path / "all.zip")
    assert rows(played.database) == before


def test_a_bank_that_is_in_use_is_refused(played: World, target: Database, tmp_path: Path) -> None:
    backup(played.database, tmp_path / "var", tmp_path / "all.zip")
    with pytest.raises(ScfError, match="files of a bank already"):
        restore(target, tmp_path / "var", tmp_path / "all.zip")
    assert not any(rows(target).values())


def changed(source: Path, target: Path, name: str, new: bytes) -> Path:
    """A copy of a zip with one member changed."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as archive:
        for each in old.namelist():
            archive.writestr(each, new if each == name else old.read(each))
    return target


def test_what_was_tampered_with_or_is_foreign_is_refused_before_a_row_is_written(
    played: World, target: Database, tmp_path: Path
) -> None:
    whole = tmp_path / "all.zip"
    backup(played.database, tmp_path / "var", whole)
    with zipfile.ZipFile(whole) as archive:
        postings, manifest = archive.read("tables/posting"), json.loads(archive.read(MANIFEST))
    without_last = b"".join(postings.splitlines(keepends=True)[:-1])
    other_columns = manifest["tables"] | {"posting": manifest["tables"]["posting"] | {"columns": [["id", "integer"]]}}
    escaping = manifest["files"] | {"../../etc/passwd": "0"}
    cases = {
        "rows of posting are not those": ("tables/posting", without_last),
        "revision 9999": (MANIFEST, json.dumps(manifest | {"revision": "9999"}).encode()),
        "other columns than this program in: posting": (
            MANIFEST,
            json.dumps(manifest | {"tables": other_columns}).encode(),
        ),
        "outside of its folder": (MANIFEST, json.dumps(manifest | {"files": escaping}).encode()),
        "reads scf-backup/1": (MANIFEST, json.dumps(manifest | {"format": "scf-backup/2"}).encode()),
        "is no backup": (MANIFEST, b"{}"),
    }
    for n, (words, (name, new)) in enumerate(cases.items()):
        with pytest.raises(FileRefused, match=words):
            restore(target, tmp_path / "var2", changed(whole, tmp_path / f"{n}.zip", name, new))
    cut = tmp_path / "cut.zip"
    cut.write_bytes(whole.read_bytes()[:-200])
    with pytest.raises(FileRefused, match="no whole backup"):
        restore(target, tmp_path / "var2", cut)
    with zipfile.ZipFile(whole) as archive:
        middle = archive.getinfo("tables/posting")
    damaged = bytearray(whole.read_bytes())
    # behind the member's header, its name and the extra field: in the compressed rows themselves
    damaged[middle.header_offset + 30 + len(middle.filename) + middle.compress_size // 2] ^= 255
    cut.write_bytes(damaged)
    with pytest.raises(FileRefused):
        restore(target, tmp_path / "var2", cut)
    assert not any(rows(target).values())


def test_by_hand_from_a_file_to_postgresql(tmp_path: Path, fresh_postgres_url: str) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    own = f"sqlite:///{here / 'own.db'}"
    assert scf(here, "demo", "--invoices", "40", url=own).returncode == 0
    saved = scf(here, "backup", "--output", str(tmp_path / "all.zip"), url=own)
    assert saved.returncode == 0 and "rows of" in saved.stdout and "from sqlite" in saved.stdout
    before = scf(there, "restore", str(tmp_path / "all.zip"), url=fresh_postgres_url)
    assert before.returncode == 1 and "run `scf migrate`" in before.stderr
    assert scf(there, "migrate", url=fresh_postgres_url).returncode == 0
    loaded = scf(there, "restore", str(tmp_path / "all.zip"), url=fresh_postgres_url)
    assert loaded.returncode == 0, loaded.stderr
    assert "are back" in loaded.stdout and loaded.stdout.count(": 0 findings") >= 2
    again = scf(there, "restore", str(tmp_path / "all.zip"), url=fresh_postgres_url)
    assert again.returncode == 1 and "not empty" in again.stderr
