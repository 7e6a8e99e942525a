"""What the routes of settlement take and give, as marshmallow schemas."""

from marshmallow import Schema, fields

from scf.fields import Amount, Day, Id, ItemSchema, MoneyOut, currency
from scf.settlement.apply import Application
from scf.settlement.guarantee import GuaranteeCall, GuaranteePayment, GuarantorPayment
from scf.settlement.identify import Identification
from scf.settlement.losses import Impairment, Recovery, WriteOff
from scf.settlement.recourse import ClaimPayment, Recourse


def _id(advance_id: int) -> int:
    return advance_id


def _collection() -> Id:
    description = "the collection that it is; leave it out for money that stands on no statement"
    return Id("col", load_default=0, metadata={"description": description})


class AdvanceIdSchema(ItemSchema):
    """An advance."""

    makes = staticmethod(_id)
    advance_id = Id("adv", required=True)


class IdentificationSchema(ItemSchema):
    """A collection of which nothing is applied, and the party who paid it."""

    makes = Identification
    collection_id = Id("col", required=True)
    payer_id = Id("org", required=True)


class ApplicationSchema(ItemSchema):
    """What is left of a collection, to be applied to one advance's receivable."""

    makes = Application
    collection_id = Id("col", required=True)
    advance_id = Id("adv", required=True)


class RecourseSchema(ItemSchema):
    """An advance lent with full recourse whose anchor has not paid in time."""

    makes = Recourse
    advance_id = Id("adv", required=True)


class ClaimPaymentSchema(ItemSchema):
    """Money from the supplier for its claims on an advance."""

    makes = ClaimPayment
    advance_id = Id("adv", required=True)
    amount = Amount(required=True)
    currency = currency()
    value_date = Day(required=True)
    collection_id = _collection()


class GuaranteeCallSchema(ItemSchema):
    """An advance whose guarantor is called."""

    makes = GuaranteeCall
    advance_id = Id("adv", required=True)


class GuaranteePaymentSchema(ItemSchema):
    """The guarantor's payment of all that was called for an advance."""

    makes = GuaranteePayment
    advance_id = Id("adv", required=True)
    value_date = Day(required=True)
    collection_id = _collection()


class GuarantorPaymentSchema(ItemSchema):
    """What recoveries of an advance owe its guarantor, paid out."""

    makes = GuarantorPayment
    advance_id = Id("adv", required=True)
    amount = Amount(required=True)
    currency = currency()
    value_date = Day(required=True)


class ImpairmentSchema(ItemSchema):
    """An advance whose anchor will not pay."""

    makes = Impairment
    advance_id = Id("adv", required=True)


class WriteOffSchema(ItemSchema):
    """An impaired advance to be given up."""

    makes = WriteOff
    advance_id = Id("adv", required=True)


class RecoverySchema(ItemSchema):
    """Money that came after the write-off."""

    makes = Recovery
    advance_id = Id("adv", required=True)
    amount = Amount(required=True)
    currency = currency()
    value_date = Day(required=True)
    collection_id = _collection()


class CollectionSchema(Schema):
    """Money that came in, and what is left of it."""

    id = Id("col", required=True)
    entry_id = Id("ent", required=True)
    payer_id = Id("org", required=True, allow_none=True, metadata={"description": "null until somebody says who paid"})
    bank_ref = fields.String(required=True)
    reference = fields.String(required=True)
    currency = fields.String(required=True)
    amount = MoneyOut(required=True)
    left = MoneyOut(required=True)
    value_date = Day(required=True)
    status = fields.String(required=True)
    version = fields.Integer(required=True)


class LossSchema(Schema):
    """A step of a loss: impaired, released, written off or recovered."""

    id = Id("los", required=True)
    advance_id = Id("adv", required=True)
    ref = fields.String(required=True, metadata={"description": "the invoice's number"})
    kind = fields.String(required=True)
    currency = fields.String(required=True)
    amount = MoneyOut(required=True)
    guarantor = MoneyOut(required=True, metadata={"description": "of a recovery: the guarantor's share"})
    value_date = Day(required=True)


class LateChargeSchema(Schema):
    """A late charge that was recognised; a negative one waives what was."""

    id = Id("lch", required=True)
    advance_id = Id("adv", required=True)
    ref = fields.String(required=True, metadata={"description": "the invoice's number"})
    currency = fields.String(required=True)
    open = MoneyOut(required=True, metadata={"description": "what it runs on"})
    amount = MoneyOut(required=True)
    from_on = Day(required=True)
    to_on = Day(required=True)


class FindingSchema(Schema):
    """What does not hold."""

    check = fields.String(required=True)
    place = fields.String(required=True)


class FindingsSchema(Schema):
    """What recomputing a book found; nothing, when all of it holds."""

    findings = fields.List(fields.Nested(FindingSchema), required=True)
