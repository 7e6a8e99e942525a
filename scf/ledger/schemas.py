"""What the routes of the ledger take and give, as marshmallow schemas."""

from typing import Any

from marshmallow import Schema, fields, validate

from scf.fields import Amount, Day, Id, ItemSchema, MoneyOut, Words, currency
from scf.ledger.chart import CHART, Owner, full_name
from scf.ledger.manual import WORDS_MAX, ManualJournal, ManualKind
from scf.paging import LIMIT, LIMIT_MAX

CODE = fields.String(validate=[validate.OneOf(list(CHART))])


class ManualJournalSchema(ItemSchema):
    """A journal entered by hand, of a closed list of kinds."""

    makes = ManualJournal
    kind = fields.Enum(ManualKind, by_value=True, required=True)
    amount = Amount(required=True)
    currency = currency()
    value_date = Day(required=True)
    words = Words(WORDS_MAX, 1, required=True)


class JournalSchema(Schema):
    """One event that was posted."""

    id = Id("jrn", required=True)
    event = fields.String(required=True)
    occurrence = fields.Integer(required=True)
    ref = fields.String(required=True, metadata={"description": "an invoice's or a collection's number"})
    value_date = Day(required=True)
    business_date = Day(required=True)
    command_id = Id("cmd", required=True)


class _Owner(fields.Field[Any]):
    """The id of an account's owner, None when it is of another kind."""

    def __init__(self, prefix: str, *kinds: Owner) -> None:
        shape: dict[str, Any] = {"type": ["string", "null"], "example": f"{prefix}_01h3c5w7k9m2p"}
        super().__init__(dump_only=True, required=True, metadata=shape)
        self.id, self.kinds = Id(prefix), kinds

    def serialize(self, attr: str, obj: Any, accessor: Any = None, **kwargs: Any) -> Any:
        """The id, or None."""
        mine = CHART[obj.code].owner in self.kinds
        return self.id._serialize(obj.owner_id, attr, obj) if mine else None


class AccountSchema(Schema):
    """An account of the book."""

    id = Id("acc", required=True)
    code = fields.String(required=True)
    name = fields.Function(lambda row: full_name(row.code), required=True, metadata={"type": "string"})
    organisation_id = _Owner("org", Owner.SUPPLIER, Owner.ANCHOR, Owner.GUARANTOR)
    limit_id = _Owner("lim", Owner.LIMIT)
    currency = fields.String(required=True)


class BalanceSchema(AccountSchema):
    """An account with its totals."""

    debit = MoneyOut(required=True)
    credit = MoneyOut(required=True)


class BalancesQuery(Schema):
    """Which balances, up to which value date; all dates when none is given."""

    value_to = Day(load_default=None)
    code = fields.String(load_default="", validate=[validate.OneOf(["", *CHART])])
    organisation_id = Id("org", load_default=None)
    limit = fields.Integer(load_default=LIMIT, validate=[validate.Range(1, LIMIT_MAX)])
    after = fields.String(load_default="", validate=[validate.Length(max=400)])


class BalancesSchema(Schema):
    """A page of balances."""

    items = fields.List(fields.Nested(BalanceSchema), required=True)
    next = fields.String(required=True, allow_none=True, metadata={"description": "give it as `after`"})


class TrialBalanceQuery(Schema):
    """Up to which value date; all dates when none is given."""

    value_to = Day(load_default=None)


class TrialLineSchema(Schema):
    """All accounts of one kind and currency, on the side where they stand together."""

    account = fields.String(required=True)
    currency = fields.String(required=True)
    debit = MoneyOut(required=True)
    credit = MoneyOut(required=True)


class TrialTotalSchema(Schema):
    """The two sums of a currency, which must be equal."""

    currency = fields.String(required=True)
    debit = MoneyOut(required=True)
    credit = MoneyOut(required=True)


class TrialBalanceSchema(Schema):
    """The trial balance by kind of account; memorandum accounts stand outside it."""

    lines = fields.List(fields.Nested(TrialLineSchema), required=True)
    totals = fields.List(fields.Nested(TrialTotalSchema), required=True)
    equal = fields.Boolean(required=True)
