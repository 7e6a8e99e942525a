"""What may be seen of receivables, by each side. An anchor is not told what its suppliers have financed."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, or_, select

from scf.db.bulk import among
from scf.ids import text
from scf.money import decimal_string
from scf.receivables.lifecycle import CANCELLED, CLOSED, FUNDED, OPEN, SETTLED
from scf.receivables.models import credit_notes, receivables

# a funder's part in it shows neither in a state nor in a version, which each of its moves would count up
_SHOWN_TO_DEBTOR = (
    "id",
    "debtor_id",
    "creditor_id",
    "ref",
    "currency",
    "face_minor",
    "issued_on",
    "due_on",
    "undertaking",
)
_ENDED: Mapping[str, str] = {SETTLED: CLOSED, CLOSED: CLOSED, CANCELLED: CANCELLED}


def owed_to(creditor_id: int) -> Select[Any]:
    """What a supplier is owed, or was until a funder took it over."""
    return select(receivables).where(receivables.c.creditor_id == creditor_id)


def owed_by(debtor_id: int) -> Select[Any]:
    """What an anchor owes, whoever funded it: not paid is open, paid is closed."""
    columns = [receivables.c[name] for name in _SHOWN_TO_DEBTOR]
    status = case(_ENDED, value=receivables.c.status, else_=OPEN).label("status")
    return select(*columns, _open_to_debtor().label("open_minor"), status).where(receivables.c.debtor_id == debtor_id)


def _open_to_debtor() -> ColumnElement[int]:
    """A credit note lowers it at once for the anchor, as it does when nobody has funded."""
    waiting = (
        select(func.coalesce(func.sum(credit_notes.c.amount_minor), 0))
        .where(credit_notes.c.receivable_id == receivables.c.id, credit_notes.c.status == "received")
        .scalar_subquery()
    )
    return case((receivables.c.status == FUNDED, receivables.c.open_minor - waiting), else_=receivables.c.open_minor)


def is_owed(status: str) -> ColumnElement[bool]:
    """The condition that a receivable is in a state as its anchor sees it."""
    if status == OPEN:
        return and_(*(receivables.c.status != each for each in _ENDED))
    return or_(*(receivables.c.status == each for each, shown in _ENDED.items() if shown == status))


def credited(creditor_id: int) -> Select[Any]:
    """The credit notes against what a supplier is owed, whoever brought them."""
    return (
        select(credit_notes, receivables.c.currency)
        .join(receivables, receivables.c.id == credit_notes.c.receivable_id)
        .where(credit_notes.c.creditor_id == creditor_id)
    )


def notes_of(connection: Connection, receivable_ids: Sequence[int]) -> Mapping[int, list[dict[str, Any]]]:
    """The credit notes of each receivable, oldest first, without what became of them."""
    rows = connection.execute(
        select(credit_notes, receivables.c.currency)
        .join(receivables, receivables.c.id == credit_notes.c.receivable_id)
        .where(among(connection, credit_notes.c.receivable_id, receivable_ids))
        .order_by(credit_notes.c.id)
    )
    found: dict[int, list[dict[str, Any]]] = {id: [] for id in receivable_ids}
    for row in rows:
        amount, issued_on = decimal_string(row.amount_minor, row.currency), row.issued_on.isoformat()
        note = {"id": text("crn", row.id), "ref": row.ref, "amount": amount, "issued_on": issued_on}
        found[row.receivable_id].append(note)
    return found
