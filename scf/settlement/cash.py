"""The cash that needs people: collections not applied, lines nobody understood, payouts that came back, and what a
collection may be for. Bounded, out of indexes of what is open.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, Select, exists, func, or_, select

from scf.db.bulk import among
from scf.db.said import says
from scf.factoring.models import advances, claim_payments, claims
from scf.payments.models import FOR_PEOPLE, collections, payouts, statement_entries
from scf.receivables.models import receivables
from scf.settlement.match import normal
from scf.settlement.models import applications

SHOWN = 50
CANDIDATES = 5
# lines that nobody understood are looked at for so long
LINES_FOR = timedelta(days=60)
_LOOKED_AT = 200


class Unapplied(NamedTuple):
    """A collection with money left; nobody knows its payer while that is None."""

    id: int
    payer_id: int | None
    bank_ref: str
    reference: str
    value_date: date
    currency: str
    amount_minor: int
    left_minor: int
    status: str
    name: str


class Candidate(NamedTuple):
    """An open advance that a collection may be for; what fits it: the number, the amount, the payer."""

    advance_id: int
    anchor_id: int
    supplier_id: int
    ref: str
    currency: str
    open_minor: int
    due_on: date
    by_ref: bool
    by_amount: bool
    by_payer: bool

    @property
    def weight(self) -> int:
        """How much speaks for it."""
        return 4 * self.by_ref + 2 * self.by_amount + self.by_payer


class Claimed(NamedTuple):
    """What a party owes on the claims of one advance."""

    advance_id: int
    ref: str
    left_minor: int


class Line(NamedTuple):
    """A line of a bank file that moved nothing in the book; the amount is signed."""

    id: int
    booked_on: date
    currency: str
    amount_minor: int
    name: str
    reference: str
    text: str
    bank_ref: str
    meaning: str


class Returned(NamedTuple):
    """A payout that came back and was not paid again."""

    id: int
    beneficiary_id: int
    ref: str
    currency: str
    amount_minor: int
    pay_on: date


@dataclass(frozen=True, slots=True)
class Found:
    """Some rows, and whether they are all there are."""

    rows: Sequence[Any]
    is_all: bool


_LEFT = says(collections.c.status, "received", "part_applied")


def counted_unapplied(connection: Connection, book_id: int) -> list[tuple[str, int, int]]:
    """How many collections have money left, and how much came with them: (currency, count, amount that came)."""
    columns = collections.c
    rows = connection.execute(
        select(columns.currency, func.count(), func.sum(columns.amount_minor))
        .where(columns.book_id == book_id, _LEFT)
        .group_by(columns.currency)
        .order_by(columns.currency)
    )
    return [(currency, count, int(minor)) for currency, count, minor in rows]


def unapplied(connection: Connection, book_id: int, limit: int = SHOWN) -> Found:
    """Collections with money left, the oldest first, with the name their payer goes by at its bank."""
    rows = connection.execute(_came(book_id).where(_LEFT).order_by(collections.c.id).limit(limit + 1)).all()
    return Found([_unapplied(row) for row in rows[:limit]], len(rows) <= limit)


def one(connection: Connection, book_id: int, collection_id: int) -> Unapplied | None:
    """A collection of the book, whatever is left of it; None when there is none."""
    row = connection.execute(_came(book_id).where(collections.c.id == collection_id)).one_or_none()
    return None if row is None else _unapplied(row)


def _came(book_id: int) -> Select[Any]:
    spent = (
        select(func.coalesce(func.sum(applications.c.face_minor + applications.c.late_minor), 0))
        .where(applications.c.collection_id == collections.c.id)
        .scalar_subquery()
    )
    columns = collections.c
    return (
        select(
            columns.id, columns.payer_id, columns.bank_ref, columns.reference, columns.value_date, columns.currency,
            columns.amount_minor, (columns.amount_minor - spent).label("left_minor"), columns.status,
            statement_entries.c.name,
        )
        .join(statement_entries, statement_entries.c.id == columns.entry_id)
        .where(columns.book_id == book_id)
    )  # fmt: skip


def _unapplied(row: Row[Any]) -> Unapplied:
    # what was taken for something else leaves nothing, though no application says so
    left = 0 if row.status == "applied" else int(row.left_minor)
    return Unapplied._make([*row[:7], left, *row[8:]])


def candidates(connection: Connection, book_id: int, money: Unapplied) -> list[Candidate]:
    """The open advances that a collection may be for: by its number, its amount, or the payer's nearest due."""
    refs = sorted({part for part in [money.reference, *money.reference.replace(",", " ").split()] if part})
    open_ids = select(advances.c.id).where(
        advances.c.book_id == book_id, says(advances.c.status, "funded"), advances.c.currency == money.currency
    )
    nearest = open_ids.order_by(advances.c.due_on)
    fits = [
        open_ids.where(among(connection, advances.c.ref, refs)).limit(_LOOKED_AT),
        nearest.where(advances.c.face_minor == money.left_minor).limit(_LOOKED_AT),
    ]
    if money.payer_id is not None:
        fits.append(nearest.where(advances.c.anchor_id == money.payer_id).limit(CANDIDATES))
    ids = {id for query in fits for id in connection.execute(query).scalars()}
    rows = connection.execute(_open(book_id).where(among(connection, advances.c.id, sorted(ids)))).all()
    named = {normal(each) for each in refs}
    found = [_candidate(row, money, named) for row in rows]
    return sorted(found, key=lambda each: (-each.weight, each.due_on, each.advance_id))[:CANDIDATES]


def _candidate(row: Row[Any], money: Unapplied, named: set[str]) -> Candidate:
    by_amount = row.open_minor == money.left_minor
    return Candidate._make([*row, normal(row.ref) in named, by_amount, row.anchor_id == money.payer_id])


def _open(book_id: int) -> Select[Any]:
    return (
        select(
            advances.c.id, advances.c.anchor_id, advances.c.supplier_id, advances.c.ref, advances.c.currency,
            receivables.c.open_minor, advances.c.due_on,
        )
        .join(receivables, receivables.c.id == advances.c.receivable_id)
        .where(advances.c.book_id == book_id, receivables.c.open_minor > 0)
    )  # fmt: skip


def claimed(connection: Connection, book_id: int, money: Unapplied) -> list[Claimed]:
    """The claims on a collection's payer that it can be taken for whole, the oldest first; by advance."""
    if money.payer_id is None:
        return []
    paid = (
        select(func.coalesce(func.sum(claim_payments.c.amount_minor), 0))
        .where(claim_payments.c.claim_id == claims.c.id)
        .scalar_subquery()
    )
    left = func.sum(claims.c.amount_minor - paid)
    rows = connection.execute(
        select(claims.c.advance_id, advances.c.ref, left)
        .join(advances, advances.c.id == claims.c.advance_id)
        .where(claims.c.book_id == book_id, claims.c.supplier_id == money.payer_id, says(claims.c.status, "open"))
        .where(claims.c.currency == money.currency)
        .group_by(claims.c.advance_id, advances.c.ref)
        .having(left >= money.left_minor)
        .order_by(claims.c.advance_id)
        .limit(SHOWN)
    )
    return [Claimed(advance_id, ref, int(minor)) for advance_id, ref, minor in rows]


def _for_people(book_id: int, today: date) -> ColumnElement[bool]:
    columns = statement_entries.c
    unsure = or_(columns.meaning == "unmatched", ~columns.reconciled)
    return (columns.book_id == book_id) & FOR_PEOPLE & unsure & (columns.booked_on >= today - LINES_FOR)


def counted_unmatched(connection: Connection, book_id: int, today: date) -> int:
    """How many lines of the last `LINES_FOR` nobody has understood."""
    query = select(func.count()).select_from(statement_entries).where(_for_people(book_id, today))
    return int(connection.execute(query).scalar_one())


def unmatched(connection: Connection, book_id: int, today: date, limit: int = SHOWN) -> Found:
    """Those lines, the newest first."""
    columns = [statement_entries.c[name] for name in Line._fields]
    query = select(*columns).where(_for_people(book_id, today))
    order = (statement_entries.c.booked_on.desc(), statement_entries.c.id.desc())
    rows = connection.execute(query.order_by(*order).limit(limit + 1)).all()
    return Found([Line(*row) for row in rows[:limit]], len(rows) <= limit)


def _back(book_id: int) -> ColumnElement[bool]:
    again = payouts.alias()
    replaced = exists().where(again.c.replaces_id == payouts.c.id)
    return (payouts.c.book_id == book_id) & says(payouts.c.status, "returned") & ~replaced


def counted_returned(connection: Connection, book_id: int) -> int:
    """How many payouts came back and were not paid again."""
    return int(connection.execute(select(func.count()).select_from(payouts).where(_back(book_id))).scalar_one())


def returned(connection: Connection, book_id: int, limit: int = SHOWN) -> Found:
    """Those payouts, the newest first."""
    columns = [payouts.c[name] for name in Returned._fields]
    query = select(*columns).where(_back(book_id)).order_by(payouts.c.id.desc()).limit(limit + 1)
    rows = connection.execute(query).all()
    return Found([Returned(*row) for row in rows[:limit]], len(rows) <= limit)
