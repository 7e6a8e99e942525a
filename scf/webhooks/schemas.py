"""What the routes of webhooks take and give, as marshmallow schemas."""

import json
from datetime import datetime
from typing import Any

from marshmallow import Schema, fields, post_load, validate

from scf.announcements import KINDS
from scf.fields import Flag, Id, Words
from scf.webhooks.addresses import URL_LENGTH_MAX
from scf.webhooks.endpoints import DESCRIPTION_LENGTH_MAX
from scf.webhooks.sending import Failed

_URL = {"example": "https://erp.example.com/scf", "maxLength": URL_LENGTH_MAX}


def _kinds(**options: Any) -> fields.List[str]:
    described = {"description": "kinds of events to be told of; none named: of all"}
    each = fields.String(validate=[validate.OneOf(sorted(KINDS))])
    return fields.List(each, validate=[validate.Length(max=len(KINDS))], metadata=described, **options)


class NewEndpointSchema(Schema):
    """An endpoint to add."""

    url = Words(URL_LENGTH_MAX, 1, required=True, metadata=_URL)
    description = Words(DESCRIPTION_LENGTH_MAX, load_default="")
    kinds = _kinds(load_default=list)


class ChangeSchema(Schema):
    """What to change of an endpoint; what is left out stays."""

    url = Words(URL_LENGTH_MAX, 1, metadata=_URL)
    description = Words(DESCRIPTION_LENGTH_MAX)
    kinds = _kinds()
    active = Flag(metadata={"description": "false: nothing is sent until it is true again"})

    @post_load
    def _freeze(self, loaded: dict[str, Any], **_options: object) -> dict[str, Any]:
        return {name: tuple(value) if name == "kinds" else value for name, value in loaded.items()}


class EndpointSchema(Schema):
    """An endpoint. Its secret is shown once, when it is made, and never here."""

    id = Id("whe", required=True)
    url = fields.String(required=True)
    description = fields.String(required=True)
    kinds = fields.Function(
        lambda row: json.loads(row.kinds), required=True, metadata={"type": "array", "items": {"type": "string"}}
    )
    status = fields.String(required=True, metadata={"description": "active, disabled or ended"})
    failing_since_at = fields.AwareDateTime(
        required=True, allow_none=True, metadata={"description": "since a delivery was given up; null when all is well"}
    )
    old_secret_to_at = fields.AwareDateTime(
        required=True, allow_none=True, metadata={"description": "until when the secret before signs too"}
    )
    created_at = fields.AwareDateTime(required=True)
    version = fields.Integer(required=True)


class SecretSchema(Schema):
    """An endpoint and its new secret: null when the same key is sent again, for a secret is shown once."""

    id = Id("whe", required=True)
    secret = fields.String(required=True, allow_none=True, metadata={"example": "whsec_…"})


class EndpointIdSchema(Schema):
    """An endpoint, named."""

    endpoint_id = Id("whe", required=True)

    @post_load
    def _make(self, loaded: dict[str, int], **_options: object) -> int:
        return loaded["endpoint_id"]


class DeliveryIdSchema(Schema):
    """A delivery, named."""

    delivery_id = Id("whd", required=True)

    @post_load
    def _make(self, loaded: dict[str, int], **_options: object) -> int:
        return loaded["delivery_id"]


class FailedSchema(Schema):
    """All deliveries to an endpoint that were given up, made since an instant."""

    endpoint_id = Id("whe", required=True)
    since = fields.AwareDateTime(required=True)

    @post_load
    def _make(self, loaded: dict[str, Any], **_options: object) -> Failed:
        since: datetime = loaded["since"]
        return Failed(loaded["endpoint_id"], since)


class DeliverySchema(Schema):
    """A delivery; its id is the `webhook-id` that the receiver was sent."""

    id = Id("whd", required=True)
    endpoint_id = Id("whe", required=True)
    kind = fields.String(required=True)
    status = fields.String(required=True, metadata={"description": "waiting, delivered or given_up"})
    try_count = fields.Integer(required=True, metadata={"description": "attempts since it was made, or replayed"})
    created_at = fields.AwareDateTime(required=True)
    version = fields.Integer(required=True)


class AttemptSchema(Schema):
    """One attempt, and what came of it."""

    at = fields.AwareDateTime(required=True)
    status_code = fields.Integer(required=True, allow_none=True, metadata={"description": "null: no answer came"})
    took_ms = fields.Integer(required=True)
    error = fields.String(required=True, metadata={"description": "why no answer came"})
    response = fields.String(
        required=True, allow_none=True, metadata={"description": "the answer's beginning; null after 90 days"}
    )


class DeliveryLogSchema(DeliverySchema):
    """A delivery with what was sent and every attempt at it."""

    body = fields.String(required=True, allow_none=True, metadata={"description": "as signed; null after 90 days"})
    attempts = fields.List(fields.Nested(AttemptSchema), required=True)


class KindSchema(Schema):
    """A kind of event."""

    kind = fields.String(required=True, metadata={"example": "invoice.confirmed"})
    words = fields.String(required=True)
    prefix = fields.String(required=True, metadata={"description": "of the ids that it names"})


class KindsSchema(Schema):
    """All kinds of events."""

    items = fields.List(fields.Nested(KindSchema), required=True)
