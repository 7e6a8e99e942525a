"""Parts of commands that touch receivables: register, lock, fund, lower, settle. They take the open unit of work.

This folder only says what is owed and how much of it is open; what a fall of the face costs a funder is decided above.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import select

from scf.commands import Unit
from scf.db import bulk
from scf.receivables.lifecycle import CANCELLED, CLOSED
from scf.receivables.models import receivables

_COLUMNS = (
    "id", "debtor_id", "creditor_id", "ref", "fingerprint", "currency", "face_minor", "open_minor", "issued_on",
    "due_on", "undertaking", "status", "version",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NewReceivable:
    """What a confirmation makes: a claim of `creditor_id` on `debtor_id`; amounts in minor units."""

    id: int
    debtor_id: int
    creditor_id: int
    ref: str
    fingerprint: str
    currency: str
    face_minor: int
    issued_on: date
    due_on: date
    undertaking: str


class Receivable(NamedTuple):
    """A receivable as read, under its lock where the caller asked for one."""

    id: int
    debtor_id: int
    creditor_id: int
    ref: str
    currency: str
    face_minor: int
    open_minor: int
    issued_on: date
    due_on: date
    undertaking: str
    status: str


READ = (
    receivables.c.id,
    receivables.c.debtor_id,
    receivables.c.creditor_id,
    receivables.c.ref,
    receivables.c.currency,
    receivables.c.face_minor,
    receivables.c.open_minor,
    receivables.c.issued_on,
    receivables.c.due_on,
    receivables.c.undertaking,
    receivables.c.status,
)


def lock(unit: Unit, ids: Iterable[int]) -> dict[int, Receivable]:
    """The receivables by id, locked, ids ascending; one statement."""
    rows = unit.connection.execute(
        select(*READ)
        .where(bulk.among(unit.connection, receivables.c.id, sorted(set(ids))))
        .order_by(receivables.c.id)
        .with_for_update(key_share=True)
    )
    return {row[0]: Receivable(*row) for row in rows}


def known(unit: Unit, debtor_id: int, fingerprints: Iterable[str]) -> set[str]:
    """Which of these fingerprints already stand against the debtor."""
    column = receivables.c.fingerprint
    wanted = bulk.among(unit.connection, column, sorted(set(fingerprints)))
    return set(unit.connection.execute(select(column).where(receivables.c.debtor_id == debtor_id, wanted)).scalars())


def register(unit: Unit, new: Sequence[NewReceivable]) -> None:
    """Write new receivables; the database refuses a claim that stands there already."""
    rows = [
        (
            each.id, each.debtor_id, each.creditor_id, each.ref, each.fingerprint, each.currency, each.face_minor,
            each.face_minor, each.issued_on, each.due_on, each.undertaking, "open", 1,
        )
        for each in new
    ]  # fmt: skip
    bulk.insert(unit.connection, receivables, _COLUMNS, rows)


def move(unit: Unit, ids: Sequence[int], source: str, target: str) -> None:
    """Move receivables along their lifecycle, all or none."""
    ended = {"ended_at": unit.at} if target in (CANCELLED, CLOSED) else {}
    bulk.move(unit.connection, receivables, ids, source, target, **ended)


def set_open(unit: Unit, open_minor: Mapping[int, int]) -> None:
    """Set what is still open of locked receivables, by id."""
    rows = sorted(open_minor.items())
    bulk.set_each(unit.connection, receivables, ("open_minor",), rows)
