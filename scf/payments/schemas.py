"""What the routes of money out and in take and give, as marshmallow schemas."""

from marshmallow import Schema, fields

from scf.fields import Day, Id, ItemSchema, MoneyOut, Words, currency
from scf.payments.accounts import NewAccount
from scf.payments.reinstruct import Reinstruction


def _id(payout_id: int) -> int:
    return payout_id


class NewAccountSchema(ItemSchema):
    """The account of a party for a currency: where it is paid, and by which it is known when it pays."""

    makes = NewAccount
    organisation_id = Id("org", required=True)
    iban = Words(42, 1, required=True)
    name = Words(140, 1, required=True)
    currency = currency()


class ReinstructionSchema(ItemSchema):
    """A returned payout to be paid again, to the account that is agreed when it is sent."""

    makes = Reinstruction
    payout_id = Id("pay", required=True)


class PayoutIdSchema(ItemSchema):
    """A payout."""

    makes = staticmethod(_id)
    payout_id = Id("pay", required=True)


class BankAccountSchema(Schema):
    """An account that was agreed."""

    id = Id("bac", required=True)
    book_id = Id("bok", required=True)
    organisation_id = Id("org", required=True)
    iban = fields.String(required=True, metadata={"description": "its last four digits, to those who need no more"})
    name = fields.String(required=True)
    currency = fields.String(required=True)
    usable_from_on = Day(required=True, metadata={"description": "a changed account cools before money goes to it"})
    status = fields.String(required=True)
    version = fields.Integer(required=True)


class PayoutSchema(Schema):
    """Money that goes out, and how far it came."""

    id = Id("pay", required=True)
    book_id = Id("bok", required=True)
    beneficiary_id = Id("org", required=True)
    ref = fields.String(required=True)
    currency = fields.String(required=True)
    amount = MoneyOut(required=True)
    instructed_on = Day(required=True)
    pay_on = Day(required=True)
    file_id = Id("pmf", required=True, allow_none=True)
    replaces_id = Id("pay", required=True, allow_none=True, metadata={"description": "the returned one it pays again"})
    status = fields.String(required=True)
    version = fields.Integer(required=True)


class PaymentFileSchema(Schema):
    """A file of payouts, as it was handed to the bank."""

    id = Id("pmf", required=True)
    ref = fields.String(required=True, metadata={"description": "its message id"})
    sha256 = fields.String(required=True)
    business_date = Day(required=True)
    currency = fields.String(required=True)
    line_count = fields.Integer(required=True)
    total = MoneyOut(required=True)


class StatementSchema(Schema):
    """What a bank told: a statement of the day before (053), or notifications within the day (054)."""

    id = Id("stm", required=True)
    kind = fields.String(required=True)
    ref = fields.String(required=True)
    account = fields.String(required=True)
    sha256 = fields.String(required=True)
    business_date = Day(required=True)


class ImportedSchema(Schema):
    """What came of a bank file."""

    sha256 = fields.String(required=True)
    line_count = fields.Integer(required=True, metadata={"description": "0 when all of it was imported before"})


class EntrySchema(Schema):
    """One line of a bank file, and what it was recognised as."""

    id = Id("ent", required=True)
    statement_id = Id("stm", required=True)
    bank_ref = fields.String(required=True)
    amount = MoneyOut(required=True, metadata={"description": "positive: it came in; negative: it went out"})
    currency = fields.String(required=True)
    booked_on = Day(required=True)
    value_date = Day(required=True)
    end_to_end_ref = fields.String(required=True)
    reference = fields.String(required=True)
    name = fields.String(required=True)
    counter_account = fields.String(required=True)
    text = fields.String(required=True)
    meaning = fields.String(required=True)
    reconciled = fields.Boolean(required=True)
