"""Write parts for settlement: advances moved along their lifecycle, assignments released, guarantees called."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select, update

from scf.commands import Unit
from scf.db import bulk
from scf.factoring.models import advances, assignments, guarantee_calls

_CALL = ("id", "advance_id", "guarantor_id", "amount_minor", "called_on", "book_id", "status", "version")


def release(unit: Unit, advance_ids: Sequence[int], status: str) -> None:
    """Move funded advances to an end, and release the assignments: the receivables are no longer the funder's."""
    bulk.move(unit.connection, advances, advance_ids, "funded", status, ended_at=unit.at)
    which = bulk.among(unit.connection, assignments.c.advance_id, advance_ids)
    held = unit.connection.execute(select(assignments.c.id, assignments.c.status).where(which)).all()
    for source in sorted({row.status for row in held} - {"released"}):
        ids = [row.id for row in held if row.status == source]
        bulk.move(unit.connection, assignments, ids, source, "released")


def write_off(unit: Unit, advance_ids: Sequence[int]) -> None:
    """Move advances to written off; the receivables stay the funder's, for what may still come."""
    bulk.move(unit.connection, advances, advance_ids, "funded", "written_off", ended_at=unit.at)


def set_earning_end(unit: Unit, advance_ids: Sequence[int], on: date) -> None:
    """The discount of these advances is earned up to this day and no longer."""
    which = bulk.among(unit.connection, advances.c.id, advance_ids)
    if advance_ids:
        unit.connection.execute(update(advances).where(which).values(earns_to_on=on))


def call_guarantees(unit: Unit, rows: Sequence[tuple[Any, ...]]) -> None:
    """Write guarantees called: (id, advance, guarantor, amount, day)."""
    book_id = unit.in_book().id
    bulk.insert(unit.connection, guarantee_calls, _CALL, [(*row, book_id, "called", 1) for row in rows])


def mark_guarantees_paid(unit: Unit, call_ids: Sequence[int]) -> None:
    """The guarantor has paid what was called."""
    bulk.move(unit.connection, guarantee_calls, call_ids, "called", "paid")
