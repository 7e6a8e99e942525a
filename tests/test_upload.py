"""Uploading invoices: each row gets its answer, nothing comes in twice, and nothing is half stored."""

import random
import string
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from hashlib import sha256
from typing import Any

import pytest
from click.testing import CliRunner, Result
from desks import HEADING, OTHER_ANCHOR, START_ON, Desks, credit_line, line, open_desks, promise
from first_rows import agree
from sqlalchemy import event, insert, select
from sqlalchemy.exc import IntegrityError

from invoices import queries
from invoices.cli import invoices as invoices_cli
from invoices.demo_data import make_files
from invoices.demo_parties import ANCHORS, SUPPLIERS
from invoices.demo_ubl import DemoInvoice, DemoLine, as_ubl
from invoices.intake import RowResult, UploadReport, upload_file
from invoices.lifecycle import MOVES
from invoices.models import invoice_ends, invoices
from invoices.withdraw import WITHDRAW, Withdrawal
from scf import files
from scf.actor import PLATFORM
from scf.command_log import command_logs
from scf.commands import in_book, in_organisation, run
from scf.db.engine import Database
from scf.errors import PermissionMissing
from scf.identity.register import REGISTER, NewOrganisation
from scf.outcomes import Outcome
from scf.programmes.agree import NewTerms
from scf.programmes.open import ENROL, OPEN_PROGRAMME, NewEnrolment, NewProgramme
from scf.programmes.terms import Terms
from scf.receivables.models import credit_notes, receivables


@pytest.fixture
def desks(database: Database) -> Desks:
    return open_desks(database)


def only(report: UploadReport) -> RowResult:
    (result,) = report.results
    return result


def named(result: RowResult) -> tuple[int, str, str]:
    """Row, reason and field of a refusal."""
    assert result.outcome.refusal is not None, result
    assert result.outcome.refusal.remedy, "a refusal says what to do"
    return result.row, result.outcome.refusal.reason, result.outcome.refusal.field


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """The statements that SQLAlchemy sends in the block."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield seen
    event.remove(database.engine, "before_cursor_execute", note)


def test_a_list_is_submitted_with_its_file_as_evidence(desks: Desks) -> None:
    payload = (HEADING + line("INV-1") + "\n" + line("INV-2", "250.50")).encode()
    report = desks.upload_bytes(payload, "january.csv")
    assert [result.row for result in report.submitted] == [2, 3]
    assert report.totals() == {"EUR": 125_050}
    with desks.database.reading() as connection:
        rows = connection.execute(select(invoices).order_by(invoices.c.id)).all()
        assert files.read(connection, report.sha256) == payload
    assert [(row.number, row.amount_minor, row.file_row, row.status) for row in rows] == [
        ("INV-1", 100_000, 2, "submitted"),
        ("INV-2", 25_050, 3, "submitted"),
    ]
    assert {row.file_sha256 for row in rows} == {sha256(payload).hexdigest()}
    assert [row.id for row in rows] == [result.outcome.id for result in report.results]


BAD_LINES = {
    "decimals": (line("INV-1", "10.001"), "unreadable", "amount"),
    "due before issue": (line("INV-1", due="2026-01-01"), "due_before_issue", "due date"),
    "no due date": (line("INV-1", due=""), "due_date_missing", "due date"),
    "currency of no programme": (line("INV-1", currency="USD"), "currency_not_in_programme", "currency"),
    "no currency at all": (line("INV-1", currency="EUX"), "unreadable", "currency"),
    "no number": (line(""), "number_missing", "invoice number"),
    "no buyer": (line("INV-1", buyer=""), "buyer_missing", "buyer id"),
    "buyer nobody knows": (line("INV-1", buyer="NOBODY"), "buyer_unknown", "buyer id"),
    "nothing to pay": (line("INV-1", "0.00"), "nothing_to_pay", "amount"),
    "a credit note to none": (
        credit_line("CN-1", "", "5.00"),
        "credited_number_missing",
        "credited number",
    ),
    "a credit note to nothing": (credit_line("CN-1", "INV-9", "5.00"), "credited_invoice_unknown", "credited number"),
}


@pytest.mark.parametrize("case", BAD_LINES)
def test_a_bad_line_is_refused_by_row_and_field_and_its_neighbours_are_taken(desks: Desks, case: str) -> None:
    bad, reason, field = BAD_LINES[case]
    report = desks.upload(line("GOOD-1"), bad, line("GOOD-2"))
    assert [result.number for result in report.submitted] == ["GOOD-1", "GOOD-2"]
    (refused,) = report.refused
    assert named(refused) == (3, reason, field)
    assert desks.rows(invoices) == 2


def test_several_wrong_fields_of_a_row_are_all_told(desks: Desks) -> None:
    result = only(desks.upload(line("", due="2026-01-01")))
    assert named(result) == (2, "number_missing", "invoice number")
    assert "due date: 2026-01-01 lies before the issue date" in str(result.outcome.facts["also"])
    unreadable = desks.upload(line("INV-1", "ten", issued="soon")).results
    assert [named(each)[2] for each in unreadable] == ["issue date", "amount"]


def test_files_that_are_no_invoices_are_refused_whole_and_leave_nothing(desks: Desks) -> None:
    before = desks.rows(command_logs)
    bombs = {
        "dtd.xml": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><Invoice>&b;</Invoice>',
        "large.csv": HEADING.encode() + b"x" * 50 * 1024 * 1024,
        "wrong-heading.csv": "Rechnung;Käufer;Fällig;Betrag\nA-1;Halberd;06.03.2026;1,00\n".encode("cp1252"),
        "scan.pdf": b"%PDF-1.7 ...",
        "empty.csv": b"",
    }
    words = {"dtd.xml": "DTD", "large.csv": "bytes", "wrong-heading.csv": "cp1252", "scan.pdf": "PDF", "empty.csv": ""}
    for name, payload in bombs.items():
        result = only(desks.upload_bytes(payload, name))
        assert named(result) == (0, "file_refused", "file")
        assert result.outcome.refusal and words[name] in result.outcome.refusal.remedy
    assert (desks.rows(invoices), desks.kept_files(), desks.rows(command_logs)) == (0, 0, before)


def test_the_same_file_twice_gives_the_same_answer_and_stores_nothing_twice(desks: Desks) -> None:
    lines = (line("INV-1"), line("INV-1"), line("INV-2", currency="USD"), line("INV-3", "1.234"))
    first = desks.upload(*lines)
    again = desks.upload(*lines)
    assert again == first
    assert (len(first.submitted), len(first.refused)) == (1, 3)
    assert (desks.rows(invoices), desks.kept_files()) == (1, 1)


def test_a_file_can_be_asked_about_anew_once_what_was_missing_is_there(desks: Desks) -> None:
    lines = (line("INV-1"), line("INV-2", buyer=OTHER_ANCHOR))
    first = desks.upload(*lines)
    assert named(first.refused[0])[1] == "not_enrolled"
    enrol(desks)
    assert desks.upload(*lines) == first
    anew = desks.upload(*lines, again="enrolled")
    assert named(anew.refused[0]) == (2, "duplicate", "invoice number")
    assert [result.number for result in anew.submitted] == ["INV-2"]
    assert desks.kept_files() == 1


def enrol(desks: Desks, terms: bool = True) -> None:
    """Enrol the supplier with the other anchor."""
    scope = in_book(desks.book)
    new = NewProgramme(desks.other_anchor, "more")
    programme = run(desks.database, OPEN_PROGRAMME, [new], key="2", actor=PLATFORM, scope=scope)[0].id
    assert programme
    enrolment = run(
        desks.database, ENROL, [NewEnrolment(programme, desks.supplier)], key="2", actor=PLATFORM, scope=scope
    )[0].id
    assert enrolment
    if terms:
        agree(desks.database, desks.book, [NewTerms(enrolment, START_ON, Terms("EUR"))], key="2")


def test_an_enrolment_without_terms_says_so(desks: Desks) -> None:
    enrol(desks, terms=False)
    assert named(only(desks.upload(line("INV-1", buyer=OTHER_ANCHOR)))) == (2, "no_terms", "buyer id")


def test_a_registered_party_that_is_no_buyer_of_the_supplier_is_told_apart(desks: Desks) -> None:
    new = [NewOrganisation("Plain", "HRB77", "DE")]
    run(desks.database, REGISTER, new, key="plain", actor=PLATFORM, scope=in_organisation(0))
    assert named(only(desks.upload(line("INV-1", buyer="HRB 77")))) == (2, "not_enrolled", "buyer id")


DISGUISES = {
    "blanks and small letters": line("inv 0042", issued="2026-01-01"),
    "letters for digits": line("INV-OO42", issued="2026-01-01"),
    "another amount": line("INV42", "1000.01"),
    "another amount and date": line("inv/42", "999.00", issued="2025-12-30"),
}


@pytest.mark.parametrize("case", DISGUISES)
def test_a_duplicate_in_disguise_is_refused_and_names_the_other(desks: Desks, case: str) -> None:
    desks.upload(line("INV-0042"), name="first.csv")
    result = only(desks.upload(DISGUISES[case]))
    assert named(result) == (2, "duplicate_in_disguise", "invoice number")
    assert result.outcome.refusal
    assert result.outcome.refusal.bound == "INV-0042 of 2026-01-02 over 1000.00 EUR, row 2 of first.csv"


def test_duplicates_within_one_file_name_the_row_they_repeat(desks: Desks) -> None:
    report = desks.upload(line("INV-7"), line("inv-7"), line("INV 7", issued="2026-01-03"))
    assert [named(each)[:2] for each in report.refused] == [(3, "duplicate"), (4, "duplicate_in_disguise")]
    assert all(each.outcome.refusal and "row 2 of this file" in each.outcome.refusal.bound for each in report.refused)


def test_two_honest_numbers_that_only_look_alike_are_taken_with_a_note_for_the_anchor(desks: Desks) -> None:
    report = desks.upload(line("1-11"), line("11-1", "70.00", issued="2025-12-20"))
    assert report.refused == []
    assert "resembles 1-11" in str(report.results[1].outcome.facts["warning"])


def test_another_supplier_may_use_the_same_number(desks: Desks) -> None:
    desks.upload(line("INV-1"))
    payload = (HEADING + line("INV-1")).encode()
    assert only(desks.upload_bytes(payload, "theirs.csv", desks.rival)).outcome.accepted
    assert (desks.rows(invoices), desks.kept_files()) == (2, 1)


def test_the_database_itself_refuses_the_same_claim_twice_while_it_lives(desks: Desks) -> None:
    id = desks.invoice()
    with desks.database.engine.begin() as connection:
        row = dict(connection.execute(select(invoices).where(invoices.c.id == id)).mappings().one())
    for wrong in ({}, {"amount_minor": 0, "fingerprint": "x"}, {"due_on": date(2026, 1, 1), "fingerprint": "x"}):
        with pytest.raises(IntegrityError), desks.database.engine.begin() as connection:
            connection.execute(insert(invoices).values({**row, "id": 7, **wrong}))


def test_somebody_elses_invoice_is_refused_by_its_seller(desks: Desks) -> None:
    dates, lines = (date(2026, 1, 2), date(2026, 3, 6)), (DemoLine("Bolt", 1, 500),)
    payload = as_ubl(DemoInvoice("invoice", "INV-1", SUPPLIERS[0], ANCHORS[0], *dates, lines, "PO-1"))
    assert named(only(desks.upload_bytes(payload, "theirs.xml"))) == (1, "seller_differs", "seller id")


def test_a_supplier_uploads_for_itself_only_and_only_with_the_permission(desks: Desks) -> None:
    payload = (HEADING + line("INV-1")).encode()
    for actor in (desks.person(desks.rival), desks.person(desks.supplier, "Ida", "invoices.withdraw")):
        with pytest.raises(PermissionMissing):
            upload_file(desks.database, actor, desks.supplier, "x.csv", payload)
    assert (desks.rows(invoices), desks.kept_files()) == (0, 0)


def test_withdrawing_frees_the_number_and_only_its_supplier_may(desks: Desks) -> None:
    id = desks.invoice()
    assert reasons(withdraw(desks, desks.rival, id)) == ["not_found"]
    assert reasons(withdraw(desks, desks.supplier, id, id)) == ["", "not_submitted"]
    assert reasons(withdraw(desks, desks.supplier, id)) == ["not_submitted"]
    assert desks.rows(invoice_ends) == 1
    assert only(desks.upload(line("INV-1"), name="again.csv", again="2")).outcome.accepted


def withdraw(desks: Desks, supplier: int, *ids: int) -> list[Outcome]:
    batch = [Withdrawal(id, "typing error") for id in ids]
    who, scope = desks.person(supplier), in_organisation(supplier)
    return run(desks.database, WITHDRAW, batch, key=desks.key(), actor=who, scope=scope)


def reasons(outcomes: list[Outcome]) -> list[str]:
    return [outcome.refusal.reason if outcome.refusal else "" for outcome in outcomes]


def test_a_credit_note_waits_for_nothing_it_lowers_a_confirmed_invoice_or_is_refused(desks: Desks) -> None:
    desks.confirm(promise(desks.invoice("INV-1")))
    desks.upload(line("INV-2", "50.00"))
    report = desks.upload(
        credit_line("CN-1", "inv-1", "300.00"),
        credit_line("CN-2", "INV-2", "5.00"),
        credit_line("CN-1", "INV-1", "1.00"),
    )
    lowered, waiting, repeated = report.results
    assert lowered.outcome.accepted and lowered.outcome.facts["status"] == "applied"
    assert named(waiting) == (3, "invoice_not_confirmed", "credited number")
    assert named(repeated) == (4, "duplicate", "invoice number")
    with desks.database.reading() as connection:
        assert connection.execute(select(receivables.c.open_minor)).scalars().all() == [70_000]
    assert desks.rows(credit_notes) == 1


def test_a_credit_note_beside_its_invoice_in_one_file_is_told_what_to_do(desks: Desks) -> None:
    report = desks.upload(line("INV-1"), credit_line("CN-1", "INV-1", "5.00"))
    assert named(report.refused[0]) == (3, "invoice_not_confirmed", "credited number")


def test_the_number_of_statements_does_not_grow_with_the_rows(desks: Desks) -> None:
    # the first time also asks what holds for the whole process
    desks.upload(line("S-0"))
    counts = []
    for size in (10, 1000):
        with counted(desks.database) as statements:
            report = desks.upload(*(line(f"S{size}-{n}", f"{n + 1}.00") for n in range(size)))
        assert len(report.submitted) == size
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_ten_thousand_rows_and_the_chunk_after_them(desks: Desks) -> None:
    lines = [line(f"N{n:05d}", f"{n + 1}.00") for n in range(10_000)]
    report = desks.upload(*lines, line("n00007", "8.00"), line("N10001"))
    assert (len(report.submitted), desks.rows(invoices), desks.kept_files()) == (10_001, 10_001, 1)
    assert named(report.refused[0]) == (10_002, "duplicate", "invoice number")
    assert report.refused[0].outcome.refusal and "row 9 of list.csv" in report.refused[0].outcome.refusal.bound


@pytest.mark.parametrize("seed", range(3))
def test_noise_never_ends_in_an_error(desks: Desks, seed: int) -> None:
    chance = random.Random(seed)
    noise = "\n".join("".join(chance.choices(string.printable, k=60)) for _ in range(40))
    report = desks.upload_bytes((HEADING + noise.replace("\0", "")).encode(), "noise.csv")
    assert report.refused and not report.submitted


def test_the_demo_files_give_what_their_maker_expects(database: Database) -> None:
    desks = open_desks(database)
    parties = [NewOrganisation(each.name, each.legal_id, "AT") for each in (*ANCHORS, *SUPPLIERS)]
    made = run(database, REGISTER, parties, key="demo", actor=PLATFORM, scope=in_organisation(0))
    ids = [outcome.id or 0 for outcome in made]
    scope = in_book(desks.book)
    new = [NewProgramme(id, f"demo {id}") for id in ids[:2]]
    programmes = run(database, OPEN_PROGRAMME, new, key="demo", actor=PLATFORM, scope=scope)
    pairs = [NewEnrolment(programme.id or 0, supplier) for programme in programmes for supplier in ids[2:]]
    enrolments = run(database, ENROL, pairs, key="demo", actor=PLATFORM, scope=scope)
    terms = [NewTerms(each.id or 0, START_ON, Terms("EUR")) for each in enrolments]
    agree(database, desks.book, terms, key="demo")
    demo = make_files(1, 200, START_ON)
    results = [
        result
        for file in demo.files
        for result in desks.upload_bytes(file.payload, file.name, ids[2 + file.supplier]).results
    ]
    refused = [each.outcome.refusal.reason for each in results if each.outcome.refusal]
    assert sum(each.outcome.accepted for each in results) == demo.expected.good
    assert refused.count("duplicate") == demo.expected.duplicates
    assert refused.count("duplicate_in_disguise") == demo.expected.disguised
    assert refused.count("invoice_not_confirmed") == demo.expected.credit_notes
    rest = demo.expected.duplicates + demo.expected.disguised + demo.expected.credit_notes
    assert len(refused) - rest == demo.expected.bad


def test_the_supplier_sees_each_invoice_as_far_as_it_came(desks: Desks) -> None:
    desks.confirm(promise(desks.invoice("INV-1")))
    withdraw(desks, desks.supplier, desks.invoice("INV-2"))
    desks.upload(line("INV-3", "9.00"))
    with desks.database.reading() as connection:
        seen = {each.number: each for each in queries.of_supplier(connection, desks.supplier)}
    assert [seen[f"INV-{n}"].stands for n in (1, 2, 3)] == ["confirmed", "withdrawn", "submitted"]
    assert (seen["INV-1"].open_minor, seen["INV-3"].open_minor) == (100_000, None)
    assert seen["INV-2"].words == "typing error"


def test_every_status_of_the_lifecycle_is_one_the_database_knows_and_only_three_end_it() -> None:
    assert {status for status, onward in MOVES.items() if not onward} == {"confirmed", "rejected", "withdrawn"}
    assert all(onward <= MOVES.keys() for onward in MOVES.values())


def command_line(desks: Desks, *arguments: str) -> Result:
    return CliRunner().invoke(invoices_cli, arguments, obj=desks)


def test_the_command_line_uploads_lists_and_withdraws(desks: Desks, tmp_path: Any) -> None:
    path = tmp_path / "january.csv"
    path.write_text(HEADING + line("INV-1") + "\n" + line("INV-2", currency="USD"))
    done = command_line(desks, "upload", "--as", "REG-Ash Castings", str(path))
    assert done.exit_code == 1
    assert "january.csv, row 3: invoice INV-2: refused: currency not in programme (currency); USD" in done.output
    assert "january.csv: 1 submitted, 1 refused; 1,000.00 EUR" in done.output
    listed = command_line(desks, "list", "--as", "REG-ASHCASTINGS")
    assert listed.exit_code == 0 and "INV-1" in listed.output and "submitted" in listed.output
    ref = listed.output.split()[0]
    assert command_line(desks, "withdraw", "--as", "REG-Ash Castings", ref).exit_code == 0
    assert command_line(desks, "withdraw", "--as", "REG-Ash Castings", ref).exit_code == 1
    assert "no organisation" in command_line(desks, "list", "--as", "nobody").output
