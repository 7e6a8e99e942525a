"""Workers: take jobs from the table and run them. Many processes may, each is stateless.

A worker that is told to stop finishes the job at work, or hands it back where the job next says how far it came.
"""

import logging
import traceback
from collections.abc import Callable, Mapping

from scf.clock import pause
from scf.db.engine import Database
from scf.errors import ScfError
from scf.module import Job, Work
from scf.scheduling import lease
from scf.scheduling.jobs import Busy
from scf.scheduling.lease import Cancelled, Claim, Overtaken

Stopped = Callable[[], bool]

log = logging.getLogger(__name__)


class HandedBack(ScfError):
    """The worker is told to stop; the job goes on elsewhere."""


def never() -> bool:
    """Nobody stops this worker."""
    return False


def work_once(database: Database, kinds: Mapping[str, Job], stopped: Stopped = never) -> bool:
    """Run one due job; False when none was due. A failing job is set back with its reason, never lost."""
    job = lease.claim(database)
    if job is None:
        return False
    if job.cancel_asked:
        lease.stop(database, job)
    elif job.attempt_count > lease.ATTEMPTS:
        log.warning("job %s (%s) is set aside: its workers died of it", job.key, job.kind)
        lease.set_aside(database, job, f"{lease.ATTEMPTS} attempts ended without a word, or in failures: workers died")
    else:
        _run(database, kinds, job, stopped)
    return True


def work_all(database: Database, kinds: Mapping[str, Job], stopped: Stopped = never) -> int:
    """Run due jobs until none is left; returns how many ran."""
    count = 0
    while not stopped() and work_once(database, kinds, stopped):
        count += 1
    return count


def work_on(work: Callable[[], int], stopped: Stopped, idle_seconds: float = 1) -> None:
    """Work until `stopped` says so, asking again every `idle_seconds` when nothing was due."""
    while not stopped():
        if not work():
            pause(idle_seconds)


def _run(database: Database, kinds: Mapping[str, Job], job: Claim, stopped: Stopped) -> None:
    def tell(done: int, total: int) -> None:
        lease.tell(database, job, done, total)
        if stopped():
            raise HandedBack(f"{job.key} is handed back")

    try:
        work = Work(database, job.payload, job.key, job.organisation_id, job.asked_by_id, tell)
        result = kinds[job.kind](work)
    except Busy as error:
        lease.wait(database, job, str(error))
    except Overtaken as error:
        log.warning("job %s (%s) is lost: %s", job.key, job.kind, error)
    except Cancelled:
        lease.stop(database, job)
    except HandedBack:
        lease.hand_back(database, job)
    except Exception as error:  # a job must not take its worker down
        log.warning("job %s (%s) failed: %s", job.key, job.kind, error)
        lease.fail(database, job, traceback.format_exc(limit=-3))
    else:
        lease.finish(database, job, result)
