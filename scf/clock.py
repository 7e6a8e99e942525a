"""The only module that asks for the time. Tests and demos give a clock that they set."""

import time
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Protocol


class Clock(Protocol):
    """Anything that tells the instant, in UTC."""

    def now(self) -> datetime:
        """The instant, timezone-aware, UTC."""
        ...


@dataclass(frozen=True, slots=True)
class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The instant, timezone-aware, UTC."""
        return datetime.now(UTC)


@dataclass(slots=True)
class SetClock:
    """A clock that stands where it is set; for tests, demos and the sandbox."""

    at: datetime

    def now(self) -> datetime:
        """The instant it was set to."""
        return self.at

    def set(self, on: date, hour: int = 9) -> None:
        """Move to `hour` o'clock UTC of a date."""
        self.at = datetime(on.year, on.month, on.day, hour, tzinfo=UTC)


def seconds() -> float:
    """A monotonic stopwatch in seconds: for measuring, never for deciding."""
    return time.monotonic()


def pause(seconds: float) -> None:
    """Wait before trying again; the only sleep of the platform."""
    time.sleep(seconds)
