"""Terms as a form: rates as per cent, amounts in their currency, each rule of eligibility by bounds for both answers.

What is not understood is said beside its field; what a form has no field for is not in terms.
"""

from collections.abc import Mapping
from dataclasses import asdict
from enum import StrEnum
from typing import Any

from marshmallow import Schema, fields, validate

from scf import ids
from scf.calendars import Roll
from scf.daycount import DayCount
from scf.errors import FieldError
from scf.fields import Day, Words, currency
from scf.money import Rounding, decimal_string, parse_minor
from scf.programmes.terms import (
    RULE_BOUNDS,
    EarlyPayment,
    EligibilityRule,
    Method,
    Recourse,
    Severity,
    Technique,
    Terms,
    Waterfall,
    faults,
)
from scf.web.forms import Form
from scf.web.words import _

CHOSEN: Mapping[str, type[StrEnum]] = {
    "technique": Technique, "method": Method, "day_count": DayCount, "roll": Roll, "rounding": Rounding,
    "late_day_count": DayCount, "waterfall": Waterfall, "early_payment": EarlyPayment, "recourse": Recourse,
}  # fmt: skip
RATES = ("advance_rate", "rate", "fee_rate", "vat_on_fee", "late_rate", "guarantee_share")
AMOUNTS = ("fee_fixed", "minimum_charge")
DAYS = ("value_lag_days", "recourse_after_days", "suspend_after_days", "guarantee_after_days", "notice_days")
RULES = tuple(RULE_BOUNDS)
_RATE = validate.Regexp(r"^[0-9]{1,3}(\.[0-9]{1,4})?\Z", error="write a rate like 6.25")
_AMOUNT = validate.Regexp(r"^[0-9]{1,15}(\.[0-9]{1,6})?\Z", error="write an amount like 1234.50")

TermsFormSchema = Schema.from_dict(
    {
        "from_on": Day(required=True),
        "currency": currency(),
        "calendar": Words(10, 1, required=True),
        "guarantor_id": Words(40, load_default=""),
        **{name: fields.Enum(kind, by_value=True, required=True) for name, kind in CHOSEN.items()},
        **{name: fields.String(load_default="0", validate=[_RATE]) for name in RATES},
        **{name: fields.String(load_default="0", validate=[_AMOUNT]) for name in AMOUNTS},
        **{name: fields.Integer(required=True, validate=[validate.Range(0, 10_000)]) for name in DAYS},
        **{f"{rule}_{each.value}": Words(40, load_default="") for rule in RULES for each in Severity},
    },
    name="TermsFormSchema",
)


def typed_of(terms: Terms) -> dict[str, str]:
    """Terms as they stand in the form."""
    given = asdict(terms)
    typed = {name: str(given[name]) for name in ("currency", "calendar", *DAYS)}
    typed |= {name: str(given[name].value) for name in CHOSEN}
    typed |= {name: _percent(given[f"{name}_ppm"]) for name in RATES}
    typed |= {name: decimal_string(given[f"{name}_minor"], terms.currency) for name in AMOUNTS}
    typed |= {f"{rule.id}_{rule.severity.value}": rule.bound for rule in terms.rules}
    return typed | {"guarantor_id": ids.text("org", terms.guarantor_id) if terms.guarantor_id else ""}


def terms_of(form: Form) -> Terms | None:
    """The terms that a form holds; None, and the form says why, when they may not be agreed."""
    if form.errors:
        return None
    loaded: dict[str, Any] = form.loaded
    try:
        amounts: dict[str, Any] = {
            f"{name}_minor": parse_minor(loaded[name], loaded["currency"], name) for name in AMOUNTS
        }
        guarantor_id = _guarantor(loaded["guarantor_id"])
    except FieldError as error:
        form.say(_(error.message), error.field)
        return None
    rules = tuple(
        EligibilityRule(rule, each, bound)
        for rule in RULES
        for each in Severity
        if (bound := loaded[f"{rule}_{each.value}"])
    )
    given: dict[str, Any] = {name: loaded[name] for name in ("currency", "calendar", *CHOSEN, *DAYS)}
    given |= {f"{name}_ppm": _ppm(loaded[name]) for name in RATES}
    terms = Terms(**given, **amounts, guarantor_id=guarantor_id, rules=rules)
    for each in faults(terms):
        form.say(_(each.message), each.field.removesuffix("_ppm").removesuffix("_minor"))
    return None if form.errors else terms


def _guarantor(written: str) -> int:
    try:
        return ids.parse(written) if written else 0
    except ValueError:
        raise FieldError("guarantor_id", "give an organisation by its id") from None


def _percent(ppm: int) -> str:
    """Parts per million as per cent, as short as can be."""
    whole, rest = divmod(ppm, 10_000)
    return f"{whole}.{rest:04d}".rstrip("0").rstrip(".")


def _ppm(percent: str) -> int:
    whole, _point, rest = percent.partition(".")
    return int(whole) * 10_000 + int(rest.ljust(4, "0"))
