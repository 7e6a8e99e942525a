"""Notifications as rows, and up to which one each person has seen them."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Text, UniqueConstraint

from scf.db.types import UTCDateTime, id_column, table

notifications = table(
    "notification",
    # the announcement's own: it comes to stand here once, however often it is delivered
    id_column(),
    Column("organisation_id", BigInteger, ForeignKey("organisation.id"), nullable=False),
    Column("kind", String(40), nullable=False),
    # the things it names, as JSON; NULL when it was kept long enough
    Column("ids", Text, nullable=True),
    Column("id_count", Integer, nullable=False),
    # when it happened
    Column("at", UTCDateTime, nullable=False),
)
# what people may not see of their organisation's is left out by kind, and counted by this alone
Index("ix_notification_organisation_id_id", notifications.c.organisation_id, notifications.c.id, notifications.c.kind)
_KEPT = notifications.c.ids.is_not(None)
Index("ix_notification_kept", notifications.c.at, postgresql_where=_KEPT, sqlite_where=_KEPT)

notifications_seen = table(
    "notification_seen",
    id_column(),
    Column("person_id", BigInteger, ForeignKey("person.id"), nullable=False),
    Column("organisation_id", BigInteger, ForeignKey("organisation.id"), nullable=False),
    # the newest that was on the screen when they said so
    Column("seen_id", BigInteger, nullable=False),
    Column("at", UTCDateTime, nullable=False),
    UniqueConstraint("person_id", "organisation_id"),
)
