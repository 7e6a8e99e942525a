"""Which statements the development bank gave to which ask: what was given is never given differently.

One file an ask in the folder `given`; the first to write it decides for all processes.
"""

import json
from dataclasses import dataclass
from datetime import date

from scf.payments.null_rail_folder import OnceFolder, json_bytes
from scf.payments.null_rail_movements import MovementKey


@dataclass(frozen=True, slots=True)
class StatementDay:
    """One day's statement: balances in minor units, the statement's number, and the movements booked that day."""

    on: date
    sequence: int
    opening_minor: int
    closing_minor: int
    keys: tuple[MovementKey, ...]


@dataclass(frozen=True, slots=True)
class History:
    """All statements given so far, by the day they were asked for."""

    by_ask: dict[date, tuple[StatementDay, ...]]

    @property
    def days(self) -> list[StatementDay]:
        """The statements, oldest first."""
        return [day for ask in sorted(self.by_ask) for day in self.by_ask[ask]]

    @property
    def open_from(self) -> date:
        """The first day that no ask has closed yet."""
        return max(self.by_ask, default=date.min)


def read_history(given: OnceFolder) -> History:
    """Everything given so far."""
    return History({date.fromisoformat(ask): _from_bytes(given.read(ask)) for ask in given.names()})


def give(given: OnceFolder, on: date, days: tuple[StatementDay, ...]) -> tuple[StatementDay, ...]:
    """Record the answer to the ask of day `on`; what another process recorded first is the answer."""
    rows = [
        {
            "on": day.on.isoformat(),
            "sequence": day.sequence,
            "opening_minor": day.opening_minor,
            "closing_minor": day.closing_minor,
            "movements": [[key.kind, key.name] for key in day.keys],
        }
        for day in days
    ]
    return _from_bytes(given.get_or_put(on.isoformat(), json_bytes({"days": rows})))


def _from_bytes(payload: bytes) -> tuple[StatementDay, ...]:
    return tuple(
        StatementDay(
            on=date.fromisoformat(row["on"]),
            sequence=row["sequence"],
            opening_minor=row["opening_minor"],
            closing_minor=row["closing_minor"],
            keys=tuple(MovementKey(kind, name) for kind, name in row["movements"]),
        )
        for row in json.loads(payload)["days"]
    )
