"""What the routes of requests and advances take and give, as marshmallow schemas."""

from marshmallow import Schema, fields

from scf.factoring.approve import REASON_LENGTH, Approval, Decline
from scf.factoring.request import NewRequest
from scf.fields import Day, Id, ItemSchema, MoneyOut, Words


def _request(request_id: int) -> int:
    return request_id


class NewRequestSchema(ItemSchema):
    """An ask for an advance on a receivable, under an enrolment of its creditor."""

    makes = NewRequest
    receivable_id = Id("rcv", required=True)
    enrolment_id = Id("enr", required=True)


class RequestIdSchema(ItemSchema):
    """A request."""

    makes = _request
    request_id = Id("req", required=True)


class ApprovalSchema(ItemSchema):
    """A request to approve."""

    makes = Approval
    request_id = Id("req", required=True)


class DeclineSchema(ItemSchema):
    """A request to decline, with the reason its supplier will read."""

    makes = Decline
    request_id = Id("req", required=True)
    reason = Words(REASON_LENGTH, 1, required=True)


class RequestSchema(Schema):
    """A request for an advance, with what it is asked on."""

    id = Id("req", required=True)
    book_id = Id("bok", required=True)
    enrolment_id = Id("enr", required=True)
    supplier_id = Id("org", required=True)
    anchor_id = Id("org", required=True)
    receivable_id = Id("rcv", required=True)
    ref = fields.String(required=True, metadata={"description": "the invoice's number"})
    currency = fields.String(required=True)
    face = MoneyOut(required=True, metadata={"description": "what was open when it was asked for"})
    due_on = Day(required=True)
    undertaking = fields.String(required=True)
    terms_id = Id("trm", required=True)
    origin = fields.String(required=True, metadata={"description": "who asks: the supplier, or its instruction"})
    requested_on = Day(required=True)
    status = fields.String(required=True)
    reason = fields.String(required=True, allow_none=True, metadata={"description": "why it was declined"})
    version = fields.Integer(required=True)


class AdvanceSchema(Schema):
    """An advance and its price: reserve, discount, fee, VAT and net are the face, to the last unit."""

    id = Id("adv", required=True)
    book_id = Id("bok", required=True)
    request_id = Id("req", required=True)
    receivable_id = Id("rcv", required=True)
    enrolment_id = Id("enr", required=True)
    supplier_id = Id("org", required=True)
    anchor_id = Id("org", required=True)
    terms_id = Id("trm", required=True)
    ref = fields.String(required=True, metadata={"description": "the invoice's number"})
    kind = fields.String(required=True, metadata={"description": "bought, or lent with full recourse"})
    currency = fields.String(required=True)
    face = MoneyOut(required=True)
    open = MoneyOut(required=True, metadata={"description": "of the face, what is not paid or credited yet"})
    advance = MoneyOut(required=True)
    reserve = MoneyOut(required=True)
    discount = MoneyOut(required=True)
    fee = MoneyOut(required=True)
    vat = MoneyOut(required=True)
    net = MoneyOut(required=True)
    credited_on = Day(required=True)
    due_on = Day(required=True)
    tenor_days = fields.Integer(required=True)
    earns_to_on = Day(required=True)
    status = fields.String(required=True)
    version = fields.Integer(required=True)


class ProofSchema(Schema):
    """The proof of a price, and what recomputing it from its inputs gave."""

    id = Id("adv", required=True)
    holds = fields.Boolean(required=True)
    difference = fields.String(required=True, metadata={"description": "what differs, in words; empty when it holds"})
    proof = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class AssignmentSchema(Schema):
    """An assignment: of what, from whom to whom, and for what."""

    id = Id("asg", required=True)
    advance_id = Id("adv", required=True)
    from_id = Id("org", required=True)
    to_id = Id("org", required=True)
    purpose = fields.String(required=True)
    agreement_id = Id("trm", required=True)
    agreed_at = fields.AwareDateTime(required=True)
    status = fields.String(required=True)
    version = fields.Integer(required=True)


class DilutionSchema(Schema):
    """A fall of the face after funding, and who bore it."""

    id = Id("dil", required=True)
    advance_id = Id("adv", required=True)
    credit_note_id = Id("crn", required=True)
    ref = fields.String(required=True, metadata={"description": "the invoice's number"})
    currency = fields.String(required=True)
    amount = MoneyOut(required=True)
    reserve = MoneyOut(required=True, metadata={"description": "taken from the reserve"})
    claim = MoneyOut(required=True, metadata={"description": "owed by the supplier"})
    business_date = Day(required=True)


class ClaimSchema(Schema):
    """What a supplier owes, and what is left of it."""

    id = Id("clm", required=True)
    book_id = Id("bok", required=True)
    supplier_id = Id("org", required=True)
    advance_id = Id("adv", required=True)
    reason = fields.String(required=True)
    currency = fields.String(required=True)
    amount = MoneyOut(required=True)
    left = MoneyOut(required=True)
    claimed_on = Day(required=True)
    status = fields.String(required=True)


class GuaranteeSchema(Schema):
    """A guarantor's share of a loss, called."""

    id = Id("grc", required=True)
    advance_id = Id("adv", required=True)
    guarantor_id = Id("org", required=True)
    ref = fields.String(required=True, metadata={"description": "the invoice's number"})
    currency = fields.String(required=True)
    amount = MoneyOut(required=True)
    called_on = Day(required=True)
    status = fields.String(required=True)
    version = fields.Integer(required=True)
