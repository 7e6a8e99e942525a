"""The export of an organisation that leaves: all that is its own, nothing of others, and nothing that opens a door."""

import csv
import hashlib
import io
import json
import re
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from test_cli import scf, url_of
from test_story import opening
from world import World

from scf import files
from scf.commands import in_organisation
from scf.db.types import metadata
from scf.errors import FieldError, StepUpNeeded
from scf.ids import parse
from scf.ledger.models import postings
from scf.manifest import SCF
from scf.operations.ask_export import EXPORT, Asked
from scf.operations.export import export
from scf.operations.ownership import FILES, LEFT_OUT, OWNER_COLUMNS, PARTS, WITHHELD
from scf.scheduling.models import jobs
from scf.scheduling.worker import work_all

# a column of this kind opens a door, or helps to
_SECRET = re.compile(r"secret|password|token|hash|credential|sealed|private|public_key|sha256")
# what is named by its hash, or proved by it
_PROOFS = {
    ("terms_document", "hash"), ("audit_link", "hash"), ("invoice", "file_sha256"), ("signature", "document_sha256"),
    ("upload", "file_sha256"),
    ("payment_file", "sha256"), ("statement", "sha256"), ("master_agreement", "document_sha256"),
    ("dossier_document", "sha256"),
}  # fmt: skip


def test_every_table_is_somebodys_or_is_left_out_with_a_reason() -> None:
    owned = {part.table for part in PARTS}
    assert owned.isdisjoint(LEFT_OUT)
    assert metadata.tables.keys() - owned - LEFT_OUT.keys() == set()
    assert all(LEFT_OUT.values()) and all(WITHHELD.values())


def test_every_column_that_names_an_organisation_is_a_way_to_its_rows_or_is_withheld() -> None:
    ways = {(part.table, part.path[0]) for part in PARTS} | WITHHELD.keys()
    missing = [
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.columns
        if table.name not in LEFT_OUT and column.name in OWNER_COLUMNS and (table.name, column.name) not in ways
    ]
    # a row of a funder's book is reached by the book; then the parties that it names are withheld or ways themselves
    assert missing == []


def test_every_file_bears_a_name_of_its_own_and_hides_columns_that_are_there() -> None:
    names = [part.name for part in PARTS]
    assert len(names) == len(set(names))
    assert [part.name for part in PARTS if not part.hidden <= set(metadata.tables[part.table].columns.keys())] == []


def test_no_column_that_opens_a_door_is_given() -> None:
    given = {
        (part.table, column.name)
        for part in PARTS
        for column in metadata.tables[part.table].columns
        if _SECRET.search(column.name) and column.name not in part.hidden
    }
    assert given == _PROOFS


def test_every_stored_file_that_is_named_somewhere_is_given_to_somebody() -> None:
    naming = {
        (table.name, column.name)
        for table in metadata.tables.values()
        for column in table.columns
        if column.references(files.files.c.sha256)
    }
    assert {(table, column) for table, column, _ in FILES} == naming


@pytest.fixture
def played(world: World, tmp_path: Path) -> World:
    """Two suppliers of one anchor with invoices, advances, a credit note, and money that came in."""
    world.folder = tmp_path / "bank"
    opening(world)
    world.confirmed("ASH-1", "Ash Castings", "Halberd", "10,000.00", date(2026, 1, 30))
    world.confirmed("BIRCH-1", "Birch Tools", "Halberd", "5,000.00", date(2026, 2, 27))
    world.confirmed("DOG-1", "Dogwood Fittings", "Kestrel", "4,000.00", date(2026, 2, 27))
    for ref, supplier in (("ASH-1", "Ash Castings"), ("BIRCH-1", "Birch Tools"), ("DOG-1", "Dogwood Fittings")):
        world.asks(ref, supplier)
    world.until(date(2026, 1, 8))
    world.credit_note("ASH-1", "Ash Castings", "500.00")
    world.pays("Halberd", "B-1", "9,500.00", "ASH-1")
    world.until(date(2026, 1, 13))
    return world


def exported(world: World, name: str, tmp_path: Path) -> zipfile.ZipFile:
    target = tmp_path / f"{name}.zip"
    export(world.database, world.organisations[name], target)
    return zipfile.ZipFile(target)


def rows(archive: zipfile.ZipFile, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in archive.read(f"{name}.ndjson").splitlines()]


def everything(archive: zipfile.ZipFile) -> str:
    return "\n".join(archive.read(name).decode(errors="replace") for name in archive.namelist())


def test_a_supplier_takes_all_of_its_own_and_nothing_of_another(played: World, tmp_path: Path) -> None:
    with exported(played, "Ash Castings", tmp_path) as archive:
        names, text = archive.namelist(), everything(archive)
        advance = rows(archive, "advance_as_supplier")
        assert [each["ref"] for each in advance] == ["ASH-1"] and json.loads(advance[0]["proof"])
        assert parse(advance[0]["id"]) == played.advance("ASH-1").id
        assert [each["ref"] for each in rows(archive, "receivable_as_creditor")] == ["ASH-1"]
        assert [each["number"] for each in rows(archive, "invoice_as_supplier")] == ["ASH-1"]
        assert len(rows(archive, "credit_note_as_creditor")) == len(rows(archive, "dilution_as_supplier")) == 1
        assert {each["name"] for each in rows(archive, "parties")} == {"Halberd", "Northbank"}
        sent = rows(archive, "invoice_as_supplier")[0]["file_sha256"]
        assert hashlib.sha256(archive.read(f"files/{sent}")).hexdigest() == sent
        logged = rows(archive, "command_log")
        assert {each["command"] for each in logged} >= {"invoices.upload", "factoring.request"}
        assert all(isinstance(each["outcomes"], list) for each in logged)
        assert {each["command_id"] for each in rows(archive, "audit_link")} <= {each["id"] for each in logged}
    for foreign in ("BIRCH-1", "DOG-1", "Birch Tools", "Dogwood Fittings", "Kestrel"):
        assert foreign not in text
    banks = ("posting", "journal", "account", "credit_limit", "loss", "payment_file", "statement", "collection")
    assert [
        name for name in names if name.startswith(banks) or name.endswith(("_as_funder.csv", "_as_anchor.csv"))
    ] == []


def test_an_anchor_takes_what_it_owes_and_nothing_of_the_financing(played: World, tmp_path: Path) -> None:
    with exported(played, "Halberd", tmp_path) as archive:
        names, text = archive.namelist(), everything(archive)
        owed = rows(archive, "receivable_as_debtor")
        assert sorted(each["ref"] for each in owed) == ["ASH-1", "BIRCH-1"] and "status" not in owed[0]
        assert len(rows(archive, "confirmation_as_anchor")) == len(rows(archive, "invoice_as_anchor")) == 2
        assert [each["amount_minor"] for each in rows(archive, "collection_as_payer")] == [950_000]
    financing = ("advance", "enrolment", "terms", "dilution", "assignment", "application", "payout", "claim", "file")
    assert [name for name in names if name.startswith(financing)] == []
    for word in ("discount_minor", "net_minor", "rate_ppm", "funded", "DOG-1", "Dogwood Fittings", "Kestrel"):
        assert word not in text


def test_a_funder_takes_its_whole_book(played: World, tmp_path: Path) -> None:
    with exported(played, "Northbank", tmp_path) as archive, played.database.reading() as connection:
        booked = list(connection.execute(select(postings.c.amount_minor)).scalars())
        assert sorted(each["amount_minor"] for each in rows(archive, "posting_as_funder")) == sorted(booked)
        assert len(rows(archive, "advance_as_funder")) == len(rows(archive, "receivable_as_funder")) == 3
        assert [name for name in archive.namelist() if name.startswith("files/")]
        contents = archive.read("README.txt").decode()
        for each in archive.namelist():
            if each.endswith(".ndjson"):
                assert f"{hashlib.sha256(archive.read(each)).hexdigest()}  " in contents
        in_csv = list(csv.DictReader(io.StringIO(archive.read("advance_as_funder.csv").decode(), newline="")))
        assert [each["net_minor"] for each in in_csv] == [
            str(each["net_minor"]) for each in rows(archive, "advance_as_funder")
        ]


def test_nobody_is_not_exported(played: World, tmp_path: Path) -> None:
    with pytest.raises(FieldError, match="no organisation 7"):
        export(played.database, 7, tmp_path / "out.zip")
    assert not (tmp_path / "out.zip").exists()


def test_an_organisation_asks_for_it_and_a_worker_makes_the_file(played: World) -> None:
    ash = played.organisations["Ash Castings"]
    somebody = played.person("Ada", "Ash Castings")
    (job_id,) = played.do(EXPORT, [Asked()], somebody, in_organisation(ash))
    (again,) = played.ask(EXPORT, [Asked()], somebody, in_organisation(ash))
    assert again.refusal and (again.refusal.reason, again.id) == ("already_asked", job_id)
    work_all(played.database, SCF.jobs)
    with played.database.reading() as connection:
        job = connection.execute(select(jobs).where(jobs.c.id == job_id)).one()
        assert (job.organisation_id, job.status) == (ash, "done")
        content = files.read(connection, json.loads(job.result)["sha256"])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert [each["ref"] for each in rows(archive, "advance_as_supplier")] == ["ASH-1"]
        assert b"of Ash Castings (REGASHCASTINGS)" in archive.read("README.txt")


def test_it_takes_a_second_factor(played: World) -> None:
    plain = played.person("Ada", "Ash Castings")
    object.__setattr__(plain, "stepped_up", False)
    with pytest.raises(StepUpNeeded):
        played.ask(EXPORT, [Asked()], plain, in_organisation(played.organisations["Ash Castings"]))


def test_by_hand(played: World, tmp_path: Path) -> None:
    out = tmp_path / "kestrel.zip"
    ran = scf(tmp_path, "export", "--organisation", "reg-kestrel", "--output", str(out), url=url_of(played.database))
    assert ran.returncode == 0, ran.stderr
    assert "invoice_as_anchor" in ran.stdout and out.exists()
    nobody = scf(tmp_path, "export", "--organisation", "X", "--output", str(out), url=url_of(played.database))
    assert nobody.returncode == 1 and "nobody is registered as 'X'" in nobody.stderr
