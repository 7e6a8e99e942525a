"""The sandbox's clock: it only goes forward, and days pass with it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from scf.clock import SystemClock
from scf.db.engine import Database
from scf.errors import FieldError
from scf.sandbox import clock
from scf.sandbox.clock import SandboxClock
from scf.sandbox.days import DAYS_MAX, pass_days


@pytest.fixture
def sandbox(database: Database) -> Database:
    database.clock = SandboxClock(database.engine)
    return database


def test_the_clock_is_the_machines_until_it_is_moved_and_goes_on_from_there(sandbox: Database) -> None:
    assert abs(sandbox.clock.now() - SystemClock().now()) < timedelta(minutes=1)
    ahead = datetime.combine(SystemClock().now().date() + timedelta(days=60), datetime.min.time(), UTC)
    clock.move(sandbox, ahead)
    first = sandbox.clock.now()
    assert ahead <= first < ahead + timedelta(minutes=1)
    assert SandboxClock(sandbox.engine).now() >= first, "another process sees the same"


def test_it_never_goes_back(sandbox: Database) -> None:
    with pytest.raises(FieldError, match="only goes forward"):
        clock.move(sandbox, datetime(2020, 1, 1, tzinfo=UTC))


def test_a_move_too_far_is_refused_with_its_bounds(sandbox: Database) -> None:
    today = SystemClock().now().date()
    far = date.fromordinal(today.toordinal() + DAYS_MAX + 2)
    with pytest.raises(FieldError, match="smaller steps"):
        pass_days(_Process(sandbox), far)


class _Process:
    """As much of a running process as days need."""

    def __init__(self, database: Database) -> None:
        self.database = database
