"""Jobs under way: whose they are, how far they came, cancelling and retrying them, workers that stop or die of them."""

import json
import logging
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from first_rows import open_book, register
from job_worker import EFFECT, effects, have_effect, put
from sqlalchemy import select
from test_jobs import later

from scf.actor import PLATFORM, Actor
from scf.books import queries as books
from scf.commands import Command, in_organisation, run
from scf.db.engine import Database
from scf.manifest import run_day_job
from scf.module import Day, Job, Phase, Step, Surroundings, Work
from scf.outbox import outbox
from scf.outcomes import Outcome
from scf.scheduling import day, lease, queries
from scf.scheduling.chunk import run_chunk
from scf.scheduling.commands import CANCEL, RETRY
from scf.scheduling.jobs import NewJob
from scf.scheduling.queries import Standing
from scf.scheduling.tick import RUN_DAY, tick
from scf.scheduling.worker import work_all, work_once
from scf.settlement import close_day

ASH, BIRCH = 7, 8
LONG = NewJob("long", {}, "long/1", ASH)
CHUNKS = 4


def only(database: Database) -> Standing:
    with database.reading() as connection:
        (job,) = queries.newest(connection)
    return job


def asked(database: Database, command: Command[int, Any, Any], organisation_id: int, *ids: int) -> list[Outcome]:
    who = Actor(3, "Ida", organisation_id, frozenset({CANCEL.name, RETRY.name}))
    key = f"test-{database.ids().one()}"
    return run(database, command, ids, key=key, actor=who, scope=in_organisation(organisation_id))


def reasons(outcomes: list[Outcome]) -> list[str]:
    return [outcome.refusal.reason if outcome.refusal else str(outcome.facts["status"]) for outcome in outcomes]


def in_chunks(done: list[int], meanwhile: Callable[[int], None] = lambda _: None) -> Mapping[str, Job]:
    """A job of four chunks; `meanwhile` is what the world does after each."""

    def long(work: Work) -> Mapping[str, Any]:
        for chunk in range(CHUNKS):
            work.tell(chunk, CHUNKS)
            done.append(chunk)
            meanwhile(chunk)
        return {"chunks": CHUNKS}

    return {"long": long}


def test_a_job_says_how_far_it_came_and_leaves_a_result(database: Database) -> None:
    put(database, LONG)
    seen: list[tuple[int, int]] = []

    def look(_chunk: int) -> None:
        job = only(database)
        seen.append((job.progress_done, job.progress_total))

    assert work_all(database, in_chunks([], look)) == 1
    assert seen == [(0, 4), (1, 4), (2, 4), (3, 4)]
    job = only(database)
    assert (job.status, job.progress_done, job.outcome()) == ("done", 4, {"chunks": 4})
    assert (job.organisation_id, job.asked_by_id, job.ended_at) == (ASH, PLATFORM.id, database.clock.now())


def test_a_job_that_says_how_far_it_came_keeps_its_lease_however_long_it_takes(database: Database) -> None:
    put(database, LONG)
    done: list[int] = []

    def slow(_chunk: int) -> None:
        later(database, lease.LEASE - timedelta(seconds=1))
        assert lease.claim(database) is None

    work_all(database, in_chunks(done, slow))
    assert done == [0, 1, 2, 3] and only(database).attempt_count == 1


def test_a_running_job_stops_when_it_next_says_how_far_it_came(database: Database) -> None:
    put(database, LONG)
    done: list[int] = []

    def cancel(chunk: int) -> None:
        if chunk == 1:
            assert reasons(asked(database, CANCEL, ASH, only(database).id)) == ["running"]

    assert work_all(database, in_chunks(done, cancel)) == 1
    job = only(database)
    assert done == [0, 1]
    assert (job.status, job.progress_done, job.progress_total) == ("cancelled", 2, 4)
    assert job.ended_at and job.cancel_asked_at
    later(database, timedelta(hours=1))
    assert work_all(database, in_chunks(done)) == 0


def test_a_queued_job_is_cancelled_at_once_and_an_ended_one_not_at_all(database: Database) -> None:
    put(database, LONG)
    id = only(database).id
    assert reasons(asked(database, CANCEL, ASH, id, id)) == ["cancelled", "already_ended"]
    assert only(database).status == "cancelled"
    assert work_all(database, in_chunks([])) == 0
    assert reasons(asked(database, CANCEL, ASH, id)) == ["already_ended"]


def test_a_job_whose_worker_died_after_it_was_cancelled_is_not_begun_again(database: Database) -> None:
    put(database, LONG)
    assert lease.claim(database) is not None
    asked(database, CANCEL, ASH, only(database).id)
    later(database, lease.LEASE + timedelta(seconds=1))
    done: list[int] = []
    work_all(database, in_chunks(done))
    assert (done, only(database).status) == ([], "cancelled")


def test_a_party_reaches_its_own_jobs_and_the_platform_all(database: Database) -> None:
    put(database, LONG, NewJob("long", {}, "long/2", BIRCH))
    with database.reading() as connection:
        (ash,), (birch,) = (queries.newest(connection, owner) for owner in (ASH, BIRCH))
        assert queries.find(connection, ash.id, ASH) == ash
        assert queries.find(connection, ash.id, BIRCH) is None
        assert len(queries.newest(connection)) == 2 and queries.newest(connection, 0) == []
        assert queries.newest(connection, ASH, "done") == []
    assert reasons(asked(database, CANCEL, BIRCH, ash.id, birch.id, 99)) == ["not_found", "cancelled", "not_found"]
    (outcome,) = run(database, CANCEL, [ash.id], key="p", actor=PLATFORM, scope=in_organisation(0))
    assert outcome.accepted
    with database.reading() as connection:
        told = [json.loads(payload) for payload in connection.execute(select(outbox.c.payload)).scalars()]
    assert sorted((each["organisation_id"], each["ids"]) for each in told if each.get("kind") == "job.ended") == [
        (ASH, [ash.id]),
        (BIRCH, [birch.id]),
    ], "whose job it is, is told, whoever cancelled it"


def test_the_operators_people_reach_all_jobs_when_they_may_retry(database: Database) -> None:
    put(database, LONG)
    id = only(database).id
    for permissions, reason in (({CANCEL.name}, "not_found"), ({CANCEL.name, RETRY.name}, "cancelled")):
        who = Actor(3, "Olga", 1, frozenset(permissions), operates=True)
        assert reasons(run(database, CANCEL, [id], key=reason, actor=who, scope=in_organisation(1))) == [reason]


def failing(_work: Work) -> None:
    raise ConnectionError("no answer")


def set_aside(database: Database) -> None:
    for _ in range(lease.ATTEMPTS):
        assert work_once(database, {"long": failing})
        later(database, timedelta(minutes=5))


def test_a_failed_job_is_tried_again_when_people_say_so(database: Database) -> None:
    put(database, LONG)
    id = only(database).id
    assert reasons(asked(database, RETRY, ASH, id)) == ["not_failed"]
    set_aside(database)
    assert only(database).status == "failed" and "no answer" in only(database).error
    assert reasons(asked(database, RETRY, BIRCH, id)) == ["not_found"]
    assert reasons(asked(database, RETRY, ASH, id, id)) == ["queued", "not_failed"]
    assert work_all(database, in_chunks([])) == 1
    job = only(database)
    assert (job.status, job.attempt_count, job.error) == ("done", 1, "")


def test_a_job_that_its_workers_die_of_is_set_aside(database: Database) -> None:
    put(database, LONG)
    for _ in range(lease.ATTEMPTS):
        assert lease.claim(database) is not None
        later(database, lease.LEASE + timedelta(seconds=1))
    done: list[int] = []
    work_all(database, in_chunks(done))
    assert (done, only(database).status) == ([], "failed")


def test_a_worker_told_to_stop_hands_back_what_it_has_begun_and_begins_nothing(database: Database) -> None:
    put(database, LONG, NewJob("long", {}, "long/2", ASH))
    told: list[bool] = []
    done: list[int] = []

    def signalled(chunk: int) -> None:
        if chunk == 1:
            told.append(True)

    assert work_all(database, in_chunks(done, signalled), lambda: bool(told)) == 1
    with database.reading() as connection:
        second, first = queries.newest(connection)
    assert done == [0, 1]
    assert (first.status, first.attempt_count, first.progress_done) == ("queued", 0, 2)
    assert (second.status, second.attempt_count) == ("queued", 0)
    assert work_all(database, in_chunks([])) == 2


def test_a_worker_that_lost_its_job_stops_and_the_heirs_result_stands(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    put(database, LONG)
    done: list[int] = []

    def overtaken(chunk: int) -> None:
        if chunk == 1:
            later(database, lease.LEASE + timedelta(seconds=1))
            assert work_once(database, {"long": lambda _: {"by": "the heir"}})

    with caplog.at_level(logging.WARNING):
        work_all(database, in_chunks(done, overtaken))
    assert done == [0, 1] and "another worker" in caplog.text
    assert (only(database).status, only(database).outcome()) == ("done", {"by": "the heir"})


def test_a_job_done_twice_has_its_effect_once(database: Database) -> None:
    put(database, NewJob(EFFECT, {"number": 1}, "effect/1"))
    assert lease.claim(database) is not None
    have_effect(Work(database, {"number": 1}, "effect/1"))  # and then its worker died
    later(database, lease.LEASE + timedelta(seconds=1))
    work_all(database, {EFFECT: have_effect})
    assert len(effects(database)) == 1 and only(database).status == "done"


def test_the_backlog_says_what_is_due_and_since_when(database: Database) -> None:
    put(database, *(NewJob("long", {}, f"long/{n}", ASH) for n in range(3)))
    since = database.clock.now()
    work_once(database, {"long": failing})
    assert lease.claim(database) is not None
    later(database, timedelta(seconds=1))
    with database.reading() as connection:
        backlog = queries.backlog(connection, database.clock.now())
    assert backlog == queries.Backlog(1, 1, 1, 0, since)


# the business day as a job

CLOSE_DAY = close_day.STEPS[-1]


def day_of(run_second: Callable[[Day], str]) -> tuple[Step, ...]:
    return Step("first", Phase.OPEN, lambda _: "worked"), Step("second", Phase.FUND, run_second), CLOSE_DAY


def due_day(database: Database) -> int:
    book_id = open_book(database, register(database, "Northbank")[0])
    later(database, timedelta(hours=12))
    tick(database, 17)
    return book_id


def day_job(database: Database) -> Standing:
    with database.reading() as connection:
        return next(job for job in queries.newest(connection) if job.kind == RUN_DAY)


def day_kinds(steps: tuple[Step, ...]) -> Mapping[str, Job]:
    return {RUN_DAY: lambda work: run_day_job(work, Surroundings(lambda _book: None), steps)}


def test_a_long_step_keeps_its_lease_and_its_jobs_by_renewing_them(database: Database) -> None:
    book_id = due_day(database)

    def long(each: Day) -> str:
        for _ in range(3):
            later(database, lease.LEASE - timedelta(seconds=1))
            each.renew()
            later(database, timedelta(seconds=2))
            assert lease.claim(database) is None, "the job's lease ran out"
        later(database, day.LEASE - timedelta(minutes=1))
        with database.reading() as connection:
            book = books.find(connection, book_id)
        assert book is not None
        assert not day.run_day(database, book, day_of(long), None), "the step's lease ran out"
        return "worked"

    work_once(database, day_kinds(day_of(long)))


def test_a_day_cancelled_in_a_step_leaves_the_step_to_the_next_worker_at_once(database: Database) -> None:
    due_day(database)

    def cancelled(each: Day) -> str:
        (outcome,) = run(database, CANCEL, [day_job(database).id], key="c", actor=PLATFORM, scope=in_organisation(0))
        assert outcome.accepted
        each.renew()
        raise AssertionError("it went on")

    work_once(database, day_kinds(day_of(cancelled)))
    assert day_job(database).status == "cancelled"
    with database.reading() as connection:
        (book,) = books.every(connection)
    again: list[Day] = []

    def worked(each: Day) -> str:
        again.append(each)
        return "worked"

    assert day.run_day(database, book, day_of(worked), None)
    assert len(again) == 1


def test_a_step_that_was_taken_over_runs_no_further_chunk(database: Database) -> None:
    due_day(database)
    with database.reading() as connection:
        (book,) = books.every(connection)
    heard: list[str] = []

    def slow(each: Day) -> str:
        later(database, day.LEASE + timedelta(seconds=1))
        assert day.run_day(database, book, day_of(lambda _: "by the heir"), None)
        run_chunk(each, CANCEL, [1])
        heard.append("went on")
        return "by the slow one"

    assert not day.run_day(database, book, day_of(slow), None)
    assert heard == []
