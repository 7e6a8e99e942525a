"""What the routes of the audit trail give, as marshmallow schemas."""

from marshmallow import Schema, fields

from scf.fields import Day, Id


class CommandSchema(Schema):
    """A command that was run: who, when, under which key, and on how many items."""

    id = Id("cmd", required=True)
    command = fields.String(required=True)
    key = fields.String(required=True)
    attempt = fields.Integer(required=True, metadata={"description": "counts what was run under the key"})
    actor_id = Id("per", required=True, metadata={"description": "zero: the platform itself"})
    batch_count = fields.Integer(required=True)
    digest = fields.String(required=True, metadata={"description": "SHA-256 of the input"})
    business_date = Day(required=True)
    at = fields.AwareDateTime(required=True)


class ChainSchema(Schema):
    """What recomputing the hash chain over the command log found."""

    link_count = fields.Integer(required=True)
    last_hash = fields.String(required=True, metadata={"description": "note it elsewhere: it stands for all before"})
    broken = fields.List(fields.Integer(), required=True, metadata={"description": "positions that do not follow"})
