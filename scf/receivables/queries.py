"""Receivables as each side may see them; an anchor is not told what its suppliers have financed.

Unless the supplier consented to `financing`, a debtor cannot tell a receivable that was funded from one that was not:
in no column, no filter and no count. The version stays out, since funding counts it up.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, case, func, or_, select

from scf.db.bulk import among
from scf.ids import text
from scf.money import decimal_string
from scf.receivables.lifecycle import CANCELLED, CLOSED, FUNDED, READ_BY_DEBTOR
from scf.receivables.models import credit_notes, receivables
from scf.routes import Caller
from scf.signatures.queries import consented
from scf.signatures.words import Subject

# whether the creditor lets the debtor see how it is financed
FINANCING_SHOWN = consented(receivables.c.creditor_id, receivables.c.debtor_id, Subject.FINANCING)

# the status for the debtor's eyes; filter by this, never by the column
STATUS_FOR_DEBTOR: ColumnElement[str] = case(
    (FINANCING_SHOWN, receivables.c.status),
    *((receivables.c.status == held, read) for held, read in READ_BY_DEBTOR.items()),
    else_=receivables.c.status,
)
# a credit note lowers it at once, as it does when nobody has funded, and not when a funder has booked what it costs
_WAITING = (
    select(func.coalesce(func.sum(credit_notes.c.amount_minor), 0))
    .where(credit_notes.c.receivable_id == receivables.c.id, credit_notes.c.status == "received")
    .scalar_subquery()
)
# what is over is open with nothing: what was paid to a funder looks like what was paid to the supplier
OPEN_FOR_DEBTOR: ColumnElement[int] = case(
    (FINANCING_SHOWN, receivables.c.open_minor),
    (STATUS_FOR_DEBTOR.in_([CLOSED, CANCELLED]), 0),
    (receivables.c.status == FUNDED, receivables.c.open_minor - _WAITING),
    else_=receivables.c.open_minor,
)


def of_debtor(debtor_id: int) -> Select[Any]:
    """What an organisation owes, as it may see it: one row a receivable, in no order."""
    return select(
        receivables.c.id,
        receivables.c.creditor_id,
        receivables.c.ref,
        receivables.c.currency,
        receivables.c.face_minor,
        OPEN_FOR_DEBTOR.label("open_minor"),
        receivables.c.issued_on,
        receivables.c.due_on,
        receivables.c.undertaking,
        STATUS_FOR_DEBTOR.label("status"),
    ).where(receivables.c.debtor_id == debtor_id)


def of_creditor(creditor_id: int) -> Select[Any]:
    """What a supplier is owed, or was until a funder took it over."""
    return select(receivables).where(receivables.c.creditor_id == creditor_id)


def credited(creditor_id: int) -> Select[Any]:
    """The credit notes against what a supplier is owed, whoever brought them."""
    return (
        select(credit_notes, receivables.c.currency)
        .join(receivables, receivables.c.id == credit_notes.c.receivable_id)
        .where(credit_notes.c.creditor_id == creditor_id, receivables.c.creditor_id == creditor_id)
    )


def notes_of(
    caller: Caller, connection: Connection, receivable_ids: Sequence[int]
) -> Mapping[int, list[dict[str, Any]]]:
    """The credit notes of each receivable, oldest first, without what became of them: either side may see them."""
    rows = connection.execute(
        select(credit_notes, receivables.c.currency)
        .join(receivables, receivables.c.id == credit_notes.c.receivable_id)
        .where(
            among(connection, credit_notes.c.receivable_id, receivable_ids),
            or_(*(side == caller.organisation_id for side in (receivables.c.creditor_id, receivables.c.debtor_id))),
        )
        .order_by(credit_notes.c.id)
    )
    found: dict[int, list[dict[str, Any]]] = {id: [] for id in receivable_ids}
    for row in rows:
        amount, issued_on = decimal_string(row.amount_minor, row.currency), row.issued_on.isoformat()
        note = {"id": text("crn", row.id), "ref": row.ref, "amount": amount, "issued_on": issued_on}
        found[row.receivable_id].append(note)
    return found
