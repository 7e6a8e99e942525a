"""How amounts, rates, dates and times are written for the reader at hand. Exact: decimals, never floats."""

from datetime import date, datetime
from decimal import Decimal
from functools import cache

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal, get_currency_symbol

from scf import ids
from scf.currencies import exponent
from scf.web.reader import reader

NOTHING = "–"
_PERCENT_DIGITS = 2


def money(minor: int | None, currency: str) -> str:
    """An amount with its currency, all its decimals: € 1,234.50."""
    if minor is None:
        return NOTHING
    locale = reader().locale
    digits = exponent(currency)
    written = format_decimal(Decimal(minor).scaleb(-digits), _pattern(digits), locale=locale)
    # a code stands apart from the number by a space that does not break; a symbol of one currency too
    return f"{_symbol(currency, locale)}\N{NO-BREAK SPACE}{written}"


def amount(minor: int | None, currency: str) -> str:
    """An amount without its currency, where that stands in a heading."""
    if minor is None:
        return NOTHING
    digits = exponent(currency)
    return format_decimal(Decimal(minor).scaleb(-digits), _pattern(digits), locale=reader().locale)


@cache
def _pattern(digits: int) -> str:
    return "#,##0." + "0" * digits if digits else "#,##0"


@cache
def _symbol(currency: str, locale: Locale) -> str:
    return get_currency_symbol(currency, locale)


def plain_number(number: str | int) -> str:
    """A number as it stands in a chart, decimal string or whole, with thousands marks."""
    return format_decimal(Decimal(number), "#,##0.######", locale=reader().locale)


def count(number: int | None) -> str:
    """A number of things."""
    return NOTHING if number is None else format_decimal(number, locale=reader().locale)


def rate(ppm: int | None) -> str:
    """Parts per million as per cent, at least two decimals, and as many more as there are: 6.00 %."""
    if ppm is None:
        return NOTHING
    written = format_decimal(Decimal(ppm).scaleb(-4), "#,##0.00##", locale=reader().locale)
    return f"{written}\N{NO-BREAK SPACE}%"


def day(on: date | None) -> str:
    """A date."""
    return NOTHING if on is None else format_date(on, "medium", locale=reader().locale)


def long_day(on: date) -> str:
    """A date with its weekday."""
    return format_date(on, "full", locale=reader().locale)


def month(on: date) -> str:
    """The month of a day, with its year: March 2026."""
    return format_date(on, "MMMM y", locale=reader().locale)


def weekday(on: date) -> str:
    """The day of the week, short: Mon."""
    return format_date(on, "EEE", locale=reader().locale)


def moment(at: datetime | None) -> str:
    """An instant, in UTC."""
    if at is None:
        return NOTHING
    locale = reader().locale
    return f"{format_date(at, 'medium', locale=locale)}, {format_datetime(at, 'HH:mm', locale=locale)} UTC"


def id_text(id: int | None, prefix: str) -> str:
    """An id as it is shown outside."""
    return NOTHING if id is None else ids.text(prefix, id)


def is_day(value: object) -> bool:
    """Whether a value is a date without a time."""
    return isinstance(value, date) and not isinstance(value, datetime)
