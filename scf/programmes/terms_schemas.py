"""Terms as the API takes and gives them: every field, rates as decimal fractions, amounts in the terms' currency."""

from typing import Any

from marshmallow import Schema, fields, validate

from scf.calendars import Roll
from scf.daycount import DayCount
from scf.fields import Amount, Day, Id, ItemSchema, MoneyOut, Rate, Words, currency
from scf.money import Rounding
from scf.programmes.agree import NewTerms
from scf.programmes.consent import TermsConsent, TermsRefusal
from scf.programmes.queries import parsed
from scf.programmes.schemas import sha256
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
)
from scf.signatures.schemas import SignedSchema, signed


class RuleSchema(ItemSchema):
    """A rule of eligibility."""

    makes = EligibilityRule
    id = fields.String(required=True, validate=[validate.OneOf(list(RULE_BOUNDS))])
    severity = fields.Enum(Severity, by_value=True, required=True)
    bound = Words(40, 1, required=True)


class _Guarantor(Id):
    """An organisation, or nobody."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return super()._serialize(value or None, attr, obj, **kwargs)


def _days() -> fields.Integer:
    return fields.Integer(strict=True, validate=[validate.Range(0, 10_000)])


def _terms(rules: list[EligibilityRule] | None = None, **loaded: Any) -> Terms:
    return Terms(**loaded, rules=tuple(rules or ()))


class TermsSchema(ItemSchema):
    """Terms; what is left out is as it is by default."""

    makes = staticmethod(_terms)
    currency = currency()
    technique = fields.Enum(Technique, by_value=True)
    advance_rate = Rate(attribute="advance_rate_ppm")
    method = fields.Enum(Method, by_value=True)
    rate = Rate(attribute="rate_ppm")
    day_count = fields.Enum(DayCount, by_value=True)
    calendar = Words(10, 1)
    roll = fields.Enum(Roll, by_value=True)
    value_lag_days = _days()
    fee_rate = Rate(attribute="fee_rate_ppm")
    fee_fixed = Amount()
    vat_on_fee = Rate(attribute="vat_on_fee_ppm")
    minimum_charge = Amount()
    rounding = fields.Enum(Rounding, by_value=True)
    late_rate = Rate(attribute="late_rate_ppm")
    late_day_count = fields.Enum(DayCount, by_value=True)
    waterfall = fields.Enum(Waterfall, by_value=True)
    early_payment = fields.Enum(EarlyPayment, by_value=True)
    recourse = fields.Enum(Recourse, by_value=True)
    recourse_after_days = _days()
    suspend_after_days = _days()
    guarantor_id = _Guarantor("org", metadata={"description": "null: nobody"})
    guarantee_share = Rate(attribute="guarantee_share_ppm")
    guarantee_after_days = _days()
    notice_days = _days()
    rules = fields.List(fields.Nested(RuleSchema), validate=[validate.Length(max=20)])


# terms as they were agreed, every field
TermsShownSchema = Schema.from_dict(
    {
        **TermsSchema._declared_fields,
        "fee_fixed": MoneyOut(),
        "minimum_charge": MoneyOut(),
        "guarantor_id": _Guarantor("org", allow_none=True, metadata={"description": "null: nobody"}),
    },
    name="TermsShownSchema",
)


class NewTermsSchema(ItemSchema):
    """Terms to offer to an enrolment's supplier, from a day on."""

    makes = NewTerms
    enrolment_id = Id("enr", required=True)
    from_on = Day(required=True)
    terms = fields.Nested(TermsSchema, required=True)


class TermsVersionSchema(Schema):
    """A version of an enrolment's terms, and what the supplier said to it."""

    id = Id("etm", required=True)
    enrolment_id = Id("enr", required=True)
    programme_id = Id("prg", required=True)
    anchor_id = Id("org", required=True)
    supplier_id = Id("org", required=True)
    number = fields.Integer(required=True, metadata={"description": "counts the versions of an enrolment"})
    from_on = Day(required=True)
    in_force = fields.Boolean(required=True, metadata={"description": "on the book's business date"})
    answer = fields.String(required=True, allow_none=True, metadata={"description": "consented, refused, or none yet"})
    answered_at = fields.AwareDateTime(required=True, allow_none=True)
    words = fields.String(required=True, allow_none=True, metadata={"description": "why it was refused"})
    signature_id = Id("sig", required=True, allow_none=True)
    document_sha256 = fields.String(required=True, metadata={"description": "what a consent signs"})
    terms = fields.Nested(TermsShownSchema, required=True)

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """As marshmallow does; `terms` out of the text of their document."""
        return parsed(obj.body) if attr == "terms" else super().get_attribute(obj, attr, default)


class TermsConsentSchema(SignedSchema):
    """Consent to a version of terms: it must be the document that was read."""

    makes = signed(TermsConsent)
    enrolment_terms_id = Id("etm", required=True)
    document_sha256 = sha256()


class TermsRefusalSchema(ItemSchema):
    """A refusal of a version of terms."""

    makes = TermsRefusal
    enrolment_terms_id = Id("etm", required=True)
    words = Words(200, load_default="")
