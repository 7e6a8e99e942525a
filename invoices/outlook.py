"""How a supplier stands today and what it may expect: sums over what is open, never over what is past.

Every question goes by an index of the open things alone, so that a long history costs nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from invoices.forecast import Expected, Source, last_day
from invoices.lifecycle import SUBMITTED
from invoices.models import invoices
from scf.db.said import says
from scf.factoring.models import advance_requests, advances, claim_payments, claims, dilutions
from scf.factoring.offers import ASKED, LIVE
from scf.factoring.queries import waiting_nets
from scf.payments.models import payouts
from scf.receivables.lifecycle import OPEN
from scf.receivables.models import receivables
from scf.routes import Caller

# so many requests are priced for the forecast
PRICED_MAX = 1_000
_ON_ITS_WAY = ("instructed", "sent", "unknown")
_AS_REQUESTED = {"requested": Source.REQUESTED, "approved": Source.APPROVED}


@dataclass(frozen=True, slots=True)
class Sum:
    """How many, and their sum in minor units."""

    count: int
    amount_minor: int


Sums = Mapping[str, Sum]


@dataclass(frozen=True, slots=True)
class Standing:
    """By currency: invoices that wait for their anchors, requests that wait for the bank, advances not yet due."""

    waiting: Sums
    asked: Sums
    paid_out: Sums


@dataclass(frozen=True, slots=True)
class Facts:
    """What may be expected; `is_all` is false when more requests wait than are priced."""

    expected: list[Expected]
    is_all: bool


def standing(connection: Connection, supplier_id: int, on: date) -> Standing:
    """How the supplier stands; three statements."""
    waiting = _sums(invoices.c.currency, invoices.c.amount_minor).where(
        invoices.c.supplier_id == supplier_id, says(invoices.c.status, SUBMITTED)
    )
    asked = _sums(advance_requests.c.currency, advance_requests.c.face_minor).where(
        advance_requests.c.supplier_id == supplier_id, says(advance_requests.c.status, *LIVE)
    )
    paid_out = _sums(advances.c.currency, advances.c.net_minor).where(
        advances.c.supplier_id == supplier_id, says(advances.c.status, "funded"), advances.c.due_on >= on
    )
    found = [
        {row[0]: Sum(row[1], int(row[2])) for row in connection.execute(each)} for each in (waiting, asked, paid_out)
    ]
    return Standing(*found)


def _sums(currency: ColumnElement[str], amount: ColumnElement[int]) -> Select[str, int, int]:
    return select(currency, func.count(), func.sum(amount)).group_by(currency).order_by(currency)


def facts(caller: Caller, connection: Connection, on: date) -> Facts:
    """What the supplier may expect up to the forecast's last day; six statements."""
    supplier_id, to_on = caller.organisation_id, last_day(on)
    found = [
        Expected(row[0], row[1], source, int(row[2]))
        for source, query in _by_day(supplier_id, to_on)
        for row in connection.execute(query)
    ]
    waiting, is_all = waiting_nets(caller, connection, PRICED_MAX)
    found += [
        Expected(each.credited_on, each.currency, _AS_REQUESTED[each.status], each.net_minor)
        for each in waiting
        if each.net_minor > 0
    ]
    found += _reserves(connection, supplier_id, to_on)
    found += [
        Expected(on, currency, Source.CLAIMS, int(left)) for currency, left in connection.execute(_owed(supplier_id))
    ]
    return Facts(found, is_all)


def _by_day(supplier_id: int, to_on: date) -> list[tuple[Source, Select[Any]]]:
    """Sums a day and currency of what anchors owe that nobody was asked to finance, and of payouts on their way."""
    due = (
        select(receivables.c.due_on, receivables.c.currency, func.sum(receivables.c.open_minor))
        .where(receivables.c.creditor_id == supplier_id, says(receivables.c.status, OPEN))
        .where(receivables.c.due_on <= to_on, receivables.c.open_minor > 0, ~ASKED)
        .group_by(receivables.c.due_on, receivables.c.currency)
    )
    paid = (
        select(payouts.c.pay_on, payouts.c.currency, func.sum(payouts.c.amount_minor))
        .where(payouts.c.beneficiary_id == supplier_id, says(payouts.c.status, *_ON_ITS_WAY))
        .where(payouts.c.pay_on <= to_on)
        .group_by(payouts.c.pay_on, payouts.c.currency)
    )
    return [(Source.ANCHORS, due), (Source.ON_ITS_WAY, paid)]


def _reserves(connection: Connection, supplier_id: int, to_on: date) -> list[Expected]:
    """What is held back of funded advances, less what credit notes took of it, on the days their anchors are to pay."""
    funded = (advances.c.supplier_id == supplier_id, says(advances.c.status, "funded"), advances.c.due_on <= to_on)
    day = (advances.c.due_on, advances.c.currency)
    held = select(*day, func.sum(advances.c.reserve_minor)).where(*funded).group_by(*day)
    taken = (
        select(*day, func.sum(dilutions.c.reserve_minor))
        .join(dilutions, dilutions.c.advance_id == advances.c.id)
        .where(*funded)
        .group_by(*day)
    )
    less = {(row[0], row[1]): int(row[2]) for row in connection.execute(taken)}
    left = [(row[0], row[1], int(row[2]) - less.get((row[0], row[1]), 0)) for row in connection.execute(held)]
    return [Expected(on, currency, Source.RESERVES, minor) for on, currency, minor in left if minor > 0]


def _owed(supplier_id: int) -> Select[Any]:
    paid = (
        select(func.coalesce(func.sum(claim_payments.c.amount_minor), 0))
        .where(claim_payments.c.claim_id == claims.c.id)
        .scalar_subquery()
    )
    return (
        select(claims.c.currency, func.sum(claims.c.amount_minor - paid))
        .where(claims.c.supplier_id == supplier_id, says(claims.c.status, "open"))
        .group_by(claims.c.currency)
    )
