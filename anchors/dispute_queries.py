"""Questions about disputes: each side's list, what was written, and where each stands. Either side sees its own alone.

A dispute's status is read off its invoice, never kept: settled, or while it is not: open, rejected or withdrawn.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, case, func, or_, select

from anchors.models import dispute_messages, disputes
from invoices.lifecycle import DISPUTED, REJECTED, WITHDRAWN
from invoices.models import invoices
from scf.db.bulk import among
from scf.ids import text
from scf.routes import Caller

STATUSES = ("open", "settled", REJECTED, WITHDRAWN)
STATUS: ColumnElement[str] = case(
    (disputes.c.settled_at.is_not(None), "settled"), (invoices.c.status == DISPUTED, "open"), else_=invoices.c.status
)


class Said(NamedTuple):
    """Something written about a dispute, by one side."""

    dispute_id: int
    organisation_id: int
    words: str
    written_by_id: int
    written_at: datetime


def _of(side: ColumnElement[int], organisation_id: int) -> Select[Any]:
    return (
        select(
            disputes,
            STATUS.label("status"),
            invoices.c.number,
            invoices.c.currency,
            invoices.c.amount_minor,
            invoices.c.due_on,
        )
        .join(invoices, invoices.c.id == disputes.c.invoice_id)
        .where(side == organisation_id)
    )


def of_anchor(caller: Caller) -> Select[Any]:
    """What the caller's organisation disputes, as an anchor."""
    return _of(disputes.c.anchor_id, caller.organisation_id)


def of_supplier(caller: Caller) -> Select[Any]:
    """What is disputed of what the caller's organisation sent."""
    return _of(disputes.c.supplier_id, caller.organisation_id)


def of_invoice(connection: Connection, caller: Caller, invoice_id: int) -> Sequence[Any]:
    """An invoice's disputes as either side sees them, the newest first."""
    mine = caller.organisation_id
    query = (
        _of(disputes.c.invoice_id, invoice_id)
        .where(or_(disputes.c.anchor_id == mine, disputes.c.supplier_id == mine))
        .order_by(disputes.c.id.desc())
    )
    return connection.execute(query).all()


def said(connection: Connection, dispute_ids: Sequence[int]) -> Mapping[int, list[Said]]:
    """What was written about disputes that the caller was shown, by dispute, the oldest first."""
    columns = (dispute_messages.c[name] for name in Said._fields)
    rows = connection.execute(
        select(*columns)
        .where(among(connection, dispute_messages.c.dispute_id, dispute_ids))
        .order_by(dispute_messages.c.id)
    )
    found: dict[int, list[Said]] = {id: [] for id in dispute_ids}
    for row in rows:
        found[row.dispute_id].append(Said._make(row))
    return found


def messages_of(caller: Caller, connection: Connection, dispute_ids: Sequence[int]) -> Mapping[int, Any]:
    """What was written about each dispute of a list, as the API gives it: which side, never which person."""
    del caller  # the ids are of the caller's own list
    return {
        id: [
            {
                "organisation_id": text("org", each.organisation_id),
                "words": each.words,
                "written_at": each.written_at.isoformat(),
            }
            for each in written
        ]
        for id, written in said(connection, dispute_ids).items()
    }


def open_count(connection: Connection, organisation_id: int, *, at_anchor: bool) -> int:
    """How many invoices of a side are disputed now; out of an index of the disputed alone."""
    side = invoices.c.anchor_id if at_anchor else invoices.c.supplier_id
    disputed = select(func.count()).where(side == organisation_id, invoices.c.status == DISPUTED)
    return connection.execute(disputed.select_from(invoices)).scalar_one()
