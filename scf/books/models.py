"""Books as rows. The business date is moved by the day's close alone."""

from sqlalchemy import BigInteger, Column, Date, ForeignKey, String, UniqueConstraint

from scf.db.types import UTCDateTime, id_column, table

books = table(
    "book",
    id_column(),
    Column("ref", String(20), nullable=False),
    Column("funder_id", BigInteger, ForeignKey("organisation.id"), nullable=False),
    Column("calendar", String(10), nullable=False),
    Column("business_date", Date, nullable=False),
    # the last open day before the business date: what closed days brought is booked on the next open one
    Column("previous_on", Date, nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    UniqueConstraint("ref"),
)
