"""Questions about limits: where each stands, from the ledger's running totals."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, ScalarSelect, Select, and_, func, select

from scf.ledger.models import accounts
from scf.limits.models import limits


@dataclass(frozen=True, slots=True)
class Standing:
    """A limit as it stands; amounts in minor units."""

    limit_id: int
    kind: str
    holder_id: int
    currency: str
    ceiling_minor: int
    headroom_minor: int
    reserved_minor: int
    drawn_minor: int
    excess_minor: int
    hold: str


def standings(connection: Connection, book_id: int) -> list[Standing]:
    """All limits of a book, by kind and holder."""
    rows = connection.execute(
        select(limits, accounts.c.code, accounts.c.debit_minor, accounts.c.credit_minor, accounts.c.hold)
        .join(accounts, (accounts.c.owner_id == limits.c.id) & (accounts.c.book_id == limits.c.book_id))
        .where(limits.c.book_id == book_id)
        .order_by(limits.c.kind, limits.c.holder_id, limits.c.currency)
    )
    found: dict[int, tuple[str, int, str]] = {}
    amounts: dict[int, dict[str, int]] = {}
    holds: dict[int, str] = {}
    for row in rows:
        found[row.id] = (row.kind, row.holder_id, row.currency)
        amounts.setdefault(row.id, {})[row.code] = abs(row.credit_minor - row.debit_minor)
        holds[row.id] = holds.get(row.id, "") or row.hold
    return [
        Standing(
            id,
            *found[id],
            amounts[id].get("limit ceiling", 0),
            amounts[id].get("limit headroom", 0),
            amounts[id].get("limit reserved", 0),
            amounts[id].get("limit drawn", 0),
            amounts[id].get("limit excess", 0),
            holds[id],
        )
        for id in found
    ]


def listed(book_id: int) -> Select[Any]:
    """The limits of a book with where each stands, as columns, to be read in pages."""
    totals = {code: _total(code, book_id) for code in ("ceiling", "headroom", "reserved", "drawn", "excess")}
    hold = select(accounts.c.hold).where(_of_limit("headroom", book_id)).scalar_subquery()
    columns = [func.coalesce(total, 0).label(f"{code}_minor") for code, total in totals.items()]
    return select(limits, *columns, func.coalesce(hold, "").label("hold")).where(limits.c.book_id == book_id)


def _total(code: str, book_id: int) -> ScalarSelect[int]:
    total = func.abs(accounts.c.credit_minor - accounts.c.debit_minor)
    return select(total).where(_of_limit(code, book_id)).scalar_subquery()


def _of_limit(code: str, book_id: int) -> ColumnElement[bool]:
    return and_(
        accounts.c.book_id == book_id,
        accounts.c.owner_id == limits.c.id,
        accounts.c.code == f"limit {code}",
        accounts.c.currency == limits.c.currency,
    )
