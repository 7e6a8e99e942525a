"""Workers: take jobs from the table and run them. Many processes may, each is stateless."""

import logging
import traceback
from collections.abc import Callable, Mapping
from typing import Any

from scf.clock import pause
from scf.db.engine import Database
from scf.scheduling import jobs
from scf.scheduling.jobs import Busy, Job

RunJob = Callable[[Database, Mapping[str, Any], str], None]

log = logging.getLogger(__name__)


def work_once(database: Database, kinds: Mapping[str, RunJob]) -> bool:
    """Run one due job; False when none was due. A failing job is set back with its reason, never lost."""
    job = jobs.claim(database)
    if job is None:
        return False
    _run(database, kinds, job)
    return True


def _run(database: Database, kinds: Mapping[str, RunJob], job: Job) -> None:
    try:
        kinds[job.kind](database, job.payload, job.key)
    except Busy as error:
        jobs.wait(database, job, str(error))
    except Exception as error:  # a job must not take its worker down
        log.warning("job %s (%s) failed: %s", job.key, job.kind, error)
        jobs.fail(database, job, traceback.format_exc(limit=-3))
    else:
        jobs.finish(database, job)


def work_all(database: Database, kinds: Mapping[str, RunJob]) -> int:
    """Run due jobs until none is left; returns how many ran."""
    count = 0
    while work_once(database, kinds):
        count += 1
    return count


def work_on(
    database: Database, kinds: Mapping[str, RunJob], stopped: Callable[[], bool], idle_seconds: float = 1
) -> None:
    """Work until `stopped` says so, asking again every `idle_seconds` when nothing is due."""
    while not stopped():
        if not work_once(database, kinds):
            pause(idle_seconds)
