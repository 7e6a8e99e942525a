"""The two pages that machines ask: whether this process can serve, and the figures; both tell what is so."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, update
from test_story import opening
from world import World

from scf import metrics, readiness
from scf.clock import SetClock
from scf.command_watch import watched
from scf.db.engine import Database, open_engine
from scf.errors import CommandError
from scf.operations.metrics_page import may_scrape, metrics_page
from scf.outbox import outbox
from scf.outcomes import Outcome, done, refused
from scf.readiness import STOPS, Readiness
from scf.scheduling.jobs import NewJob, put
from scf.scheduling.models import jobs
from scf.scheduling.tick import tick


def ready(database: Database, *folders: Path) -> Readiness:
    return readiness.readiness(database.engine, database.clock, folders)


def later(database: Database, **passed: int) -> None:
    assert isinstance(database.clock, SetClock)
    database.clock.at += timedelta(**passed)


def job(database: Database, id: int, status: str) -> None:
    now = database.clock.now()
    with database.engine.begin() as connection:
        put(connection, [id], [NewJob("x", {}, str(id))], now)
        ended = now if status == "failed" else None
        connection.execute(update(jobs).where(jobs.c.id == id).values(status=status, ended_at=ended))


def message(database: Database) -> None:
    now = database.clock.now()
    row = {"scope_id": 1, "kind": "x", "payload": "{}", "created_at": now, "due_at": now, "attempt_count": 0}
    with database.engine.begin() as connection:
        connection.execute(insert(outbox).values(id=1, **row))


def test_every_check_is_in_the_table_of_what_stops_serving(database: Database, tmp_path: Path) -> None:
    found = ready(database, tmp_path)
    assert found.checks.keys() == STOPS.keys()
    assert found.ready and found.unwell == ("scheduler",)
    assert found.checks["scheduler"] == "has never ticked; start it with: scheduler"


def test_a_silent_scheduler_is_known_by_its_own_word(database: Database) -> None:
    tick(database, 17, every_seconds=10)
    later(database, seconds=50)
    assert ready(database).checks["scheduler"] == "ticked 50 s ago"
    later(database, seconds=1)
    found = ready(database)
    assert "ticks every 10 s: it stands still" in found.checks["scheduler"]
    assert found.ready and found.unwell == ("scheduler",)


def test_what_waits_too_long_or_failed_is_said_with_its_age(database: Database) -> None:
    job(database, 1, "queued")
    job(database, 2, "failed")
    message(database)
    later(database, minutes=15)
    found = ready(database)
    assert found.checks["jobs"] == "1 due, the oldest for 900 s" and "jobs" not in found.unwell
    assert "1 failed" in found.checks["failed jobs"]
    later(database, seconds=1)
    found = ready(database)
    assert {"jobs", "failed jobs", "outbox"} <= set(found.unwell) and found.ready
    assert found.checks["jobs"] == "1 due, the oldest for 901 s: start a worker"
    assert found.checks["outbox"].startswith("1 due, the oldest for 901 s: ")


def test_a_full_disk_or_a_wrong_clock_is_said(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readiness, "FREE_MIN_BYTES", 1 << 62)
    found = ready(database, tmp_path)
    assert not found.ready and "make room" in found.checks["disk"]
    monkeypatch.undo()
    monkeypatch.setattr(readiness, "SKEW_MAX", timedelta(-1))
    found = ready(database, tmp_path)
    on_another_machine = database.engine.dialect.name == "postgresql"
    assert found.ready and ("clock" in found.unwell) is on_another_machine


def test_a_database_that_does_not_answer_is_said_without_its_password(database: Database) -> None:
    nowhere = open_engine("postgresql://scf:sesame@127.0.0.1:1/scf")
    found = readiness.readiness(nowhere, database.clock)
    assert not found.ready and found.checks["database"].startswith("not usable: ")
    assert "sesame" not in repr(found)
    page, _ = metrics_page(Database(nowhere))
    assert "scf_database_up 0.0" in page.decode() and "scf_jobs" not in page.decode()


def figure(page: str, name: str) -> float:
    found = re.search(rf"^{re.escape(name)} (\S+)$", page, re.MULTILINE)
    assert found, f"{name} is not on the page"
    return float(found[1])


def test_the_page_shows_what_was_counted_and_what_the_database_says(world: World) -> None:
    database = world.database
    before = metrics_page(database)[0].decode()
    opening(world)
    world.end_the_day()
    world.end_the_day()
    tick(database, 17)
    for id, status in enumerate(("queued", "failed", "running"), start=1):
        job(database, id, status)
    later(database, days=3)
    content, kind = metrics_page(database)
    page = content.decode()
    assert kind.startswith("text/plain")
    registered = 'scf_command_items_total{command="organisations.register",outcome="accepted"}'
    was = figure(before, registered) if registered in before else 0
    assert figure(page, registered) - was == 9
    assert figure(page, 'scf_command_seconds_count{command="organisations.register"}') >= 1
    assert figure(page, "scf_database_up") == 1
    assert figure(page, f'scf_database{{kind="{database.engine.dialect.name}",revision="0001"}}') == 1
    assert figure(page, 'scf_jobs{status="failed"}') == figure(page, 'scf_jobs{status="running"}') == 1
    assert figure(page, 'scf_jobs{status="due"}') >= 1
    assert figure(page, "scf_job_oldest_due_seconds") == figure(page, "scf_scheduler_tick_age_seconds") == 3 * 86400
    assert figure(page, 'scf_book_lag_days{book="NORTHBANK"}') == 3
    assert figure(page, 'scf_audit_last_position{book="NORTHBANK"}') > 0
    linked = figure(page, 'scf_audit_last_linked_seconds{book="NORTHBANK"}')
    assert timedelta(days=3).total_seconds() < database.clock.now().timestamp() - linked


def test_an_outcome_is_counted_by_what_became_of_the_whole_batch(database: Database) -> None:
    kind = database.engine.dialect.name
    good, bad = done(1), refused("too_large")

    def fails() -> list[Outcome]:
        raise CommandError("no")

    for outcomes in ([good, good], [good, bad], [bad, bad]):
        assert watched(f"test.{kind}", "book 1", 2, lambda given=outcomes: given) == outcomes  # type: ignore[misc]
    with pytest.raises(CommandError):
        watched(f"test.{kind}", "book 1", 2, fails)
    metrics.observe_request(f"/{kind}/{{id}}", "GET", 404, 0.02)
    page = metrics_page(database)[0].decode()
    for became in ("done", "part", "refused", "error"):
        assert figure(page, f'scf_commands_total{{command="test.{kind}",outcome="{became}"}}') == 1
    assert figure(page, f'scf_command_items_total{{command="test.{kind}",outcome="refused"}}') == 3
    assert figure(page, f'scf_http_requests_total{{method="GET",route="/{kind}/{{id}}",status="404"}}') == 1


TOKEN = "0123456789abcdef"


@pytest.mark.parametrize(
    ("token", "address", "authorization", "forwarded", "may"),
    [
        ("", "127.0.0.1", None, False, True),
        ("", "::1", None, False, True),
        ("", "10.0.0.7", None, False, False),
        ("", "127.0.0.1", None, True, False),
        ("", None, None, False, False),
        ("", "localhost.evil.example", None, False, False),
        (TOKEN, "10.0.0.7", f"Bearer {TOKEN}", True, True),
        (TOKEN, "127.0.0.1", None, False, False),
        (TOKEN, "127.0.0.1", "Bearer 0123456789abcdeF", False, False),
        (TOKEN, "127.0.0.1", TOKEN, False, False),
    ],
)
def test_who_may_read_the_figures(
    token: str, address: str | None, authorization: str | None, forwarded: bool, may: bool
) -> None:
    assert may_scrape(token, address, authorization, forwarded) is may
