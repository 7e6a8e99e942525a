"""The tick: asks of every book whether its business day may be worked, and puts down one job for it; and those of
every day: one blanks what was kept long enough, one begins the reviews of parties that are due. It does no work.

APScheduler is only the clock that ticks, in a process of its own; a second scheduler is harmless, since a job's key
stands once.
"""

import logging
import signal
from datetime import date, datetime

from apscheduler.schedulers.blocking import BlockingScheduler
from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from scf.books import queries as books
from scf.commands import transact
from scf.db.engine import Database
from scf.scheduling import jobs
from scf.scheduling.jobs import NewJob
from scf.scheduling.models import ticks

RUN_DAY = "run day"
SWEEP = "retention"
REVIEW_DOSSIERS = "review dossiers"
# once a UTC day
_DAILY = (SWEEP, REVIEW_DOSSIERS)
EVERY_SECONDS = 30

log = logging.getLogger(__name__)


def tick(database: Database, day_ends_at_hour: int, every_seconds: int = EVERY_SECONDS) -> int:
    """Put down a job for every book whose business date is over: before today, or today after the hour (UTC).

    Returns how many books are due. Several missed days need one job: it catches them up in order.
    """
    now = database.clock.now()
    to = _last_over(now, day_ends_at_hour)
    with database.reading() as connection:
        due = [book for book in books.every(connection) if book.business_date <= to]
    new = [
        NewJob(RUN_DAY, {"book_id": book.id, "to": to.isoformat()}, f"{RUN_DAY}/{book.id}/{book.business_date}/{to}")
        for book in due
    ]
    new += [NewJob(kind, {}, f"{kind}/{now.date()}") for kind in _DAILY]
    ids = database.ids().take(len(new))

    def work(connection: Connection) -> None:
        jobs.put(connection, ids, new, now)
        _mark(connection, now, every_seconds)

    transact(database, work)
    return len(due)


def _last_over(now: datetime, hour: int) -> date:
    today = now.date()
    return today if now.hour >= hour else date.fromordinal(today.toordinal() - 1)


def _mark(connection: Connection, now: datetime, every_seconds: int) -> None:
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    values = {"at": now, "every_seconds": every_seconds}
    ticked = dialect.insert(ticks).values(id=1, **values)
    connection.execute(ticked.on_conflict_do_update(index_elements=["id"], set_=values))


def run_scheduler(database: Database, every_seconds: int, day_ends_at_hour: int) -> None:
    """Tick until the process is told to stop."""
    scheduler = BlockingScheduler(timezone="UTC")
    scheduler.add_job(
        tick,
        "interval",
        args=[database, day_ends_at_hour, every_seconds],
        seconds=every_seconds,
        coalesce=True,
        max_instances=1,
        misfire_grace_time=None,
        next_run_time=database.clock.now(),
    )

    def stop(number: int, _frame: object) -> None:
        # the tick at work is finished first
        log.info("told to stop (signal %s)", number)
        scheduler.shutdown(wait=True)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    log.info("ticking every %s s", every_seconds)
    scheduler.start()
