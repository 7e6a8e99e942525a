"""Uploading by a job: the file is kept with the job, its rows come in under way, and every row's outcome is kept."""

import csv
import io
from collections.abc import Sequence
from typing import Any

import pytest
from desks import HEADING, OTHER_ANCHOR, Desks, credit_line, line, open_desks
from sqlalchemy import select
from statements import counted

from invoices import intake
from invoices.canonical import LIMIT_BYTES
from invoices.manifest import INVOICES
from invoices.models import invoices
from invoices.outcomes_file import HEADING as COLUMNS
from invoices.upload import InvoiceFile
from invoices.upload_later import UPLOAD_LATER
from scf import files
from scf.commands import in_organisation, run
from scf.db.engine import Database
from scf.errors import PermissionMissing
from scf.ids import text
from scf.outcomes import Outcome
from scf.scheduling import queries
from scf.scheduling.commands import CANCEL
from scf.scheduling.queries import Standing
from scf.scheduling.worker import work_all


@pytest.fixture
def desks(database: Database) -> Desks:
    return open_desks(database)


def listed(*lines: str, name: str = "list.csv") -> InvoiceFile:
    return InvoiceFile.of(name, (HEADING + "\n".join(lines)).encode())


def later(desks: Desks, *batch: InvoiceFile, key: str = "", supplier: int = 0) -> list[Outcome]:
    supplier = supplier or desks.supplier
    who = desks.person(supplier, "Ida", UPLOAD_LATER.name)
    scope = in_organisation(supplier)
    return run(desks.database, UPLOAD_LATER, batch, key=key or desks.key(), actor=who, scope=scope)


def worked(desks: Desks) -> int:
    return work_all(desks.database, INVOICES.jobs)


def job(desks: Desks, outcome: Outcome) -> Standing:
    assert outcome.accepted and outcome.id
    with desks.database.reading() as connection:
        found = queries.find(connection, outcome.id, desks.supplier)
    assert found is not None
    return found


def rows_of(desks: Desks, done: Standing) -> Sequence[dict[str, str]]:
    with desks.database.reading() as connection:
        content = files.read(connection, str(done.outcome()["outcomes_sha256"])).decode()
    reader = csv.DictReader(io.StringIO(content))
    assert reader.fieldnames == list(COLUMNS)
    return list(reader)


def numbers(desks: Desks) -> list[str]:
    with desks.database.reading() as connection:
        return list(connection.execute(select(invoices.c.number).order_by(invoices.c.id)).scalars())


def test_every_row_of_the_file_has_its_outcome(desks: Desks) -> None:
    file = listed(
        line("INV-1"), line("INV-2", "250.50"), line("INV-3", buyer=OTHER_ANCHOR), line("INV-4", issued="yesterday"),
        credit_line("CN-1", "INV-1", "10.00"), line("=INV-5"),
    )  # fmt: skip
    (outcome,) = later(desks, file)
    assert numbers(desks) == [], "the file is kept, its rows are not submitted yet"
    assert worked(desks) == 1
    done = job(desks, outcome)
    assert done.asked_by_id == desks.person(desks.supplier, "Ida").id
    told = done.outcome()
    rows = rows_of(desks, done)
    assert [row["row"] for row in rows] == ["2", "3", "4", "5", "6", "7"]
    assert (rows[1]["kind"], rows[1]["number"], rows[1]["amount"]) == ("invoice", "INV-2", "250.50")
    assert rows[2]["reason"] and rows[2]["remedy"] and not rows[2]["id"]
    assert rows[3]["reason"] and rows[3]["field"] == "issue date"
    assert rows[5]["number"] == "'=INV-5", "no formula for a spreadsheet"
    taken = [row for row in rows if not row["reason"]]
    assert told["submitted"] + told["credited"] == len(taken)
    assert told["refused"] == len(rows) - len(taken)
    with desks.database.reading() as connection:
        first = connection.execute(select(invoices.c.id).order_by(invoices.c.id)).scalars().first()
    assert rows[0]["id"] == text("inv", first or 0)


def test_a_file_refused_as_a_whole_is_an_outcome_and_no_failure(desks: Desks) -> None:
    (outcome,) = later(desks, InvoiceFile.of("a.pdf", b"%PDF-1.7 ..."))
    worked(desks)
    done = job(desks, outcome)
    (row,) = rows_of(desks, done)
    assert (done.status, done.outcome()["refused"]) == ("done", 1)
    assert (row["row"], row["reason"], row["value"]) == ("0", "file_refused", "a.pdf")


def test_a_file_on_its_way_is_not_put_down_twice_and_asked_about_anew_afterwards(desks: Desks) -> None:
    file = listed(line("INV-1"))
    first, same = later(desks, file, file, key="one")
    assert first == same
    assert later(desks, file, key="two") == [first]
    assert later(desks, file, file, key="one") == [first, same]
    assert worked(desks) == 1
    (again,) = later(desks, file)
    assert again != first
    worked(desks)
    assert numbers(desks) == ["INV-1"]
    assert [row["reason"] for row in rows_of(desks, job(desks, again))] == ["duplicate"]


def test_the_file_of_another_supplier_is_another_file(desks: Desks) -> None:
    file = listed(line("INV-1"))
    (own,), (rivals,) = later(desks, file), later(desks, file, supplier=desks.rival)
    assert own != rivals
    with desks.database.reading() as connection:
        assert queries.find(connection, rivals.id or 0, desks.supplier) is None


def test_a_file_that_is_too_large_is_refused_at_once(desks: Desks) -> None:
    large = InvoiceFile("large.csv", "0" * 64, b"x" * (LIMIT_BYTES + 1))
    refused, taken = later(desks, large, listed(line("INV-1")))
    assert refused.refusal is not None and refused.refusal.reason == "file_too_large"
    assert taken.accepted and worked(desks) == 1


def test_who_may_upload_at_once_may_not_therefore_upload_later(desks: Desks) -> None:
    who = desks.person(desks.supplier, "Ida", "invoices.upload")
    with pytest.raises(PermissionMissing):
        run(desks.database, UPLOAD_LATER, [listed()], key="k", actor=who, scope=in_organisation(desks.supplier))


def test_a_cancelled_upload_keeps_the_rows_of_its_finished_chunks(
    desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "CHUNK_ROWS", 2)
    (outcome,) = later(desks, listed(*(line(f"INV-{n}") for n in range(6))))
    who = desks.person(desks.supplier, "Ida", CANCEL.name)

    def cancelled_after_two_chunks(database: Database, command: Any, batch: Any, **how: Any) -> list[Outcome]:
        outcomes = run(database, command, batch, **how)
        if len(numbers(desks)) == 4:
            scope = in_organisation(desks.supplier)
            run(database, CANCEL, [outcome.id or 0], key="c", actor=who, scope=scope)
        return outcomes

    monkeypatch.setattr(intake, "run", cancelled_after_two_chunks)
    worked(desks)
    done = job(desks, outcome)
    assert (done.status, done.progress_done, done.progress_total) == ("cancelled", 4, 6)
    assert numbers(desks) == [f"INV-{n}" for n in range(4)]
    assert done.outcome() == {}


def test_many_files_take_as_many_statements_as_one(desks: Desks) -> None:
    counts = []
    for size in (1, 20):
        batch = [listed(line(f"INV-{size}-{n}")) for n in range(size)]
        with counted(desks.database.engine) as seen:
            later(desks, *batch)
        counts.append(len(seen))
    assert counts[0] == counts[1]
