"""What waits for the bank's answer: requests as the approval queue shows them, and proposals to approve them.

Bounded: a page of the queue, and of the proposals at most `PROPOSALS_MAX`; both out of indexes of what waits.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, func, select

from scf import encoding
from scf.db.said import says
from scf.factoring.approve import APPROVE, Approval
from scf.factoring.models import advance_requests
from scf.proposals.models import proposals

PROPOSALS_MAX = 5_000


class Waiting(NamedTuple):
    """A request that nobody has answered."""

    id: int
    supplier_id: int
    anchor_id: int
    ref: str
    currency: str
    face_minor: int
    due_on: date
    requested_on: date
    origin: str


class Proposed(NamedTuple):
    """A proposal to approve a request, that waits for its checker."""

    id: int
    maker_id: int
    proposed_at: datetime


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the queue is asked for; None is anything. Amounts are of `currency`."""

    anchor_id: int | None = None
    supplier_id: int | None = None
    currency: str | None = None
    least_minor: int | None = None
    most_minor: int | None = None
    due_from: date | None = None
    due_to: date | None = None
    requested_to: date | None = None


def queue(
    connection: Connection, book_id: int, wanted: Wanted, limit: int, after: int = 0
) -> tuple[list[Waiting], bool]:
    """The requests that wait, the oldest first, beginning after one of them; and whether these are all."""
    columns = [advance_requests.c[name] for name in Waiting._fields]
    query = _narrowed(select(*columns), book_id, wanted).where(advance_requests.c.id > after)
    rows = connection.execute(query.order_by(advance_requests.c.id).limit(limit + 1)).all()
    return [Waiting._make(row) for row in rows[:limit]], len(rows) <= limit


def _narrowed(query: Select[Any], book_id: int, wanted: Wanted) -> Select[Any]:
    columns = advance_requests.c
    conditions = (
        (wanted.anchor_id, columns.anchor_id.__eq__),
        (wanted.supplier_id, columns.supplier_id.__eq__),
        (wanted.currency, columns.currency.__eq__),
        (wanted.least_minor, columns.face_minor.__ge__),
        (wanted.most_minor, columns.face_minor.__le__),
        (wanted.due_from, columns.due_on.__ge__),
        (wanted.due_to, columns.due_on.__le__),
        (wanted.requested_to, columns.requested_on.__le__),
    )
    query = query.where(columns.book_id == book_id, says(columns.status, "requested", "approved"))
    query = query.where(says(columns.status, "requested"))
    for value, condition in conditions:
        query = query if value is None else query.where(condition(value))
    return query


def counted(connection: Connection, book_id: int) -> list[tuple[str, int, int]]:
    """How many requests wait and for how much, by currency: (currency, count, face)."""
    columns = advance_requests.c
    rows = connection.execute(
        _narrowed(select(columns.currency, func.count(), func.sum(columns.face_minor)), book_id, Wanted())
        .group_by(columns.currency)
        .order_by(columns.currency)
    )
    return [(currency, count, int(face)) for currency, count, face in rows]


def proposed(connection: Connection, book_id: int) -> Mapping[int, Proposed]:
    """The waiting proposals to approve, by the request that each is about; of several the latest."""
    rows = connection.execute(
        select(proposals.c.id, proposals.c.maker_id, proposals.c.proposed_at, proposals.c.payload)
        .where(
            proposals.c.scope_id == book_id, proposals.c.command == APPROVE.name, says(proposals.c.status, "proposed")
        )
        .order_by(proposals.c.id)
        .limit(PROPOSALS_MAX)
    )
    return {
        encoding.parse(Approval, payload).request_id: Proposed(id, maker_id, at) for id, maker_id, at, payload in rows
    }
