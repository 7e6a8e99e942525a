"""What an anchor's payables file is compared with: its suppliers, what they submitted, and decided invoices it names.

Waiting is what is submitted and proposed by nobody; at most so many are read, the earliest due first. Of what is
decided or proposed, those are looked up whose number stands in the file as it was submitted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, case, literal, select

from anchors.compare import Line, Payable, Received, Supplier, Suppliers, compare
from anchors.waiting import PROPOSED
from invoices.lifecycle import SUBMITTED
from invoices.models import invoices
from scf.db.bulk import among
from scf.db.said import says
from scf.organisations.models import organisations
from scf.programmes.models import enrolments

RECEIVED_MAX = 20_000
_WAITING = frozenset({SUBMITTED})


@dataclass(frozen=True, slots=True)
class Compared:
    """The lines, and whether everything that waits was looked at."""

    lines: Sequence[Line]
    is_all: bool


def compared(connection: Connection, anchor_id: int, payables: Sequence[Payable]) -> Compared:
    """A payables list beside what was received; three statements at any number of lines."""
    known = Suppliers(_suppliers(connection, anchor_id))
    query = _received(anchor_id)
    waits = query.where(says(invoices.c.status, SUBMITTED)).order_by(invoices.c.due_on, invoices.c.id)
    listed = connection.execute(waits.limit(RECEIVED_MAX + 1)).all()
    numbers = sorted({each.number for each in payables})
    named = connection.execute(query.where(among(connection, invoices.c.number, numbers)).limit(RECEIVED_MAX)).all()
    by_id = {row.id: Received._make(row) for row in [*listed[:RECEIVED_MAX], *named]}
    # the latest of a number first, so that of several that are decided the latest is meant
    found = sorted(by_id.values(), key=lambda each: each.id, reverse=True)
    return Compared(compare(payables, known, found, _WAITING), len(listed) <= RECEIVED_MAX)


def _suppliers(connection: Connection, anchor_id: int) -> Sequence[Supplier]:
    enrolled = select(enrolments.c.supplier_id).where(enrolments.c.anchor_id == anchor_id)
    own = organisations.c
    rows = connection.execute(select(own.id, own.registration_ref, own.name).where(own.id.in_(enrolled)))
    return [Supplier._make(row) for row in rows]


def _received(anchor_id: int) -> Select[Any]:
    each = invoices.c
    stands = case((PROPOSED, literal("proposed")), else_=each.status).label("status")
    return select(each.id, each.supplier_id, each.number, each.currency, each.amount_minor, each.due_on, stands).where(
        each.anchor_id == anchor_id
    )
