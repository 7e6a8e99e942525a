"""The sandbox's stock: three weeks of trade among its people, so that no desk is empty on first sight.

Everything goes through the platform's own commands and business days, as the play does. A database that has an operator
is left as it is; what a refusal stops half-way, stays.
"""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from reports.demo import applicants, trade
from reports.demo.house import house
from reports.demo.stage import Stage
from scf import calendars
from scf.clock import SetClock
from scf.identity import members_queries
from scf.running import Running
from scf.sandbox import seed
from scf.sandbox.parties import CALENDAR

OPEN_DAYS = 14
_MORNING = time(9, tzinfo=UTC)


def furnish(running: Running) -> Path:
    """Seed a sandbox three weeks ago and trade until today; returns the file with the keys."""
    database = running.database
    with database.reading() as connection:
        begun = members_queries.operator_id(connection) is not None
    if begun:
        return seed.seed(database, running.granted, running.settings.var_folder)
    shown = database.clock
    today = calendars.next_open(CALENDAR, shown.now().date() - timedelta(days=1))
    clock = SetClock(datetime.combine(_before(today, OPEN_DAYS), _MORNING))
    database.clock = clock
    try:
        path = seed.seed(database, running.granted, running.settings.var_folder)
        everybody = house(Stage(running, clock), today)
        trade.until(everybody)
    finally:
        database.clock = shown
    trade.today(everybody)
    applicants.apply(everybody)
    running.work()
    return path


def _before(on: date, open_days: int) -> date:
    for _ in range(open_days):
        on = calendars.previous_open(CALENDAR, on)
    return on
