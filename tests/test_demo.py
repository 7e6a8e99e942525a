"""The demo adds up: every row, request, advance and cent is found again, and the same seed gives the same numbers."""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from pypdf import PdfReader

from invoices.demo_data import DemoExpected, make_files
from reports.demo import table
from reports.demo.cli import demo
from reports.demo.outcome import BookOutcome, Outcome, Sum
from reports.demo.play import START_ON, play
from reports.demo.stage import Stage
from scf.books.queries import Book
from scf.cli import build_cli
from scf.clock import SetClock
from scf.ledger import export
from scf.manifest import SCF
from scf.running import Running
from scf.settings import Settings

SEED, INVOICES = 7, 60


@dataclass(frozen=True)
class Played:
    stage: Stage
    outcome: Outcome
    table: list[str]
    told: list[str]
    files: dict[str, bytes]
    paths: list[Path]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    """The demo, played once on a fresh SQLite file."""
    folder = tmp_path_factory.mktemp("demo")
    clock = SetClock(datetime(2026, 1, 5, 9, tzinfo=UTC))
    running = Running(Settings(f"sqlite:///{folder / 'demo.db'}", folder, "auto"), (SCF,), clock)
    told: list[str] = []
    outcome, paths = play(Stage(running, clock), folder / "reports", SEED, INVOICES, told.append)
    files = {path.name: path.read_bytes() for path in paths}
    yield Played(Stage(running, clock), outcome, list(table.lines(outcome)), told, files, paths)
    running.database.engine.dispose()


def expected() -> DemoExpected:
    return make_files(SEED, INVOICES, START_ON).expected


def test_every_row_sent_is_taken_or_refused_for_the_reason_it_was_made_with(played: Played) -> None:
    sent, made = played.outcome.sent, expected()
    assert sent.row_count == sent.invoice_count + sent.credit_note_count + sum(sent.refused.values())
    assert sent.invoice_count == made.good
    assert (sent.refused["duplicate"], sent.refused["duplicate_in_disguise"]) == (made.duplicates, made.disguised)
    bad = {"unreadable", "due_before_issue", "number_missing", "currency_unknown"}
    assert sum(count for reason, count in sent.refused.items() if reason in bad) == made.bad
    # a credit note that came too early is sent again
    assert sent.row_count == INVOICES + sent.refused["invoice_not_confirmed"]
    assert sent.credit_note_count >= 1


def test_everything_submitted_is_confirmed_or_rejected_and_everything_confirmed_comes_to_its_end(
    played: Played,
) -> None:
    outcome = played.outcome
    assert outcome.sent.invoice_count == outcome.confirmed.confirmed_count + outcome.confirmed.rejected_count
    assert outcome.confirmed.rejected_count and outcome.confirmed.lowered_count
    assert outcome.receivables.keys() == {"settled", "returned"}
    ended = outcome.receivables.values()
    assert sum(each.count for each in ended) == outcome.confirmed.confirmed_count
    assert sum(each.amount_minor for each in ended) == outcome.confirmed.confirmed_minor


def test_every_request_is_answered_by_a_rule_or_by_two_people_and_funded(played: Played) -> None:
    for book in played.outcome.books:
        asked = book.requests["asked, standing"].count + book.requests["asked, supplier"].count
        answers = ("approved by rule", "approved by people", "declined")
        assert asked == sum(book.requests.get(name, Sum()).count for name in answers)
        assert book.assignment_count == book.advances["face"].count
        assert book.advances["face"].count == asked - book.requests.get("declined", Sum()).count
    assert sum(book.requests.get("approved by people", Sum()).count for book in played.outcome.books) > 0
    assert sum(book.requests.get("declined", Sum()).count for book in played.outcome.books) == 1
    funded = sum(book.advances["face"].count for book in played.outcome.books)
    assert funded == played.outcome.confirmed.confirmed_count


def test_the_parts_of_every_price_add_up_to_the_face(played: Played) -> None:
    for book in played.outcome.books:
        parts = ("net", "discount", "fee", "vat", "reserve")
        assert sum(book.advances[name].amount_minor for name in parts) == book.advances["face"].amount_minor


def event(book: BookOutcome, name: str) -> int:
    return book.events.get(name, Sum()).amount_minor


def test_what_left_the_bank_is_what_the_suppliers_were_due(played: Played) -> None:
    for book in played.outcome.books:
        assert event(book, "payout sent") == event(book, "payout cleared") == book.payouts["cleared"].amount_minor
        assert book.payouts.keys() == {"cleared"}
        for code in ("payable to supplier", "payouts in transit", "reserve", "due from supplier"):
            assert book.balances.get(code, 0) == 0, code
        # what is not released of a reserve or lent against was the supplier's when the anchor paid
        assert event(book, "payout sent") >= book.advances["net"].amount_minor + event(book, "reserve released")


def test_what_the_anchors_paid_is_applied_to_the_last_cent(played: Played) -> None:
    for book in played.outcome.books:
        late = event(book, "late charge collected")
        assert event(book, "collection received") == event(book, "collection applied") + late
        assert event(book, "late charged") == late
        assert book.unapplied_count == book.unreconciled_count == book.open_claim_count == 0
        for code in ("unapplied collections", "purchased receivables", "recourse advances", "late charges"):
            assert book.balances.get(code, 0) == 0, code


def test_the_discount_is_earned_in_full_or_given_back_and_fees_are_income(played: Played) -> None:
    for book in played.outcome.books:
        assert book.balances.get("unearned discount", 0) == 0
        earned = event(book, "discount earned") + event(book, "discount cut short")
        assert earned >= book.advances["discount"].amount_minor > 0
        assert -book.balances["fees"] == book.advances["fee"].amount_minor
        assert -book.balances["discount"] <= book.advances["discount"].amount_minor


def test_the_scenes_are_all_there(played: Played) -> None:
    seen = {name for book in played.outcome.books for name in book.events}
    assert seen >= {
        "advance funded", "advance lent", "payout sent", "payout cleared", "discount earned", "collection received",
        "collection applied", "reserve released", "diluted", "late charged", "late charge collected",
        "discount cut short", "recourse claimed", "claim paid",
    }  # fmt: skip


def test_both_books_are_sound(played: Played) -> None:
    for book in played.outcome.books:
        assert book.debit_minor == book.credit_minor > 0
        assert list(book.findings) == []
        assert list(book.broken_links) == []


def test_hledger_accepts_the_exported_books(played: Played, tmp_path: Path) -> None:
    for book in played.stage.books():
        path = tmp_path / f"{book.ref}.journal"
        path.write_text(_exported(played, book))
        try:
            subprocess.run(["hledger", "-f", str(path), "check"], check=True, capture_output=True, text=True)
        except FileNotFoundError:
            pytest.skip("hledger is not installed: the exported books were not checked by it (Debian: hledger)")


def _exported(played: Played, book: Book) -> str:
    pieces: list[str] = []
    with played.stage.running.database.reading() as connection:
        export.write(connection, book.id, "hledger", pieces.append)
    return "".join(pieces)


def test_the_reports_can_be_read_and_the_trial_balances_are_equal(played: Played) -> None:
    assert len(played.files) == 16
    for path in played.paths:
        if path.suffix == ".pdf":
            text = "".join(page.extract_text() for page in PdfReader(path).pages)
            assert re.search(r"BRACKWATER|SALLOWFIELD", text), path.name
            assert "trial-balance" not in path.name or "Debits and credits are equal" in text
    ladder = played.files["brackwater-maturity-ladder.csv"].decode()
    assert "Marlowe Turbines GmbH" in ladder and "Marlowe Gearing GmbH" in ladder


def test_the_command_plays_the_same_seed_to_the_same_table_and_the_same_bytes(
    played: Played, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCF_VAR", str(tmp_path))
    monkeypatch.delenv("SCF_DATABASE_URL", raising=False)
    arguments = ["demo", "--seed", str(SEED), "--invoices", str(INVOICES)]
    found = CliRunner().invoke(build_cli("wsgi:app", (SCF,), (demo,)), arguments, catch_exceptions=False)
    assert found.exit_code == 0
    assert "\n".join(played.told) in found.stdout
    assert "\n".join(played.table) in found.stdout
    reports = tmp_path / "demo" / "reports"
    assert {path.name: path.read_bytes() for path in reports.iterdir()} == played.files
    assert all(str(reports / name) in found.stdout for name in played.files)


def test_the_command_refuses_a_database_with_books_in_it(
    played: Played, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCF_VAR", str(tmp_path))
    url = played.stage.running.settings.database_url
    monkeypatch.setenv("SCF_DATABASE_URL", url)
    found = CliRunner().invoke(build_cli("wsgi:app", (SCF,), (demo,)), ["--database", url, "demo", "--invoices", "40"])
    assert found.exit_code == 1
    assert "wants an empty database; this one has the book BRACKWATER" in found.output
