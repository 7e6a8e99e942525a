"""Organisations as rows. Which part a party plays is said by books, programmes and enrolments, not here."""

from sqlalchemy import BigInteger, Column, ForeignKey, String, UniqueConstraint

from scf.db.prefixes import word_index
from scf.db.types import UTCDateTime, id_column, table

organisations = table(
    "organisation",
    id_column(),
    Column("name", String(140), nullable=False),
    Column("registration_ref", String(40), nullable=False),
    Column("country", String(2), nullable=False),
    # the obligor group a party belongs to is the organisation at its head
    Column("group_id", BigInteger, ForeignKey("organisation.id"), nullable=True),
    Column("created_at", UTCDateTime, nullable=False),
    UniqueConstraint("registration_ref"),
)
word_index("ix_organisation_name", organisations.c.name)
