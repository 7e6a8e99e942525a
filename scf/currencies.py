"""Currencies and their minor units, from ISO 4217 as the package `iso4217` carries it."""

from functools import cache

from iso4217 import Currency

from scf.errors import FieldError


def codes() -> tuple[str, ...]:
    """The codes of all currencies that have a minor unit, in order."""
    return tuple(sorted(each.code for each in Currency if each.exponent is not None))


@cache
def exponent(code: str) -> int:
    """Number of decimals of a currency's minor unit: JPY 0, EUR 2, KWD 3.

    Raises `FieldError` for a code that ISO 4217 does not list, or lists without a minor unit (XAU).
    """
    try:
        digits = Currency(code).exponent
    except ValueError:
        raise FieldError("currency", f"{code!r} is no ISO 4217 currency code; give one such as EUR") from None
    if digits is None:
        raise FieldError("currency", f"{code} has no minor unit and cannot be used for money")
    return int(digits)
