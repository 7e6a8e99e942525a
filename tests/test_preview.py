"""A file that is looked at before it is submitted: it says what the upload will say, and nothing is written."""

import pytest
from desks import ANCHOR, HEADING, Desks, credit_line, line, open_desks

from invoices import prepare
from invoices.intake import in_order
from invoices.models import invoices
from invoices.prepare import PREPARE, ReadFile
from invoices.preview import Preview, preview
from invoices.reader import read_file
from invoices.trade import find_supplier
from invoices.upload import InvoiceFile
from scf import files
from scf.commands import in_organisation, run
from scf.db.engine import Database

LINES = (
    line("INV-1"),
    line("INV-2", amount="-"),
    line("INV-3", buyer="REG-Nobody"),
    line("INV-4", due="2025-12-01"),
    line("INV-1"),
    line("INV-5", currency="USD"),
    line("INV-6", rest=",,we were assigned to nobody"),
    line("I-NV1", issued="2026-01-02"),
    credit_line("CN-1", "INV-1", "10.00"),
    line("INV-7", amount="250.50"),
)


@pytest.fixture
def desks(database: Database) -> Desks:
    return open_desks(database)


def looked_at(desks: Desks, *lines: str) -> Preview:
    with desks.database.reading(desks.supplier) as connection:
        supplier = find_supplier(connection, desks.supplier)
        read = read_file("list.csv", (HEADING + "\n".join(lines)).encode(), seller_id=supplier.registration_ref)
        return preview(connection, supplier, desks.database.clock.now().date(), in_order(read))


def test_it_says_what_the_upload_says(desks: Desks) -> None:
    desks.upload(line("INV-0"), name="before.csv")
    lines = (*LINES, line("INV-0"))
    said = looked_at(desks, *lines)
    results = [each for each in desks.upload(*lines).results if each.kind != "credit_note"]
    judged = [each for each in said.rows if each.row is None or each.row.kind != "credit_note"]
    assert [each.number for each in judged] == [each.row for each in results]
    assert [each.refusal for each in judged] == [each.outcome.refusal for each in results]
    assert [each.warnings for each in judged] == [str(each.outcome.facts.get("warning", "")) for each in results]
    assert said.invoices == sum(each.outcome.accepted for each in results)
    assert said.credit_notes == 1 and said.is_all and len(said.warned) == 1
    assert said.taken == {"EUR": (3, 225_050)}


def test_looking_writes_nothing(desks: Desks) -> None:
    looked_at(desks, *LINES)
    assert desks.rows(invoices) == 0 and desks.kept_files() == 0


def test_a_file_is_kept_for_its_sender_alone_and_its_outcomes_found_again(desks: Desks) -> None:
    file = InvoiceFile.of("list.csv", (HEADING + line("INV-1")).encode())
    ida = desks.person(desks.supplier, "Ida", "invoices.prepare", "invoices.upload")
    scope = in_organisation(desks.supplier)
    (outcome,) = run(desks.database, PREPARE, [ReadFile(file, 1)], key="one", actor=ida, scope=scope)
    with desks.database.reading(desks.supplier) as connection:
        upload = prepare.find(connection, desks.supplier, outcome.id or 0)
        assert upload is not None and (upload.name, upload.row_count, upload.sent_by_id) == ("list.csv", 1, ida.id)
        assert files.read(connection, upload.file_sha256) == file.payload
        assert prepare.submitted(connection, upload) is None and prepare.job_of(connection, upload) is None
    for other in (desks.rival, desks.anchor):
        with desks.database.reading(other) as connection:
            assert prepare.find(connection, other, upload.id) is None
    report = desks.upload_bytes(file.payload, file.name, again=upload.key)
    with desks.database.reading(desks.supplier) as connection:
        assert prepare.submitted(connection, upload) == [each.outcome for each in report.results]


def test_a_file_that_is_too_large_is_refused(desks: Desks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepare, "LIMIT_BYTES", 10)
    ida = desks.person(desks.supplier, "Ida", "invoices.prepare")
    file = ReadFile(InvoiceFile.of("list.csv", ANCHOR.encode() * 2), 1)
    (outcome,) = run(desks.database, PREPARE, [file], key="one", actor=ida, scope=in_organisation(desks.supplier))
    assert outcome.refusal is not None and outcome.refusal.reason == "file_too_large"
    assert desks.kept_files() == 0
