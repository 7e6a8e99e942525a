"""Programmes, enrolments, the versions of their terms, what suppliers said to them; instructions and agreements."""

from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)

from scf.db.types import UTCDateTime, id_column, one_of, table


class Answer(StrEnum):
    """What a supplier says to a version of its terms."""

    CONSENTED = "consented"
    REFUSED = "refused"


programmes = table(
    "programme",
    id_column(),
    Column("book_id", BigInteger, ForeignKey("book.id"), nullable=False),
    Column("anchor_id", BigInteger, ForeignKey("organisation.id"), nullable=False),
    Column("name", String(80), nullable=False),
    UniqueConstraint("book_id", "name"),
)
Index("ix_programme_anchor_id", programmes.c.anchor_id)

enrolments = table(
    "enrolment",
    id_column(),
    Column("book_id", BigInteger, ForeignKey("book.id"), nullable=False),
    Column("programme_id", BigInteger, ForeignKey("programme.id"), nullable=False),
    Column("anchor_id", BigInteger, ForeignKey("organisation.id"), nullable=False),
    Column("supplier_id", BigInteger, ForeignKey("organisation.id"), nullable=False),
    UniqueConstraint("programme_id", "supplier_id"),
)
Index("ix_enrolment_supplier_id", enrolments.c.supplier_id)
Index("ix_enrolment_anchor_id_id", enrolments.c.anchor_id, enrolments.c.id)

terms_documents = table(
    "terms_document",
    id_column(),
    Column("hash", String(64), nullable=False),
    Column("body", Text, nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    UniqueConstraint("hash"),
    append_only=True,
)

enrolment_terms = table(
    "enrolment_terms",
    id_column(),
    Column("enrolment_id", BigInteger, ForeignKey("enrolment.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("terms_id", BigInteger, ForeignKey("terms_document.id"), nullable=False),
    Column("from_on", Date, nullable=False),
    UniqueConstraint("enrolment_id", "version"),
    append_only=True,
)
Index("ix_enrolment_terms_terms_id", enrolment_terms.c.terms_id)

# what the supplier said to a version of terms, once and for good; without its consent a version is only an offer
terms_answers = table(
    "terms_answer",
    Column("enrolment_terms_id", BigInteger, ForeignKey("enrolment_terms.id"), primary_key=True, autoincrement=False),
    Column("organisation_id", BigInteger, ForeignKey("organisation.id"), nullable=False),
    Column("answer", String(10), nullable=False),
    Column("signature_id", BigInteger, ForeignKey("signature.id"), nullable=True),
    # why it was refused
    Column("words", String(200), nullable=False),
    Column("answered_by_id", BigInteger, nullable=False),
    Column("answered_at", UTCDateTime, nullable=False),
    CheckConstraint(one_of("answer", Answer), name="answer"),
    CheckConstraint("(answer = 'consented') = (signature_id IS NOT NULL)", name="signed"),
    append_only=True,
)
Index("ix_terms_answer_signature_id", terms_answers.c.signature_id)

# the supplier's own: every invoice confirmed under the enrolment is offered by itself from a day on
standing_instructions = table(
    "standing_instruction",
    id_column(),
    Column("enrolment_id", BigInteger, ForeignKey("enrolment.id"), nullable=False),
    Column("organisation_id", BigInteger, ForeignKey("organisation.id"), nullable=False),
    Column("from_on", Date, nullable=False),
    Column("signature_id", BigInteger, ForeignKey("signature.id"), nullable=False),
    Column("given_at", UTCDateTime, nullable=False),
    Column("ended_at", UTCDateTime, nullable=True),
    Column("status", String(10), nullable=False),
    Column("version", Integer, nullable=False),
    CheckConstraint("status IN ('given', 'ended')", name="status"),
    CheckConstraint("(status = 'ended') = (ended_at IS NOT NULL)", name="ended"),
)
_GIVEN = standing_instructions.c.status == "given"
Index(
    "uq_standing_instruction_given",
    standing_instructions.c.enrolment_id,
    unique=True,
    postgresql_where=_GIVEN,
    sqlite_where=_GIVEN,
)
Index("ix_standing_instruction_signature_id", standing_instructions.c.signature_id)

# what a funder and a party agreed beside all terms; a new edition replaces the one before once it is signed
master_agreements = table(
    "master_agreement",
    id_column(),
    Column("book_id", BigInteger, ForeignKey("book.id"), nullable=False),
    Column("organisation_id", BigInteger, ForeignKey("organisation.id"), nullable=False),
    Column("edition", Integer, nullable=False),
    Column("name", String(120), nullable=False),
    Column("document_sha256", String(64), ForeignKey("file.sha256"), nullable=False),
    Column("offered_by_id", BigInteger, nullable=False),
    Column("offered_at", UTCDateTime, nullable=False),
    Column("signature_id", BigInteger, ForeignKey("signature.id"), nullable=True),
    Column("signed_at", UTCDateTime, nullable=True),
    Column("ended_at", UTCDateTime, nullable=True),
    Column("status", String(10), nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("book_id", "organisation_id", "edition"),
    CheckConstraint("status IN ('offered', 'signed', 'ended')", name="status"),
    CheckConstraint("status <> 'signed' OR (signature_id IS NOT NULL AND signed_at IS NOT NULL)", name="signed"),
    CheckConstraint("(status = 'ended') = (ended_at IS NOT NULL)", name="ended"),
)
Index("ix_master_agreement_organisation_id", master_agreements.c.organisation_id)
