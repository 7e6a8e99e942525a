"""Parts of commands that touch invoices: lock, mark confirmed or disputed, end. They take the open unit of work.

Only this folder writes the table; what a confirmation and a dispute are, the anchor's desk above decides.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import select

from invoices.lifecycle import CONFIRMED, DISPUTED, SUBMITTED
from invoices.models import invoice_ends, invoices
from scf.commands import Unit
from scf.db import bulk

_END_COLUMNS = ("invoice_id", "supplier_id", "status", "reason", "words", "by_id", "at")
_READ = (
    invoices.c.id,
    invoices.c.supplier_id,
    invoices.c.anchor_id,
    invoices.c.number,
    invoices.c.issue_on,
    invoices.c.due_on,
    invoices.c.currency,
    invoices.c.amount_minor,
    invoices.c.fingerprint,
    invoices.c.file_sha256,
    invoices.c.status,
)


class Invoice(NamedTuple):
    """An invoice as read under its lock; the amount in minor units."""

    id: int
    supplier_id: int
    anchor_id: int
    number: str
    issue_on: date
    due_on: date
    currency: str
    amount_minor: int
    fingerprint: str
    file_sha256: str
    status: str


class End(NamedTuple):
    """Why an invoice is rejected or withdrawn: a code of the command's list, and words for the other side."""

    invoice_id: int
    supplier_id: int
    reason: str
    words: str


def lock(unit: Unit, ids: Iterable[int]) -> dict[int, Invoice]:
    """The invoices by id, locked, ids ascending; one statement."""
    rows = unit.connection.execute(
        select(*_READ)
        .where(bulk.among(unit.connection, invoices.c.id, sorted(set(ids))))
        .order_by(invoices.c.id)
        .with_for_update(key_share=True)
    )
    return {row[0]: Invoice._make(row) for row in rows}


def mark_confirmed(unit: Unit, ids: Sequence[int]) -> None:
    """Move submitted invoices to confirmed, all or none; the confirmation itself says who and when."""
    bulk.move(unit.connection, invoices, ids, SUBMITTED, CONFIRMED)


def mark_disputed(unit: Unit, ids: Sequence[int]) -> None:
    """Move submitted invoices to disputed, all or none; the dispute itself says why."""
    bulk.move(unit.connection, invoices, ids, SUBMITTED, DISPUTED)


def mark_settled(unit: Unit, ids: Sequence[int]) -> None:
    """Move disputed invoices back to submitted, all or none: they may be confirmed again."""
    bulk.move(unit.connection, invoices, ids, DISPUTED, SUBMITTED)


def end(unit: Unit, ends: Sequence[End], held: Mapping[int, Invoice], target: str) -> None:
    """Move invoices to rejected or withdrawn, all or none, and keep why and by whom.

    `held` are the locked invoices by id: those that were submitted, and those that were disputed.
    """
    for source in (SUBMITTED, DISPUTED):
        moved = [each.invoice_id for each in ends if held[each.invoice_id].status == source]
        bulk.move(unit.connection, invoices, moved, source, target)
    by = (unit.actor.id, unit.at)
    rows = [(each.invoice_id, each.supplier_id, target, each.reason, each.words, *by) for each in ends]
    bulk.insert(unit.connection, invoice_ends, _END_COLUMNS, rows)
