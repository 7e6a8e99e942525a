"""The development bank: what it took it executes, what it was told it reports, and it never tells two stories."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from scf.errors import FieldError, FileRefused
from scf.payments import camt, pain001
from scf.payments.bank_statement import Statement
from scf.payments.null_rail import IncomingMoney, NullRail
from scf.payments.pain001 import PaymentFile, PayoutLine
from scf.payments.rail import PaymentRail, RailAnswer

IBAN = "DE89370400440532013000"
SUPPLIERS = ("NL91ABNA0417164300", "FR1420041010050500013M02606")
MONDAY, TUESDAY, WEDNESDAY = date(2026, 1, 5), date(2026, 1, 6), date(2026, 1, 7)
FRIDAY, SATURDAY, NEXT_MONDAY = date(2026, 1, 9), date(2026, 1, 10), date(2026, 1, 12)

LINES = (
    PayoutLine("R1", 8_850_000, "Ash Castings", SUPPLIERS[0], "Advance on R1"),
    PayoutLine("R2", 3_975_000, "Birch Tools", SUPPLIERS[1], "Advance on R2"),
)
FILE = PaymentFile("NB-1", datetime(2026, 1, 5, 15, tzinfo=UTC), MONDAY, "Northbank", IBAN, "EUR", LINES)
MONEY = IncomingMoney("C1", "Halberd", "GB29NWBK60161331926819", 1_850_000, TUESDAY, text="R3, less credit note")


def bank(folder: Path) -> NullRail:
    return NullRail(folder, IBAN, "EUR", lambda day: day.weekday() < 5)


def read(files: list[bytes]) -> list[Statement]:
    return [statement for file in files for statement in camt.read(file)]


def send(rail: PaymentRail, **changes: Any) -> RailAnswer:
    payment_file = replace(FILE, **changes)
    return rail.send(payment_file.message_id, pain001.write(payment_file))


def test_a_payment_file_is_taken_once_however_often_it_is_sent(tmp_path: Path) -> None:
    assert [send(bank(tmp_path)) for _ in range(3)] == ["accepted"] * 3
    assert (tmp_path / "out" / "NB-1.xml").read_bytes() == pain001.write(FILE)
    (statement,) = read(bank(tmp_path).statements(TUESDAY))
    assert [entry.amount_minor for entry in statement.entries] == [-12_825_000]


def test_other_contents_under_the_same_id_are_refused(tmp_path: Path) -> None:
    send(bank(tmp_path))
    with pytest.raises(FileRefused, match="'NB-1' was given to the bank before"):
        send(bank(tmp_path), lines=LINES[:1])


@pytest.mark.parametrize(
    ("message_id", "changes"),
    [("NB-2", {}), ("NB-1", {"debtor_iban": SUPPLIERS[0]}), ("NB-1", {"currency": "USD"})],
)
def test_a_file_for_another_account_or_id_is_refused(tmp_path: Path, message_id: str, changes: dict[str, Any]) -> None:
    with pytest.raises(FileRefused, match="the payment file is for"):
        bank(tmp_path).send(message_id, pain001.write(replace(FILE, **changes)))
    assert bank(tmp_path).statements(TUESDAY) == []


def test_what_is_no_payment_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused):
        bank(tmp_path).send("NB-1", b"<Document/>")


def test_an_answer_that_got_lost_is_given_when_asked_again(tmp_path: Path) -> None:
    bank(tmp_path).stay_silent("NB-1")
    assert [send(bank(tmp_path)), send(bank(tmp_path))] == ["unknown", "accepted"]
    assert len(read(bank(tmp_path).statements(TUESDAY))) == 1


def test_a_message_id_cannot_leave_the_folder(tmp_path: Path) -> None:
    send(bank(tmp_path / "bank"), message_id="..'/../x")
    assert [path.name for path in tmp_path.iterdir()] == ["bank"]


def test_a_payment_file_is_one_entry_with_a_detail_a_line(tmp_path: Path) -> None:
    send(bank(tmp_path))
    (statement,) = read(bank(tmp_path).statements(TUESDAY))
    (entry,) = statement.entries
    assert (entry.booked_on, entry.valued_on, entry.unexplained_minor) == (MONDAY, MONDAY, 0)
    assert [detail.end_to_end_id for detail in entry.details] == ["R1", "R2"]
    assert [detail.name for detail in entry.details] == ["Ash Castings", "Birch Tools"]
    assert [detail.account for detail in entry.details] == list(SUPPLIERS)
    assert len({detail.bank_ref for detail in entry.details}) == 2


def test_money_is_notified_on_its_day_and_stands_in_the_next_statement_under_the_same_reference(tmp_path: Path) -> None:
    bank(tmp_path).expect(MONEY)
    assert bank(tmp_path).notifications(MONDAY) == []
    (notification,) = read(bank(tmp_path).notifications(TUESDAY))
    (statement,) = read(bank(tmp_path).statements(WEDNESDAY))
    assert notification.kind == "054"
    assert notification.entries == statement.entries
    (detail,) = statement.entries[0].details
    assert (statement.entries[0].bank_ref, detail.amount_minor, detail.name) == ("C1", 1_850_000, "Halberd")
    assert (detail.text, detail.account) == (MONEY.text, MONEY.payer_iban)
    assert (detail.end_to_end_id, detail.return_reason) == ("", "")


def test_the_notification_of_a_day_is_the_same_before_and_after_its_statement(tmp_path: Path) -> None:
    bank(tmp_path).expect(MONEY)
    before = bank(tmp_path).notifications(TUESDAY)
    bank(tmp_path).statements(WEDNESDAY)
    assert bank(tmp_path).notifications(TUESDAY) == before


def test_balances_run_on_from_day_to_day(tmp_path: Path) -> None:
    send(bank(tmp_path))
    bank(tmp_path).expect(MONEY)
    first, second = read(bank(tmp_path).statements(WEDNESDAY))
    assert (first.booked_on, first.opening_minor, first.closing_minor, first.sequence) == (MONDAY, 0, -12_825_000, 1)
    assert (second.opening_minor, second.closing_minor, second.sequence) == (-12_825_000, -10_975_000, 2)
    assert second.booked_on == TUESDAY
    bank(tmp_path).expect(replace(MONEY, bank_ref="C2", value_on=WEDNESDAY))
    (third,) = read(bank(tmp_path).statements(date(2026, 1, 8)))
    assert (third.opening_minor, third.closing_minor, third.sequence) == (-10_975_000, -9_125_000, 3)


def test_a_statement_is_given_to_one_ask_only_and_always_the_same(tmp_path: Path) -> None:
    send(bank(tmp_path))
    first = bank(tmp_path).statements(TUESDAY)
    assert bank(tmp_path).statements(TUESDAY) == first
    assert bank(tmp_path).statements(WEDNESDAY) == []
    assert bank(tmp_path).statements(TUESDAY) == first
    assert bank(tmp_path).statements(MONDAY) == []


def test_what_arrives_for_a_day_already_given_is_booked_on_the_next_under_its_own_value_date(tmp_path: Path) -> None:
    assert bank(tmp_path).statements(WEDNESDAY) == []
    bank(tmp_path).expect(MONEY)
    (notification,) = read(bank(tmp_path).notifications(WEDNESDAY))
    entry = notification.entries[0]
    assert (entry.booked_on, entry.valued_on) == (WEDNESDAY, TUESDAY)
    assert bank(tmp_path).statements(WEDNESDAY) == []
    assert read(bank(tmp_path).statements(FRIDAY))[0].booked_on == WEDNESDAY


def test_a_closed_day_books_on_the_next_open_one(tmp_path: Path) -> None:
    bank(tmp_path).expect(replace(MONEY, value_on=SATURDAY))
    send(bank(tmp_path), execution_on=SATURDAY)
    assert bank(tmp_path).notifications(SATURDAY) == []
    assert bank(tmp_path).statements(NEXT_MONDAY) == []
    (notification,) = read(bank(tmp_path).notifications(NEXT_MONDAY))
    assert notification.entries[0].valued_on == SATURDAY
    (statement,) = read(bank(tmp_path).statements(date(2026, 1, 13)))
    assert [entry.booked_on for entry in statement.entries] == [NEXT_MONDAY, NEXT_MONDAY]
    assert statement.closing_minor == 1_850_000 - 12_825_000


def test_a_bounced_payout_comes_back_in_full_with_its_reference_and_reason(tmp_path: Path) -> None:
    send(bank(tmp_path))
    bank(tmp_path).bounce("R2", TUESDAY)
    (notification,) = read(bank(tmp_path).notifications(TUESDAY))
    (detail,) = notification.entries[0].details
    assert (detail.end_to_end_id, detail.return_reason, detail.amount_minor) == ("R2", "AC04", 3_975_000)
    paid, returned = read(bank(tmp_path).statements(WEDNESDAY))
    assert returned.entries == notification.entries
    assert returned.closing_minor == -8_850_000
    assert paid.entries[0].bank_ref != returned.entries[0].bank_ref


def test_a_bounce_scripted_before_its_payout_waits_for_it(tmp_path: Path) -> None:
    bank(tmp_path).bounce("R2", MONDAY, "MD07")
    assert bank(tmp_path).notifications(MONDAY) == []
    assert bank(tmp_path).statements(TUESDAY) == []
    send(bank(tmp_path), execution_on=TUESDAY)
    (notification,) = read(bank(tmp_path).notifications(TUESDAY))
    assert notification.entries[0].details[0].return_reason == "MD07"


def test_more_money_on_the_day_is_another_message(tmp_path: Path) -> None:
    bank(tmp_path).expect(MONEY)
    (first,) = read(bank(tmp_path).notifications(TUESDAY))
    bank(tmp_path).expect(replace(MONEY, bank_ref="C2"))
    (second,) = read(bank(tmp_path).notifications(TUESDAY))
    assert [entry.bank_ref for entry in second.entries] == ["C1", "C2"]
    assert first.message_id != second.message_id


def test_the_same_script_twice_changes_nothing_and_another_under_its_name_is_refused(tmp_path: Path) -> None:
    for _ in range(2):
        bank(tmp_path).expect(MONEY)
        bank(tmp_path).bounce("R1", TUESDAY)
    assert len(read(bank(tmp_path).notifications(TUESDAY))[0].entries) == 1
    with pytest.raises(FileRefused):
        bank(tmp_path).expect(replace(MONEY, amount_minor=1))
    with pytest.raises(FileRefused):
        bank(tmp_path).bounce("R1", WEDNESDAY)


def test_the_same_script_in_two_folders_gives_the_same_bytes(tmp_path: Path) -> None:
    answers = []
    for name in ("one", "two"):
        rail = bank(tmp_path / name)
        send(rail)
        rail.expect(MONEY)
        rail.bounce("R1", TUESDAY)
        answers.append([rail.notifications(TUESDAY), rail.statements(WEDNESDAY)])
    assert answers[0] == answers[1]


def test_many_at_once_send_one_payment(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: send(bank(tmp_path)), range(24)))
    assert set(answers) == {RailAnswer.ACCEPTED}
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["NB-1.xml"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"amount_minor": 0}, "amount_minor"),
        ({"payer_iban": "XX"}, "payer_iban"),
        ({"bank_ref": ""}, "bank_ref"),
        ({"text": "x" * 141}, "text"),
        ({"payer_name": "a\x00b"}, "payer_name"),
        ({"end_to_end_id": "e" * 36}, "end_to_end_id"),
    ],
)
def test_a_script_that_no_statement_could_show_is_refused(tmp_path: Path, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(FieldError) as caught:
        bank(tmp_path).expect(replace(MONEY, **changes))
    assert caught.value.field == field


def test_a_return_reason_must_be_an_iso_code(tmp_path: Path) -> None:
    with pytest.raises(FieldError, match="reason"):
        bank(tmp_path).bounce("R1", TUESDAY, "account closed")
