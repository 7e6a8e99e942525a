"""Terms: what was agreed about price, risk and time, as a versioned, content-addressed document. Pure.

A document is never changed: other terms are another document, under another hash.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from scf import calendars
from scf.calendars import Roll
from scf.currencies import exponent
from scf.daycount import DayCount
from scf.errors import FieldError
from scf.money import PPM, Rounding, parse_minor


class Technique(StrEnum):
    """How the finance is arranged, by the names of the Global Supply Chain Finance Forum."""

    PAYABLES_FINANCE = "payables_finance"
    RECEIVABLES_DISCOUNTING = "receivables_discounting"
    FACTORING = "factoring"


class Method(StrEnum):
    """How the discount is made from the rate."""

    STRAIGHT_DISCOUNT = "straight_discount"
    DISCOUNT_TO_YIELD = "discount_to_yield"


class Recourse(StrEnum):
    """Who answers when the anchor does not pay. With full recourse the funder has lent, not bought."""

    NONE = "none"
    FULL = "full"


class Waterfall(StrEnum):
    """What a collection pays first when it does not pay all."""

    FACE_FIRST = "face_first"
    CHARGES_FIRST = "charges_first"


class EarlyPayment(StrEnum):
    """Whose the unearned discount is when the anchor pays early."""

    INCOME = "income"
    REBATE = "rebate"


class Undertaking(StrEnum):
    """How strong the anchor's promise is."""

    VALIDITY_ONLY = "validity_only"
    CONDITIONAL = "conditional"
    IRREVOCABLE = "irrevocable"


class Severity(StrEnum):
    """What a failed rule does: refuse, or leave the decision to people."""

    REFUSE = "refuse"
    REFER = "refer"


@dataclass(frozen=True, slots=True)
class EligibilityRule:
    """One rule of eligibility as data: `id` names the rule, `bound` is its parameter as text."""

    id: str
    severity: Severity
    bound: str


@dataclass(frozen=True, slots=True)
class Terms:
    """One version of what was agreed; rates in ppm, amounts in minor units of `currency`, times in days."""

    currency: str
    technique: Technique = Technique.PAYABLES_FINANCE
    advance_rate_ppm: int = PPM
    method: Method = Method.STRAIGHT_DISCOUNT
    rate_ppm: int = 0
    day_count: DayCount = DayCount.ACT_360
    calendar: str = "TARGET"
    roll: Roll = Roll.FOLLOWING
    value_lag_days: int = 0
    fee_rate_ppm: int = 0
    fee_fixed_minor: int = 0
    vat_on_fee_ppm: int = 0
    minimum_charge_minor: int = 0
    rounding: Rounding = Rounding.HALF_UP
    late_rate_ppm: int = 0
    late_day_count: DayCount = DayCount.ACT_360
    waterfall: Waterfall = Waterfall.FACE_FIRST
    early_payment: EarlyPayment = EarlyPayment.INCOME
    recourse: Recourse = Recourse.NONE
    recourse_after_days: int = 30
    suspend_after_days: int = 30
    guarantor_id: int = 0
    guarantee_share_ppm: int = 0
    guarantee_after_days: int = 90
    # how long before other terms begin the supplier must know them
    notice_days: int = 0
    rules: tuple[EligibilityRule, ...] = ()


_RANGES: tuple[tuple[str, int, int], ...] = (
    ("advance_rate_ppm", 1, PPM),
    ("rate_ppm", 0, PPM),
    ("value_lag_days", 0, 10),
    ("fee_rate_ppm", 0, PPM),
    ("fee_fixed_minor", 0, 10**12),
    ("vat_on_fee_ppm", 0, PPM),
    ("minimum_charge_minor", 0, 10**12),
    ("late_rate_ppm", 0, PPM),
    ("recourse_after_days", 0, 365),
    ("suspend_after_days", 1, 365),
    ("guarantee_share_ppm", 0, PPM),
    ("guarantee_after_days", 1, 730),
    ("notice_days", 0, 365),
)


def _days(bound: str, _currency: str) -> None:
    if not bound.isdecimal():
        raise ValueError("give a number of days")


def _amount(bound: str, currency: str) -> None:
    parse_minor(bound, currency)


def _undertaking(bound: str, _currency: str) -> None:
    Undertaking(bound)


# the rules that a programme may set, and what their bound must be; `factoring.eligibility` says what they ask
RULE_BOUNDS: dict[str, Callable[[str, str], None]] = {
    "undertaking_min": _undertaking,
    "tenor_min_days": _days,
    "tenor_max_days": _days,
    "face_min": _amount,
    "face_max": _amount,
    "anchor_overdue_max_days": _days,
}


def _rule_faults(terms: Terms) -> list[FieldError]:
    found = []
    for rule in terms.rules:
        if rule.id not in RULE_BOUNDS:
            found.append(FieldError("rules", f"there is no rule {rule.id!r}; there are: {', '.join(RULE_BOUNDS)}"))
            continue
        try:
            RULE_BOUNDS[rule.id](rule.bound, terms.currency)
        except (ValueError, FieldError) as error:
            found.append(FieldError("rules", f"{rule.id}: {rule.bound!r} is no bound: {error}"))
    return found


def faults(terms: Terms) -> list[FieldError]:
    """What is wrong with terms, by field; empty when they may be agreed."""
    found = [
        FieldError(name, f"{getattr(terms, name)} is outside {low} to {high}")
        for name, low, high in _RANGES
        if not low <= getattr(terms, name) <= high
    ]
    try:
        exponent(terms.currency)
        calendars.check(terms.calendar)
    except FieldError as error:
        found.append(error)
    if bool(terms.guarantor_id) != bool(terms.guarantee_share_ppm):
        found.append(FieldError("guarantor_id", "a guarantor and a share go together; give both or neither"))
    if terms.guarantor_id and terms.recourse is Recourse.FULL:
        found.append(FieldError("guarantor_id", "with full recourse the supplier answers; a guarantee has no place"))
    # a rule's amount is read in the terms' currency, so that must be right first
    return found or _rule_faults(terms)
