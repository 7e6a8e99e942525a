"""Money: an integer of minor units with its ISO 4217 currency; rates: integers in parts per million.

The only rounding function of the platform stands here. Factors are never rounded, only amounts. No floats.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from scf.currencies import exponent
from scf.errors import FieldError

PPM = 1_000_000
_AMOUNT = re.compile(r"(-?)(\d{1,15})(?:\.(\d{1,6}))?")


class Rounding(StrEnum):
    """How an amount is brought to whole minor units; all by magnitude, so that signs mirror each other."""

    HALF_UP = "HALF_UP"
    HALF_EVEN = "HALF_EVEN"
    DOWN = "DOWN"


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in minor units of one currency."""

    minor: int
    currency: str

    def __str__(self) -> str:
        return f"{decimal_string(self.minor, self.currency)} {self.currency}"


def round_ratio(numerator: int, denominator: int, rounding: Rounding) -> int:
    """numerator / denominator, exactly, rounded to an integer. The denominator is > 0."""
    magnitude, rest = divmod(abs(numerator), denominator)
    twice = 2 * rest
    if rounding is Rounding.HALF_UP:
        magnitude += twice >= denominator
    elif rounding is Rounding.HALF_EVEN:
        magnitude += twice > denominator or (twice == denominator and magnitude % 2 == 1)
    return -magnitude if numerator < 0 else magnitude


def decimal_string(minor: int, currency: str) -> str:
    """An amount as a plain decimal string with all its minor digits: 1234 EUR → "12.34"."""
    digits = exponent(currency)
    sign = "-" if minor < 0 else ""
    if digits == 0:
        return f"{sign}{abs(minor)}"
    text = str(abs(minor)).rjust(digits + 1, "0")
    return f"{sign}{text[:-digits]}.{text[-digits:]}"


def readable(minor: int, currency: str) -> str:
    """An amount with thousands marks, for documents and tables: 1234567 EUR → "12,345.67"."""
    sign, _, rest = decimal_string(minor, currency).rpartition("-")
    whole, dot, fraction = rest.partition(".")
    return f"{'-' if sign or minor < 0 else ''}{int(whole):,}{dot}{fraction}"


def parse_minor(text: str, currency: str, field: str = "amount") -> int:
    """A decimal string ("100.5", "-3") as minor units.

    Raises `FieldError` when it is no plain decimal number or has more decimals than the currency, beyond zeros.
    """
    found = _AMOUNT.fullmatch(text.strip())
    if found is None:
        raise FieldError(field, f"{text!r} is no amount; write it like 1234.50, at most 15 digits before the point")
    sign, whole, fraction = found.group(1), found.group(2), found.group(3) or ""
    digits = exponent(currency)
    kept, beyond = fraction[:digits], fraction[digits:]
    if beyond.strip("0"):
        raise FieldError(field, f"{text} has more decimals than {currency} has ({digits}); round it to {digits}")
    minor = int(whole + kept.ljust(digits, "0"))
    return -minor if sign else minor


def parse_ppm(text: str, field: str = "rate") -> int:
    """A decimal fraction ("0.06") as parts per million (60000). Raises `FieldError` beyond six decimals."""
    found = _AMOUNT.fullmatch(text.strip())
    if found is None:
        raise FieldError(field, f"{text!r} is no decimal fraction of at most six decimals; write 6 % as 0.06")
    magnitude = int(found.group(2)) * PPM + int((found.group(3) or "").ljust(6, "0"))
    return -magnitude if found.group(1) else magnitude


def ppm_string(ppm: int) -> str:
    """Parts per million as a decimal fraction without needless zeros: 60000 → "0.06"."""
    sign = "-" if ppm < 0 else ""
    whole, rest = divmod(abs(ppm), PPM)
    fraction = str(rest).rjust(6, "0").rstrip("0")
    return f"{sign}{whole}.{fraction}" if fraction else f"{sign}{whole}"


def share(total: int, weights: list[int]) -> list[int]:
    """Split `total` minor units by weights so that the parts add up: largest remainder, the first wins a tie.

    Raises `ValueError` when there is no positive weight.
    """
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0:
        raise ValueError("weights must be ≥ 0 and not all 0")
    sign, magnitude = (-1, -total) if total < 0 else (1, total)
    parts = [magnitude * weight // whole for weight in weights]
    by_rest = sorted(range(len(weights)), key=lambda n: (-(magnitude * weights[n] % whole), n))
    for n in by_rest[: magnitude - sum(parts)]:
        parts[n] += 1
    return [sign * part for part in parts]
