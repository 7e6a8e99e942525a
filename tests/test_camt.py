"""Statements: real files read as others read them, hostile ones refused, and our own read back exactly."""

import json
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from scf.errors import FieldError, FileRefused
from scf.payments import camt, camt_write
from scf.payments.bank_statement import Detail, Entry, Statement

BANK = Path(__file__).parents[2] / "shared/corpora/bank"
GENKGO = sorted(BANK.glob("camt-genkgo/camt*.xml"))
STATEMENTS = [path for path in GENKGO if not path.name.startswith("camt052") and ".wrong." not in path.name]
REPORTS = [path for path in GENKGO if path.name.startswith("camt052")]
MOOV = BANK / "iso20022-moov"
IBAN = "DE89370400440532013000"

DETAIL = Detail(1_850_000, "", "", "R3 payment", "Halberd", "NL91ABNA0417164300", "", "C1-1")
ENTRY = Entry("C1", 1_850_000, "EUR", date(2026, 2, 2), date(2026, 2, 2), False, (DETAIL,))
STATEMENT = Statement("053", "M1", "S1", IBAN, "EUR", 7, 0, 1_850_000, date(2026, 2, 2), (ENTRY,))


def present(paths: list[Path]) -> list[Any]:
    """The paths, or one parameter that skips and says why."""
    return list(paths) or [pytest.param(BANK, marks=pytest.mark.skip(reason=f"shared corpora absent: {BANK}"))]


def moov(name_part: str) -> bytes:
    found = sorted(MOOV.glob(f"*{name_part}*"))
    if not found:
        pytest.skip(f"shared corpora absent: {MOOV}")
    return found[0].read_bytes()


@cache
def schema(name: str) -> etree.XMLSchema:
    path = BANK / "xsd" / name
    if not path.exists():
        pytest.skip(f"shared corpora absent: {path}")
    return etree.XMLSchema(etree.parse(str(path)))


def objects(tree: object, kind: str) -> list[dict[str, Any]]:
    """Every object of one class in genkgo's result, in the order of the file."""
    if isinstance(tree, list):
        return [found for part in tree for found in objects(part, kind)]
    if not isinstance(tree, dict):
        return []
    own = [tree] if str(tree.get("__CLASS__", "")).endswith(kind) else []
    return own + [found for part in tree.values() for found in objects(part, kind)]


def money(found: dict[str, Any]) -> tuple[int, str]:
    return int(found["getAmount"]["getAmount"]), found["getAmount"]["getCurrency"]["getCode"]


def expected_of(path: Path) -> Any:
    expected = path.with_suffix(".json")
    if not expected.exists():
        pytest.skip(f"no expected result beside {path.name}")
    return json.loads(expected.read_text())


def entry_pairs(path: Path) -> list[tuple[Entry, dict[str, Any]]]:
    """Our entry and genkgo's for the first entry of the record that its result shows (the rest are back references)."""
    by_id = {statement.statement_id: statement for statement in camt.read(path.read_bytes())}
    found = objects(expected_of(path), "DTO\\Entry")
    return [(by_id[entry["getRecord"]["getId"]].entries[0], entry) for entry in found[:1]]


@pytest.mark.parametrize("path", present(STATEMENTS), ids=lambda path: path.name)
def test_every_statement_and_entry_of_a_real_file_is_read(path: Path) -> None:
    statements = camt.read(path.read_bytes())
    text = path.read_text()
    assert len(statements) == text.count("<Stmt>") + text.count("<Ntfctn>")
    assert sum(len(statement.entries) for statement in statements) == text.count("<Ntry>")
    assert {statement.kind for statement in statements} == {"054" if "camt054" in path.name else "053"}


@pytest.mark.parametrize("path", present(STATEMENTS), ids=lambda path: path.name)
def test_a_real_entry_has_the_amount_days_and_reference_that_another_reader_finds(path: Path) -> None:
    assert len(camt.read(path.read_bytes())) == len(expected_of(path)["getRecords"])
    for entry, other in entry_pairs(path):
        assert (entry.amount_minor, entry.currency) == money(other)
        assert entry.reversal == other["getReversalIndicator"]
        assert entry.bank_ref == (other["getAccountServicerReference"] or "")
        for day, name in ((entry.booked_on, "getBookingDate"), (entry.valued_on, "getValueDate")):
            assert other[name] is None or other[name]["0"][:10] == day.isoformat()


@pytest.mark.parametrize("path", present(STATEMENTS), ids=lambda path: path.name)
def test_a_real_transfer_has_the_amount_and_reference_that_another_reader_finds(path: Path) -> None:
    for entry, other in entry_pairs(path):
        if len(other["getTransactionDetails"]) != len(entry.details):
            assert [detail.amount_minor for detail in entry.details] == [entry.amount_minor]
            continue
        detail, transfer = entry.details[0], other["getTransactionDetail"]
        reference = (transfer["getReference"] or {}).get("getEndToEndId") or ""
        assert detail.end_to_end_id == reference.replace("NOTPROVIDED", "")
        if transfer["getAmount"] and money(transfer)[1] == entry.currency:
            assert detail.amount_minor == money(transfer)[0]


@pytest.mark.parametrize("path", present(STATEMENTS), ids=lambda path: path.name)
def test_balances_of_a_real_statement_are_those_that_another_reader_finds(path: Path) -> None:
    known = {money(balance) for balance in objects(expected_of(path), "DTO\\Balance")}
    statement = camt.read(path.read_bytes())[-1]
    for minor in (statement.opening_minor, statement.closing_minor):
        assert minor is None or (minor, statement.currency) in known


@pytest.mark.parametrize("path", present(REPORTS), ids=lambda path: path.name)
def test_an_intraday_report_is_refused_with_what_to_send_instead(path: Path) -> None:
    with pytest.raises(FileRefused, match=r"send the bank's camt\.053"):
        camt.read(path.read_bytes())


def test_the_file_without_a_statement_is_refused() -> None:
    path = BANK / "camt-genkgo/camt053.v2.wrong.xml"
    if not path.exists():
        pytest.skip(f"shared corpora absent: {path}")
    with pytest.raises(FileRefused, match="holds no Stmt"):
        camt.read(path.read_bytes())


def test_a_swiss_batch_is_one_entry_with_its_reference_payments() -> None:
    (notification,) = camt.read(moov("ESR-ASR"))
    batch, debit = notification.entries
    assert (batch.bank_ref, batch.amount_minor, batch.currency) == ("07582000303KBMSU", 153_700, "CHF")
    assert [detail.amount_minor for detail in batch.details] == [25_000, 20_000, 30_000, 32_400, 46_300]
    assert batch.unexplained_minor == 0
    assert batch.details[3].reference == "359335273113716998981168243"
    assert batch.details[0].name == "Bernasconi Maria"
    assert debit.amount_minor == -14_700


def test_a_returned_payout_keeps_its_reference_and_says_why() -> None:
    (notification,) = camt.read(moov("returns"))
    (detail,) = notification.entries[0].details
    assert (detail.return_reason, detail.end_to_end_id, detail.amount_minor) == ("AC01", "EndToEndId-004-01-01", 40_000)


def test_the_debit_notification_and_the_lithuanian_statement_are_read() -> None:
    assert camt.read(moov("Debit"))[0].entries[0].amount_minor == -91_300
    (statement,) = camt.read(moov("statement_1"))
    assert [entry.amount_minor for entry in statement.entries] == [-164, -273_458, -3_016, -170]
    assert statement.sequence == 44


@pytest.mark.parametrize("name_part", ["RUB", "gistfile1", "pain002-epo", "valid_pain", "camt.052"])
def test_another_message_is_refused(name_part: str) -> None:
    with pytest.raises(FileRefused, match="which is no statement"):
        camt.read(moov(name_part))


def written(**changes: Any) -> bytes:
    return camt_write.write([replace(STATEMENT, **changes)])


BOMB = b'<!DOCTYPE d [<!ENTITY a "x"><!ENTITY b "&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("payload", "says"),
    [
        (b"", "not well-formed"),
        (b"no XML at all", "not well-formed"),
        (b":20:MT940 statement", "not well-formed"),
        (written()[:-40], "not well-formed"),
        (b"<html><body/></html>", "html / body"),
        (b"<Document/>", "which is no statement"),
        (b'<!DOCTYPE Document SYSTEM "http://127.0.0.1/x.dtd"><Document/>', "document type"),
        (BOMB + b"<Document>&b;</Document>", "document type"),
        ((BOMB + b"<Document>&b;</Document>").decode().encode("utf-16"), "document type"),
        (b"<a>" * 300 + b"</a>" * 300, "not well-formed"),
        (b" " * 51_000_000, "more than 50000000"),
    ],
    ids=["empty", "text", "MT940", "truncated", "HTML", "empty document", "DTD", "entities", "UTF-16", "deep", "51 MB"],
)
def test_bad_input_is_refused(payload: bytes, says: str) -> None:
    with pytest.raises(FileRefused, match=says):
        camt.read(payload)


def test_the_size_limit_can_be_set() -> None:
    with pytest.raises(FileRefused, match="more than 10"):
        camt.read(written(), size_max=10)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (b'Ccy="EUR">18500.00<', b'Ccy="EUR">18500.001<', r"more decimals"),
        (b'Ccy="EUR">18500.00<', b'Ccy="EUR">-1.00<', r"below zero"),
        (b'Ccy="EUR">18500.00<', b'Ccy="XYZ">1.00<', r"no ISO 4217"),
        (b'Ccy="EUR">18500.00<', b'Ccy="EUR">1e3<', r"is no amount"),
        (b"CRDT</CdtDbtInd><RvslInd>", b"BOTH</CdtDbtInd><RvslInd>", r"neither credit"),
        (b"<BookgDt><Dt>2026-02-02", b"<BookgDt><Dt>2026-02-30", r"no date"),
    ],
)
def test_a_wrong_value_refuses_the_file_and_names_the_statement(old: bytes, new: bytes, says: str) -> None:
    payload = b"".join(line.strip() for line in written(opening_minor=1, closing_minor=2).splitlines())
    assert old in payload
    with pytest.raises(FileRefused, match=rf"(?s)S1.*{says}"):
        camt.read(payload.replace(old, new))


def test_an_entry_with_too_fine_an_amount_is_named() -> None:
    payload = written(opening_minor=1, closing_minor=2).replace(b">18500.00<", b">18500.005<")
    with pytest.raises(FileRefused, match=r"entry 1 \(C1\).*18500\.005 has more decimals than EUR"):
        camt.read(payload)


@pytest.mark.parametrize("text", [b"18500", b"18500.00000", b"+18500.0", b"018500."])
def test_every_way_to_write_an_amount_is_the_same_amount(text: bytes) -> None:
    payload = written(opening_minor=1, closing_minor=2).replace(b">18500.00<", b">" + text + b"<")
    assert camt.read(payload)[0].entries == (ENTRY,)


def test_only_booked_entries_are_read() -> None:
    payload = written().replace(b"<Cd>BOOK</Cd>", b"<Cd>PDNG</Cd>")
    assert camt.read(payload)[0].entries == ()


def test_namespaces_do_not_matter() -> None:
    payload = written().replace(
        b"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08", b"http://bank.example/camt.053.ch.03"
    )
    assert camt.read(payload) == (STATEMENT,)


def test_a_batch_without_amounts_stays_one_detail() -> None:
    transfers = (
        b"<NtryDtls><Btch><NbOfTxs>2</NbOfTxs></Btch><TxDtls/><TxDtls/></NtryDtls><AddtlNtryInf>Batch</AddtlNtryInf>"
    )
    payload = written()
    start, end = payload.index(b"<NtryDtls>"), payload.index(b"</NtryDtls>") + len(b"</NtryDtls>")
    (statement,) = camt.read(payload[:start] + transfers + payload[end:])
    assert statement.entries[0].details == (Detail(1_850_000, "", "", "Batch", "", "", "", "C1"),)


def test_ten_thousand_entries_survive_the_way_out_and_back() -> None:
    many = replace(STATEMENT, entries=(ENTRY,) * 10_000)
    assert camt.read(camt_write.write([many])) == (many,)


def test_several_statements_travel_in_one_file() -> None:
    both = (STATEMENT, replace(STATEMENT, statement_id="S2", entries=()))
    assert camt.read(camt_write.write(both)) == both


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        [STATEMENT, replace(STATEMENT, message_id="M2")],
        [replace(STATEMENT, booked_on=None)],
        [replace(STATEMENT, closing_minor=None)],
        [replace(STATEMENT, kind="054")],
    ],
)
def test_what_the_message_cannot_hold_is_not_written(wrong: list[Statement]) -> None:
    with pytest.raises(FieldError):
        camt_write.write(wrong)


words = st.text(st.sampled_from("abcXYZ 019äß&<>\"'/-+."), max_size=200).map(lambda text: " ".join(text.split()))
short = st.text(st.sampled_from("ABC019-"), min_size=1, max_size=35)
minors = st.integers(-(10**14), 10**14)
days = st.dates(date(1990, 1, 1), date(2090, 12, 31))
accounts = st.sampled_from(["", IBAN, "250094239", "FR1420041010050500013M02606"])
details = st.builds(
    Detail,
    amount_minor=minors,
    end_to_end_id=st.one_of(st.just(""), short),
    reference=st.lists(short, max_size=3).map(" ".join),
    text=words,
    name=words.map(lambda text: text[:140].strip()),
    account=accounts,
    return_reason=st.sampled_from(["", "", "AC04", "MD07", "our own words"]),
    bank_ref=st.one_of(st.just(""), short),
)
currencies = st.sampled_from(["EUR", "JPY", "KWD"])
entries = st.builds(
    Entry,
    bank_ref=st.one_of(st.just(""), short),
    amount_minor=minors,
    currency=currencies,
    booked_on=days,
    valued_on=days,
    reversal=st.booleans(),
    details=st.lists(details, min_size=1, max_size=3).map(tuple),
)
statements = st.builds(
    Statement,
    kind=st.just("053"),
    message_id=short,
    statement_id=short,
    account=accounts.filter(bool),
    currency=currencies,
    sequence=st.one_of(st.none(), st.integers(0, 10**9)),
    opening_minor=minors,
    closing_minor=minors,
    booked_on=days,
    entries=st.lists(entries, max_size=3).map(tuple),
)


@given(statements)
def test_a_statement_is_valid_by_the_iso_schema_and_read_back_exactly(statement: Statement) -> None:
    payload = camt_write.write([statement])
    assert camt.read(payload) == (statement,)
    schema("camt.053.001.08.xsd").assertValid(etree.fromstring(payload))


@given(statements)
def test_a_notification_is_valid_by_the_iso_schema_and_read_back_exactly(statement: Statement) -> None:
    notification = replace(statement, kind="054", opening_minor=None, closing_minor=None)
    payload = camt_write.write([notification])
    assert camt.read(payload) == (notification,)
    assert payload == camt_write.write([notification])
    schema("camt.054.001.08.xsd").assertValid(etree.fromstring(payload))
