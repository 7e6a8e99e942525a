"""What waits for an anchor's confirmation, filtered, page by page, and summed: submitted, and proposed by nobody yet.

Reads the index of the submitted alone, so that it costs by what waits and not by what was ever sent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, and_, case, exists, func, not_, or_, select

from anchors.confirm import CONFIRM
from invoices.lifecycle import SUBMITTED
from invoices.models import invoices
from scf.currencies import codes, exponent
from scf.db.bulk import among
from scf.db.prefixes import begins, spellings
from scf.db.said import says
from scf.organisations.models import organisations
from scf.proposals.models import proposals

PROPOSED: ColumnElement[bool] = exists().where(
    proposals.c.scope_id == invoices.c.anchor_id,
    proposals.c.command == CONFIRM.name,
    proposals.c.about_id == invoices.c.id,
    says(proposals.c.status, "proposed"),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; amounts in any invoice's own currency. `until`: what came later is left out."""

    supplier_id: int | None = None
    due_from: date | None = None
    due_to: date | None = None
    amount_from: Decimal | None = None
    amount_to: Decimal | None = None
    number: str = ""
    until: datetime | None = None


class Waits(NamedTuple):
    """A submitted invoice in its row; the amount in minor units, warnings in words."""

    id: int
    supplier_id: int
    number: str
    order_ref: str
    issue_on: date
    due_on: date
    currency: str
    amount_minor: int
    warnings: str


class Sum(NamedTuple):
    """How many, and how much, in a currency."""

    currency: str
    number: int
    minor: int


def rows(
    connection: Connection, anchor_id: int, wanted: Wanted, limit: int, last: tuple[date, int] | None = None
) -> Sequence[Waits]:
    """What fits, the earliest due first, at most `limit`."""
    query = _fitting(connection, anchor_id, wanted).with_only_columns(*(invoices.c[name] for name in Waits._fields))
    if last is not None:
        due_on, id = last
        query = query.where(or_(invoices.c.due_on > due_on, and_(invoices.c.due_on == due_on, invoices.c.id > id)))
    found = connection.execute(query.order_by(invoices.c.due_on, invoices.c.id).limit(limit))
    return [Waits._make(row) for row in found]


def sums(connection: Connection, anchor_id: int, wanted: Wanted) -> Sequence[Sum]:
    """All that fits, by currency."""
    counted = (invoices.c.currency, func.count(), func.sum(invoices.c.amount_minor))
    query = _fitting(connection, anchor_id, wanted).with_only_columns(*counted)
    found = connection.execute(query.group_by(invoices.c.currency).order_by(invoices.c.currency))
    return [Sum(currency, count, int(minor)) for currency, count, minor in found]


def by_ids(connection: Connection, anchor_id: int, ids: Sequence[int]) -> Mapping[int, Waits]:
    """Those of some invoices that were sent to the anchor and are submitted, proposed or not."""
    columns = (invoices.c[name] for name in Waits._fields)
    mine = (invoices.c.anchor_id == anchor_id, among(connection, invoices.c.id, sorted(set(ids))))
    query = select(*columns).where(*mine, invoices.c.status == SUBMITTED)
    return {row.id: Waits._make(row) for row in connection.execute(query)}


def due_days(connection: Connection, anchor_id: int, to_on: date) -> Sequence[tuple[date, str, int]]:
    """What is submitted and not confirmed, summed by day and currency: proposed or not."""
    query = (
        select(invoices.c.due_on, invoices.c.currency, func.sum(invoices.c.amount_minor))
        .where(invoices.c.anchor_id == anchor_id, says(invoices.c.status, SUBMITTED), invoices.c.due_on <= to_on)
        .group_by(invoices.c.due_on, invoices.c.currency)
    )
    return [(due_on, currency, int(minor)) for due_on, currency, minor in connection.execute(query)]


def suppliers(connection: Connection, anchor_id: int) -> Sequence[tuple[int, str]]:
    """Those of whom something waits, by name."""
    waits = select(invoices.c.supplier_id).where(invoices.c.anchor_id == anchor_id, says(invoices.c.status, SUBMITTED))
    query = select(organisations.c.id, organisations.c.name).where(organisations.c.id.in_(waits))
    return [(row.id, row.name) for row in connection.execute(query.order_by(organisations.c.name))]


def _fitting(connection: Connection, anchor_id: int, wanted: Wanted) -> Select[Any]:
    each = invoices.c
    query = select(each.id).where(each.anchor_id == anchor_id, says(each.status, SUBMITTED), not_(PROPOSED))
    conditions: Sequence[tuple[object, Any]] = (
        (wanted.supplier_id, lambda: each.supplier_id == wanted.supplier_id),
        (wanted.due_from, lambda: each.due_on >= wanted.due_from),
        (wanted.due_to, lambda: each.due_on <= wanted.due_to),
        (wanted.until, lambda: each.submitted_at <= wanted.until),
        (wanted.amount_from, lambda: each.amount_minor >= _minor(wanted.amount_from, ROUND_CEILING)),
        (wanted.amount_to, lambda: each.amount_minor <= _minor(wanted.amount_to, ROUND_FLOOR)),
    )
    query = query.where(*(make() for given, make in conditions if given is not None))
    if wanted.number:
        query = query.where(or_(*(begins(connection, each.number, form) for form in spellings(wanted.number))))
    return query


def _minor(amount: Decimal | None, rounding: str) -> ColumnElement[int]:
    """An amount in the minor units of each row's own currency."""
    assert amount is not None
    usual = 2

    def minor(digits: int) -> int:
        return int(amount.scaleb(digits).to_integral_value(rounding))

    by_digits: dict[int, list[str]] = {}
    for code in codes():
        by_digits.setdefault(exponent(code), []).append(code)
    whens = [
        (invoices.c.currency.in_(listed), minor(digits)) for digits, listed in by_digits.items() if digits != usual
    ]
    found: ColumnElement[int] = case(*whens, else_=minor(usual))
    return found
