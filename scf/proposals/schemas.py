"""What the routes of four eyes take and give: proposals, named by their ids, and what they ask for."""

from typing import Any

from marshmallow import Schema, fields

from scf import encoding
from scf.fields import Id, ItemSchema


def _id(proposal_id: int) -> int:
    return proposal_id


class DecisionSchema(ItemSchema):
    """A proposal to accept or to decline."""

    makes = staticmethod(_id)
    proposal_id = Id("pro", required=True)


class ProposalSchema(Schema):
    """A proposal, and what became of it."""

    id = Id("pro", required=True)
    command = fields.String(required=True, metadata={"description": "what is run when it is accepted"})
    maker_id = Id("per", required=True)
    proposed_at = fields.AwareDateTime(required=True)
    status = fields.String(required=True)
    checker_id = Id("per", required=True, allow_none=True)
    decided_at = fields.AwareDateTime(required=True, allow_none=True)
    version = fields.Integer(required=True)


class Asked(fields.Nested):
    """What was proposed, word for word, as the schema of its items shows it."""

    def __init__(self, kind: type[Any], schema: type[Schema]) -> None:
        """`kind` is the dataclass of the items."""
        super().__init__(schema, required=True, attribute="payload")
        self.kind = kind

    def get_value(self, obj: Any, *args: Any, **kwargs: Any) -> Any:
        """The item that the proposal keeps as text."""
        kept: Any = super().get_value(obj, *args, **kwargs)
        return encoding.parse(self.kind, kept)


def asking(name: str, kind: type[Any], schema: type[Schema]) -> type[Schema]:
    """The schema of the proposals of one command: with what was asked for."""
    shown: dict[str, Any] = {**ProposalSchema._declared_fields, "asked": Asked(kind, schema)}
    return Schema.from_dict(shown, name=name)
