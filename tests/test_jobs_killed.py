"""`kill -9` of workers of jobs: every job has its effect once, whoever begins it and whoever ends it."""

import json
from collections import Counter
from random import Random

import pytest
from desks import HEADING, Desks, line, open_desks
from job_killing import Fate, Fates, all_worked_through, drawn, program, worked_through
from job_worker import EFFECT, effects, put
from sqlalchemy import select

from invoices.models import invoices
from invoices.upload import InvoiceFile
from invoices.upload_later import UPLOAD_LATER
from scf import files
from scf.clock import SetClock
from scf.commands import in_organisation, run
from scf.db.engine import Database
from scf.scheduling import queries
from scf.scheduling.jobs import NewJob

JOBS, KILLS, PROCESSES = 150, 5, 2
ROWS, CHUNK_ROWS = 40, 10


def url_of(database: Database) -> str:
    """Where others open it; nothing of this process may stay open in a file that others will be killed over."""
    database.engine.dispose()
    return database.engine.url.render_as_string(hide_password=False)


def test_every_job_has_one_effect_however_often_its_workers_are_killed(database: Database) -> None:
    put(database, *(NewJob(EFFECT, {"number": number}, f"effect/{number}") for number in range(JOBS)))
    fates = drawn(Random(11), JOBS, KILLS)
    course = all_worked_through(url_of(database), database.clock.now(), PROCESSES, fates)
    assert course.kills == KILLS
    assert Counter(json.loads(each)["number"] for each in effects(database)) == Counter(range(JOBS))
    with database.reading() as connection:
        done = queries.newest(connection, status="done", limit=2 * JOBS)
    assert len(done) == JOBS
    assert sum(job.attempt_count for job in done) >= JOBS + KILLS // 2, "no job was begun twice"


@pytest.mark.parametrize("fate", [Fate.DIE, Fate.DIE_LATER])
def test_an_upload_killed_in_the_middle_is_resumed_by_another_worker_with_each_row_once(
    database: Database, fate: Fate
) -> None:
    desks = open_desks(database)
    numbers = [f"INV-{n}" for n in range(ROWS)]
    payload = (HEADING + "\n".join(line(number) for number in numbers)).encode()
    job_id = later(desks, payload)
    # asked at the claim and before each chunk: the fourth question stands between the second chunk and the third
    with program(url_of(database), database.clock.now(), CHUNK_ROWS) as workers:
        assert worked_through(workers, Fates({4: fate}).next) == 1
    with database.reading() as connection:
        submitted = connection.execute(select(invoices.c.number).order_by(invoices.c.id)).scalars().all()
        job = queries.find(connection, job_id)
        assert job is not None
        outcomes = files.read(connection, str(job.outcome()["outcomes_sha256"])).decode().splitlines()
    assert submitted == numbers
    assert (job.status, job.attempt_count) == ("done", 2)
    assert (job.progress_done, job.progress_total, job.outcome()["submitted"]) == (ROWS, ROWS, ROWS)
    assert [each.split(",")[0] for each in outcomes[1:]] == [str(row) for row in range(2, ROWS + 2)]


def later(desks: Desks, payload: bytes) -> int:
    """The id of the job that has a file of the supplier in hand."""
    assert isinstance(desks.database.clock, SetClock)
    who = desks.person(desks.supplier, "Ida", UPLOAD_LATER.name)
    batch = [InvoiceFile.of("list.csv", payload)]
    scope = in_organisation(desks.supplier)
    (outcome,) = run(desks.database, UPLOAD_LATER, batch, key=desks.key(), actor=who, scope=scope)
    assert outcome.accepted and outcome.id
    return outcome.id
