"""Receivables as their debtor may see them: what its suppliers owe to funders is theirs to tell.

Unless the supplier consented to `financing`, a debtor cannot tell a receivable that was funded from one that was not:
in no column, no filter and no count. The version stays out, since funding counts it up.
"""

from typing import Any

from sqlalchemy import ColumnElement, Select, case, select

from scf.receivables.lifecycle import CANCELLED, CLOSED, READ_BY_DEBTOR
from scf.receivables.models import receivables
from scf.signatures.queries import consented
from scf.signatures.words import Subject

_FINANCING_SHOWN = consented(receivables.c.creditor_id, receivables.c.debtor_id, Subject.FINANCING)

# the status for the debtor's eyes; filter by this, never by the column
STATUS_FOR_DEBTOR: ColumnElement[str] = case(
    (_FINANCING_SHOWN, receivables.c.status),
    *((receivables.c.status == held, read) for held, read in READ_BY_DEBTOR.items()),
    else_=receivables.c.status,
)
# what is over is open with nothing: what was paid to a funder looks like what was paid to the supplier
OPEN_FOR_DEBTOR: ColumnElement[int] = case(
    (_FINANCING_SHOWN, receivables.c.open_minor),
    (STATUS_FOR_DEBTOR.in_([CLOSED, CANCELLED]), 0),
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
