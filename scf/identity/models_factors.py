"""What a person shows to prove who they are, as rows: password, second factors, and other people's word for them.

Passwords and codes are hashed, secrets that must be read again are sealed; nothing here opens a door by being read.
"""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)

from scf.db.types import UTCDateTime, id_column, table

passwords = table(
    "password",
    id_column(),
    Column("person_id", BigInteger, ForeignKey("person.id"), nullable=False),
    # argon2id with its parameters and salt
    Column("hash", String(200), nullable=False),
    Column("changed_at", UTCDateTime, nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("person_id"),
)

totps = table(
    "totp",
    id_column(),
    Column("person_id", BigInteger, ForeignKey("person.id"), nullable=False),
    Column("name", String(60), nullable=False),
    Column("secret", Text, nullable=False),
    # the time step of the last code taken: no code of it or before it is taken again
    Column("last_step", BigInteger, nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    Column("used_at", UTCDateTime, nullable=True),
    Column("ended_at", UTCDateTime, nullable=True),
    Column("version", Integer, nullable=False),
)
_THERE = totps.c.ended_at.is_(None)
Index("uq_totp_person", totps.c.person_id, unique=True, postgresql_where=_THERE, sqlite_where=_THERE)

passkeys = table(
    "passkey",
    id_column(),
    Column("person_id", BigInteger, ForeignKey("person.id"), nullable=False),
    Column("name", String(60), nullable=False),
    Column("credential", LargeBinary, nullable=False),
    Column("public_key", LargeBinary, nullable=False),
    Column("sign_count", BigInteger, nullable=False),
    # when the last challenge answered was given out, in milliseconds: none of it or before it is answered again
    Column("last_challenge", BigInteger, nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    Column("used_at", UTCDateTime, nullable=True),
    Column("ended_at", UTCDateTime, nullable=True),
    Column("version", Integer, nullable=False),
    UniqueConstraint("credential"),
)
Index("ix_passkey_person", passkeys.c.person_id)

recovery_codes = table(
    "recovery_code",
    id_column(),
    Column("person_id", BigInteger, ForeignKey("person.id"), nullable=False),
    Column("code_hash", String(64), nullable=False),
    Column("status", String(10), nullable=False),
    Column("made_at", UTCDateTime, nullable=False),
    Column("ended_at", UTCDateTime, nullable=True),
    Column("version", Integer, nullable=False),
    CheckConstraint("status IN ('unused', 'used', 'replaced')", name="status"),
    CheckConstraint("(status = 'unused') = (ended_at IS NULL)", name="ended"),
)
Index("ix_recovery_code_person", recovery_codes.c.person_id)

identity_providers = table(
    "identity_provider",
    id_column(),
    Column("organisation_id", BigInteger, ForeignKey("organisation.id"), nullable=False),
    Column("issuer", String(200), nullable=False),
    Column("client_id", String(200), nullable=False),
    Column("client_secret", Text, nullable=False),
    # JSON list
    Column("domains", Text, nullable=False),
    Column("status", String(10), nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    Column("ended_at", UTCDateTime, nullable=True),
    Column("version", Integer, nullable=False),
    CheckConstraint("status IN ('active', 'ended')", name="status"),
    CheckConstraint("(status = 'active') = (ended_at IS NULL)", name="ended"),
)
_ACTIVE = identity_providers.c.status == "active"
Index(
    "uq_identity_provider_active",
    identity_providers.c.organisation_id,
    unique=True,
    postgresql_where=_ACTIVE,
    sqlite_where=_ACTIVE,
)

external_identities = table(
    "external_identity",
    id_column(),
    # a provider's row never changes its issuer, so that this names (issuer, subject), for one organisation's sign-in
    Column("provider_id", BigInteger, ForeignKey("identity_provider.id"), nullable=False),
    Column("subject", String(255), nullable=False),
    Column("person_id", BigInteger, ForeignKey("person.id"), nullable=False),
    Column("linked_at", UTCDateTime, nullable=False),
    UniqueConstraint("provider_id", "subject"),
)
Index("ix_external_identity_person", external_identities.c.person_id)
