"""Confirmations that wait for a second person, as rows with their invoices; whose they are decides who may check them.

At most so many are read at once: what is decided makes room for the next.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from anchors.confirm import CONFIRM
from anchors.confirmation import Confirmation
from anchors.waiting import Sum
from invoices.models import invoices
from scf import encoding
from scf.db.said import says
from scf.proposals.models import proposals

# so many are read, summed and decided together
AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Proposed:
    """A confirmation that waits, with its invoice's number, supplier and whole amount."""

    id: int
    maker_id: int
    at: datetime
    number: str
    supplier_id: int
    amount_minor: int
    asked: Confirmation

    @property
    def is_part(self) -> bool:
        """Less than the whole invoice."""
        return self.asked.amount_minor < self.amount_minor


def proposed(
    connection: Connection, anchor_id: int, *, mine: bool, person_id: int, until: datetime | None = None
) -> Sequence[Proposed]:
    """Those a person made, or those that others made, the oldest first, at most `AT_ONCE`."""
    each = proposals.c
    made_by = each.maker_id == person_id if mine else each.maker_id != person_id
    query = (
        select(
            each.id, each.maker_id, each.proposed_at, each.payload,
            invoices.c.number, invoices.c.supplier_id, invoices.c.amount_minor,
        )
        .join(invoices, invoices.c.id == each.about_id)
        .where(each.scope_id == anchor_id, each.command == CONFIRM.name, says(each.status, "proposed"), made_by)
        .order_by(each.id)
        .limit(AT_ONCE)
    )  # fmt: skip
    if until is not None:
        query = query.where(each.proposed_at <= until)
    return [
        Proposed(
            row.id, row.maker_id, row.proposed_at, row.number, row.supplier_id, row.amount_minor,
            encoding.parse(Confirmation, row.payload),
        )
        for row in connection.execute(query)
    ]  # fmt: skip


def count(connection: Connection, anchor_id: int) -> int:
    """How many wait."""
    each = proposals.c
    waits = (each.scope_id == anchor_id, each.command == CONFIRM.name, says(each.status, "proposed"))
    return connection.execute(select(func.count()).select_from(proposals).where(*waits)).scalar_one()


def sums(listed: Iterable[Proposed]) -> Sequence[Sum]:
    """What they promise, by currency."""
    found: dict[str, tuple[int, int]] = {}
    for each in listed:
        number, minor = found.get(each.asked.currency, (0, 0))
        found[each.asked.currency] = (number + 1, minor + each.asked.amount_minor)
    return [Sum(currency, *found[currency]) for currency in sorted(found)]
