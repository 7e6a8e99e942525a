"""What the objects of a book add up to: what is open, held back, owed, instructed, unapplied, reserved and drawn.

Each sum stands beside the account or limit that must show it; `settlement.checks` compares them. It reads only.
"""

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Subquery, func, literal, select

from scf.factoring.models import advance_requests, advances, claim_payments, claims, dilutions, guarantee_calls
from scf.factoring.standing import held_minor
from scf.limits.positions import LimitKind
from scf.organisations.models import organisations
from scf.payments.models import collections, payouts
from scf.programmes.models import enrolments
from scf.receivables.models import receivables
from scf.settlement.models import applications, late_charges, losses

Sums = dict[tuple[int, str], int]  # by owner and currency, in minor units
LimitSums = dict[tuple[str, int, str], int]  # by kind, holder and currency


def summed(key: ColumnElement[Any], amount: ColumnElement[Any]) -> Subquery:
    """Sums of an amount by a key, as the columns `key` and `sum`."""
    return select(key.label("key"), func.sum(amount).label("sum")).group_by(key).subquery()


def or0(found: Subquery) -> ColumnElement[int]:
    """The sum of an outer join, 0 where there was nothing."""
    return func.coalesce(found.c.sum, 0)


def _added(connection: Connection, *queries: Select[Any]) -> Sums:
    """Sums of queries that give owner, currency and amount."""
    totals: Sums = {}
    for query in queries:
        for owner, currency, amount in connection.execute(query):
            totals[owner, currency] = totals.get((owner, currency), 0) + int(amount)
    return {key: amount for key, amount in totals.items() if amount}


def _purchased(connection: Connection, book_id: int) -> Sums:
    return _added(
        connection,
        select(advances.c.supplier_id, advances.c.currency, held_minor())
        .join(receivables, receivables.c.id == advances.c.receivable_id)
        .outerjoin(guarantee_calls, guarantee_calls.c.advance_id == advances.c.id)
        .where(advances.c.book_id == book_id, advances.c.kind == "bought", advances.c.status == "funded"),
    )


def _reserves(connection: Connection, book_id: int) -> Sums:
    taken = summed(dilutions.c.advance_id, dilutions.c.reserve_minor)
    return _added(
        connection,
        select(advances.c.supplier_id, advances.c.currency, advances.c.reserve_minor - or0(taken))
        .outerjoin(taken, taken.c.key == advances.c.id)
        .where(advances.c.book_id == book_id, advances.c.kind == "bought", advances.c.status == "funded"),
    )


def _lent(connection: Connection, book_id: int) -> Sums:
    repaid = summed(applications.c.advance_id, applications.c.lent_minor)
    claimed = summed(dilutions.c.advance_id, dilutions.c.claim_minor)
    return _added(
        connection,
        select(advances.c.supplier_id, advances.c.currency, advances.c.advance_minor - or0(repaid) - or0(claimed))
        .outerjoin(repaid, repaid.c.key == advances.c.id)
        .outerjoin(claimed, claimed.c.key == advances.c.id)
        .where(advances.c.book_id == book_id, advances.c.kind == "lent", advances.c.status == "funded"),
    )


def _claimed(connection: Connection, book_id: int) -> Sums:
    paid = summed(claim_payments.c.claim_id, claim_payments.c.amount_minor)
    return _added(
        connection,
        select(claims.c.supplier_id, claims.c.currency, claims.c.amount_minor - or0(paid))
        .outerjoin(paid, paid.c.key == claims.c.id)
        .where(claims.c.book_id == book_id),
    )


def _payable(connection: Connection, book_id: int) -> Sums:
    """Payouts not sent, or come back and not instructed anew; and what anchors paid beyond loans not settled yet."""
    again = payouts.alias()
    replaced = select(again.c.id).where(again.c.replaces_id == payouts.c.id).exists()
    beyond = applications.c.face_minor - applications.c.lent_minor
    return _added(
        connection,
        select(payouts.c.beneficiary_id, payouts.c.currency, payouts.c.amount_minor).where(
            payouts.c.book_id == book_id,
            (payouts.c.status == "instructed") | ((payouts.c.status == "returned") & ~replaced),
        ),
        select(advances.c.supplier_id, advances.c.currency, beyond)
        .join(applications, applications.c.advance_id == advances.c.id)
        .where(advances.c.book_id == book_id, advances.c.kind == "lent", advances.c.status == "funded"),
    )


def _in_transit(connection: Connection, book_id: int) -> Sums:
    return _added(
        connection,
        select(literal(0), payouts.c.currency, payouts.c.amount_minor).where(
            payouts.c.book_id == book_id, payouts.c.status.in_(["sent", "unknown"])
        ),
    )


def _unapplied(connection: Connection, book_id: int) -> Sums:
    spent = summed(applications.c.collection_id, applications.c.face_minor + applications.c.late_minor)
    return _added(
        connection,
        select(collections.c.payer_id, collections.c.currency, collections.c.amount_minor - or0(spent))
        .outerjoin(spent, spent.c.key == collections.c.id)
        # nothing is left of what was taken, though no application says so
        .where(
            collections.c.book_id == book_id, collections.c.payer_id.is_not(None), collections.c.status != "applied"
        ),
    )


def _unidentified(connection: Connection, book_id: int) -> Sums:
    return _added(
        connection,
        select(literal(0), collections.c.currency, collections.c.amount_minor).where(
            collections.c.book_id == book_id, collections.c.payer_id.is_(None), collections.c.status != "applied"
        ),
    )


def _late(connection: Connection, book_id: int) -> Sums:
    owner = (advances.c.anchor_id, advances.c.currency)
    charged = select(*owner, late_charges.c.amount_minor).join(advances, advances.c.id == late_charges.c.advance_id)
    collected = select(*owner, -applications.c.late_minor).join(advances, advances.c.id == applications.c.advance_id)
    return _added(
        connection, charged.where(advances.c.book_id == book_id), collected.where(advances.c.book_id == book_id)
    )


def _guarantees(connection: Connection, book_id: int) -> Sums:
    return _added(
        connection,
        select(guarantee_calls.c.guarantor_id, advances.c.currency, guarantee_calls.c.amount_minor)
        .join(advances, advances.c.id == guarantee_calls.c.advance_id)
        .where(guarantee_calls.c.book_id == book_id, guarantee_calls.c.status == "called"),
    )


def _allowance(connection: Connection, book_id: int) -> Sums:
    booked = select(literal(0), advances.c.currency, losses.c.amount_minor).join(
        advances, advances.c.id == losses.c.advance_id
    )
    used = booked.with_only_columns(literal(0), advances.c.currency, -losses.c.amount_minor)
    return _added(
        connection,
        booked.where(losses.c.book_id == book_id, losses.c.kind == "impaired"),
        used.where(losses.c.book_id == book_id, losses.c.kind.in_(["written_off", "released"])),
    )


ACCOUNTS: dict[str, Callable[[Connection, int], Sums]] = {
    "purchased receivables": _purchased,
    "reserve": _reserves,
    "recourse advances": _lent,
    "due from supplier": _claimed,
    "payable to supplier": _payable,
    "payouts in transit": _in_transit,
    "unapplied collections": _unapplied,
    "unidentified collections": _unidentified,
    "late charges": _late,
    "guarantee claims": _guarantees,
    "loss allowance": _allowance,
}


def reserved(connection: Connection, book_id: int) -> LimitSums:
    """What approvals have reserved, on every limit that their receivables would count against."""
    query = (
        select(*_HOLDERS, receivables.c.currency, advance_requests.c.reserved_minor)
        .select_from(advance_requests)
        .join(enrolments, enrolments.c.id == advance_requests.c.enrolment_id)
        .join(receivables, receivables.c.id == advance_requests.c.receivable_id)
        .join(organisations, organisations.c.id == enrolments.c.anchor_id)
        .where(advance_requests.c.book_id == book_id, advance_requests.c.status == "approved")
    )
    return _by_holder(connection.execute(query))


def drawn(connection: Connection, book_id: int) -> LimitSums:
    """What is at risk: open faces less guarantees called, by holder; with it claims of recourse and guarantees due."""
    query = (
        select(*_HOLDERS, advances.c.currency, held_minor())
        .select_from(advances)
        .join(enrolments, enrolments.c.id == advances.c.enrolment_id)
        .join(receivables, receivables.c.id == advances.c.receivable_id)
        .join(organisations, organisations.c.id == enrolments.c.anchor_id)
        .outerjoin(guarantee_calls, guarantee_calls.c.advance_id == advances.c.id)
        .where(advances.c.book_id == book_id, advances.c.status.in_(["funded", "written_off"]))
    )
    at_risk = _by_holder(connection.execute(query))
    for (guarantor, currency), amount in _guarantees(connection, book_id).items():
        at_risk[str(LimitKind.GUARANTOR), guarantor, currency] = amount
    for (supplier, currency), amount in _by_recourse(connection, book_id).items():
        key = (str(LimitKind.SUPPLIER), supplier, currency)
        at_risk[key] = at_risk.get(key, 0) + amount
    return at_risk


def _by_recourse(connection: Connection, book_id: int) -> Sums:
    paid = summed(claim_payments.c.claim_id, claim_payments.c.amount_minor)
    return _added(
        connection,
        select(claims.c.supplier_id, claims.c.currency, claims.c.amount_minor - or0(paid))
        .outerjoin(paid, paid.c.key == claims.c.id)
        .where(claims.c.book_id == book_id, claims.c.reason == "recourse"),
    )


_HOLDERS = (
    enrolments.c.anchor_id,
    func.coalesce(organisations.c.group_id, organisations.c.id),
    enrolments.c.supplier_id,
    enrolments.c.programme_id,
)
_KINDS = (LimitKind.ANCHOR, LimitKind.OBLIGOR_GROUP, LimitKind.SUPPLIER, LimitKind.PROGRAMME)


def _by_holder(rows: Iterable[Any]) -> LimitSums:
    totals: LimitSums = {}
    for *holders, currency, amount in rows:
        for kind, holder in zip(_KINDS, holders, strict=True):
            key = (str(kind), holder, currency)
            totals[key] = totals.get(key, 0) + int(amount)
    return totals
