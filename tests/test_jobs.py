"""Durable jobs, the tick that puts them down, and the leases of steps: nothing is lost, nothing is done by two."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from first_rows import open_book, register
from job_worker import PUT, put
from sqlalchemy import Row, select

from scf.actor import PLATFORM
from scf.books import queries as books
from scf.books.queries import Book
from scf.clock import SetClock
from scf.commands import in_organisation, run
from scf.db.engine import Database
from scf.module import Day, Job, Phase, Step, Work
from scf.scheduling import day, lease
from scf.scheduling.jobs import Busy, NewJob
from scf.scheduling.lease import Overtaken
from scf.scheduling.models import day_steps, ticks
from scf.scheduling.models import jobs as job_table
from scf.scheduling.tick import REVIEW_DOSSIERS, RUN_DAY, SWEEP, tick
from scf.scheduling.worker import work_all, work_on, work_once


def rows(database: Database) -> list[Row[Any]]:
    with database.reading() as connection:
        return list(connection.execute(select(job_table).order_by(job_table.c.id)).all())


def later(database: Database, by: timedelta) -> None:
    assert isinstance(database.clock, SetClock)
    database.clock.at += by


def greet(heard: list[str]) -> Job:
    return lambda work: heard.append(f"{work.key}: {work.payload['name']}")


HELLO = NewJob("hello", {"name": "Ash"}, "hello/1")


def test_a_job_is_done_once_with_what_it_was_told(database: Database) -> None:
    heard: list[str] = []
    put(database, HELLO, NewJob("hello", {"name": "Birch"}, "hello/2"))
    assert work_all(database, {"hello": greet(heard)}) == 2
    assert heard == ["hello/1: Ash", "hello/2: Birch"]
    assert [row.status for row in rows(database)] == ["done", "done"]
    assert not work_once(database, {"hello": greet(heard)})


def test_a_process_that_has_made_no_id_yet_can_end_a_job(database: Database) -> None:
    put(database, NewJob("hello", {"name": "Ash"}, "hello/1", 7))
    assert work_all(Database(database.engine, database.clock), {"hello": greet([])}) == 1
    assert [row.status for row in rows(database)] == ["done"]


def test_a_job_rolls_back_with_what_caused_it(database: Database) -> None:
    with pytest.raises(ArithmeticError):
        put(database, HELLO, NewJob("broken", {}, "broken/1"))
    assert rows(database) == []


def test_the_same_work_is_not_put_down_twice(database: Database) -> None:
    put(database, HELLO)
    run(database, PUT, [HELLO], key="another command", actor=PLATFORM, scope=in_organisation(0))
    assert len(rows(database)) == 1


def test_a_failing_job_waits_longer_each_time_and_is_then_set_aside_with_its_reason(database: Database) -> None:
    put(database, HELLO)

    def fails(_work: Work) -> None:
        raise ConnectionError("the bank is closed")

    waits = []
    for _ in range(lease.ATTEMPTS):
        assert work_once(database, {"hello": fails})
        (row,) = rows(database)
        waits.append(row.due_at - database.clock.now())
        assert "the bank is closed" in row.error
        assert not work_once(database, {"hello": fails}), "a job that waits is not due"
        later(database, timedelta(minutes=5))
    assert row.status == "failed"
    assert waits[:-1] == sorted(waits[:-1]) and waits[0] > timedelta(0)
    assert not work_once(database, {"hello": fails})


def test_a_job_that_failed_once_can_still_be_done(database: Database) -> None:
    put(database, HELLO)
    job = lease.claim(database)
    assert job is not None and lease.fail(database, job, "no answer")
    heard: list[str] = []
    later(database, timedelta(minutes=1))
    assert work_all(database, {"hello": greet(heard)}) == 1
    assert heard == ["hello/1: Ash"]


def test_a_job_that_finds_its_place_taken_waits_as_often_as_it_takes(database: Database) -> None:
    put(database, HELLO)

    def busy(_work: Work) -> None:
        raise Busy("in other hands")

    for _ in range(3 * lease.ATTEMPTS):
        assert work_once(database, {"hello": busy})
        later(database, timedelta(seconds=16))
    assert rows(database)[0].status == "queued"
    heard: list[str] = []
    assert work_all(database, {"hello": greet(heard)}) == 1


def test_waiting_does_not_use_up_the_attempts_of_a_job(database: Database) -> None:
    put(database, HELLO)
    for _ in range(2 * lease.ATTEMPTS):
        job = lease.claim(database)
        assert job is not None and lease.wait(database, job, "in other hands")
        later(database, timedelta(seconds=16))
    job = lease.claim(database)
    assert job is not None and lease.fail(database, job, "a bad moment")
    assert rows(database)[0].status == "queued", "its first failure set it aside for ever"


def test_a_dead_workers_job_is_taken_over_and_its_late_answer_refused(database: Database) -> None:
    put(database, HELLO)
    dead = lease.claim(database)
    assert dead is not None
    assert lease.claim(database) is None, "its lease runs"
    later(database, lease.LEASE + timedelta(seconds=1))
    heir = lease.claim(database)
    assert heir is not None and heir.id == dead.id and heir.fence == dead.fence + 1
    assert not lease.finish(database, dead)
    assert not lease.fail(database, dead, "too late")
    with pytest.raises(Overtaken):
        lease.tell(database, dead, 1, 2)
    assert lease.finish(database, heir)
    assert rows(database)[0].status == "done"


def test_a_renewed_lease_keeps_others_out(database: Database) -> None:
    put(database, HELLO)
    job = lease.claim(database)
    assert job is not None
    later(database, lease.LEASE - timedelta(seconds=1))
    lease.tell(database, job, 1, 2)
    later(database, timedelta(seconds=2))
    assert lease.claim(database) is None


def test_a_worker_goes_on_until_it_is_told_to_stop(database: Database) -> None:
    heard: list[str] = []
    put(database, HELLO)
    answers = iter([False, False, True])
    work_on(lambda: work_all(database, {"hello": greet(heard)}), lambda: next(answers), idle_seconds=0)
    assert heard == ["hello/1: Ash"]


# the tick


def a_book(database: Database) -> int:
    return open_book(database, register(database, "Northbank")[0])


def ticked(database: Database) -> datetime:
    with database.reading() as connection:
        at: datetime = connection.execute(select(ticks.c.at)).scalar_one()
    return at


def test_two_schedulers_that_tick_put_down_one_job(database: Database) -> None:
    book_id = a_book(database)
    later(database, timedelta(hours=12))
    other = Database(database.engine, database.clock)
    assert tick(database, 17) == tick(other, 17) == tick(database, 17) == 1
    row, sweep, review = rows(database)
    assert (row.kind, row.status) == (RUN_DAY, "queued")
    assert (sweep.kind, sweep.key) == (SWEEP, "retention/2026-01-05")
    assert (review.kind, review.key) == (REVIEW_DOSSIERS, "review dossiers/2026-01-05")
    assert f'"book_id": {book_id}' in row.payload
    assert ticked(database) == database.clock.now()


def test_a_day_that_is_not_over_is_not_put_down(database: Database) -> None:
    a_book(database)
    assert tick(database, 17) == 0
    assert [row.kind for row in rows(database)] == [SWEEP, REVIEW_DOSSIERS]


def test_missed_days_need_one_job(database: Database) -> None:
    a_book(database)
    later(database, timedelta(days=4))
    assert tick(database, 17) == 1
    row, *_ = rows(database)
    assert '"to": "2026-01-08"' in row.payload


def test_what_was_kept_long_enough_is_looked_for_once_a_day(database: Database) -> None:
    for hours in (0, 5, 24):
        later(database, timedelta(hours=hours))
        tick(database, 17)
    assert [row.key for row in rows(database)] == [
        f"{kind}/{day}" for day in ("2026-01-05", "2026-01-06") for kind in (SWEEP, REVIEW_DOSSIERS)
    ]


# steps


def the_book(database: Database, book_id: int) -> Book:
    with database.reading() as connection:
        found = books.find(connection, book_id)
    assert found is not None
    return found


def step_row(database: Database, name: str) -> Any:
    with database.reading() as connection:
        return connection.execute(select(day_steps).where(day_steps.c.step == name)).one()


def test_a_step_in_other_hands_stops_the_day_until_the_lease_ends(database: Database) -> None:
    book = the_book(database, a_book(database))
    died: list[bool] = [True]

    def work(_day: Day) -> str:
        if died.pop():
            raise KeyboardInterrupt
        return "worked"

    steps = [Step("a step", Phase.FUND, work)]
    with pytest.raises(KeyboardInterrupt):
        day.run_day(database, book, steps, None)
    died.append(False)
    assert not day.run_day(database, book, steps, None), "the lease of the dead worker runs"
    later(database, day.LEASE + timedelta(seconds=1))
    assert day.run_day(database, book, steps, None)
    row = step_row(database, "a step")
    assert (row.status, row.fence, row.result) == ("done", 2, "worked")
    assert row.business_date == date(2026, 1, 5)


def test_a_slow_worker_that_lost_its_step_may_neither_finish_it_nor_go_on(database: Database) -> None:
    book = the_book(database, a_book(database))
    ran: list[str] = []

    def next_by(name: str) -> Step:
        def work(_day: Day) -> str:
            ran.append(name)
            return name

        return Step("the next", Phase.PAY_OUT, work)

    def slow(_day: Day) -> str:
        later(database, day.LEASE + timedelta(seconds=1))
        steps = [Step("a step", Phase.FUND, lambda _: "by the heir"), next_by("heir")]
        assert day.run_day(database, book, steps, None)
        return "by the slow one"

    assert not day.run_day(database, book, [Step("a step", Phase.FUND, slow), next_by("slow")], None)
    assert ran == ["heir"]
    row = step_row(database, "a step")
    assert (row.status, row.fence, row.result) == ("done", 2, "by the heir")


def test_a_step_that_is_done_is_not_run_again(database: Database) -> None:
    book = the_book(database, a_book(database))
    runs: list[int] = []

    def work(_day: Day) -> str:
        runs.append(1)
        return "worked"

    steps = [Step("a step", Phase.FUND, work)]
    assert day.run_day(database, book, steps, None)
    assert day.run_day(database, book, steps, None)
    assert runs == [1]


def test_steps_run_by_phase_and_within_a_phase_as_offered() -> None:
    phases = {"c": Phase.CLOSE, "b": Phase.FUND, "a": Phase.FUND, "o": Phase.OPEN}
    offered = [Step(name, phase, lambda _: "") for name, phase in phases.items()]
    assert [step.name for step in day.in_order(offered)] == ["o", "b", "a", "c"]
