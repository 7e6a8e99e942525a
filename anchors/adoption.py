"""Who was invited to an anchor's programmes, and who takes part: by what they submit; nothing of terms or prices."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, func, select

from invoices.lifecycle import SUBMITTED
from invoices.models import invoices
from scf.books.models import books
from scf.db.bulk import among
from scf.db.said import says
from scf.programmes.models import enrolments, programmes

SHOWN_MAX = 500
QUIET_AFTER_DAYS = 90


class Part(StrEnum):
    """How far a supplier takes part."""

    TAKES_PART = "takes_part"
    QUIET = "quiet"
    INVITED = "invited"


@dataclass(frozen=True, slots=True)
class Supplier:
    """A supplier in a programme: when it last submitted an invoice, and how many wait."""

    enrolment_id: int
    supplier_id: int
    programme: str
    funder_id: int
    part: Part
    last_at: datetime | None
    waits: int


def part(last_at: datetime | None, today: date) -> Part:
    """By the last invoice."""
    if last_at is None:
        return Part.INVITED
    return Part.TAKES_PART if last_at.date() >= today - timedelta(days=QUIET_AFTER_DAYS) else Part.QUIET


def suppliers(connection: Connection, anchor_id: int, today: date) -> Sequence[Supplier]:
    """Those enrolled, the newest first, at most one more than are shown; three statements at any number."""
    latest = (
        select(func.max(invoices.c.id))
        .where(invoices.c.anchor_id == anchor_id, invoices.c.supplier_id == enrolments.c.supplier_id)
        .correlate(enrolments)
        .scalar_subquery()
    )
    rows = connection.execute(
        select(
            enrolments.c.id, enrolments.c.supplier_id, programmes.c.name, books.c.funder_id, latest.label("latest_id")
        )
        .join(programmes, programmes.c.id == enrolments.c.programme_id)
        .join(books, books.c.id == enrolments.c.book_id)
        .where(enrolments.c.anchor_id == anchor_id)
        .order_by(enrolments.c.id.desc())
        .limit(SHOWN_MAX + 1)
    ).all()
    last = _moments(connection, [row.latest_id for row in rows if row.latest_id])
    waits = _waiting(connection, anchor_id)
    return [_supplier(row, last.get(row.latest_id), waits.get(row.supplier_id, 0), today) for row in rows]


def _supplier(row: Any, last_at: datetime | None, waits: int, today: date) -> Supplier:
    return Supplier(row.id, row.supplier_id, row.name, row.funder_id, part(last_at, today), last_at, waits)


def _moments(connection: Connection, ids: Sequence[int]) -> dict[int, datetime]:
    query = select(invoices.c.id, invoices.c.submitted_at).where(among(connection, invoices.c.id, sorted(set(ids))))
    return dict(connection.execute(query).all())


def _waiting(connection: Connection, anchor_id: int) -> dict[int, int]:
    each = invoices.c
    query = (
        select(each.supplier_id, func.count())
        .where(each.anchor_id == anchor_id, says(each.status, SUBMITTED))
        .group_by(each.supplier_id)
    )
    return dict(connection.execute(query).all())
