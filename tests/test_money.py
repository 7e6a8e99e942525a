"""Money: round trips, rounding that mirrors signs, splits that lose nothing."""

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scf.currencies import exponent
from scf.errors import FieldError
from scf.money import (
    PPM,
    Money,
    Rounding,
    decimal_string,
    parse_minor,
    parse_ppm,
    ppm_string,
    readable,
    round_ratio,
    share,
)

DECIMAL = {
    Rounding.HALF_UP: ROUND_HALF_UP,
    Rounding.HALF_EVEN: ROUND_HALF_EVEN,
    Rounding.DOWN: ROUND_DOWN,
}
AMOUNTS = st.integers(-(10**15) + 1, 10**15 - 1)
CURRENCIES = st.sampled_from(["EUR", "JPY", "KWD", "USD", "CNY"])


@pytest.mark.parametrize(("currency", "digits"), [("JPY", 0), ("EUR", 2), ("KWD", 3), ("CLF", 4)])
def test_currencies_have_the_decimals_of_iso_4217(currency: str, digits: int) -> None:
    assert exponent(currency) == digits


@pytest.mark.parametrize("code", ["XAU", "EURO", "", "eur", "ZZZ"])
def test_what_is_no_currency_for_money_is_refused(code: str) -> None:
    with pytest.raises(FieldError) as caught:
        exponent(code)
    assert caught.value.field == "currency"


@given(AMOUNTS, CURRENCIES)
def test_an_amount_printed_and_read_again_is_the_same(minor: int, currency: str) -> None:
    assert parse_minor(decimal_string(minor, currency), currency) == minor


@given(AMOUNTS, CURRENCIES)
def test_a_readable_amount_is_the_decimal_string_with_thousands_marks(minor: int, currency: str) -> None:
    assert readable(minor, currency).replace(",", "") == decimal_string(minor, currency)


@given(st.integers(-(10**9), 10**9))
def test_a_rate_printed_and_read_again_is_the_same(ppm: int) -> None:
    assert parse_ppm(ppm_string(ppm)) == ppm


@given(st.integers(-(10**20), 10**20), st.integers(1, 10**12), st.sampled_from(Rounding))
def test_rounding_mirrors_signs_and_equals_the_decimal_modules(
    numerator: int, denominator: int, rounding: Rounding
) -> None:
    rounded = round_ratio(numerator, denominator, rounding)
    assert round_ratio(-numerator, denominator, rounding) == -rounded
    # The quotient is brought to a form decimal holds exactly, so that a tie stays a tie and only a tie.
    whole, rest = divmod(abs(numerator), denominator)
    half = Decimal(0 if rest == 0 else 25 if 2 * rest < denominator else 50 if 2 * rest == denominator else 75) / 100
    with localcontext(prec=40):
        expected = int((whole + half).quantize(Decimal(1), DECIMAL[rounding]))
    assert abs(rounded) == expected


@pytest.mark.parametrize(
    ("numerator", "up", "even", "down"), [(5, 3, 2, 2), (15, 8, 8, 7), (-5, -3, -2, -2), (4, 2, 2, 2), (1, 1, 0, 0)]
)
def test_ties_go_where_their_mode_says(numerator: int, up: int, even: int, down: int) -> None:
    modes = (Rounding.HALF_UP, Rounding.HALF_EVEN, Rounding.DOWN)
    assert tuple(round_ratio(numerator, 2, mode) for mode in modes) == (up, even, down)


@given(AMOUNTS, st.lists(st.integers(0, 10**9), min_size=1, max_size=12).filter(any))
def test_shares_add_up_and_each_is_within_one_unit_of_its_exact_part(total: int, weights: list[int]) -> None:
    parts = share(total, weights)
    assert sum(parts) == total
    assert share(-total, weights) == [-part for part in parts]
    whole = sum(weights)
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part * whole - total * weight) < whole


def test_the_first_wins_the_odd_unit_of_a_tie() -> None:
    assert share(101, [1, 1]) == [51, 50]
    assert share(100, [1, 1, 1]) == [34, 33, 33]
    assert share(-101, [1, 1]) == [-51, -50]


@pytest.mark.parametrize("weights", [[0, 0], [1, -1], [3, -1]])
def test_a_split_without_weights_is_refused(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        share(100, weights)


@pytest.mark.parametrize("text", ["", "1,000.00", "1e3", "NaN", "+1", "1.", ".5", "1 000", "1" * 16, "--1"])
def test_what_is_no_plain_decimal_is_no_amount(text: str) -> None:
    with pytest.raises(FieldError, match="no amount"):
        parse_minor(text, "EUR")


def test_decimals_beyond_the_currency_are_refused_unless_they_are_zeros() -> None:
    assert parse_minor("1.500", "EUR") == 150
    assert parse_minor("100.0", "JPY") == 100
    with pytest.raises(FieldError, match="more decimals than JPY"):
        parse_minor("100.5", "JPY")
    with pytest.raises(FieldError, match="more decimals than EUR"):
        parse_minor("1.005", "EUR", "face")


def test_a_rate_beyond_six_decimals_is_refused_not_rounded() -> None:
    assert parse_ppm("0.123456") == 123_456
    with pytest.raises(FieldError, match="six decimals"):
        parse_ppm("0.1234567")


def test_amounts_and_rates_as_people_read_them() -> None:
    assert readable(-1_234_567, "EUR") == "-12,345.67"
    assert readable(1_234_567, "JPY") == "1,234,567"
    assert str(Money(5, "KWD")) == "0.005 KWD"
    assert (ppm_string(60_000), ppm_string(PPM), ppm_string(-500)) == ("0.06", "1", "-0.0005")
