"""The CSV reader: encodings, separators, forms of dates and amounts, and errors that name row and field."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invoices.csv_file import CsvResult, read_csv
from scf.errors import FileRefused
from scf.money import decimal_string

HEADING = "Invoice number,Buyer ID,Issue date,Due date,Currency,Amount"


def one(row: str, heading: str = HEADING) -> CsvResult:
    return read_csv(f"{heading}\n{row}\n".encode(), seller_id="at-u 1.2")


def fields(result: CsvResult) -> list[tuple[int, str]]:
    return [(error.row, error.field) for error in result.errors]


def test_a_row_becomes_an_invoice_of_the_uploading_supplier() -> None:
    result = one("INV-1,ATU 12.34-5,2026-01-05,2026-03-06,eur,1234.50")
    invoice = result.rows[0]
    assert (invoice.row, invoice.kind, invoice.number) == (2, "invoice", "INV-1")
    assert (invoice.seller_id, invoice.buyer_id) == ("ATU12", "ATU12345")
    assert (invoice.issue_on, invoice.due_on) == (date(2026, 1, 5), date(2026, 3, 6))
    assert (invoice.currency, invoice.payable_minor) == ("EUR", 123_450)
    assert (result.errors, result.encoding, result.delimiter) == ([], "utf-8", ",")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_encodings_separators_and_line_ends_are_found_out(delimiter: str, encoding: str, line_end: str) -> None:
    heading = "INVOICE NO., buyer_id ,Invoice Date,Due-Date,Currency code,Amount due,Buyer name,Terms,Note"
    row = 'INV-1,B1,2026-01-05,2026-03-06,EUR,10.00,Käufer & Söhne,"30 Tage",'
    lines = [line.replace(",", delimiter) for line in (heading, row, row.replace("INV-1", "INV-2"), "", "")]
    result = read_csv(line_end.join(lines).encode(encoding))
    assert (result.encoding, result.delimiter, result.errors) == (encoding, delimiter, [])
    assert [(each.row, each.number) for each in result.rows] == [(2, "INV-1"), (3, "INV-2")]
    assert (result.rows[0].buyer_name, result.rows[0].due_text) == ("Käufer & Söhne", "30 Tage")


def test_a_cp1252_file_with_wrong_headings_is_refused_naming_missing_found_and_encoding() -> None:
    with pytest.raises(FileRefused) as refused:
        read_csv("Rechnung;Käufer;Invoice date;Betrag\n1;2;3;4\n".encode("cp1252"))
    text = str(refused.value)
    assert "lacks invoice number, buyer id, due date, currency, amount;" in text
    assert "Rechnung, Käufer, Invoice date, Betrag" in text
    assert "cp1252" in text and "semicolon" in text


def test_lines_above_the_heading_and_a_broken_byte_order_mark_are_passed_over() -> None:
    text = f"select *\nfrom invoices\n\n{HEADING}\nINV-1,B1,2026-01-05,2026-03-06,EUR,10.00\n"
    assert read_csv(text.encode()).rows[0].row == 5
    broken = f"\u00ef\u00bb\u00bf{HEADING}\nINV-1,B1,2026-01-05,2026-03-06,EUR,10.00\n"
    assert read_csv(broken.encode()).rows[0].number == "INV-1"


def test_a_heading_twice_is_refused() -> None:
    with pytest.raises(FileRefused, match="more than one column stands for amount: Amount, Payable amount"):
        one("INV-1,B1,2026-01-05,2026-03-06,EUR,10.00,10.00", f"{HEADING},Payable amount")


@pytest.mark.parametrize(
    ("row", "field", "words"),
    [
        ("1,B,2026-01-05,2026-03-06,EUR,10.001", "amount", "more decimals than EUR has (2)"),
        ("1,B,2026-01-05,2026-03-06,EUR,10.000", "amount", "more decimals"),
        ("1,B,2026-01-05,2026-03-06,JPY,10.5", "amount", "more decimals than JPY has (0)"),
        ("1,B,2026-01-05,2026-03-06,EUR,ten", "amount", "decimal point"),
        ("1,B,2026-01-05,2026-03-06,EUR,-5-", "amount", "sign"),
        ("1,B,2026-01-05,2026-03-06,EUR,", "amount", "missing"),
        ("1,B,2026-01-05,2026-03-06,EUR,٣.00", "amount", "decimal point"),
        ('1,B,2026-01-05,2026-03-06,EUR,"1,234.50"', "amount", "marks for thousands"),
        ("1,B,2026-01-05,2026-03-06,EUX,10.00", "currency", "ISO 4217"),
        ("1,B,2026-01-05,2026-02-30,EUR,10.00", "due date", "no day of the calendar"),
        ("1,B,05/01/2026,2026-02-28,EUR,10.00", "issue date", "yyyy-mm-dd"),
        ("1,B,20260105,2026-02-28,EUR,10.00", "issue date", "yyyy-mm-dd"),
        ("1,B,,2026-02-28,EUR,10.00", "issue date", "missing"),
        ("1,B,2026-01-05,2026-02-28,EUR,1234,50", "columns", "7 cells under 6 headings"),
    ],
)
def test_a_bad_row_names_row_and_field_and_the_others_are_read(row: str, field: str, words: str) -> None:
    good = "2,B,2026-01-05,2026-03-06,EUR,10.00"
    result = one(f"{good}\n{row}\n{good}")
    assert fields(result) == [(3, field)]
    assert words in result.errors[0].message
    assert [invoice.row for invoice in result.rows] == [2, 4]


def test_every_wrong_field_of_a_row_is_named() -> None:
    result = one("1,B,2026-13-05,x,EUX,10.00,loan", f"{HEADING},Kind")
    assert fields(result) == [(2, "issue date"), (2, "due date"), (2, "currency"), (2, "kind")]


def test_dotted_dates_are_taken_for_the_whole_file_or_not_at_all() -> None:
    result = one("1,B,05.01.2026,06.03.2026,EUR,10.00\n2,B,05.01.2026,x,EUR,10.00")
    assert (result.date_form, result.rows[0].issue_on) == ("dd.mm.yyyy", date(2026, 1, 5))
    assert fields(result) == [(3, "due date")]
    mixed = one("1,B,05.01.2026,2026-03-06,EUR,10.00")
    assert (mixed.date_form, fields(mixed)) == ("yyyy-mm-dd", [(2, "issue date")])


def test_a_decimal_comma_is_taken_for_the_whole_file_and_a_point_is_never_misread() -> None:
    rows = "1;B;2026-01-05;;EUR;1234,50\n2;B;2026-01-05;;EUR;10,5\n3;B;2026-01-05;;EUR;-10\n4;B;2026-01-05;;EUR;1.230"
    result = one(rows, HEADING.replace(",", ";"))
    assert result.decimal_mark == ","
    assert [(invoice.payable_minor, invoice.kind) for invoice in result.rows] == [
        (123_450, "invoice"),
        (1_050, "invoice"),
        (1_000, "credit_note"),
    ]
    assert fields(result) == [(5, "amount")]


@pytest.mark.parametrize("amount", ["-10.00", "\u221210.00", "10.00-"])
def test_a_negative_amount_is_a_credit_note(amount: str) -> None:
    invoice = one(f"1,B,2026-01-05,,EUR,{amount}").rows[0]
    assert (invoice.kind, invoice.payable_minor, invoice.due_on) == ("credit_note", 1_000, None)


def test_the_kind_says_credit_note_and_which_invoice_it_reduces() -> None:
    invoice = one(
        "1,B,2026-01-05,,EUR,10.00,Credit Note,INV-1,PO-9", f"{HEADING},Type,Credited invoice,Order ref"
    ).rows[0]
    assert (invoice.kind, invoice.credited_number, invoice.order_ref) == ("credit_note", "INV-1", "PO-9")


def test_empty_lines_are_skipped_and_short_rows_are_read_as_far_as_they_go() -> None:
    result = one("1,B,2026-01-05,2026-03-06,EUR,10.00\n\n,,,,,\n , \n2,B,2026-01-05\n\n")
    assert [invoice.row for invoice in result.rows] == [2]
    assert fields(result) == [(6, "currency")]


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        (HEADING.encode(), "no rows"),
        (b"\n\n", "no heading line"),
        (HEADING.encode() + b'\n1,"B,2026-01-05,2026-03-06,EUR,10.00\n', "stray quotation mark"),
        (HEADING.encode("utf-16-le"), "no text"),
        (b"\xef\xbb\xbf" + HEADING.encode() + b"\n\xff", "no text"),
        (b"a" * 50_000_000, "50,000,000 bytes; at most 20,971,520"),
    ],
)
def test_a_file_that_cannot_be_a_list_is_refused(payload: bytes, words: str) -> None:
    with pytest.raises(FileRefused, match=words):
        read_csv(payload)


@given(st.integers(-(10**12), 10**12), st.sampled_from(["EUR", "JPY", "KWD"]))
def test_any_amount_reads_back_as_it_was_written(minor: int, currency: str) -> None:
    invoice = one(f"1,B,2026-01-05,2026-03-06,{currency},{decimal_string(minor, currency)}").rows[0]
    assert invoice.payable_minor == abs(minor)
    assert invoice.kind == ("credit_note" if minor < 0 else "invoice")


@given(st.binary(max_size=200))
def test_any_bytes_below_a_heading_give_rows_errors_or_a_refusal(tail: bytes) -> None:
    try:
        result = read_csv(HEADING.encode() + b"\n" + tail)
    except FileRefused:
        return
    assert result.rows or result.errors
