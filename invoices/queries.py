"""Questions about invoices. How a confirmed one stands is read by a join with what it became, never copied here."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, select

from invoices.lifecycle import CONFIRMED
from invoices.models import invoice_ends, invoices
from scf.factoring.models import advance_requests, advances
from scf.organisations.models import organisations
from scf.receivables.models import receivables


class Standing(NamedTuple):
    """An invoice as its supplier sees it; amounts in minor units, None where there is nothing yet."""

    id: int
    number: str
    anchor: str
    issue_on: date
    due_on: date
    currency: str
    amount_minor: int
    status: str
    reason: str | None
    words: str | None
    receivable_id: int | None
    receivable_status: str | None
    receivable_due_on: date | None
    open_minor: int | None
    request_status: str | None
    advance_minor: int | None
    net_minor: int | None
    advance_status: str | None

    @property
    def stands(self) -> str:
        """The furthest that is known of it, as one word."""
        return self.advance_status or self.request_status or self._claim or self.status

    @property
    def _claim(self) -> str | None:
        # an open receivable is what a confirmed invoice is: nothing further happened
        return self.receivable_status if self.receivable_status != "open" else None


_LIVE_REQUEST = advance_requests.c.status.in_(["requested", "approved"])
_STANDING = (
    select(
        invoices.c.id,
        invoices.c.number,
        organisations.c.name,
        invoices.c.issue_on,
        invoices.c.due_on,
        invoices.c.currency,
        invoices.c.amount_minor,
        invoices.c.status,
        invoice_ends.c.reason,
        invoice_ends.c.words,
        receivables.c.id,
        receivables.c.status,
        receivables.c.due_on,
        receivables.c.open_minor,
        advance_requests.c.status,
        advances.c.advance_minor,
        advances.c.net_minor,
        advances.c.status,
    )
    .join(organisations, organisations.c.id == invoices.c.anchor_id)
    .outerjoin(invoice_ends, invoice_ends.c.invoice_id == invoices.c.id)
    .outerjoin(
        receivables,
        (invoices.c.status == CONFIRMED)
        & (receivables.c.debtor_id == invoices.c.anchor_id)
        & (receivables.c.fingerprint == invoices.c.fingerprint),
    )
    .outerjoin(advance_requests, (advance_requests.c.receivable_id == receivables.c.id) & _LIVE_REQUEST)
    .outerjoin(advances, advances.c.receivable_id == receivables.c.id)
)


def one_of_supplier(connection: Connection, supplier_id: int, invoice_id: int) -> Standing | None:
    """One invoice of a supplier with what became of it, None when there is none."""
    query = _STANDING.where(invoices.c.supplier_id == supplier_id, invoices.c.id == invoice_id)
    # of several requests that wait there is one at most, of several advances too
    row = connection.execute(query).first()
    return Standing._make(row) if row else None


def of_supplier(connection: Connection, supplier_id: int) -> Sequence[Standing]:
    """A supplier's invoices with what became of them, by due date."""
    query = _STANDING.where(invoices.c.supplier_id == supplier_id).order_by(invoices.c.due_on, invoices.c.id)
    return [Standing._make(row) for row in connection.execute(query)]
