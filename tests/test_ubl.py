"""The UBL reader: every official sample reads, and hostile or wrong files are refused with a reason."""

import csv
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from invoices.demo_data import make_files
from invoices.reader import read_file
from invoices.ubl import read_ubl
from scf.errors import FieldError, FileRefused
from scf.money import decimal_string

CORPORA = Path(__file__).resolve().parents[2] / "shared" / "corpora"
UBL = "urn:oasis:names:specification:ubl:schema:xsd:"


def samples() -> list[tuple[Path, dict[str, str]]]:
    manifest = CORPORA / "einvoice" / "MANIFEST.csv"
    if not manifest.exists():
        return []
    with manifest.open(newline="", encoding="utf-8") as stream:
        rows = [row for row in csv.DictReader(stream) if row["syntax"].startswith("UBL")]
    folders = ("einvoice/cen-en16931/", "einvoice/xrechnung-testsuite/")
    return [(CORPORA / row["path"], row) for row in rows if row["path"].startswith(folders)]


def document(
    head: str = "", body: str = "", root: str = "Invoice", payable: str = "120.00", currency: str = "EUR"
) -> bytes:
    return f"""{head}<{root} xmlns="{UBL}{root}-2" xmlns:cac="{UBL}CommonAggregateComponents-2"
 xmlns:cbc="{UBL}CommonBasicComponents-2"><cbc:ID>INV-1</cbc:ID><cbc:IssueDate>2026-01-05</cbc:IssueDate>
<cbc:DocumentCurrencyCode>{currency}</cbc:DocumentCurrencyCode>{body}
<cac:LegalMonetaryTotal><cbc:TaxInclusiveAmount currencyID="{currency}">150.00</cbc:TaxInclusiveAmount>
<cbc:PayableAmount currencyID="{currency}">{payable}</cbc:PayableAmount></cac:LegalMonetaryTotal></{root}>""".encode()


def party(role: str, inner: str) -> str:
    return f"<cac:Accounting{role}Party><cac:Party>{inner}</cac:Party></cac:Accounting{role}Party>"


def test_every_official_sample_reads_and_its_payable_agrees_with_a_plain_search() -> None:
    found = samples()
    if not found:
        pytest.skip(f"shared corpora absent: {CORPORA}")
    assert len(found) >= 70
    for path, row in found:
        payload = path.read_bytes()
        invoice = read_ubl(payload)
        texts = re.findall(r"PayableAmount[^>]*>\s*(-?[\d.]+)\s*<", payload.decode("utf-8-sig"))
        assert len(texts) == 1, path
        signed = -invoice.payable_minor if Decimal(texts[0]) < 0 else invoice.payable_minor
        assert Decimal(decimal_string(signed, invoice.currency)) == Decimal(texts[0]), path
        assert invoice.currency == row["currency"], path
        credit = row["type_code"] == "381" or Decimal(texts[0]) < 0
        assert invoice.kind == ("credit_note" if credit else "invoice"), path
        assert invoice.number and invoice.seller_name and invoice.seller_id, path


def test_the_factoring_sample_names_its_payee_and_its_note() -> None:
    found = [path for path, _ in samples() if path.name == "BIS_Billing_30-Factoring.xml"]
    if not found:
        pytest.skip(f"shared corpora absent: {CORPORA}")
    invoice = read_ubl(found[0].read_bytes())
    assert invoice.payee_name == "Likviditet o. Finans AB"
    assert invoice.seller_name == "QVK Montage AB"
    assert invoice.notes


def test_what_is_payable_is_taken_and_not_the_total() -> None:
    assert read_ubl(document()).payable_minor == 12_000


def test_vat_in_a_second_currency_is_not_taken_for_the_amount() -> None:
    body = (
        "<cbc:TaxCurrencyCode>SEK</cbc:TaxCurrencyCode>"
        '<cac:TaxTotal><cbc:TaxAmount currencyID="SEK">999.00</cbc:TaxAmount></cac:TaxTotal>'
    )
    assert (read_ubl(document(body=body)).currency, read_ubl(document(body=body)).payable_minor) == ("EUR", 12_000)
    swapped = document().replace(b'PayableAmount currencyID="EUR"', b'PayableAmount currencyID="SEK"')
    with pytest.raises(FieldError) as refused:
        read_ubl(swapped)
    assert refused.value.field == "cbc:PayableAmount"


def test_a_negative_invoice_becomes_a_credit_note_with_a_positive_amount() -> None:
    invoice = read_ubl(document(payable="-529.87", body="<cbc:InvoiceTypeCode>384</cbc:InvoiceTypeCode>"))
    assert (invoice.kind, invoice.payable_minor) == ("credit_note", 52_987)


def test_a_credit_note_has_its_due_date_with_the_payment_means_and_names_the_invoice() -> None:
    body = (
        "<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID> INV-0 </cbc:ID></cac:InvoiceDocumentReference>"
        "</cac:BillingReference><cac:PaymentMeans><cbc:PaymentDueDate>2026-02-05</cbc:PaymentDueDate></cac:PaymentMeans>"
    )
    invoice = read_ubl(document(body=body, root="CreditNote"))
    assert (invoice.kind, invoice.due_on, invoice.credited_number) == ("credit_note", date(2026, 2, 5), "INV-0")


def test_identifiers_are_taken_in_order_and_normalised() -> None:
    legal = "<cac:PartyLegalEntity><cbc:CompanyID>fn 12-34.a</cbc:CompanyID></cac:PartyLegalEntity>"
    scheme = "<cac:TaxScheme><cbc:ID>FC</cbc:ID></cac:TaxScheme>"
    local = f"<cac:PartyTaxScheme><cbc:CompanyID>12/345</cbc:CompanyID>{scheme}</cac:PartyTaxScheme>"
    vat = local.replace("12/345", "NL8200.98.395.B.01").replace("FC", "VAT")
    endpoint = "<cbc:EndpointID>pay@buyer.example</cbc:EndpointID>"
    body = party("Supplier", endpoint + local + vat + legal) + party("Customer", endpoint + local + vat)
    invoice = read_ubl(document(body=body))
    assert (invoice.seller_id, invoice.buyer_id) == ("FN1234A", "NL820098395B01")
    assert read_ubl(document(body=party("Customer", endpoint + local))).buyer_id == "PAY@BUYEREXAMPLE"


def test_a_payee_who_is_the_seller_is_no_other_payee() -> None:
    seller = party("Supplier", "<cac:PartyName><cbc:Name>Ash  Castings</cbc:Name></cac:PartyName>")
    payee = "<cac:PayeeParty><cac:PartyName><cbc:Name>{}</cbc:Name></cac:PartyName></cac:PayeeParty>"
    assert read_ubl(document(body=seller + payee.format("ASH Castings"))).payee_name == ""
    assert read_ubl(document(body=seller + payee.format("Harbour Factors"))).payee_name == "Harbour Factors"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1"])
def test_encodings_and_byte_order_marks_are_read(encoding: str) -> None:
    declared = "utf-8" if encoding == "utf-8-sig" else encoding
    text = document(f'<?xml version="1.0" encoding="{declared}"?>', "<cbc:Note>Löhne für Jänner</cbc:Note>").decode()
    assert read_ubl(text.encode(encoding)).notes == "Löhne für Jänner"
    assert read_file("a.txt", text.encode(encoding)).format == "ubl"


@pytest.mark.parametrize(
    "head",
    [
        "<!DOCTYPE Invoice>",
        '<!DOCTYPE Invoice [<!ENTITY a "x">]>',
        '<?xml version="1.0"?>\n<!-- a --><!DOCTYPE Invoice SYSTEM "http://example.org/a.dtd">',
        '<!DOCTYPE Invoice [<!ENTITY f SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE Invoice SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE Invoice [<!ENTITY % f SYSTEM "file:///etc/passwd"> %f;]>',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_dtd_or_entity_is_refused(head: str, encoding: str) -> None:
    with pytest.raises(FileRefused, match="DTD"):
        read_ubl(document(head).decode().encode(encoding))


def test_entities_that_grow_are_refused_before_they_grow() -> None:
    levels = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    payload = document(f'<!DOCTYPE Invoice [<!ENTITY a0 "ha">{levels}]>', "<cbc:Note>&a11;</cbc:Note>")
    with pytest.raises(FileRefused, match="DTD"):
        read_ubl(payload)


def test_a_prolog_of_many_comments_is_searched_once() -> None:
    assert read_ubl(document("<!-- <!DOCTYPE -->" * 20_000)).number == "INV-1"


def test_a_file_of_50_megabytes_is_refused_by_its_size_before_it_is_read() -> None:
    with pytest.raises(FileRefused, match=r"50,000,000 bytes; at most 20,971,520"):
        read_ubl(b"<" + b"x" * 49_999_999)


def test_too_deep_and_too_many_elements_are_refused() -> None:
    with pytest.raises(FileRefused, match="depth"):
        read_ubl(document(body="<cbc:Note>" * 5_000 + "</cbc:Note>" * 5_000))
    with pytest.raises(FileRefused, match="tags"):
        read_ubl(document(body="<a/>" * 1_000_001))


@pytest.mark.parametrize(
    ("payload", "field"),
    [
        (document(payable="120.001"), "cbc:PayableAmount"),
        (document(payable="1,20"), "cbc:PayableAmount"),
        (document(payable=""), "cbc:PayableAmount"),
        (document(currency="EUX"), "cbc:DocumentCurrencyCode"),
        (document(body="<cbc:DueDate>31.01.2026</cbc:DueDate>"), "cbc:DueDate"),
        (document(body="<cbc:DueDate>2026-02-30</cbc:DueDate>"), "cbc:DueDate"),
        (document().replace(b"<cbc:IssueDate>2026-01-05</cbc:IssueDate>", b""), "cbc:IssueDate"),
        (document(body="<cbc:InvoiceTypeCode>751</cbc:InvoiceTypeCode>"), "cbc:InvoiceTypeCode"),
        (document(root="CreditNote", payable="-1.00"), "cbc:PayableAmount"),
    ],
)
def test_a_wrong_value_names_its_element(payload: bytes, field: str) -> None:
    with pytest.raises(FieldError) as refused:
        read_ubl(payload)
    assert refused.value.field == field
    read = read_file("a.xml", payload)
    assert (read.rows, [(error.row, error.field) for error in read.errors]) == ([], [(1, field)])


def test_other_xml_and_broken_xml_are_refused() -> None:
    with pytest.raises(FileRefused, match="html of no namespace"):
        read_ubl(b"<html/>")
    with pytest.raises(FileRefused, match="not readable XML"):
        read_ubl(document()[:-5])


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        (b"%PDF-1.7 ...", "PDF"),
        (b"PK\x03\x04....", "ZIP archive or an XLSX"),
        (b"\xd0\xcf\x11\xe0....", "old Excel"),
        (b"\xff\xd8\xff\xe0", "picture"),
        (b"\x00\x01\x02binary", "no text"),
        (b"", "empty"),
        (b" \r\n", "empty"),
    ],
)
def test_formats_not_taken_are_refused_by_content_naming_the_file(payload: bytes, words: str) -> None:
    with pytest.raises(FileRefused, match=words) as refused:
        read_file("invoice.xml", payload)
    assert str(refused.value).startswith("invoice.xml: ")


def test_a_demo_invoice_reads_back_field_by_field() -> None:
    file = make_files(7, 60, date(2026, 1, 5)).files[0]
    invoice = read_file("misnamed.csv", file.payload).rows[0]
    assert (invoice.seller_id, invoice.number) == ("FN720000C", "INV-10001")
    assert invoice.due_on is not None and invoice.due_on > invoice.issue_on
