"""The loss allowance of an advance: impaired, less what a write-off used, less what was released again."""

from collections.abc import Iterable, Mapping

from sqlalchemy import func, select

from scf.commands import Unit
from scf.db.bulk import among
from scf.settlement.models import losses

Losses = Mapping[tuple[int, str], int]  # by advance and kind, in minor units


def booked(unit: Unit, advance_ids: Iterable[int]) -> Losses:
    """What was booked of every kind of loss; one statement."""
    rows = unit.connection.execute(
        select(losses.c.advance_id, losses.c.kind, func.sum(losses.c.amount_minor))
        .where(among(unit.connection, losses.c.advance_id, sorted(set(advance_ids))))
        .group_by(losses.c.advance_id, losses.c.kind)
    )
    return {(id, kind): int(amount) for id, kind, amount in rows}


def left(found: Losses, advance_id: int) -> int:
    """What is left of the allowance of an advance, in minor units ≥ 0."""
    gone = found.get((advance_id, "written_off"), 0) + found.get((advance_id, "released"), 0)
    return found.get((advance_id, "impaired"), 0) - gone
