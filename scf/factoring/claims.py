"""What suppliers owe the funder, and how it is paid: set off against what they are due, or in money. Oldest first.

A claim of recourse draws on the supplier's limit until it is paid; then the receivable is the supplier's again.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import func, select

from scf.announcements import Announcement, tell
from scf.commands import Unit
from scf.db import bulk
from scf.factoring.models import advances, claim_payments, claims
from scf.ledger.chart import Owner
from scf.ledger.journal import Journal
from scf.limits.positions import LimitKey, LimitKind, Positions
from scf.receivables import parts as receivables

_PAYMENT = ("id", "book_id", "claim_id", "amount_minor", "means", "value_date", "paid_at")
_CLAIM = (
    "id", "supplier_id", "advance_id", "reason", "currency", "amount_minor", "book_id", "claimed_on", "status",
    "version", "claimed_at",
)  # fmt: skip


@dataclass(slots=True)
class OpenClaim:
    """A claim not yet paid in full; `left_minor` falls while a batch is being decided."""

    id: int
    supplier_id: int
    advance_id: int
    receivable_id: int
    ref: str
    reason: str
    currency: str
    left_minor: int


@dataclass(slots=True)
class Payments:
    """What a batch pays on claims."""

    rows: list[tuple[int, int, str, date]] = field(default_factory=list)
    paid: list[OpenClaim] = field(default_factory=list)


def load_open(unit: Unit, supplier_ids: Iterable[int]) -> list[OpenClaim]:
    """The open claims on suppliers, locked, oldest first; two statements."""
    held = unit.connection.execute(
        select(
            claims.c.id,
            claims.c.supplier_id,
            claims.c.advance_id,
            advances.c.receivable_id,
            advances.c.ref,
            claims.c.reason,
            claims.c.currency,
            claims.c.amount_minor,
        )
        .join(advances, advances.c.id == claims.c.advance_id)
        .where(
            claims.c.book_id == unit.in_book().id,
            claims.c.status == "open",
            bulk.among(unit.connection, claims.c.supplier_id, sorted(set(supplier_ids))),
        )
        .order_by(claims.c.id)
        .with_for_update(key_share=True, of=claims)
    ).all()
    paid = unit.connection.execute(
        select(claim_payments.c.claim_id, func.sum(claim_payments.c.amount_minor))
        .where(bulk.among(unit.connection, claim_payments.c.claim_id, [row.id for row in held]))
        .group_by(claim_payments.c.claim_id)
    )
    already = {id: int(amount) for id, amount in paid}
    return [OpenClaim(*row[:7], row.amount_minor - already.get(row.id, 0)) for row in held]


def limit_keys(open_claims: Iterable[OpenClaim]) -> list[LimitKey]:
    """The limits that paying these claims may release."""
    return [(LimitKind.SUPPLIER, c.supplier_id, c.currency) for c in open_claims if c.reason == "recourse"]


def pay(payments: Payments, claim: OpenClaim, amount_minor: int, means: str, on: date, positions: Positions) -> None:
    """Pay a part of a claim, within what is left of it."""
    claim.left_minor -= amount_minor
    payments.rows.append((claim.id, amount_minor, means, on))
    if claim.reason == "recourse":
        for position in positions.of(limit_keys([claim])):
            position.release(amount_minor)
    if claim.left_minor == 0:
        payments.paid.append(claim)


def set_off(
    payments: Payments, open_claims: Sequence[OpenClaim], currency: str, due_minor: int, on: date, positions: Positions
) -> int:
    """Set a supplier's open claims off against what it is due; returns the amount set off, at most `due_minor`."""
    left = due_minor
    for claim in open_claims:
        part = min(left, claim.left_minor) if claim.currency == currency else 0
        if part:
            pay(payments, claim, part, "set_off", on, positions)
            left -= part
    return due_minor - left


def write_payments(unit: Unit, payments: Payments) -> None:
    """Write what was paid; paid recourse gives its receivable back."""
    ids = unit.ids.take(len(payments.rows))
    book_id = unit.in_book().id
    bulk.insert(
        unit.connection,
        claim_payments,
        _PAYMENT,
        [(id, book_id, *row, unit.at) for id, row in zip(ids, payments.rows, strict=True)],
    )
    bulk.move(unit.connection, claims, [claim.id for claim in payments.paid], "open", "paid")
    returned = sorted(claim.receivable_id for claim in payments.paid if claim.reason == "recourse")
    receivables.move(unit, returned, "funded", "returned")


def raise_claims(unit: Unit, rows: Sequence[tuple[Any, ...]]) -> None:
    """Write new claims: (id, supplier, advance, reason, currency, amount)."""
    book_id, on = unit.in_book().id, unit.business_date
    bulk.insert(unit.connection, claims, _CLAIM, [(*row, book_id, on, "open", 1, unit.at) for row in rows])


def tell_opened(unit: Unit, rows: Sequence[tuple[Any, ...]]) -> Iterator[Announcement]:
    """Announcements of new claims, given as to `raise_claims`."""
    return tell("claim.opened", ((row[1], row[0]) for row in rows), all_to=unit.in_book().funder_id)


def tell_paid(unit: Unit, payments: Payments) -> Iterator[Announcement]:
    """Announcements of claims that are paid in full."""
    return tell("claim.paid", ((each.supplier_id, each.id) for each in payments.paid), all_to=unit.in_book().funder_id)


def by_supplier(open_claims: Iterable[OpenClaim]) -> Mapping[int, list[OpenClaim]]:
    """Open claims by supplier, oldest first."""
    grouped: dict[int, list[OpenClaim]] = {}
    for claim in open_claims:
        grouped.setdefault(claim.supplier_id, []).append(claim)
    return grouped


def set_off_journal(subject_id: int, currency: str, ref: str, supplier_id: int, amount: int, on: date) -> Journal:
    """The journal of a set-off; its subject is what the supplier was due."""
    parts = [({Owner.SUPPLIER: supplier_id}, {"amount": amount})]
    return Journal("claim set off", subject_id, 1, on, currency, ref, parts)
