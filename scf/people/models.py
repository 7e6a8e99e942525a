"""People as rows. How they sign in, and for whom they act, is `identity`'s."""

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, Integer, String

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
Index("uq_person_local", people.c.local_to_id, people.c.name, unique=True)
