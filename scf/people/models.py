"""People as rows, and what they like: how screens speak to them, which filters they keep.

How they sign in, and for whom they act, is `identity`'s.
"""

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, Integer, String

from scf.db.prefixes import word_index
from scf.db.types import UTCDateTime, id_column, table

people = table(
    "person",
    id_column(),
    Column("name", String(140), nullable=False),
    # as it is compared: without blanks, in small letters; NULL for people of the command line and after an erasure
    Column("email", String(254), nullable=True),
    # the organisation at whose command line a person was met who has no sign-in of their own
    Column("local_to_id", BigInteger, ForeignKey("organisation.id"), nullable=True),
    Column("created_at", UTCDateTime, nullable=False),
    # when they were last met, to the day
    Column("seen_at", UTCDateTime, nullable=False),
    Column("erased_at", UTCDateTime, nullable=True),
    Column("version", Integer, nullable=False),
    CheckConstraint("erased_at IS NULL OR email IS NULL", name="erased"),
)
Index("uq_person_email", people.c.email, unique=True)
word_index("ix_person_name", people.c.name)
Index("uq_person_local", people.c.local_to_id, people.c.name, unique=True)

# how screens speak to somebody; an empty word: as the browser asks for it
preferences = table(
    "preference",
    Column("person_id", BigInteger, ForeignKey("person.id"), primary_key=True, autoincrement=False),
    Column("language", String(8), nullable=False),
    # the locale of dates and numbers, which need not be the language's: en_GB, de_DE
    Column("formats", String(16), nullable=False),
    Column("theme", String(8), nullable=False),
    Column("version", Integer, nullable=False),
    CheckConstraint("theme IN ('', 'auto', 'light', 'dark')", name="theme"),
)

# a page's query under a name, kept by a person for one organisation
saved_filters = table(
    "saved_filter",
    id_column(),
    Column("person_id", BigInteger, ForeignKey("person.id"), nullable=False),
    Column("organisation_id", BigInteger, ForeignKey("organisation.id"), nullable=False),
    Column("path", String(200), nullable=False),
    Column("name", String(80), nullable=False),
    Column("query", String(1000), nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    # name and query are then blank
    Column("forgotten_at", UTCDateTime, nullable=True),
    Column("version", Integer, nullable=False),
)
_KEPT = saved_filters.c.forgotten_at.is_(None)
Index(
    "uq_saved_filter_kept",
    saved_filters.c.person_id,
    saved_filters.c.organisation_id,
    saved_filters.c.path,
    saved_filters.c.name,
    unique=True,
    postgresql_where=_KEPT,
    sqlite_where=_KEPT,
)
