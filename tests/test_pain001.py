"""Payment files: valid by the ISO schema, the same bytes for the same input, and wrong lines named."""

import time
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from scf.errors import FieldError, FileRefused
from scf.payments import pain001, pain001_read
from scf.payments.pain001 import PaymentFile, PayoutLine

XSD = Path(__file__).parents[2] / "shared/corpora/bank/xsd/pain.001.001.09.xsd"
DEBTOR = "DE89370400440532013000"
CREDITORS = ("NL91ABNA0417164300", "FR1420041010050500013M02606", "GB29NWBK60161331926819")

LINE = PayoutLine("PO-2026-0001", 8_850_000, "Ash Castings", CREDITORS[0], "Advance on INV-17")
FILE = PaymentFile(
    "NB-20260105-1", datetime(2026, 1, 5, 15, 30, tzinfo=UTC), date(2026, 1, 5), "Northbank", DEBTOR, "EUR", (LINE,)
)


def schema() -> etree.XMLSchema:
    if not XSD.exists():
        pytest.skip(f"shared corpora absent: {XSD}")
    return etree.XMLSchema(etree.parse(str(XSD)))


def with_line(**changes: object) -> PaymentFile:
    return replace(FILE, lines=(replace(LINE, **changes),))  # type: ignore[arg-type]


@pytest.mark.parametrize("currency", ["EUR", "USD", "JPY", "KWD"])
def test_a_file_is_valid_by_the_iso_schema(currency: str) -> None:
    second = replace(LINE, end_to_end_id="PO-2", remittance="", creditor_iban=CREDITORS[1])
    payload = pain001.write(replace(FILE, currency=currency, lines=(LINE, second)))
    schema().assertValid(etree.fromstring(payload))


def test_the_same_input_gives_the_same_bytes() -> None:
    assert pain001.write(FILE) == pain001.write(FILE)
    assert b"2026-01-05T15:30:00Z" in pain001.write(FILE)


def test_totals_count_and_add_up_the_lines() -> None:
    lines = tuple(replace(LINE, end_to_end_id=f"PO-{n}", amount_minor=n + 1) for n in range(100))
    root = etree.fromstring(pain001.write(replace(FILE, lines=lines)))
    assert root.findtext(".//{*}GrpHdr/{*}NbOfTxs") == "100"
    assert root.findtext(".//{*}GrpHdr/{*}CtrlSum") == "50.50"
    assert root.findtext(".//{*}PmtInf/{*}CtrlSum") == "50.50"


def test_sepa_service_is_asked_for_in_euro_only() -> None:
    assert b"<Cd>SEPA</Cd>" in pain001.write(FILE)
    assert b"SEPA" not in pain001.write(replace(FILE, currency="USD"))


def test_names_are_brought_to_the_sepa_characters() -> None:
    assert b"<Nm>Muller + Sohne (Lodz)</Nm>" in pain001.write(with_line(creditor_name="Müller & Söhne [Łódź]"))


def test_chinese_and_greek_names_come_out_in_latin_letters() -> None:
    payload = pain001.write(with_line(creditor_name="深圳 Ωμέγα"))
    assert payload.isascii()
    assert b"<Nm>ShenZhen Omega</Nm>" in payload


def test_ten_thousand_lines_are_written_within_a_second() -> None:
    lines = tuple(replace(LINE, end_to_end_id=f"PO-{n}", creditor_iban=CREDITORS[n % 3]) for n in range(10_000))
    spent = []
    for _ in range(3):
        started = time.process_time()
        pain001.write(replace(FILE, lines=lines))
        spent.append(time.process_time() - started)
    assert min(spent) < 1.0


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (replace(FILE, lines=()), "lines"),
        (replace(FILE, lines=(LINE, LINE)), "lines[1].end_to_end_id"),
        (replace(FILE, debtor_iban="DE00370400440532013000"), "debtor_iban"),
        (replace(FILE, created_at=FILE.created_at.replace(tzinfo=None)), "created_at"),
        (replace(FILE, message_id="x" * 36), "message_id"),
        (replace(FILE, message_id="a//b"), "message_id"),
        (replace(FILE, currency="XYZ"), "currency"),
        (with_line(amount_minor=0), "lines[0].amount_minor"),
        (with_line(amount_minor=-1), "lines[0].amount_minor"),
        (with_line(creditor_iban="NL91ABNA0417164301"), "lines[0].creditor_iban"),
        (with_line(creditor_name="###"), "lines[0].creditor_name"),
        (with_line(remittance="r" * 141), "lines[0].remittance"),
        (with_line(end_to_end_id=""), "lines[0].end_to_end_id"),
        (with_line(end_to_end_id="adv_1"), "lines[0].end_to_end_id"),
        (with_line(end_to_end_id="/leading"), "lines[0].end_to_end_id"),
        (with_line(end_to_end_id="line\n"), "lines[0].end_to_end_id"),
    ],
)
def test_what_a_bank_would_not_take_is_refused_by_name(wrong: PaymentFile, field: str) -> None:
    with pytest.raises(FieldError) as caught:
        pain001.write(wrong)
    assert caught.value.field == field


@given(
    st.lists(st.tuples(st.integers(1, 10**13), st.sampled_from(CREDITORS)), min_size=1, max_size=20),
    st.sampled_from(["EUR", "JPY", "KWD"]),
)
def test_what_is_written_is_read_back_exactly(lines: list[tuple[int, str]], currency: str) -> None:
    written = replace(
        FILE,
        currency=currency,
        lines=tuple(PayoutLine(f"PO-{n}", minor, "Elm", iban, "") for n, (minor, iban) in enumerate(lines)),
    )
    assert pain001_read.read(pain001.write(written)) == written


@given(st.text(max_size=140))
def test_any_remittance_is_written_in_sepa_characters_or_refused(text: str) -> None:
    try:
        payload = pain001.write(with_line(remittance=text))
    except FieldError as error:
        assert error.field == "lines[0].remittance"
    else:
        assert payload.isascii()
        assert len(pain001_read.read(payload).lines[0].remittance) <= 140


def test_a_payment_file_whose_header_does_not_add_up_is_refused() -> None:
    payload = pain001.write(FILE).replace(b"<CtrlSum>88500.00<", b"<CtrlSum>88500.01<", 1)
    with pytest.raises(FileRefused, match=r"88500\.01"):
        pain001_read.read(payload)
