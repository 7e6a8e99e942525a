"""Questions of the anchor's desk: what waits for its confirmation, and what waits for a checker."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, select

from anchors.confirm import CONFIRM
from anchors.confirmation import Confirmation
from invoices.lifecycle import SUBMITTED
from invoices.models import invoices
from scf import encoding
from scf.organisations.models import organisations
from scf.people import queries as people
from scf.proposals.models import proposals


class ToConfirm(NamedTuple):
    """A submitted invoice as the anchor sees it; the amount in minor units, warnings in words."""

    id: int
    supplier: str
    number: str
    order_ref: str
    issue_on: date
    due_on: date
    currency: str
    amount_minor: int
    warnings: str


class Proposed(NamedTuple):
    """A confirmation that waits for its checker."""

    proposal_id: int
    maker_id: int
    maker: str
    confirmation: Confirmation


def to_confirm(connection: Connection, anchor_id: int) -> Sequence[ToConfirm]:
    """What suppliers have submitted to the anchor, the earliest due date first."""
    query = (
        select(
            invoices.c.id,
            organisations.c.name,
            invoices.c.number,
            invoices.c.order_ref,
            invoices.c.issue_on,
            invoices.c.due_on,
            invoices.c.currency,
            invoices.c.amount_minor,
            invoices.c.warnings,
        )
        .join(organisations, organisations.c.id == invoices.c.supplier_id)
        .where(invoices.c.anchor_id == anchor_id, invoices.c.status == SUBMITTED)
        .order_by(invoices.c.due_on, invoices.c.id)
    )
    return [ToConfirm._make(row) for row in connection.execute(query)]


def proposed(connection: Connection, anchor_id: int) -> Sequence[Proposed]:
    """Confirmations that wait for a second person, the oldest first."""
    query = (
        select(proposals.c.id, proposals.c.maker_id, proposals.c.payload)
        .where(
            proposals.c.scope_id == anchor_id,
            proposals.c.command == CONFIRM.name,
            proposals.c.status == "proposed",
        )
        .order_by(proposals.c.id)
    )
    rows = connection.execute(query).all()
    names = people.names(connection, {row.maker_id for row in rows})
    return [
        Proposed(id, maker_id, names[maker_id], encoding.parse(Confirmation, payload)) for id, maker_id, payload in rows
    ]
