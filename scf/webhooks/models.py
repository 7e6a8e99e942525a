"""Webhook endpoints, the deliveries to them, and every attempt, as rows."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)

from scf.db.types import UTCDateTime, id_column, table

ACTIVE, DISABLED, ENDED = "active", "disabled", "ended"
WAITING, DELIVERED, GIVEN_UP = "waiting", "delivered", "given_up"

endpoints = table(
    "webhook_endpoint",
    id_column(),
    Column("organisation_id", BigInteger, ForeignKey("organisation.id"), nullable=False),
    Column("url", String(500), nullable=False),
    Column("description", String(200), nullable=False),
    # the kinds subscribed, as JSON; an empty list: all of them
    Column("kinds", Text, nullable=False),
    # sealed, both for this row; the old one signs too until its time is over
    Column("secret", Text, nullable=False),
    Column("old_secret", Text, nullable=True),
    Column("old_secret_to_at", UTCDateTime, nullable=True),
    Column("status", String(10), nullable=False),
    # since a delivery was given up; NULL when the last one arrived
    Column("failing_since_at", UTCDateTime, nullable=True),
    # after a failure nothing is tried before this, so that a dead receiver costs one attempt, not all that wait
    Column("rests_to_at", UTCDateTime, nullable=True),
    Column("created_at", UTCDateTime, nullable=False),
    Column("version", Integer, nullable=False),
    CheckConstraint("status IN ('active', 'disabled', 'ended')", name="status"),
)
Index("ix_webhook_endpoint_organisation_id", endpoints.c.organisation_id)

deliveries = table(
    "webhook_delivery",
    id_column(),
    Column("organisation_id", BigInteger, ForeignKey("organisation.id"), nullable=False),
    Column("endpoint_id", BigInteger, ForeignKey("webhook_endpoint.id"), nullable=False),
    # what it tells of: an announcement goes to an endpoint once, however often it is fanned out
    Column("message_id", BigInteger, nullable=False),
    Column("kind", String(40), nullable=False),
    # the very bytes that are signed; NULL when they were kept long enough
    Column("body", Text, nullable=True),
    Column("status", String(10), nullable=False),
    # attempts since it was first sent, or replayed: they say how long to wait
    Column("try_count", Integer, nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("endpoint_id", "message_id"),
    CheckConstraint("status IN ('waiting', 'delivered', 'given_up')", name="status"),
)
Index("ix_webhook_delivery_organisation_id", deliveries.c.organisation_id, deliveries.c.id)
_KEPT = deliveries.c.body.is_not(None)
Index("ix_webhook_delivery_kept", deliveries.c.created_at, postgresql_where=_KEPT, sqlite_where=_KEPT)

attempts = table(
    "webhook_attempt",
    id_column(),
    Column("organisation_id", BigInteger, ForeignKey("organisation.id"), nullable=False),
    Column("delivery_id", BigInteger, ForeignKey("webhook_delivery.id"), nullable=False),
    Column("at", UTCDateTime, nullable=False),
    # NULL when there was no answer; `error` says why
    Column("status_code", Integer, nullable=True),
    Column("took_ms", Integer, nullable=False),
    Column("error", String(200), nullable=False),
    # the beginning of the answer's body; NULL when it was kept long enough
    Column("response", Text, nullable=True),
)
Index("ix_webhook_attempt_delivery_id", attempts.c.delivery_id)
_EXCERPT = attempts.c.response.is_not(None)
Index("ix_webhook_attempt_kept", attempts.c.at, postgresql_where=_EXCERPT, sqlite_where=_EXCERPT)
