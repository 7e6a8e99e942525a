"""Members as rows: who plays which part where, who was invited, and which organisation operates the platform.

What was granted is never changed: a role that is taken ends its row, and one given again is another row.
"""

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, Integer, String, UniqueConstraint

from scf.db.types import UTCDateTime, id_column, table
from scf.roles import Role

_ROLES = ", ".join(f"'{role}'" for role in Role)

operators = table(
    "operator",
    id_column(),
    Column("organisation_id", BigInteger, ForeignKey("organisation.id"), nullable=False),
    Column("since_at", UTCDateTime, nullable=False),
    # one platform, one operator: the second row finds its key taken
    CheckConstraint("id = 1", name="only"),
)

memberships = table(
    "membership",
    id_column(),
    Column("organisation_id", BigInteger, ForeignKey("organisation.id"), nullable=False),
    Column("person_id", BigInteger, ForeignKey("person.id"), nullable=False),
    Column("role", String(20), nullable=False),
    Column("status", String(10), nullable=False),
    Column("granted_at", UTCDateTime, nullable=False),
    Column("granted_by_id", BigInteger, nullable=False),
    Column("ended_at", UTCDateTime, nullable=True),
    Column("ended_by_id", BigInteger, nullable=True),
    Column("ended_why", String(200), nullable=True),
    Column("version", Integer, nullable=False),
    CheckConstraint(f"role IN ({_ROLES})", name="role"),
    CheckConstraint("status IN ('active', 'taken', 'suspended')", name="status"),
    CheckConstraint("(status = 'active') = (ended_at IS NULL)", name="ended"),
)
_ACTIVE = memberships.c.status == "active"
Index(
    "uq_membership_active",
    memberships.c.organisation_id, memberships.c.person_id, memberships.c.role,
    unique=True, postgresql_where=_ACTIVE, sqlite_where=_ACTIVE,
)  # fmt: skip
Index("ix_membership_person", memberships.c.person_id)

invitations = table(
    "invitation",
    id_column(),
    Column("organisation_id", BigInteger, ForeignKey("organisation.id"), nullable=False),
    # both are blanked some time after the invitation ended: by then they stand with the person, or concern nobody
    Column("email", String(254), nullable=True),
    Column("name", String(140), nullable=True),
    Column("roles", String(120), nullable=False),
    Column("status", String(10), nullable=False),
    Column("invited_at", UTCDateTime, nullable=False),
    Column("invited_by_id", BigInteger, nullable=False),
    Column("expires_at", UTCDateTime, nullable=False),
    Column("ended_at", UTCDateTime, nullable=True),
    Column("person_id", BigInteger, ForeignKey("person.id"), nullable=True),
    Column("version", Integer, nullable=False),
    CheckConstraint("status IN ('open', 'accepted', 'withdrawn')", name="status"),
    CheckConstraint("(status = 'open') = (ended_at IS NULL)", name="ended"),
    CheckConstraint("(status = 'accepted') = (person_id IS NOT NULL)", name="person"),
)
_OPEN = invitations.c.status == "open"
Index(
    "uq_invitation_open",
    invitations.c.organisation_id, invitations.c.email,
    unique=True, postgresql_where=_OPEN, sqlite_where=_OPEN,
)  # fmt: skip

# what a mail lets its reader do once: its text goes out in the mail alone, here stands what it hashes to
mail_tokens = table(
    "mail_token",
    id_column(),
    Column("purpose", String(12), nullable=False),
    # an invitation, or the person whose password is to be set anew
    Column("subject_id", BigInteger, nullable=False),
    Column("token_hash", String(64), nullable=False),
    Column("made_at", UTCDateTime, nullable=False),
    Column("expires_at", UTCDateTime, nullable=False),
    Column("used_at", UTCDateTime, nullable=True),
    UniqueConstraint("token_hash"),
    CheckConstraint("purpose IN ('invitation', 'reset')", name="purpose"),
)
Index("ix_mail_token_subject", mail_tokens.c.subject_id)
