"""Signatures and consents as rows. A signature is never changed; a consent is given, and ended."""

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, ForeignKey, Index, Integer, String

from scf.db.types import UTCDateTime, id_column, one_of, table
from scf.signatures.words import Purpose, Subject

signatures = table(
    "signature",
    id_column(),
    # for whom was signed; and by which person, 0 for the platform itself
    Column("organisation_id", BigInteger, ForeignKey("organisation.id"), nullable=False),
    Column("signer_id", BigInteger, nullable=False),
    Column("purpose", String(30), nullable=False),
    # the very bytes are kept
    Column("document_sha256", String(64), ForeignKey("file.sha256"), nullable=False),
    Column("method", String(30), nullable=False),
    Column("method_ref", String(200), nullable=False),
    Column("stepped_up", Boolean, nullable=False),
    # its row in the command log is linked into the audit chain, and with it the signature
    Column("command_id", BigInteger, nullable=False),
    Column("signed_at", UTCDateTime, nullable=False),
    CheckConstraint(one_of("purpose", Purpose), name="purpose"),
    append_only=True,
)
Index("ix_signature_organisation_id", signatures.c.organisation_id)
Index("ix_signature_document_sha256", signatures.c.document_sha256)

consents = table(
    "consent",
    id_column(),
    Column("organisation_id", BigInteger, ForeignKey("organisation.id"), nullable=False),
    Column("to_id", BigInteger, ForeignKey("organisation.id"), nullable=False),
    Column("subject", String(20), nullable=False),
    Column("signature_id", BigInteger, ForeignKey("signature.id"), nullable=False),
    Column("given_at", UTCDateTime, nullable=False),
    Column("ended_at", UTCDateTime, nullable=True),
    Column("status", String(10), nullable=False),
    Column("version", Integer, nullable=False),
    CheckConstraint(one_of("subject", Subject), name="subject"),
    CheckConstraint("status IN ('given', 'ended')", name="status"),
    CheckConstraint("(status = 'ended') = (ended_at IS NOT NULL)", name="ended"),
    CheckConstraint("organisation_id <> to_id", name="to_another"),
)
_GIVEN = consents.c.status == "given"
# asked with every row that is shown to the addressee
Index(
    "uq_consent_given",
    consents.c.to_id,
    consents.c.subject,
    consents.c.organisation_id,
    unique=True,
    postgresql_where=_GIVEN,
    sqlite_where=_GIVEN,
)
Index("ix_consent_organisation_id", consents.c.organisation_id)
Index("ix_consent_signature_id", consents.c.signature_id)
