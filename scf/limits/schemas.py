"""What the routes of limits take and give, as marshmallow schemas."""

from typing import Any

from marshmallow import Schema, fields, validate

from scf.fields import Id, ItemSchema, MoneyOut, Words
from scf.limits.hold import REASON_LENGTH, Hold
from scf.limits.positions import LimitKind

KIND = fields.String(validate=[validate.OneOf([kind.value for kind in LimitKind])])


def holder(kind: str, id: int) -> dict[str, int]:
    """The holder of a limit by the name it goes by: a programme, or an organisation."""
    return {"programme_id" if kind == LimitKind.PROGRAMME else "organisation_id": id}


class HolderField(fields.Field[Any]):
    """One of the two ids of a limit's holder, read from `kind` and `holder_id`; None when it is of the other kind."""

    def __init__(self, prefix: str, **options: Any) -> None:
        """`prefix` is the id's."""
        shape: dict[str, Any] = {"type": ["string", "null"], "example": f"{prefix}_01h3c5w7k9m2p"}
        super().__init__(dump_only=True, metadata=shape, **options)
        self.id = Id(prefix)

    def serialize(self, attr: str, obj: Any, accessor: Any = None, **kwargs: Any) -> Any:
        """The id, or None."""
        value = holder(obj.kind, obj.holder_id).get(attr)
        return None if value is None else self.id._serialize(value, attr, obj)


class LimitSchema(Schema):
    """A limit: ceiling and excess are headroom, reserved and drawn."""

    id = Id("lim", required=True)
    kind = fields.String(required=True)
    organisation_id = HolderField("org", required=True)
    programme_id = HolderField("prg", required=True)
    currency = fields.String(required=True)
    ceiling = MoneyOut(required=True)
    headroom = MoneyOut(required=True)
    reserved = MoneyOut(required=True)
    drawn = MoneyOut(required=True)
    excess = MoneyOut(required=True)
    hold = fields.String(required=True, metadata={"description": "why it is suspended; empty when it is not"})


class HoldSchema(ItemSchema):
    """A limit to suspend for a reason; an empty reason lifts the suspension."""

    makes = Hold
    limit_id = Id("lim", required=True)
    reason = Words(REASON_LENGTH, required=True)
