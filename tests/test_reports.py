"""Reports: the forms they are rendered in, from values made by hand."""

import csv
import io
from datetime import date, timedelta

import pytest
from pypdf import PdfReader

from reports.ladder import Rung, ladder
from reports.paper import fitted
from reports.pdf_chart import step_minor
from reports.run import render
from reports.sheets import sheets
from reports.supplier_ledger import Movement, Position
from reports.supplier_statement import AdvanceLine, Period, statement
from reports.tabular import Column, Kind, Rank, Report, Row, Section
from reports.trial_balance import trial_balance
from scf.books.queries import Book
from scf.errors import FieldError
from scf.ledger.queries import Balance
from scf.money import Money, parse_minor

BOOK = Book(1, "HARBOUR", 2, "TARGET", date(2026, 11, 25), date(2026, 11, 24))
ANCHORS = ["Blue Ridge Steel", "Northwind Manufacturing", "上海远洋集团"]


def rungs(days: int = 20) -> list[Rung]:
    return [
        Rung(n, anchor, date(2026, 11, 20) + timedelta(days=7 * day), "JPY" if n == 2 else "EUR", 2, 100_050, 90_049)
        for n, anchor in enumerate(ANCHORS)
        for day in range(days)
    ]


def acme() -> Report:
    on = date(2026, 11, 20)
    moved = [
        Movement(on, on, "advance funded", "INV-1", "EUR", Position(8_800_000, 1_000_000, 0)),
        Movement(on, date(2026, 11, 23), "payout sent", "INV-1", "EUR", Position(-8_800_000, 0, 0)),
    ]
    lines = [
        AdvanceLine("INV-1", on, date(2027, 1, 20), "EUR", 10_000_000, 8_800_000, 150_000, 40_000, 10_000, 1_000_000, s)
        for s in ("funded", "written_off")
    ]
    period = Period(date(2026, 11, 1), date(2026, 11, 30))
    return statement(BOOK, "Acme Parts GmbH", period, {"EUR": Position(0, 500, 700)}, moved, lines)


def balanced() -> Report:
    found = [
        Balance(1, "purchased receivables", 9, "Acme Parts", "EUR", 600_000, 100_000),
        Balance(2, "cash", 0, "", "EUR", 0, 490_000),
        Balance(3, "fees", 0, "", "EUR", 0, 10_000),
        Balance(4, "reserve", 9, "Acme Parts", "EUR", 70_000, 70_000),
        Balance(5, "limit drawn", 77, "", "EUR", 0, 600_000),
    ]
    return trial_balance(BOOK, found, date(2026, 11, 25))


REPORTS = {"ladder": ladder(BOOK, rungs()), "statement": acme(), "trial balance": balanced()}


def pages(report: Report) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(render(report, "pdf"))).pages]


def table(report: Report) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(render(report, "csv").decode(), newline="")))


@pytest.mark.parametrize("form", ["pdf", "csv"])
@pytest.mark.parametrize("name", REPORTS)
def test_the_same_report_gives_the_same_bytes(name: str, form: str) -> None:
    assert render(REPORTS[name], form) == render(REPORTS[name], form)


@pytest.mark.parametrize("name", REPORTS)
def test_a_pdf_has_its_title_subtitle_and_the_number_of_each_page(name: str) -> None:
    report = REPORTS[name]
    read = pages(report)
    assert read[0].startswith(report.title)
    for line in report.subtitle:
        assert line in read[0]
    for number, text in enumerate(read, 1):
        assert f"Page {number} of {len(read)}" in text


def test_headings_are_repeated_on_every_page_of_a_long_table_and_no_row_is_lost() -> None:
    read = pages(ladder(BOOK, rungs(60)))
    assert len(read) > 3
    assert all("RECEIVABLES" in text for text in read)
    assert "(continued)" not in read[0] and all("(continued)" in text for text in read[1:])
    assert sum(text.count("1,000.50 900.49") for text in read) == 120


def test_the_ladder_adds_up_by_anchor_and_by_currency() -> None:
    text = "\n".join(pages(REPORTS["ladder"]))
    assert "Subtotal Northwind Manufacturing EUR 40 20,010.00 18,009.80" in text
    assert "Total EUR 80 40,020.00 36,019.60" in text
    assert "Total JPY 40 2,001,000 1,800,980" in text


@pytest.mark.parametrize("currency", ["EUR", "JPY"])
@pytest.mark.parametrize("name", ["receivable_count", "face", "open"])
def test_the_totals_of_a_csv_are_the_sums_of_its_rows(name: str, currency: str) -> None:
    sums: dict[str, int] = {}
    for row in table(REPORTS["ladder"]):
        if row["currency"] == currency:
            sums[row["rank"]] = sums.get(row["rank"], 0) + parse_minor(row[name], currency)
    assert sums["detail"] > 0
    assert sums["detail"] == sums["subtotal"] == sums["total"]


def test_a_csv_is_rfc_4180_in_utf_8_with_iso_dates_and_plain_amounts() -> None:
    written = render(REPORTS["ladder"], "csv")
    assert written.startswith(b"section,rank,anchor,due_on,currency,receivable_count,face,open\r\n")
    assert written.count(b"\n") == written.count(b"\r\n")
    assert "detail,上海远洋集团,2026-11-20,JPY,2,100050,90049" in written.decode()
    assert b"detail,Blue Ridge Steel,2026-11-27,EUR,2,1000.50,900.49" in written


def test_every_line_of_a_csv_with_two_sections_has_the_same_fields() -> None:
    lines = list(csv.reader(io.StringIO(render(acme(), "csv").decode(), newline="")))
    assert len({len(line) for line in lines}) == 1
    assert {line[0] for line in lines[1:]} == {"Movements", "Advances credited in the period or still funded"}


def test_a_name_that_a_spreadsheet_would_reckon_is_written_as_text() -> None:
    rows = table(ladder(BOOK, [Rung(1, '=HYPERLINK("http://x")', date(2026, 12, 1), "EUR", 1, 500, -500)]))
    assert rows[0]["anchor"] == '\'=HYPERLINK("http://x")'
    assert rows[0]["open"] == "-5.00"


def test_a_statement_runs_from_its_opening_to_its_closing_position() -> None:
    rows = table(acme())
    moved = [row for row in rows if row["section"] == "Movements"]
    assert [row["rank"] for row in moved] == ["position", "detail", "detail", "position"]
    assert [row["payable_balance"] for row in moved] == ["0.00", "88000.00", "0.00", "0.00"]
    assert [row["reserve_balance"] for row in moved] == ["5.00", "10005.00", "10005.00", "10005.00"]
    assert [row["due_balance"] for row in moved] == ["7.00"] * 4
    assert moved[2]["payable_change"] == "-88000.00" and moved[2]["reserve_change"] == ""
    advances = [row for row in rows if row["section"] != "Movements"]
    assert [row["status"] for row in advances] == ["funded", "written off", ""]
    assert advances[-1]["face"] == "200000.00" and advances[-1]["net"] == "176000.00"


def test_a_trial_balance_shows_each_account_on_its_side_and_leaves_memorandum_accounts_and_nil_out() -> None:
    rows = [row.cells for row in balanced().sections[0].rows]
    assert rows == [
        ("assets:cash", "", "EUR", None, Money(490_000, "EUR")),
        ("assets:purchased receivables", "Acme Parts", "EUR", Money(500_000, "EUR"), None),
        ("income:fees", "", "EUR", None, Money(10_000, "EUR")),
        ("Total", None, "EUR", Money(500_000, "EUR"), Money(500_000, "EUR")),
    ]
    assert balanced().subtitle[-1] == "Debits and credits are equal"


def test_a_trial_balance_that_does_not_balance_says_so() -> None:
    report = trial_balance(BOOK, [Balance(1, "cash", 0, "", "EUR", 5, 0)], None)
    assert report.subtitle[-1].startswith("DEBITS AND CREDITS DIFFER")


def test_the_chart_puts_what_is_overdue_first_and_lumps_what_is_far_off() -> None:
    chart = REPORTS["ladder"].chart
    assert chart is not None and chart.currency == "EUR"
    labels = [bar.label for bar in chart.bars]
    assert labels[:3] == ["overdue", "23 Nov", "30 Nov"] and labels[-1] == "later"
    assert len(labels) == 14
    assert chart.bars[0].amount_minor == chart.bars[1].amount_minor == 2 * 90_049
    assert sum(bar.amount_minor for bar in chart.bars) == 40 * 90_049
    assert "Open amount by due week, EUR" in pages(REPORTS["ladder"])[0]


@pytest.mark.parametrize(
    ("tallest", "unit", "step"),
    [(0, 100, 100), (500, 100, 100), (501, 100, 200), (123_456, 100, 50_000), (7, 1, 2), (10**15, 100, 2 * 10**14)],
)
def test_the_chart_has_at_most_five_lines_on_whole_units(tallest: int, unit: int, step: int) -> None:
    assert step_minor(tallest, unit) == step


def test_a_report_of_nothing_is_a_page_that_says_none() -> None:
    read = pages(ladder(BOOK, []))
    assert len(read) == 1 and "None" in read[0]
    assert ladder(BOOK, []).chart is None


def test_no_row_falls_between_two_sheets() -> None:
    column = Column("n", "N", Kind.COUNT, 100)
    for count in range(0, 130):
        section = Section("Numbers", (column,), tuple(Row((n,)) for n in range(count)))
        laid = [piece for sheet in sheets(Report("T", (), (section, section)), 842) for piece in sheet.pieces]
        assert sum(piece.last - piece.first for piece in laid) == 2 * count
        assert all(piece.top > 72 + 15 * (piece.last - piece.first) for piece in laid)


def test_text_is_cut_to_its_column_and_a_number_never_is() -> None:
    cut = fitted("Northwind Manufacturing", False, 8, 60)
    assert "".join(run.text for run in cut.runs) == "Northwind Ma…" and cut.width <= 60
    columns = (Column("a", "A", Kind.AMOUNT, 20), Column("b", "B", Kind.TEXT, 480))
    row = Row((Money(123_456_789_012_345, "EUR"), "x"))
    assert "1,234,567,890,123.45" in pages(Report("T", (), (Section("Huge", columns, (row,)),)))[0]


def test_names_in_any_script_can_be_read_back() -> None:
    names = ["Société Générale", "上海远洋集团 Ltd", "Łódź Stal", "삼성전자", "トヨタ自動車"]
    found = [Rung(n, name, date(2026, 12, 1), "EUR", 1, 100, 100) for n, name in enumerate(names)]
    text = pages(ladder(BOOK, found))[0]
    for shown in ("Société Générale", "上海远洋集团 Ltd", "Lódz Stal", "삼성전자", "トヨタ自動車"):
        assert f"Subtotal {shown}" in text


def test_a_row_with_too_few_cells_is_refused() -> None:
    with pytest.raises(ValueError, match="1 cells for 2 columns"):
        Section("S", (Column("a", "A", Kind.TEXT, 9), Column("b", "B", Kind.TEXT, 9)), (Row(("x",), Rank.TOTAL),))


def test_an_unknown_form_is_refused_with_the_forms_there_are() -> None:
    with pytest.raises(FieldError, match="pdf, csv"):
        render(acme(), "docx")
