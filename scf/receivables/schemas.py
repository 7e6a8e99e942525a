"""What the routes of receivables take and give, as marshmallow schemas."""

from marshmallow import Schema, fields

from scf.fields import Amount, Day, Id, ItemSchema, MoneyOut, Words, currency
from scf.receivables.credit import NewCreditNote


def _id(receivable_id: int) -> int:
    return receivable_id


class ReceivableIdSchema(ItemSchema):
    """A receivable."""

    makes = staticmethod(_id)
    receivable_id = Id("rcv", required=True)


class NewCreditNoteSchema(ItemSchema):
    """A credit note against a receivable; debtor or creditor brings it."""

    makes = NewCreditNote
    receivable_id = Id("rcv", required=True)
    ref = Words(60, 1, required=True)
    amount = Amount(required=True)
    currency = currency()
    issued_on = Day(required=True)


class ReceivableSchema(Schema):
    """What an anchor owes the supplier, or whom it funded."""

    id = Id("rcv", required=True)
    debtor_id = Id("org", required=True)
    creditor_id = Id("org", required=True)
    ref = fields.String(required=True, metadata={"description": "the invoice's number"})
    currency = fields.String(required=True)
    face = MoneyOut(required=True)
    open = MoneyOut(required=True, metadata={"description": "of the face, what is not paid or credited yet"})
    issued_on = Day(required=True)
    due_on = Day(required=True)
    undertaking = fields.String(required=True)
    status = fields.String(required=True)
    version = fields.Integer(required=True)


class OwedSchema(Schema):
    """What the organisation owes as an anchor. How a supplier finances it shows only with its consent."""

    id = Id("rcv", required=True)
    creditor_id = Id("org", required=True)
    ref = fields.String(required=True, metadata={"description": "the invoice's number"})
    currency = fields.String(required=True)
    face = MoneyOut(required=True)
    open = MoneyOut(required=True, metadata={"description": "of the face, what is not paid or credited yet"})
    issued_on = Day(required=True)
    due_on = Day(required=True)
    undertaking = fields.String(required=True)
    status = fields.String(required=True, metadata={"description": "what is financed reads open, what is paid closed"})


class CreditNoteSchema(Schema):
    """A credit note; one that came after funding is received until the funder has booked what it costs."""

    id = Id("crn", required=True)
    receivable_id = Id("rcv", required=True)
    ref = fields.String(required=True)
    currency = fields.String(required=True)
    amount = MoneyOut(required=True)
    issued_on = Day(required=True)
    received_at = fields.AwareDateTime(required=True)
    status = fields.String(required=True)
    version = fields.Integer(required=True)
