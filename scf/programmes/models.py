"""Programmes, enrolments and the versions of their terms as rows."""

from sqlalchemy import BigInteger, Column, Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint

from scf.db.types import UTCDateTime, id_column, table

programmes = table(
    "programme",
    id_column(),
    Column("book_id", BigInteger, ForeignKey("book.id"), nullable=False),
    Column("anchor_id", BigInteger, ForeignKey("organisation.id"), nullable=False),
    Column("name", String(80), nullable=False),
    UniqueConstraint("book_id", "name"),
)

enrolments = table(
    "enrolment",
    id_column(),
    Column("book_id", BigInteger, ForeignKey("book.id"), nullable=False),
    Column("programme_id", BigInteger, ForeignKey("programme.id"), nullable=False),
    Column("anchor_id", BigInteger, ForeignKey("organisation.id"), nullable=False),
    Column("supplier_id", BigInteger, ForeignKey("organisation.id"), nullable=False),
    # the day from which every confirmed invoice is offered by itself; NULL: the supplier asks each time
    Column("standing_from_on", Date, nullable=True),
    UniqueConstraint("programme_id", "supplier_id"),
)
Index("ix_enrolment_supplier_id", enrolments.c.supplier_id)

terms_documents = table(
    "terms_document",
    id_column(),
    Column("hash", String(64), nullable=False),
    Column("body", Text, nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    UniqueConstraint("hash"),
)

enrolment_terms = table(
    "enrolment_terms",
    id_column(),
    Column("enrolment_id", BigInteger, ForeignKey("enrolment.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("terms_id", BigInteger, ForeignKey("terms_document.id"), nullable=False),
    Column("from_on", Date, nullable=False),
    UniqueConstraint("enrolment_id", "version"),
)
Index("ix_enrolment_terms_terms_id", enrolment_terms.c.terms_id)
