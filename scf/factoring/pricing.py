"""The price of an advance: a pure function of terms and facts, in integers, with a proof that recomputes it.

Amounts are minor units, rates parts per million, the year fraction an exact ratio. Each amount is rounded once, by the
terms' mode; factors never are. It refuses nothing: whether a net of zero or less may be funded is for its callers.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import gcd
from typing import NamedTuple

from scf.errors import FieldError
from scf.money import PPM, Rounding, round_ratio
from scf.programmes.terms import Method, Terms

ENGINE = "1"
_NUMBERS = (
    "rate_ppm",
    "advance_rate_ppm",
    "fee_rate_ppm",
    "fee_fixed_minor",
    "vat_on_fee_ppm",
    "minimum_charge_minor",
)


@dataclass(frozen=True, slots=True)
class Pricing:
    """What terms say about the price; rates 0 to 1,000,000 ppm, amounts ≥ 0."""

    method: Method
    rate_ppm: int
    advance_rate_ppm: int = PPM
    fee_rate_ppm: int = 0
    fee_fixed_minor: int = 0
    vat_on_fee_ppm: int = 0
    minimum_charge_minor: int = 0
    rounding: Rounding = Rounding.HALF_UP


class Price(NamedTuple):
    """What becomes of a face, in minor units: reserve + discount + fee + vat + net is the face, to the last unit."""

    advance: int
    reserve: int
    discount: int
    fee: int
    vat: int
    net: int


def of_terms(terms: Terms) -> Pricing:
    """The part of terms that makes the price."""
    return Pricing(
        terms.method,
        terms.rate_ppm,
        terms.advance_rate_ppm,
        terms.fee_rate_ppm,
        terms.fee_fixed_minor,
        terms.vat_on_fee_ppm,
        terms.minimum_charge_minor,
        terms.rounding,
    )


def price(pricing: Pricing, face_minor: int, numerator: int, denominator: int) -> Price:
    """The price of advancing against a face > 0 for numerator / denominator of a year (≥ 0; denominator > 0).

    Discount on the advance A at rate r over t years: straight A·r·t; to yield A − A/(1 + r·t). Fee on the face.
    """
    rounding = pricing.rounding
    advance = round_ratio(face_minor * pricing.advance_rate_ppm, PPM, rounding)
    discount = round_ratio(*_discount(pricing, advance, numerator, denominator), rounding)
    fee = round_ratio(_fee(pricing, face_minor), PPM, rounding)
    vat = round_ratio(fee * pricing.vat_on_fee_ppm, PPM, rounding)
    return Price(advance, face_minor - advance, discount, fee, vat, advance - discount - fee - vat)


def apr_all_in(price: Price, days: int) -> str:
    """(discount + fee) / net × 365 / days as a decimal fraction to six places, half up; VAT is recoverable and no cost.

    Raises `ValueError` when the net or the days are not > 0: such a price has no yearly rate.
    """
    if price.net <= 0 or days <= 0:
        raise ValueError("a yearly rate needs a net and days above 0")
    ppm = round_ratio((price.discount + price.fee) * 365 * PPM, price.net * days, Rounding.HALF_UP)
    return f"{ppm // PPM}.{ppm % PPM:06d}"


def earned_to(discount_minor: int, days_passed: int, days: int, rounding: Rounding = Rounding.HALF_UP) -> int:
    """What is earned of a discount after `days_passed` of `days`: nothing before the first, all from the last on."""
    if days_passed >= days:
        return discount_minor
    return round_ratio(discount_minor * days_passed, days, rounding) if days_passed > 0 else 0


def late_charge(open_minor: int, rate_ppm: int, numerator: int, denominator: int, rounding: Rounding) -> int:
    """Simple interest on what is open, for numerator / denominator of a year (≥ 0; denominator > 0), in minor units."""
    return round_ratio(open_minor * rate_ppm * numerator, PPM * denominator, rounding)


def proof(pricing: Pricing, face_minor: int, numerator: int, denominator: int, price: Price) -> dict[str, str]:
    """Every input, every amount as an exact fraction before its rounding, every result, and the engine's version."""
    found: dict[str, str] = json.loads(proof_text(pricing, face_minor, numerator, denominator, price))
    return found


def proof_text(pricing: Pricing, face_minor: int, numerator: int, denominator: int, price: Price) -> str:
    """The proof as JSON, as it is stored beside an advance; same inputs, same text."""
    advance, reserve, discount, fee, vat, net = price
    advance_exact = _reduced(face_minor * pricing.advance_rate_ppm, PPM)
    discount_exact = _reduced(*_discount(pricing, advance, numerator, denominator))
    fee_exact = _reduced(_fee(pricing, face_minor), PPM)
    vat_exact = _reduced(fee * pricing.vat_on_fee_ppm, PPM)
    return (
        f'{{{_agreed(pricing)}, "face_minor": "{face_minor}", "year_fraction": "{numerator}/{denominator}", '
        f'"advance_exact": "{advance_exact}", "discount_exact": "{discount_exact}", '
        f'"fee_exact": "{fee_exact}", "vat_exact": "{vat_exact}", '
        f'"advance_minor": "{advance}", "reserve_minor": "{reserve}", "discount_minor": "{discount}", '
        f'"fee_minor": "{fee}", "vat_minor": "{vat}", "net_minor": "{net}"}}'
    )


def recompute(given: Mapping[str, str]) -> Price:
    """The price that follows from the inputs a proof names, whatever results it claims.

    Raises `FieldError` when an input is missing or unreadable, or the engine is one this version does not know.
    """
    return price(*_inputs(given))


def verify(given: Mapping[str, str]) -> bool:
    """True when every intermediate and every result of a proof follows from its inputs; other keys are let be.

    Raises `FieldError` as `recompute` does: a proof that cannot be read is not a proof that failed.
    """
    inputs = _inputs(given)
    made = proof(*inputs, price(*inputs))
    return all(given.get(key) == text for key, text in made.items())


def difference(given: Mapping[str, str], stored: tuple[int, ...]) -> str:
    """What is wrong with a price that was stored beside its proof, in words; empty when nothing is."""
    try:
        made = tuple(recompute(given))
        if made != stored:
            return f"stored {stored}, recomputed {made}"
        return "" if verify(given) else "an intermediate of the proof does not follow from its inputs"
    except FieldError as error:
        return str(error)


@lru_cache(maxsize=1024)
def _agreed(pricing: Pricing) -> str:
    """The part of a proof that every advance under the same terms shares; no value in it needs escaping."""
    shared = {"engine": ENGINE, "method": pricing.method, "rounding": pricing.rounding}
    shared |= {name: str(getattr(pricing, name)) for name in _NUMBERS}
    return json.dumps(shared)[1:-1]


def _discount(pricing: Pricing, advance: int, numerator: int, denominator: int) -> tuple[int, int]:
    """The unrounded discount; to yield, A − A/(1 + r·t) = A·r·t/(1 + r·t)."""
    growth = pricing.rate_ppm * numerator
    whole = PPM * denominator
    return advance * growth, whole if pricing.method is Method.STRAIGHT_DISCOUNT else whole + growth


def _fee(pricing: Pricing, face_minor: int) -> int:
    """The unrounded fee in millionths of a minor unit."""
    charged = face_minor * pricing.fee_rate_ppm + pricing.fee_fixed_minor * PPM
    least = pricing.minimum_charge_minor * PPM
    return charged if charged > least else least


def _reduced(numerator: int, denominator: int) -> str:
    divisor = gcd(numerator, denominator)
    return f"{numerator // divisor}/{denominator // divisor}"


def _inputs(given: Mapping[str, str]) -> tuple[Pricing, int, int, int]:
    if given.get("engine") != ENGINE:
        raise FieldError("engine", f"{given.get('engine')!r} is unknown; this version recomputes {ENGINE!r}")
    try:
        method, rounding = Method(given["method"]), Rounding(given["rounding"])
        numbers = {name: int(given[name]) for name in _NUMBERS}
        face_minor = int(given["face_minor"])
        numerator, denominator = map(int, given["year_fraction"].split("/"))
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise FieldError("proof", f"an input is missing or unreadable: {error}") from None
    if denominator <= 0:
        raise FieldError("proof", f"the year fraction {given['year_fraction']} needs a denominator above 0")
    return Pricing(method=method, rounding=rounding, **numbers), face_minor, numerator, denominator
