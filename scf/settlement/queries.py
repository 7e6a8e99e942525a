"""Questions about settlement: the cash that is not applied yet."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, select

from scf.organisations.models import organisations
from scf.payments.models import collections
from scf.settlement.models import applications


@dataclass(frozen=True, slots=True)
class Unapplied:
    """A collection with money left; `payer_id` 0 and an empty name while nobody knows who paid."""

    collection_id: int
    payer_id: int
    payer: str
    reference: str
    bank_ref: str
    value_date: date
    currency: str
    left_minor: int


def unapplied(connection: Connection, book_id: int) -> list[Unapplied]:
    """Collections of a book with money left, oldest first."""
    spent = (
        select(
            applications.c.collection_id, func.sum(applications.c.face_minor + applications.c.late_minor).label("sum")
        )
        .where(applications.c.book_id == book_id)
        .group_by(applications.c.collection_id)
        .subquery()
    )
    rows = connection.execute(
        select(
            collections.c.id,
            func.coalesce(collections.c.payer_id, 0),
            func.coalesce(organisations.c.name, ""),
            collections.c.reference,
            collections.c.bank_ref,
            collections.c.value_date,
            collections.c.currency,
            collections.c.amount_minor - func.coalesce(spent.c.sum, 0),
        )
        .outerjoin(spent, spent.c.collection_id == collections.c.id)
        .outerjoin(organisations, organisations.c.id == collections.c.payer_id)
        .where(collections.c.book_id == book_id, collections.c.status.in_(["received", "part_applied"]))
        .order_by(collections.c.id)
    )
    return [Unapplied(*row[:7], int(row[7])) for row in rows]
