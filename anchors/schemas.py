"""What the anchor's routes take and give, as marshmallow schemas."""

from marshmallow import Schema, fields

from anchors.confirmation import Confirmation
from anchors.dispute import Objection
from anchors.reject import WORDS_MAX, Reason, Rejection
from anchors.settle_dispute import Message, Settlement
from scf.fields import Amount, Day, Id, ItemSchema, MoneyOut, Words, currency
from scf.programmes.terms import Undertaking


class PayableSchema(Schema):
    """An invoice that a supplier sent to the anchor. How it is financed is not the anchor's to see."""

    id = Id("inv", required=True)
    supplier_id = Id("org", required=True)
    number = fields.String(required=True)
    order_ref = fields.String(required=True)
    issue_on = Day(required=True)
    due_on = Day(required=True)
    currency = fields.String(required=True)
    amount = MoneyOut(required=True)
    status = fields.String(required=True)
    warnings = fields.String(required=True)
    submitted_at = fields.AwareDateTime(required=True)
    file_sha256 = fields.String(required=True)
    version = fields.Integer(required=True)


class ConfirmationSchema(Schema):
    """A promise to pay, as it was given."""

    id = Id("cnf", required=True)
    invoice_id = Id("inv", required=True)
    receivable_id = Id("rcv", required=True)
    supplier_id = Id("org", required=True)
    number = fields.String(required=True)
    currency = fields.String(required=True)
    amount = MoneyOut(required=True)
    due_on = Day(required=True)
    undertaking = fields.String(required=True)
    maker_id = Id("per", required=True, allow_none=True)
    checker_id = Id("per", required=True)
    confirmed_at = fields.AwareDateTime(required=True)
    digest = fields.String(required=True, metadata={"description": "SHA-256 of exactly what was promised"})


class NewConfirmationSchema(ItemSchema):
    """An invoice to confirm: how much of it will be paid, on which day, and how firmly."""

    makes = Confirmation
    invoice_id = Id("inv", required=True)
    amount = Amount(required=True)
    currency = currency()
    due_on = Day(required=True)
    undertaking = fields.Enum(Undertaking, by_value=True, required=True)


class RejectionSchema(ItemSchema):
    """An invoice that will not be paid, and why."""

    makes = Rejection
    invoice_id = Id("inv", required=True)
    reason = fields.Enum(Reason, by_value=True, required=True)
    words = Words(WORDS_MAX, load_default="")


class ObjectionSchema(ItemSchema):
    """An invoice that is disputed, and why."""

    makes = Objection
    invoice_id = Id("inv", required=True)
    reason = fields.Enum(Reason, by_value=True, required=True)
    words = Words(WORDS_MAX, 1, required=True)


class MessageSchema(ItemSchema):
    """What the other side of a dispute should know."""

    makes = Message
    dispute_id = Id("dsp", required=True)
    words = Words(WORDS_MAX, 1, required=True)


class SettlementSchema(ItemSchema):
    """A dispute that is settled; the invoice may be confirmed again."""

    makes = Settlement
    dispute_id = Id("dsp", required=True)
    words = Words(WORDS_MAX, load_default="")


class DisputeSchema(Schema):
    """A dispute as both its sides see it."""

    id = Id("dsp", required=True)
    invoice_id = Id("inv", required=True)
    anchor_id = Id("org", required=True)
    supplier_id = Id("org", required=True)
    number = fields.String(required=True, metadata={"description": "of the invoice"})
    currency = fields.String(required=True)
    amount = MoneyOut(required=True)
    due_on = Day(required=True)
    reason = fields.String(required=True)
    words = fields.String(required=True)
    status = fields.String(required=True)
    opened_at = fields.AwareDateTime(required=True)
    settled_at = fields.AwareDateTime(required=True, allow_none=True)
