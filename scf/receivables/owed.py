"""What an organisation owes, summed by the day on which it is due: exactly what it may see of it, and nothing besides.

Of what a funder bought and a credit note lowers, the note counts at once, as it does where nobody has funded; a
supplier that shows its financing shows how far the funder's book is.
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, Select, and_, func, select, union_all

from scf.db.said import says
from scf.receivables.lifecycle import FUNDED, OWED
from scf.receivables.models import credit_notes, receivables
from scf.receivables.queries import FINANCING_SHOWN


class OwedDay(NamedTuple):
    """What falls due on a day in a currency."""

    due_on: date
    currency: str
    receivable_count: int
    open_minor: int


def owed_by_day(connection: Connection, debtor_id: int, to_on: date | None = None) -> Sequence[OwedDay]:
    """All that is confirmed and not paid, or what of it is due up to a day, by day; out of an index of the owed."""
    both = union_all(_held(debtor_id, to_on), _lowered(debtor_id, to_on)).subquery()
    rows = connection.execute(
        select(both.c.due_on, both.c.currency, func.sum(both.c.number), func.sum(both.c.open_minor))
        .group_by(both.c.due_on, both.c.currency)
        .order_by(both.c.due_on, both.c.currency)
    )
    return [OwedDay(due_on, currency, int(count), int(minor)) for due_on, currency, count, minor in rows if minor]


def _held(debtor_id: int, to_on: date | None) -> Select[tuple[date, str, int, int]]:
    each = receivables.c
    return _until(
        select(each.due_on, each.currency, func.count().label("number"), func.sum(each.open_minor).label("open_minor"))
        .where(each.debtor_id == debtor_id, says(each.status, *OWED))
        .group_by(each.due_on, each.currency),
        to_on,
    )


def _lowered(debtor_id: int, to_on: date | None) -> Select[tuple[date, str, int, int]]:
    """What notes that no funder's book has booked yet take off, as negative amounts."""
    each = receivables.c
    is_waiting = says(credit_notes.c.status, "received")
    waiting = and_(credit_notes.c.receivable_id == each.id, is_waiting)
    # begun by the notes, which are few, and not by what is owed
    few = select(credit_notes.c.receivable_id).where(is_waiting)
    return _until(
        select(each.due_on, each.currency, func.min(0), -func.sum(credit_notes.c.amount_minor))
        .join(credit_notes, waiting)
        .where(each.id.in_(few), each.debtor_id == debtor_id, each.status == FUNDED, ~FINANCING_SHOWN)
        .group_by(each.due_on, each.currency),
        to_on,
    )


def _until(query: Select[tuple[date, str, int, int]], to_on: date | None) -> Select[tuple[date, str, int, int]]:
    return query if to_on is None else query.where(receivables.c.due_on <= to_on)
