"""Prices against published examples, the story's table, and the laws every price must keep.

Of the oracle cases these are out of scope: W4 (discount to yield compounded semi-annually: a method terms do not offer
yet) and, as methods, OWN2, OWN3 and OWN4 (interest in arrears). Their sums are reproduced all the same where they are
sums of ours: simple interest is the straight discount's formula, and what the supplier gets in the end does not depend
on when the interest is taken. W23, W25 and W29 take their fees from the reserve at the end, we take them from the
advance at once: advance, reserve, fees and the supplier's total are the same, net and refund differ by just the fees.
"""

import json
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scf.calendars import Roll, roll
from scf.daycount import DayCount, days, year_fraction
from scf.errors import FieldError
from scf.factoring.pricing import (
    Price,
    Pricing,
    apr_all_in,
    earned_to,
    late_charge,
    of_terms,
    price,
    proof,
    proof_text,
    recompute,
    verify,
)
from scf.money import PPM, Rounding, parse_minor, parse_ppm, round_ratio
from scf.programmes.terms import Method, Terms

ORACLES = Path(__file__).parents[2] / "shared" / "oracles" / "finance.json"
STRAIGHT, TO_YIELD = Method.STRAIGHT_DISCOUNT, Method.DISCOUNT_TO_YIELD
RATES = st.integers(0, PPM)
FACES = st.integers(1, 10**13)
SPANS = st.tuples(st.integers(1, 3660), st.sampled_from((360, 365, 366, 365 * 366)))
PRICINGS = st.builds(
    Pricing,
    method=st.sampled_from(Method),
    rate_ppm=RATES,
    advance_rate_ppm=st.integers(1, PPM),
    fee_rate_ppm=RATES,
    fee_fixed_minor=st.integers(0, 10**8),
    vat_on_fee_ppm=RATES,
    minimum_charge_minor=st.integers(0, 10**8),
    rounding=st.sampled_from(Rounding),
)


def _oracle(section: str) -> dict[str, dict[str, Any]]:
    if not ORACLES.exists():
        pytest.skip(f"shared oracles absent: {ORACLES}")
    return {case["id"]: case for case in json.loads(ORACLES.read_text())[section]}


def _eur(text: str) -> int:
    return parse_minor(text, "EUR")


def test_every_published_discount_of_our_two_methods_is_reproduced() -> None:
    cases = [case for case in _oracle("discount").values() if case["method"] in set(Method)]
    assert {case["id"] for case in cases} == {"W1", "W2", "W6", "W7", "W8a", "W14", "OWN1"}
    for case in cases:
        made = price(
            Pricing(Method(case["method"]), parse_ppm(case["rate"])), _eur(case["face"]), case["days"], case["basis"]
        )
        assert (made.discount, made.net) == (_eur(case["expect"]["discount"]), _eur(case["expect"]["proceeds"])), case


@pytest.mark.parametrize("id", ["W23", "W25"])
def test_a_factors_own_unit_tests_are_reproduced_with_every_step_cut_down(id: str) -> None:
    case = _oracle("advance_factoring")[id]
    pricing = Pricing(
        STRAIGHT,
        parse_ppm(case["discount_rate"]),
        advance_rate_ppm=parse_ppm(case["advance_rate"]),
        fee_rate_ppm=parse_ppm(case["fee_rate_of_face"]),
        rounding=Rounding(case["rounding"]),
    )
    made, expect = price(pricing, case["face_minor"], case["tenor_days"], case["basis"]), case["expect"]
    assert (made.advance, made.reserve) == (expect["advance_minor"], expect["reserve_minor"])
    assert made.discount + made.fee == expect["fees_minor"]
    assert made.net == expect["advance_minor"] - expect["fees_minor"]
    assert made.net + made.reserve == expect["advance_minor"] + expect["refund_minor"]


def test_a_flat_fee_without_discount_leaves_the_published_total() -> None:
    case = _oracle("advance_factoring")["W29"]
    pricing = Pricing(
        STRAIGHT, 0, parse_ppm(case["advance_rate"]), parse_ppm(case["flat_fee_rate"]), rounding=Rounding.HALF_UP
    )
    made, expect = price(pricing, _eur(case["face"]), 30, 360), case["expect"]
    assert (made.advance, made.reserve, made.fee) == tuple(_eur(expect[name]) for name in ("advance", "reserve", "fee"))
    assert made.net + made.reserve == _eur(expect["total_to_supplier"])
    assert made.reserve - made.fee == _eur(expect["final"])


def test_fee_vat_and_simple_interest_of_our_own_worked_example() -> None:
    case, diluted = (_oracle("advance_factoring")[id] for id in ("OWN3", "OWN4"))
    pricing = Pricing(
        STRAIGHT,
        parse_ppm(case["interest_rate"]),
        advance_rate_ppm=parse_ppm(case["advance_rate"]),
        fee_rate_ppm=parse_ppm(case["flat_fee_rate"]),
        vat_on_fee_ppm=parse_ppm(case["vat_on_fee"]),
    )
    made, expect = price(pricing, _eur(case["face"]), case["days"], case["basis"]), case["expect"]
    assert (made.advance, made.fee, made.vat) == tuple(_eur(expect[name]) for name in ("advance", "fee", "vat"))
    assert made.discount == _eur(expect["interest"])
    rebate = made.reserve - made.discount - made.fee - made.vat
    assert rebate == _eur(expect["rebate"])
    assert rebate - _eur(diluted["credit_note"]) == _eur(diluted["expect"]["rebate"])


def test_simple_interest_and_late_interest_are_the_published_sums() -> None:
    arrears, late = _oracle("discount")["OWN2"], _oracle("late_interest")["W19"]
    for amount, case, expected in (
        (arrears["face"], arrears, arrears["expect"]["interest"]),
        (late["principal"], late, late["expect"]),
    ):
        rate = parse_ppm(case["rate"])
        assert late_charge(_eur(amount), rate, case["days"], case["basis"], Rounding.HALF_UP) == _eur(expected)


# The story's table: face, terms, credited, due, days, discount, fee, VAT, net.
STORY = {
    "R1": ("100000.00", ("0.06", "0.9", "0.005", "0.2", "0"), "01-05", "03-06", 60, "900 500 100 88500"),
    "R2": ("40000.00", ("0.05", "1", "0", "0", "0"), "01-05", "02-19", 45, "250 0 0 39750"),
    "R3": ("20000.00", ("0.06", "0.95", "0", "0", "0"), "01-12", "02-01", 21, "66.50 0 0 18933.50"),
    "R4": ("10000.00", ("0.06", "1", "0", "0", "0"), "02-04", "03-11", 35, "58.33 0 0 9941.67"),
    "R5": ("12000.00", ("0.06", "1", "0", "0", "0"), "01-15", "02-20", 36, "72 0 0 11928"),
    "R5 made anew": ("12000.00", ("0.06", "1", "0", "0", "0"), "01-20", "02-20", 31, "62 0 0 11938"),
    "R6": ("30000.00", ("0.10", "0.9", "0.0005", "0.2", "20"), "02-02", "03-02", 28, "210 20 4 26766"),
}


@pytest.mark.parametrize("name", STORY)
def test_the_storys_prices_to_the_cent(name: str) -> None:
    face, (rate, advance_rate, fee_rate, vat, minimum), credited, due, tenor, expected = STORY[name]
    terms = Terms(
        "EUR",
        rate_ppm=parse_ppm(rate),
        advance_rate_ppm=parse_ppm(advance_rate),
        fee_rate_ppm=parse_ppm(fee_rate),
        vat_on_fee_ppm=parse_ppm(vat),
        minimum_charge_minor=_eur(minimum),
    )
    start = date.fromisoformat(f"2026-{credited}")
    end = roll("TARGET", date.fromisoformat(f"2026-{due}"), Roll.FOLLOWING)
    assert days(start, end, DayCount.ACT_360) == tenor
    made = price(of_terms(terms), _eur(face), *year_fraction(start, end, DayCount.ACT_360))
    assert (made.discount, made.fee, made.vat, made.net) == tuple(map(_eur, expected.split()))
    assert made.reserve == _eur(face) - made.advance


def test_the_storys_late_charges_and_the_first_days_earnings() -> None:
    assert late_charge(_eur("40000"), 90_000, 11, 360, Rounding.HALF_UP) == _eur("110.00")
    assert late_charge(_eur("1000"), 90_000, 14, 360, Rounding.HALF_UP) == _eur("3.50")
    assert earned_to(_eur("900"), 1, 60) == _eur("15.00")


@given(PRICINGS, FACES, SPANS)
def test_the_parts_add_up_to_the_face_and_the_deductions_to_the_advance(
    pricing: Pricing, face: int, span: tuple[int, int]
) -> None:
    made = price(pricing, face, *span)
    assert made.reserve + made.discount + made.fee + made.vat + made.net == face
    assert made.discount + made.fee + made.vat + made.net == made.advance
    assert made.fee >= pricing.minimum_charge_minor
    assert min(made.advance, made.reserve, made.discount, made.fee, made.vat) >= 0


@given(PRICINGS, FACES, SPANS)
def test_each_amount_is_its_exact_fraction_rounded_once(pricing: Pricing, face: int, span: tuple[int, int]) -> None:
    """A second way to the same sums, by the definitions, in fractions."""
    made, time = price(pricing, face, *span), Fraction(*span)

    def rounded(exact: Fraction) -> int:
        return round_ratio(exact.numerator, exact.denominator, pricing.rounding)

    advance = rounded(Fraction(face * pricing.advance_rate_ppm, PPM))
    growth = Fraction(pricing.rate_ppm, PPM) * time
    discount = rounded(advance * growth if pricing.method is STRAIGHT else advance - advance / (1 + growth))
    charged = Fraction(face * pricing.fee_rate_ppm, PPM) + pricing.fee_fixed_minor
    fee = rounded(max(charged, Fraction(pricing.minimum_charge_minor)))
    vat = rounded(Fraction(fee * pricing.vat_on_fee_ppm, PPM))
    assert made == Price(advance, face - advance, discount, fee, vat, advance - discount - fee - vat)


@given(PRICINGS, FACES, SPANS, st.integers(0, 400), RATES)
def test_a_longer_time_or_a_higher_rate_never_costs_less(
    pricing: Pricing, face: int, span: tuple[int, int], more_days: int, other_rate: int
) -> None:
    made = price(pricing, face, *span)
    assert price(pricing, face, span[0] + more_days, span[1]).discount >= made.discount
    dearer = replace(pricing, rate_ppm=max(pricing.rate_ppm, other_rate))
    assert price(dearer, face, *span).discount >= made.discount


@given(PRICINGS, FACES, SPANS)
def test_discount_to_yield_never_costs_more_than_straight_discount_and_never_all(
    pricing: Pricing, face: int, span: tuple[int, int]
) -> None:
    straight = price(replace(pricing, method=STRAIGHT), face, *span)
    to_yield = price(replace(pricing, method=TO_YIELD), face, *span)
    assert to_yield.discount <= straight.discount
    assert to_yield.discount <= to_yield.advance


@given(PRICINGS, FACES, SPANS)
def test_a_proof_alone_recomputes_its_price(pricing: Pricing, face: int, span: tuple[int, int]) -> None:
    made = price(pricing, face, *span)
    given_proof = proof(pricing, face, *span, made)
    assert recompute(given_proof) == made
    assert verify(given_proof)
    assert proof_text(pricing, face, *span, made) == json.dumps(given_proof)


def _story_proof() -> dict[str, str]:
    pricing = Pricing(STRAIGHT, 60_000, 900_000, 5_000, 0, 200_000)
    return proof(pricing, 10_000_000, 60, 360, price(pricing, 10_000_000, 60, 360))


def test_a_proof_shows_the_year_fraction_and_the_amounts_before_rounding() -> None:
    shown = _story_proof()
    assert (shown["year_fraction"], shown["discount_exact"], shown["engine"]) == ("60/360", "90000/1", "1")
    third = Pricing(STRAIGHT, 60_000)
    assert proof(third, 100_001, 20, 360, price(third, 100_001, 20, 360))["discount_exact"] == "100001/300"


@pytest.mark.parametrize("key", sorted(set(_story_proof()) - {"engine", "method", "rounding", "year_fraction"}))
def test_a_proof_with_any_number_changed_does_not_verify(key: str) -> None:
    tampered = _story_proof()
    first, slash, second = tampered[key].partition("/")
    tampered[key] = f"{int(first) + 1_000_003}{slash}{second}"
    assert not verify(tampered)


def test_a_proof_with_another_method_or_time_does_not_verify_and_extra_keys_do_not_matter() -> None:
    shown = _story_proof()
    assert verify({**shown, "terms": "sha256:…"})
    assert not verify({**shown, "method": "discount_to_yield"})
    assert not verify({**shown, "year_fraction": "61/360"})


@pytest.mark.parametrize(
    ("key", "value", "field"),
    [
        ("engine", "2", "engine"),
        ("rounding", "UP", "proof"),
        ("rate_ppm", "x", "proof"),
        ("year_fraction", "1/0", "proof"),
    ],
)
def test_a_proof_that_cannot_be_read_is_an_error_and_not_a_failed_proof(key: str, value: str, field: str) -> None:
    with pytest.raises(FieldError) as caught:
        verify({**_story_proof(), key: value})
    assert caught.value.field == field


def test_the_all_in_rate_counts_discount_and_fee_but_not_vat() -> None:
    made = Price(9_000_000, 1_000_000, 90_000, 50_000, 10_000, 8_850_000)
    # 140,000 / 8,850,000 × 365 / 60 = 0.09623352…
    assert apr_all_in(made, 60) == "0.096234"
    assert apr_all_in(Price(100, 0, 0, 0, 0, 100), 1) == "0.000000"
    assert apr_all_in(Price(100, 0, 50, 0, 0, 50), 1) == "365.000000"


@pytest.mark.parametrize(("net", "tenor"), [(0, 60), (-1, 60), (100, 0)])
def test_there_is_no_yearly_rate_without_a_net_or_a_time(net: int, tenor: int) -> None:
    with pytest.raises(ValueError, match="above 0"):
        apr_all_in(Price(100, 0, 100 - net, 0, 0, net), tenor)


@given(st.integers(0, 10**12), st.integers(1, 4000), st.sampled_from(Rounding))
def test_the_days_earnings_are_never_negative_and_end_exactly_at_the_discount(
    discount: int, tenor: int, rounding: Rounding
) -> None:
    course = [earned_to(discount, passed, tenor, rounding) for passed in range(-1, tenor + 2)]
    assert course == sorted(course)
    assert course[0] == course[1] == 0
    assert course[-2] == course[-1] == discount
