"""Retention: what was kept long enough is blanked and nothing else, by a worker once a day or by hand."""

import json
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from desks import open_desks, promise
from sqlalchemy import Connection, insert, select, text

import wsgi
from scf.clock import SetClock
from scf.db.engine import Database
from scf.errors import ScfError
from scf.identity.local import local_person
from scf.identity.retention import TRAIL_DAYS
from scf.module import Retention
from scf.people import queries as people
from scf.running import Running
from scf.scheduling.cli import retention as command
from scf.scheduling.models import jobs
from scf.scheduling.retention import Swept, sweep
from scf.scheduling.tick import tick
from scf.settings import read_settings


def pass_by(database: Database, by: timedelta) -> None:
    clock = database.clock
    assert isinstance(clock, SetClock)
    later = clock.now() + by
    clock.set(later.date(), later.hour)


def swept(database: Database) -> dict[str, int]:
    rules = [rule for module in wsgi.MODULES for rule in module.retention]
    return {each.name: each.count for each in sweep(database, rules)}


def test_people_of_a_command_line_are_erased_ten_years_after_they_were_last_met(database: Database) -> None:
    desks = open_desks(database)
    mona, carl, ida = (
        desks.person(organisation_id, name).id
        for organisation_id, name in ((desks.anchor, "Mona"), (desks.anchor, "Carl"), (desks.supplier, "Ida"))
    )
    desks.propose([promise(desks.invoice())], maker="Mona")
    pass_by(database, timedelta(days=TRAIL_DAYS))
    assert swept(database)["people of the command line"] == 0
    local_person(database, desks.anchor, "Carl")
    pass_by(database, timedelta(days=1))
    assert swept(database)["people of the command line"] == 1
    with database.reading() as connection:
        names = people.names(connection, [mona, carl, ida])
    # Mona's proposal is still open, and Carl was met yesterday
    assert names == {0: "platform", mona: "Mona", carl: "Carl", ida: people.ERASED}
    assert swept(database)["people of the command line"] == 0


def put_down(database: Database, id: int, status: str, error: str) -> None:
    """A job as it stands now: one that is not queued ended now."""
    now = database.clock.now()
    zero = dict.fromkeys(("organisation_id", "asked_by_id", "progress_done", "progress_total"), 0)
    row = {"id": id, "kind": "k", "payload": "{}", "result": "{}", "key": str(id), "status": status, "error": error}
    times = {"due_at": now, "created_at": now, "ended_at": None if status == "queued" else now}
    with database.engine.begin() as connection:
        connection.execute(insert(jobs).values(row | zero | times | {"fence": 1, "attempt_count": 1}))


def test_errors_of_jobs_that_ended_are_blanked_after_three_months(database: Database) -> None:
    put_down(database, 1, "failed", "Traceback: no such mailbox: vera@ash.example")
    put_down(database, 2, "done", "Traceback: the first attempt")
    put_down(database, 3, "queued", "Traceback: it will be tried again")
    pass_by(database, timedelta(days=90))
    put_down(database, 4, "failed", "Traceback: lately")
    assert swept(database)["errors of jobs"] == 0
    pass_by(database, timedelta(hours=1))
    assert swept(database)["errors of jobs"] == 2
    with database.reading() as connection:
        left = connection.execute(select(jobs.c.error).order_by(jobs.c.id)).scalars().all()
    assert left == ["", "", "Traceback: it will be tried again", "Traceback: lately"]


def test_a_rule_that_fails_is_named_and_stops_no_other(database: Database) -> None:
    def fails(connection: Connection, _before: datetime) -> int:
        return connection.execute(text("UPDATE nowhere SET a = 1")).rowcount

    def counts(_connection: Connection, before: datetime) -> int:
        return (database.clock.now() - before).days

    found: list[Swept] = []
    rules = (Retention("what is nowhere", 1, "", fails), Retention("what is here", 7, "", counts))
    with pytest.raises(ScfError, match="what is nowhere"):
        found.extend(sweep(database, rules))
    assert found == [Swept("what is here", 7)]


@pytest.fixture
def running(tmp_path: Path, database: Database) -> Running:
    url = database.engine.url.render_as_string(hide_password=False)
    settings = read_settings({"SCF_DATABASE_URL": url, "SCF_VAR": str(tmp_path), "SCF_SECRET_KEY": "k" * 40})
    return Running(settings, wsgi.MODULES, database.clock)


def test_a_worker_follows_the_rules_on_the_day_after_a_tick(database: Database, running: Running) -> None:
    put_down(database, 1, "failed", "Traceback")
    pass_by(database, timedelta(days=91))
    tick(database, 17)
    assert running.work() == 2
    with database.reading() as connection:
        failed, done, review = connection.execute(select(jobs).order_by(jobs.c.id)).all()
    assert (failed.status, failed.error) == ("failed", "")
    assert (done.kind, done.status) == ("retention", "done")
    assert (review.kind, review.status) == ("review dossiers", "done")
    assert json.loads(done.result)["errors of jobs"] == 1


def test_the_command_line_shows_the_rules_and_follows_them_at_once(database: Database, running: Running) -> None:
    put_down(database, 1, "failed", "Traceback")
    pass_by(database, timedelta(days=91))
    shown = CliRunner().invoke(command, [], obj=running)
    assert shown.exit_code == 0
    assert "errors of jobs: 90 days from when" in shown.output and "GDPR" in shown.output
    done = CliRunner().invoke(command, ["--now"], obj=running)
    lines = done.output.splitlines()
    assert "people of the command line: 0 blanked" in lines and "errors of jobs: 1 blanked" in lines


def test_every_rule_says_what_how_long_and_why() -> None:
    rules = [rule for module in wsgi.MODULES for rule in module.retention]
    assert len({rule.name for rule in rules}) == len(rules) >= 2
    assert [rule.name for rule in rules if rule.days < 1 or not re.search(r"^from .*: .*blanked", rule.words)] == []
