"""The calculator behind `scf price`: one JSON object a line in, one out; a bad line says which field is wrong and why.

It prices a purchase as `scf.factoring.pricing` does and stores nothing. Amounts and rates are decimal strings, or JSON
integers in whole units of the currency; JSON numbers with a point are refused: they are not exact.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from scf.currencies import exponent
from scf.daycount import DayCount, days, year_fraction
from scf.errors import FieldError
from scf.factoring.pricing import Price, Pricing, apr_all_in, price, proof
from scf.money import PPM, Rounding, decimal_string, parse_minor, parse_ppm, ppm_string
from scf.programmes.terms import Method

_Choice = TypeVar("_Choice", bound=StrEnum)
_REQUIRED = ("method", "face", "currency", "rate")
_DATED = ("from", "to", "day_count")
_COUNTED = ("days", "basis")
_DEFAULTS: dict[str, object] = {
    "day_count": DayCount.ACT_360.value,
    "advance_rate": "1",
    "fee_rate": "0",
    "fee_fixed": "0",
    "vat_on_fee": "0",
    "minimum_charge": "0",
    "rounding": Rounding.HALF_UP.value,
}
_KEYS = (*_REQUIRED, "from", "to", *_DEFAULTS, *_COUNTED)
_BASES = (360, 365, 366)
_DAYS_MAX = 36_525
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WHOLE = re.compile(r"-?[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class _Span:
    """A time: its days, its exact part of a year, and what was given, for the proof."""

    days: int
    year_fraction: tuple[int, int]
    given: Mapping[str, str]


def answer_lines(lines: Iterable[str], write: Callable[[str], object]) -> int:
    """Answer every line that is not blank through `write`, in order; 0 when all were priced, else 1."""
    all_well = True
    for line in lines:
        if line.strip():
            answer, well = answer_line(line)
            write(json.dumps(answer) + "\n")
            all_well = all_well and well
    return 0 if all_well else 1


def answer_line(line: str) -> tuple[dict[str, object], bool]:
    """The price one line asks for and True, or `{"error": {"field", "message"}}` and False."""
    try:
        return _priced(_checked(_parsed(line))), True
    except FieldError as error:
        return _told(error), False


def answer(asked: dict[str, object]) -> dict[str, object]:
    """The price that an object asks for, or `{"error": {"field", "message"}}`."""
    try:
        return _priced(_checked(asked))
    except FieldError as error:
        return _told(error)


def _told(error: FieldError) -> dict[str, object]:
    return {"error": {"field": error.field, "message": error.message}}


def _priced(asked: Mapping[str, object]) -> dict[str, object]:
    pricing = _pricing(asked)
    currency, face = _text(asked, "currency"), _amount(asked, "face", least=1)
    span = _span(asked)
    made = price(pricing, face, *span.year_fraction)
    _check_net(made, currency)
    amounts = {name: decimal_string(minor, currency) for name, minor in zip(Price._fields, made, strict=True)}
    shown = {"currency": currency, "days": str(span.days), **span.given}
    return {
        **amounts,
        "days": span.days,
        "apr_all_in": apr_all_in(made, span.days),
        "proof": {**proof(pricing, face, *span.year_fraction, made), **shown},
    }


def _check_net(made: Price, currency: str) -> None:
    if made.net > 0:
        return
    advance, discount, fee, vat, net = (
        decimal_string(minor, currency) for minor in (made.advance, made.discount, made.fee, made.vat, made.net)
    )
    raise FieldError(
        "net",
        f"the net would be {net} {currency}, and must be above 0: "
        f"advance {advance}, less discount {discount}, fee {fee} and VAT {vat}",
    )


def _parsed(line: str) -> dict[str, object]:
    """The line's object, every key given once."""
    try:
        asked = json.loads(line.strip().removeprefix("\ufeff"), object_pairs_hook=_pairs)
    except FieldError:
        raise
    except (ValueError, RecursionError) as error:
        raise FieldError("line", f"not readable as JSON: {error}") from None
    if not isinstance(asked, dict):
        raise FieldError("line", "a JSON object is wanted, such as " + '{"method": "straight_discount", …}')
    return asked


def _checked(asked: dict[str, object]) -> dict[str, object]:
    """The object when every key of it is known, and none is missing."""
    for key in asked:
        if key not in _KEYS:
            raise FieldError(key, f"unknown; known are {', '.join(_KEYS)}")
    for key in _REQUIRED:
        _present(asked, key)
    return asked


def _pairs(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise FieldError(key, "given twice; give it once")
        found[key] = value
    return found


def _pricing(asked: Mapping[str, object]) -> Pricing:
    exponent(_text(asked, "currency"))
    return Pricing(
        method=_choice(asked, "method", Method),
        rate_ppm=_rate(asked, "rate"),
        advance_rate_ppm=_rate(asked, "advance_rate", least=1),
        fee_rate_ppm=_rate(asked, "fee_rate"),
        fee_fixed_minor=_amount(asked, "fee_fixed"),
        vat_on_fee_ppm=_rate(asked, "vat_on_fee"),
        minimum_charge_minor=_amount(asked, "minimum_charge"),
        rounding=_choice(asked, "rounding", Rounding),
    )


def _span(asked: Mapping[str, object]) -> _Span:
    """Either dates with a day count, or days with a basis."""
    if not any(key in asked for key in _COUNTED):
        return _dated(asked)
    for key in _DATED:
        if key in asked:
            raise FieldError(key, "stands beside days and basis; give dates with a day count, or days with a basis")
    count, basis = _whole(asked, "days"), _whole(asked, "basis")
    _check_days(count, f"{count}")
    if basis not in _BASES:
        raise FieldError("basis", f"{basis} is no basis; one of {', '.join(map(str, _BASES))}")
    return _Span(count, (count, basis), {"basis": str(basis)})


def _dated(asked: Mapping[str, object]) -> _Span:
    start, end = _date(asked, "from"), _date(asked, "to")
    day_count = _choice(asked, "day_count", DayCount)
    count = days(start, end, day_count)
    _check_days(count, f"{start} to {end} by {day_count} is {count}")
    given = {"from": start.isoformat(), "to": end.isoformat(), "day_count": day_count.value}
    return _Span(count, year_fraction(start, end, day_count), given)


def _check_days(count: int, said: str) -> None:
    if not 1 <= count <= _DAYS_MAX:
        raise FieldError("days", f"{said}; 1 to {_DAYS_MAX} days can be priced")


def _present(asked: Mapping[str, object], key: str) -> object:
    if key not in asked and key not in _DEFAULTS:
        raise FieldError(key, "missing")
    return asked.get(key, _DEFAULTS.get(key))


def _text(asked: Mapping[str, object], key: str) -> str:
    value = _present(asked, key)
    if not isinstance(value, str):
        raise FieldError(key, f"{json.dumps(value)} is no string; write it in quotes")
    return value


def _decimal(asked: Mapping[str, object], key: str) -> str:
    value = _present(asked, key)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, float):
        raise FieldError(key, f"{value} is a JSON number with a point and not exact; write it as a string in quotes")
    return _text(asked, key)


def _amount(asked: Mapping[str, object], key: str, least: int = 0) -> int:
    currency = _text(asked, "currency")
    minor = parse_minor(_decimal(asked, key), currency, key)
    if minor < least:
        raise FieldError(key, f"{decimal_string(minor, currency)} must be {'above' if least else 'at least'} 0")
    return minor


def _rate(asked: Mapping[str, object], key: str, least: int = 0) -> int:
    ppm = parse_ppm(_decimal(asked, key), key)
    if not least <= ppm <= PPM:
        raise FieldError(key, f"{ppm_string(ppm)} must be {'above' if least else 'from'} 0, up to 1; 6 % is 0.06")
    return ppm


def _whole(asked: Mapping[str, object], key: str) -> int:
    text = _decimal(asked, key)
    if not _WHOLE.fullmatch(text):
        raise FieldError(key, f"{text!r} is no whole number")
    return int(text)


def _date(asked: Mapping[str, object], key: str) -> date:
    text = _text(asked, key)
    try:
        if _ISO_DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError as error:
        raise FieldError(key, f"{text!r} is no date: {error}") from None
    raise FieldError(key, f"{text!r} is no date; write it as 2026-01-05")


def _choice(asked: Mapping[str, object], key: str, choices: type[_Choice]) -> _Choice:
    text = _text(asked, key)
    try:
        return choices(text)
    except ValueError:
        raise FieldError(key, f"{text!r} is unknown; one of {', '.join(choices)}") from None
