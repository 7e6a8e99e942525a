"""Parts for settlement: collections locked with what is left of them, and their moves."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from scf.commands import Unit
from scf.db import bulk
from scf.payments.models import collections


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection under its lock; `payer_id` 0 until somebody says who paid."""

    id: int
    payer_id: int
    currency: str
    amount_minor: int
    value_date: date
    reference: str
    bank_ref: str
    status: str
    version: int


def lock(unit: Unit, ids: Iterable[int]) -> dict[int, Collection]:
    """Collections of the book by id, locked; one statement."""
    columns = collections.c
    rows = unit.connection.execute(
        select(
            columns.id, columns.payer_id, columns.currency, columns.amount_minor, columns.value_date,
            columns.reference, columns.bank_ref, columns.status,
            columns.version,
        )
        .where(columns.book_id == unit.in_book().id, bulk.among(unit.connection, columns.id, sorted(set(ids))))
        .order_by(columns.id)
        .with_for_update(key_share=True)
    )  # fmt: skip
    return {row[0]: Collection(row[0], row[1] or 0, *row[2:]) for row in rows}


def move(unit: Unit, before: Mapping[int, Collection], after: Mapping[int, str]) -> None:
    """Move collections to their new statuses, guarded by the old ones."""
    moves: dict[tuple[str, str], list[int]] = {}
    for id, status in after.items():
        moves.setdefault((before[id].status, status), []).append(id)
    for (source, target), ids in sorted(moves.items()):
        bulk.move(unit.connection, collections, sorted(ids), source, target)


def set_payers(unit: Unit, before: Mapping[int, Collection], payers: Mapping[int, int]) -> None:
    """Say who paid collections nothing of which is applied, by id."""
    rows = [(id, payer, before[id].version + 1) for id, payer in sorted(payers.items())]
    bulk.set_each(unit.connection, collections, ("payer_id", "version"), rows)
