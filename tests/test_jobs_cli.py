"""Jobs on the command line, and a worker that is told to stop: each command in a process of its own."""

import signal
import subprocess
from pathlib import Path
from types import SimpleNamespace

from click.testing import CliRunner, Result
from desks import HEADING, line, open_desks
from job_worker import put
from sqlalchemy import func, select
from test_cli import MAIN, ROOT, environment, scf, url_of, wait_until
from test_job_control import set_aside

from invoices.models import invoices
from invoices.upload import InvoiceFile
from invoices.upload_later import UPLOAD_LATER
from scf.commands import in_organisation, run
from scf.db.engine import Database
from scf.ids import text
from scf.scheduling import queries
from scf.scheduling.jobs import NewJob
from scf.scheduling.jobs_cli import jobs
from scf.scheduling.queries import Standing

ROWS = 20_001


def find(database: Database, id: int) -> Standing:
    with database.reading() as connection:
        found = queries.find(connection, id)
    assert found is not None
    return found


def test_a_worker_told_to_stop_hands_its_upload_back_and_another_ends_it(database: Database, tmp_path: Path) -> None:
    desks = open_desks(database)
    payload = (HEADING + "\n".join(line(f"INV-{n}") for n in range(ROWS))).encode()
    who, scope = desks.person(desks.supplier, "Ida", UPLOAD_LATER.name), in_organisation(desks.supplier)
    (outcome,) = run(database, UPLOAD_LATER, [InvoiceFile.of("long.csv", payload)], key="u", actor=who, scope=scope)
    id, env = outcome.id or 0, environment(tmp_path, url_of(database))
    with subprocess.Popen([*MAIN, "worker"], env=env, cwd=ROOT) as worker:
        wait_until(lambda: find(database, id).progress_total == ROWS)
        # impatience breaks nothing off
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGTERM):
            worker.send_signal(number)
        assert worker.wait(60) == 0
    job = find(database, id)
    assert (job.status, job.attempt_count) == ("queued", 0)
    assert job.progress_done in (10_000, 20_000)
    assert scf(tmp_path, "worker", "--once", url=url_of(database)).returncode == 0
    job = find(database, id)
    assert (job.status, job.progress_done, job.outcome()["submitted"]) == ("done", ROWS, ROWS)
    with database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(invoices)).scalar_one() == ROWS


def on_the_line(database: Database, *words: str) -> Result:
    running = SimpleNamespace(database=database, clock=database.clock)
    return CliRunner().invoke(jobs, words, obj=running)


def test_jobs_are_listed_shown_cancelled_and_retried(database: Database) -> None:
    desks = open_desks(database)
    put(database, NewJob("long", {"what": "to do"}, "long/1", desks.supplier))
    set_aside(database)
    put(database, NewJob("long", {}, "long/2"))
    with database.reading() as connection:
        second, first = (text("job", job.id) for job in queries.newest(connection))
    listed = on_the_line(database, "list").stdout
    assert first in listed and second in listed and "1 due since 2026-01-05" in listed and "1 failed" in listed
    own = on_the_line(database, "list", "--organisation", "REG-Ash Castings", "--status", "failed").stdout
    assert first in own and second not in own
    shown = on_the_line(database, "show", first).stdout
    assert '"what": "to do"' in shown and "no answer" in shown
    assert on_the_line(database, "retry", first).stdout == f"{first}: queued\n"
    ran = on_the_line(database, "cancel", first, second, first)
    assert ran.exit_code == 1
    assert ran.stdout.splitlines()[:2] == [f"{first}: cancelled", f"{second}: cancelled"]
    assert "already ended" in ran.stdout
    assert "give one like job_" in on_the_line(database, "show", "nothing").output
    assert "nobody is registered" in str(on_the_line(database, "list", "--organisation", "NOBODY").exception)
