"""What the supplier's routes take and give, as marshmallow schemas."""

from marshmallow import Schema, fields

from invoices.withdraw import Withdrawal
from scf.fields import Day, Id, ItemSchema, MoneyOut, Words


class InvoiceSchema(Schema):
    """An invoice, and the furthest that is known of it."""

    id = Id("inv", required=True)
    supplier_id = Id("org", required=True)
    anchor_id = Id("org", required=True)
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
    file_row = fields.Integer(required=True)
    reason = fields.String(required=True, allow_none=True, metadata={"description": "why it ended, a code"})
    words = fields.String(required=True, allow_none=True, metadata={"description": "why it ended, in words"})
    version = fields.Integer(required=True)


class WithdrawalSchema(ItemSchema):
    """An invoice to take back."""

    makes = Withdrawal
    invoice_id = Id("inv", required=True)
    words = Words(1000, load_default="")
