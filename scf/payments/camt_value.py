"""The small values inside a camt message: amounts with their direction, days and account numbers.

Refuses what cannot be told for certain: an amount without a direction, more decimals than the currency has, a day
that is no date.
"""

from datetime import date

from lxml import etree

from scf.errors import FieldError
from scf.money import parse_minor
from scf.payments.xml_parse import text_at

_SIGNS = {"CRDT": 1, "DBIT": -1}


def signed_minor(amount: etree._Element, direction: str, field: str) -> int:
    """An `Amt` in minor units of its `Ccy`: credit above zero, debit below. Raises `FieldError` naming `field`."""
    sign = _SIGNS.get(direction)
    if sign is None:
        raise FieldError(field, f"{direction!r} says neither credit (CRDT) nor debit (DBIT)")
    minor = parse_minor(_plain(text_at(amount, ".")), amount.get("Ccy") or "", field)
    if minor < 0:
        raise FieldError(field, "the amount is below zero; the direction must say that")
    return sign * minor


def day_at(element: etree._Element, *paths: str) -> date | None:
    """The calendar day at the first path that has any, as the bank wrote it: its time and zone are left away."""
    text = text_at(element, *paths)
    if not text:
        return None
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        raise FieldError(paths[0], f"{text!r} is no date like 2026-03-31") from None


def account_id(account: etree._Element | None) -> str:
    """The IBAN without blanks, or whatever else names the account; '' when nothing does."""
    if account is None:
        return ""
    return text_at(account, "Id/IBAN").replace(" ", "") or text_at(account, "Id/Othr/Id", "Id/PrtryAcct/Id")


def _plain(number: str) -> str:
    """A decimal of XML Schema ("+5", ".5", "5.") as `parse_minor` takes it."""
    whole, dot, fraction = number.removeprefix("+").partition(".")
    return f"{whole or '0'}{dot}{fraction}" if fraction else whole
