"""What a book has out, in one currency, as bounded questions: open advances by due date, and who owes or brings them.

Open advances are summed by day out of one partial index; parties by what ledger accounts hold, whose totals are kept.
So the time depends on what is open, never on what was ever funded.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, func, select

from scf.db.said import says
from scf.factoring.exposure import Due
from scf.factoring.models import advances
from scf.ledger.models import accounts
from scf.limits.models import limits
from scf.limits.positions import LimitKind
from scf.receivables.models import PART_PAID, receivables

_OUT = ("purchased receivables", "recourse advances")


@dataclass(frozen=True, slots=True)
class Portfolio:
    """What is out: by due date, at risk by anchor (as limits have it), on the book by supplier; in minor units."""

    days: list[Due]
    by_anchor: Mapping[int, int]
    by_supplier: Mapping[int, int]


def portfolio(connection: Connection, book_id: int, currency: str) -> Portfolio:
    """What a book has out in a currency; four statements."""
    return Portfolio(
        due_days(connection, book_id, currency),
        _at_risk(connection, book_id, currency),
        _on_book(connection, book_id, currency),
    )


def currencies(connection: Connection, book_id: int) -> list[str]:
    """The currencies a book lends in: those it has limits of."""
    rows = connection.execute(select(limits.c.currency).where(limits.c.book_id == book_id).distinct())
    return sorted(rows.scalars())


def due_days(connection: Connection, book_id: int, currency: str) -> list[Due]:
    """The open advances by the day on which they fall due, what is paid of them taken off; two statements."""
    columns = advances.c
    rows = connection.execute(
        select(
            columns.due_on,
            func.count(),
            func.sum(columns.face_minor),
            func.sum(columns.net_minor),
            func.sum(columns.discount_minor + columns.fee_minor),
            func.sum(columns.net_minor * columns.tenor_days),
        )
        .where(_open(book_id, currency))
        .group_by(columns.due_on)
        .order_by(columns.due_on)
    ).all()
    came = dict(
        connection.execute(
            select(columns.due_on, func.sum(columns.face_minor - receivables.c.open_minor))
            .join(receivables, receivables.c.id == columns.receivable_id)
            # begun by what is paid in part, which is little, and not by all that is out
            .where(columns.receivable_id.in_(select(receivables.c.id).where(PART_PAID)), _open(book_id, currency))
            .group_by(columns.due_on)
        ).all()
    )
    return [Due(row[0], row[1], int(row[2]) - int(came.get(row[0], 0)), *map(int, row[3:])) for row in rows]


def overdue(connection: Connection, book_id: int, today: date) -> list[tuple[str, int, int]]:
    """What should have been paid before today: (currency, count, face as it was funded)."""
    columns = advances.c
    rows = connection.execute(
        select(columns.currency, func.count(), func.sum(columns.face_minor))
        .where(columns.book_id == book_id, says(columns.status, "funded"), columns.due_on < today)
        .group_by(columns.currency)
        .order_by(columns.currency)
    )
    return [(currency, count, int(face)) for currency, count, face in rows]


def _open(book_id: int, currency: str) -> ColumnElement[bool]:
    mine = (advances.c.book_id == book_id) & (advances.c.currency == currency)
    return mine & says(advances.c.status, "funded")


def _at_risk(connection: Connection, book_id: int, currency: str) -> Mapping[int, int]:
    drawn = accounts.c.credit_minor - accounts.c.debit_minor
    of_limit = (accounts.c.owner_id == limits.c.id) & (accounts.c.code == "limit drawn")
    rows = connection.execute(
        select(limits.c.holder_id, drawn)
        .join(accounts, of_limit & (accounts.c.book_id == book_id) & (accounts.c.currency == currency))
        .where(limits.c.book_id == book_id, limits.c.kind == LimitKind.ANCHOR.value, limits.c.currency == currency)
        .where(drawn > 0)
    )
    return dict(rows.all())


def _on_book(connection: Connection, book_id: int, currency: str) -> Mapping[int, int]:
    held = accounts.c.debit_minor - accounts.c.credit_minor
    rows = connection.execute(
        select(accounts.c.owner_id, held).where(
            accounts.c.book_id == book_id, accounts.c.code.in_(_OUT), accounts.c.currency == currency, held > 0
        )
    )
    found: dict[int, int] = {}
    for supplier_id, minor in rows:
        found[supplier_id] = found.get(supplier_id, 0) + minor
    return found
