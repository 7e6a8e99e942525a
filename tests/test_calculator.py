"""The calculator for bankers: what one line answers, and what it refuses, with the field."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scf.factoring.calculator import answer_line, answer_lines
from scf.factoring.pricing import verify

DATED: dict[str, Any] = {
    "method": "straight_discount",
    "face": "100000.00",
    "currency": "EUR",
    "rate": "0.06",
    "from": "2026-01-05",
    "to": "2026-03-06",
}
COUNTED: dict[str, Any] = {
    "method": "discount_to_yield",
    "face": "1000000.00",
    "currency": "EUR",
    "rate": "0.03",
    "days": 183,
    "basis": 360,
}


def _answer(asked: dict[str, Any]) -> Any:
    answer, well = answer_line(json.dumps(asked))
    assert well, answer
    return answer


def _error(line: str) -> tuple[str, str]:
    answer: Any
    answer, well = answer_line(line)
    assert not well, answer
    assert list(answer) == ["error"] and list(answer["error"]) == ["field", "message"]
    return answer["error"]["field"], answer["error"]["message"]


def test_the_example_of_a_purchase_at_face_by_dates_with_every_default() -> None:
    answer = _answer(DATED)
    shown = answer.pop("proof")
    assert answer == {
        "advance": "100000.00",
        "reserve": "0.00",
        "discount": "1000.00",
        "fee": "0.00",
        "vat": "0.00",
        "net": "99000.00",
        "days": 60,
        "apr_all_in": "0.061448",
    }
    assert (shown["from"], shown["to"], shown["day_count"], shown["year_fraction"]) == (
        "2026-01-05",
        "2026-03-06",
        "ACT/360",
        "60/360",
    )


def test_days_with_a_basis_stand_instead_of_dates() -> None:
    answer = _answer(COUNTED)
    assert (answer["discount"], answer["net"], answer["days"]) == ("15020.93", "984979.07", 183)
    assert _answer({**COUNTED, "days": "183", "basis": "360"}) == answer


def test_reserve_fee_minimum_and_vat_as_in_the_story() -> None:
    extra = {"advance_rate": "0.9", "fee_rate": "0.0005", "vat_on_fee": "0.2", "minimum_charge": "20"}
    dates = {"from": "2026-02-02", "to": "2026-03-02"}
    answer = _answer({**DATED, **extra, **dates, "face": "30000.00", "rate": "0.10"})
    parts = [answer[name] for name in ("advance", "reserve", "discount", "fee", "vat", "net")]
    assert parts == ["27000.00", "3000.00", "210.00", "20.00", "4.00", "26766.00"]


def test_the_proof_in_the_answer_verifies_on_its_own() -> None:
    for asked in (DATED, COUNTED, {**DATED, "day_count": "ACT/ACT ISDA", "rounding": "DOWN"}):
        assert verify(_answer(asked)["proof"])


@pytest.mark.parametrize(
    ("currency", "face", "discount"), [("JPY", "100001", "1000"), ("KWD", "100.001", "1.000"), ("EUR", "100", "1.00")]
)
def test_amounts_have_the_decimals_of_their_currency(currency: str, face: str, discount: str) -> None:
    assert _answer({**DATED, "currency": currency, "face": face})["discount"] == discount


@pytest.mark.parametrize(
    ("day_count", "tenor"),
    [("ACT/360", 60), ("ACT/365F", 60), ("30E/360", 61), ("30/360 US", 61), ("ACT/ACT ISDA", 60)],
)
def test_every_day_count_is_known_and_shows_its_own_days(day_count: str, tenor: int) -> None:
    assert _answer({**DATED, "day_count": day_count})["days"] == tenor


def test_whole_json_numbers_are_amounts_in_whole_units() -> None:
    assert _answer({**DATED, "face": 100000, "fee_fixed": 0}) == _answer(DATED)


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"method": "dutch"}, "method", "straight_discount, discount_to_yield"),
        ({"method": None}, "method", "no string"),
        ({"face": "0"}, "face", "above 0"),
        ({"face": "-1"}, "face", "above 0"),
        ({"face": "100.001"}, "face", "more decimals than EUR"),
        ({"face": "1e5"}, "face", "no amount"),
        ({"face": 100000.5}, "face", "string"),
        ({"face": float("nan")}, "face", "string"),
        ({"face": True}, "face", "no string"),
        ({"face": ["1"]}, "face", "no string"),
        ({"face": 10**40}, "face", "at most 15 digits"),
        ({"currency": "EURO"}, "currency", "ISO 4217"),
        ({"currency": "XAU"}, "currency", "minor unit"),
        ({"currency": 978}, "currency", "no string"),
        ({"rate": 0.06}, "rate", "string"),
        ({"rate": "0.0612345"}, "rate", "six decimals"),
        ({"rate": "6"}, "rate", "6 % is 0.06"),
        ({"rate": "-0.01"}, "rate", "from 0"),
        ({"advance_rate": "0"}, "advance_rate", "above 0"),
        ({"advance_rate": "1.000001"}, "advance_rate", "up to 1"),
        ({"fee_rate": "2"}, "fee_rate", "up to 1"),
        ({"fee_fixed": "-1"}, "fee_fixed", "at least 0"),
        ({"vat_on_fee": "20"}, "vat_on_fee", "up to 1"),
        ({"minimum_charge": "x"}, "minimum_charge", "no amount"),
        ({"rounding": "UP"}, "rounding", "HALF_UP, HALF_EVEN, DOWN"),
        ({"from": "05.01.2026"}, "from", "2026-01-05"),
        ({"from": "20260105"}, "from", "2026-01-05"),
        ({"to": "2026-02-30"}, "to", "no date"),
        ({"to": "2026-01-05"}, "days", "is 0"),
        ({"to": "2026-01-04"}, "days", "is -1"),
        ({"to": "2226-01-04"}, "days", "36525"),
        ({"day_count": "ACT/364"}, "day_count", "ACT/365F"),
        ({"days": 60, "basis": 360}, "from", "days with a basis"),
        ({"fee_fixed": "99000"}, "net", "the net would be 0.00 EUR"),
        ({"tenor": 60}, "tenor", "unknown; known are method"),
    ],
)
def test_a_wrong_value_is_refused_by_field_and_reason(change: dict[str, Any], field: str, words: str) -> None:
    named, message = _error(json.dumps({**DATED, **change}))
    assert named == field
    assert words in message


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"days": 0}, "days", "1 to 36525"),
        ({"days": -5}, "days", "1 to 36525"),
        ({"days": 1.5}, "days", "string"),
        ({"days": "sixty"}, "days", "no whole number"),
        ({"days": True}, "days", "no string"),
        ({"basis": 364}, "basis", "360, 365, 366"),
        ({"day_count": "ACT/360"}, "day_count", "days with a basis"),
    ],
)
def test_wrong_days_or_basis_are_refused_by_field_and_reason(change: dict[str, Any], field: str, words: str) -> None:
    named, message = _error(json.dumps({**COUNTED, **change}))
    assert named == field
    assert words in message


@pytest.mark.parametrize(
    ("asked", "key"),
    [(DATED, key) for key in DATED] + [(COUNTED, key) for key in COUNTED if key not in DATED],
)
def test_what_has_no_default_must_be_given(asked: dict[str, Any], key: str) -> None:
    left = {name: value for name, value in asked.items() if name != key}
    assert _error(json.dumps(left)) == (key, "missing")


@pytest.mark.parametrize("line", ["{", "[]", '"x"', "3", "null", "[" * 100_000, '{"face": ' + "9" * 5_000 + "}"])
def test_a_line_that_is_no_json_object_names_the_line(line: str) -> None:
    assert _error(line)[0] == "line"


def test_a_key_given_twice_is_refused_rather_than_guessed() -> None:
    assert _error(json.dumps(DATED)[:-1] + ', "face": "1"}') == ("face", "given twice; give it once")


@given(st.dictionaries(st.sampled_from([*DATED, *COUNTED, "advance_rate", "x"]), st.text() | st.integers() | st.none()))
def test_no_line_whatever_breaks_the_calculator(change: dict[str, Any]) -> None:
    answer, well = answer_line(json.dumps({**DATED, **change}))
    assert well == ("error" not in answer)


def test_lines_are_answered_in_order_and_one_bad_line_does_not_stop_the_rest() -> None:
    written: list[str] = []
    code = answer_lines([json.dumps(DATED), "\n", "  ", "{bad", json.dumps(COUNTED) + "\n"], written.append)
    assert code == 1
    assert [("error" in json.loads(line)) for line in written] == [False, True, False]
    assert all(line.endswith("\n") and line.count("\n") == 1 for line in written)


def test_all_good_lines_exit_with_zero_and_no_lines_too() -> None:
    assert answer_lines(["\ufeff" + json.dumps(DATED)], lambda _: None) == 0
    assert answer_lines([], lambda _: None) == 0
