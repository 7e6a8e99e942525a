"""What a funder remembers of a supplier's invoices on one anchor: how many it funded, how late, how diluted.

Looks at the supplier's latest advances only, so that it costs the same whatever is stored. It reads only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, Table, func, select

from scf.db.bulk import among
from scf.factoring.models import advances, dilutions
from scf.money import PPM
from scf.settlement.models import applications

LOOKED_AT = 500


class Past(NamedTuple):
    """An advance as it ended or stands; `paid_on` is when its last money came, None before."""

    ref: str
    currency: str
    face_minor: int
    due_on: date
    status: str
    paid_on: date | None
    diluted_minor: int

    def late_days(self, today: date) -> int:
        """For how many days its money was late, or is by now."""
        until = today if self.status == "funded" else self.paid_on
        return max(0, (until - self.due_on).days) if until else 0


@dataclass(frozen=True, slots=True)
class History:
    """Advances of one supplier on one anchor, the latest first; amounts are of the currency asked about."""

    past: Sequence[Past]
    today: date
    currency: str

    @property
    def count(self) -> int:
        """How many there were."""
        return len(self.past)

    @property
    def open_count(self) -> int:
        """How many are still open."""
        return sum(each.status == "funded" for each in self.past)

    @property
    def late(self) -> Sequence[Past]:
        """Those whose money came late, or is late."""
        return [each for each in self.past if each.late_days(self.today)]

    @property
    def late_days_max(self) -> int:
        """The longest that money was late."""
        return max((each.late_days(self.today) for each in self.past), default=0)

    @property
    def lost_count(self) -> int:
        """How many were written off."""
        return sum(each.status == "written_off" for each in self.past)

    @property
    def face_minor(self) -> int:
        """What was funded, by face."""
        return sum(each.face_minor for each in self._same())

    @property
    def diluted_minor(self) -> int:
        """What credit notes took after funding."""
        return sum(each.diluted_minor for each in self._same())

    @property
    def dilution_ppm(self) -> int:
        """The share of the faces that credit notes took."""
        return self.diluted_minor * PPM // self.face_minor if self.face_minor else 0

    def _same(self) -> list[Past]:
        return [each for each in self.past if each.currency == self.currency]


def history(
    connection: Connection, book_id: int, supplier_id: int, anchor_id: int, currency: str, today: date
) -> History:
    """What was funded of a supplier on an anchor, among its `LOOKED_AT` latest advances; three statements."""
    latest = (
        select(advances)
        .where(advances.c.supplier_id == supplier_id)
        .order_by(advances.c.id.desc())
        .limit(LOOKED_AT)
        .subquery()
    )
    rows = connection.execute(
        select(latest.c.id, latest.c.ref, latest.c.currency, latest.c.face_minor, latest.c.due_on, latest.c.status)
        .where(latest.c.book_id == book_id, latest.c.anchor_id == anchor_id)
        .order_by(latest.c.id.desc())
    ).all()
    ids = [row.id for row in rows]
    taken = connection.execute(_of(connection, dilutions, ids, func.sum(dilutions.c.amount_minor)))
    diluted = {id: int(amount) for id, amount in taken}
    came: dict[int, date] = dict(
        connection.execute(_of(connection, applications, ids, func.max(applications.c.value_date))).all()
    )
    past = [Past(*row[1:], came.get(row.id), diluted.get(row.id, 0)) for row in rows]
    return History(past, today, currency)


def _of(connection: Connection, table: Table, advance_ids: Sequence[int], what: ColumnElement[Any]) -> Select[Any]:
    which = among(connection, table.c.advance_id, advance_ids)
    return select(table.c.advance_id, what).where(which).group_by(table.c.advance_id)
