"""Late charges: recognised when money arrives, on the open face, from the due date to the money's value date."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from scf import daycount
from scf.commands import Unit
from scf.db.bulk import among
from scf.factoring import pricing
from scf.factoring.standing import Standing
from scf.programmes.terms import Terms
from scf.settlement.models import applications, late_charges


@dataclass(frozen=True, slots=True)
class Charged:
    """What has been charged of an advance, what of it is still owed, and up to which day."""

    owed_minor: int
    to_on: date | None
    count: int


def charged(unit: Unit, advance_ids: Iterable[int]) -> Mapping[int, Charged]:
    """Late charges by advance; two statements."""
    ids = sorted(set(advance_ids))
    rows = unit.connection.execute(
        select(
            late_charges.c.advance_id,
            func.sum(late_charges.c.amount_minor),
            func.max(late_charges.c.to_on),
            func.count(),
        )
        .where(among(unit.connection, late_charges.c.advance_id, ids))
        .group_by(late_charges.c.advance_id)
    )
    collected = unit.connection.execute(
        select(applications.c.advance_id, func.sum(applications.c.late_minor))
        .where(among(unit.connection, applications.c.advance_id, ids))
        .group_by(applications.c.advance_id)
    )
    paid = {id: int(amount) for id, amount in collected}
    return {id: Charged(int(amount) - paid.get(id, 0), to_on, count) for id, amount, to_on, count in rows}


def running(standing: Standing, terms: Terms, since: date | None, to_on: date) -> int:
    """The charge on the open face from the last one, or the due date, to a day; 0 when none is due.

    None is due any more once a guarantee was called: what was charged is waived, and nothing is charged anew.
    """
    from_on = max(since or standing.due_on, standing.due_on)
    if standing.call or to_on <= from_on or not terms.late_rate_ppm:
        return 0
    fraction = daycount.year_fraction(from_on, to_on, terms.late_day_count)
    return pricing.late_charge(standing.open_minor, terms.late_rate_ppm, *fraction, terms.rounding)
