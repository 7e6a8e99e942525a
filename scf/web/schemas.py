"""The API's own schemas: the batch around items, the outcomes, the key of a write, the page around rows."""

from collections.abc import Mapping
from typing import Any

from marshmallow import EXCLUDE, Schema, fields, validate

from scf import ids
from scf.outcomes import Outcome
from scf.paging import LIMIT, LIMIT_MAX

BATCH_MAX = 10_000
KEY_LENGTH = 100
KEY = fields.String(
    required=True,
    data_key="Idempotency-Key",
    validate=[validate.Length(1, KEY_LENGTH), validate.Regexp(r"^[!-~]+\Z", error="printable ASCII, without blanks")],
    metadata={"description": "the same key and body give the first answer again", "example": "order-4711-1"},
)


class KeyHeader(Schema):
    """The header that makes a write safe to repeat."""

    class Meta:
        """Other headers are none of its business."""

        unknown = EXCLUDE

    key = KEY


class EditHeaders(KeyHeader):
    """The headers of an edit."""

    version = fields.String(
        required=True,
        data_key="If-Match",
        validate=[validate.Regexp(r'^"[0-9]{1,9}"\Z', error='give the ETag you were shown, like "3"')],
        metadata={"example": '"3"'},
    )


class RefusalSchema(Schema):
    """Why an item was refused."""

    reason = fields.String(required=True, metadata={"description": "a code of the command's closed list"})
    field = fields.String(required=True)
    value = fields.String(required=True)
    bound = fields.String(required=True)
    remedy = fields.String(required=True, metadata={"description": "what would make it pass"})
    words = fields.String(required=True, metadata={"description": "all of it as one sentence"})


class OutcomeSchema(Schema):
    """What became of one item."""

    accepted = fields.Boolean(required=True)
    id = fields.String(required=True, allow_none=True, metadata={"description": "what was made or touched"})
    refusal = fields.Nested(RefusalSchema, required=True, allow_none=True)
    facts = fields.Dict(keys=fields.String(), required=True, metadata={"description": "small extras"})


class OutcomesSchema(Schema):
    """What became of a batch, an outcome an item, in the order given."""

    accepted_count = fields.Integer(required=True)
    refused_count = fields.Integer(required=True)
    outcomes = fields.List(fields.Nested(OutcomeSchema), required=True)


def batch_of(name: str, item: type[Schema], most: int) -> type[Schema]:
    """The schema of a batch of items."""
    items = fields.List(fields.Nested(item), required=True, validate=[validate.Length(1, min(most, BATCH_MAX))])
    return Schema.from_dict({"items": items}, name=f"{name}Batch")


def page_of(name: str, row: type[Schema], expand: Mapping[str, Any]) -> type[Schema]:
    """The schema of a page of rows."""
    shown = row
    if expand:
        more = fields.Dict(keys=fields.String(), metadata={"description": f"asked for by expand: {', '.join(expand)}"})
        shown = Schema.from_dict({**row._declared_fields, "expanded": more}, name=f"{name}Row")
    found: dict[str, Any] = {
        "items": fields.List(fields.Nested(shown), required=True),
        "next": fields.String(required=True, allow_none=True, metadata={"description": "give it as `after`"}),
    }
    return Schema.from_dict(found, name=f"{name}Page")


def query_of(
    name: str, sorts: Mapping[str, Any], filters: Mapping[str, Any], expand: Mapping[str, Any]
) -> type[Schema]:
    """The schema of a list's query."""
    asked: dict[str, Any] = {
        "limit": fields.Integer(load_default=LIMIT, validate=[validate.Range(1, LIMIT_MAX)], strict=False),
        "after": fields.String(load_default="", validate=[validate.Length(max=400)]),
        **{name: each.field for name, each in filters.items()},
    }
    if sorts:
        ways = [way for each in sorts for way in (each, f"-{each}")]
        asked["sort"] = fields.String(validate=[validate.OneOf(ways)])
    if expand:
        asked["expand"] = fields.String(validate=[validate.OneOf(list(expand))])
    return Schema.from_dict(asked, name=f"{name}Query")


def shown(outcome: Outcome, prefix: str, facts: Mapping[str, str]) -> dict[str, Any]:
    """An outcome as the API gives it; a refused item made and touched nothing, so that it has no id."""
    refusal = outcome.refusal
    names = ("reason", "field", "value", "bound", "remedy")
    return {
        "accepted": outcome.accepted,
        "id": None if outcome.id is None or refusal is not None else ids.text(prefix, outcome.id),
        "refusal": None
        if refusal is None
        else {**{name: getattr(refusal, name) for name in names}, "words": refusal.words()},
        "facts": {
            name: ids.text(facts[name], int(value)) if name in facts and value is not None else value
            for name, value in outcome.facts.items()
        },
    }
