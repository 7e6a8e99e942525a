"""Fingerprints: the same claim always agrees, another never does, and a disguise is seen through."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invoices.fingerprint import disguise, fingerprint, normal_number, plain_number

DAY = date(2026, 1, 5)


def key(
    number: str = "INV-0042", *, seller: str = "ATU1", on: date = DAY, minor: int = 100, currency: str = "EUR"
) -> str:
    return fingerprint(seller, "FN 7", number, on, minor, currency)


def test_case_and_blanks_do_not_change_a_fingerprint() -> None:
    assert key(" inv-00 42") == key("INV-0042")
    assert key(seller="at-u 1") == key(seller="ATU1")
    assert len(key()) == 64


def test_each_part_changes_a_fingerprint() -> None:
    others = (key("INV-042"), key(seller="ATU2"), key(on=date(2026, 1, 6)), key(minor=101), key(currency="SEK"))
    assert len({key(), *others}) == 6
    assert key(minor=-100) != key(minor=100)


def test_a_fingerprint_is_stable_from_version_to_version() -> None:
    assert key() == "327fe71b1cf74188d17fbbd749871826494bbb3ca636dfafd8a61a905e3851f8"
    assert (
        disguise("ATU1", "FN 7", "INV-0042", "EUR")
        == "eb8b6f19f3feff77b043ef9ad5a9d2789072690508c27c27c0b5db1708516182"
    )


def test_parts_cannot_run_into_one_another() -> None:
    assert fingerprint("AB", "C", "1", DAY, 1, "EUR") != fingerprint("A", "BC", "1", DAY, 1, "EUR")


@pytest.mark.parametrize(
    "number",
    [
        "INV-0042",
        "inv 42",
        "INV-OO42",
        "lNV.42",
        "Inv/42",
        "INV_0042",
        "\u0406NV-0042",
        "\uff29NV-\uff14\uff12",
        "INV\u00a042",
    ],
)
def test_numbers_in_disguise_agree(number: str) -> None:
    assert normal_number(number) == "1NV42"
    assert disguise("S", "B", number, "EUR") == disguise("S", "B", "INV-0042", "EUR")


@pytest.mark.parametrize(
    ("one", "other"), [("2026/007", "2026-7"), ("PO-7", "PO7"), ("RE 2026 0010", "re2026-10"), ("10-1", "10/001")]
)
def test_zeros_and_marks_do_not_matter(one: str, other: str) -> None:
    assert normal_number(one) == normal_number(other)


@pytest.mark.parametrize(
    ("one", "other"), [("INV-42", "INV-420"), ("INV-10", "INV-1"), ("INV-42", "CN-42"), ("100", "10"), ("---", "")]
)
def test_honest_numbers_stay_apart(one: str, other: str) -> None:
    assert normal_number(one) != normal_number(other)


def test_consecutive_numbers_never_share_a_disguise() -> None:
    assert len({normal_number(f"INV-{number:05d}") for number in range(20_000)}) == 20_000


def test_a_credit_note_is_no_disguise_of_its_invoice() -> None:
    assert disguise("S", "B", "42", "EUR", "credit_note") != disguise("S", "B", "42", "EUR")


@given(st.text(max_size=80))
def test_case_and_blanks_never_make_another_number(number: str) -> None:
    assert plain_number(f" {number}\t") == plain_number(number)
    assert len(disguise("S", "B", number, "EUR")) == 64


@given(
    st.from_regex(r"[A-Z]{1,4}[1-9][0-9]{0,6}", fullmatch=True), st.integers(0, 4), st.sampled_from(["", "-", " ", "/"])
)
def test_zeros_and_a_mark_before_the_digits_never_make_another_number(number: str, zeros: int, mark: str) -> None:
    letters = number.rstrip("0123456789")
    assert normal_number(f"{letters}{mark}{'0' * zeros}{number[len(letters) :]}".lower()) == normal_number(number)
