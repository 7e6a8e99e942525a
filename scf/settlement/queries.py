"""Questions about settlement: the cash that is not applied yet, and what the bank told that nobody understood."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, select

from scf.organisations.models import organisations
from scf.payments.models import collections, statement_entries
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
        .order_by(collections.c.value_date, collections.c.id)
    )
    return [Unapplied(*row[:7], int(row[7])) for row in rows]


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A line of a bank file that moved nothing in the book; the amount is signed (+ credit, − debit)."""

    booked_on: date
    currency: str
    amount_minor: int
    name: str
    text: str
    bank_ref: str


def unmatched(connection: Connection, book_id: int) -> list[Unmatched]:
    """Lines that people must look at, oldest first: not understood, or waiting for a statement that has not come."""
    columns = statement_entries.c
    waiting = (columns.meaning == "waiting") & ~columns.reconciled
    rows = connection.execute(
        select(
            columns.booked_on, columns.currency, columns.amount_minor, columns.name,
            func.coalesce(func.nullif(columns.text, ""), columns.reference), columns.bank_ref,
        )
        .where(columns.book_id == book_id, (columns.meaning == "unmatched") | waiting)
        .order_by(columns.booked_on, columns.id)
    )  # fmt: skip
    return [Unmatched(*row) for row in rows]
