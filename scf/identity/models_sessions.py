"""Sessions, attempts to sign in, and API keys as rows. Of every secret only its hash is here."""

from sqlalchemy import (
    BigInteger,
    Boolean,
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

sessions = table(
    "session",
    id_column(),
    # the organisation its person acts for now
    Column("organisation_id", BigInteger, ForeignKey("organisation.id"), nullable=False),
    Column("person_id", BigInteger, ForeignKey("person.id"), nullable=False),
    # set where an organisation's identity provider vouched: the session then acts for that organisation alone
    Column("provider_id", BigInteger, ForeignKey("identity_provider.id"), nullable=True),
    Column("token_hash", String(64), nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    Column("seen_at", UTCDateTime, nullable=False),
    Column("factor_at", UTCDateTime, nullable=True),
    # where from: blanked when nobody needs it any more
    Column("network", String(45), nullable=True),
    Column("agent", String(200), nullable=True),
    Column("ended_at", UTCDateTime, nullable=True),
    Column("ended_why", String(20), nullable=True),
    Column("version", Integer, nullable=False),
    UniqueConstraint("token_hash"),
    CheckConstraint("(ended_at IS NULL) = (ended_why IS NULL)", name="ended"),
)
Index("ix_session_person", sessions.c.person_id, sessions.c.created_at)

attempts = table(
    "sign_in_attempt",
    id_column(),
    Column("at", UTCDateTime, nullable=False),
    Column("kind", String(10), nullable=False),
    # of the account as it was typed, known here or not: what people type into the wrong field is not kept
    Column("account_hash", String(64), nullable=False),
    Column("person_id", BigInteger, ForeignKey("person.id"), nullable=True),
    Column("network", String(45), nullable=True),
    Column("agent", String(200), nullable=True),
    Column("outcome", String(10), nullable=False),
    CheckConstraint("kind IN ('password', 'factor', 'passkey', 'sso', 'reset')", name="kind"),
    CheckConstraint("outcome IN ('failed', 'succeeded', 'throttled')", name="outcome"),
)
Index("ix_sign_in_attempt_account", attempts.c.account_hash, attempts.c.kind, attempts.c.at)
Index("ix_sign_in_attempt_network", attempts.c.network, attempts.c.at)

api_keys = table(
    "api_key",
    id_column(),
    Column("organisation_id", BigInteger, ForeignKey("organisation.id"), nullable=False),
    Column("person_id", BigInteger, ForeignKey("person.id"), nullable=False),
    Column("name", String(60), nullable=False),
    Column("secret_hash", String(64), nullable=False),
    # JSON lists
    Column("permissions", Text, nullable=False),
    Column("networks", Text, nullable=False),
    Column("with_approvals", Boolean, nullable=False),
    Column("status", String(10), nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    Column("expires_at", UTCDateTime, nullable=False),
    Column("used_at", UTCDateTime, nullable=True),
    Column("ended_at", UTCDateTime, nullable=True),
    Column("ended_by_id", BigInteger, nullable=True),
    Column("version", Integer, nullable=False),
    CheckConstraint("status IN ('active', 'revoked')", name="status"),
    CheckConstraint("(status = 'active') = (ended_at IS NULL)", name="ended"),
)
Index("ix_api_key_organisation", api_keys.c.organisation_id)
Index("ix_api_key_person", api_keys.c.person_id)
