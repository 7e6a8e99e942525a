"""The command line as a user meets it: through the composition root, each command in a process of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from test_story import opening
from world import World

from scf.app import create_app
from scf.clock import pause
from scf.db.engine import Database
from scf.running import Running
from scf.settings import read_settings

ROOT = Path(__file__).parent.parent
KEY = "a-secret-of-tests-and-of-nothing-else"
MAIN = [sys.executable, "-c", "import wsgi; wsgi.main()"]


def environment(tmp_path: Path, url: str = "") -> dict[str, str]:
    given = {"SCF_VAR": str(tmp_path / "var"), "SCF_DATABASE_URL": url, "SCF_SECRET_KEY": KEY}
    return {**os.environ, **given, "PYTHONPATH": str(ROOT)}


def scf(tmp_path: Path, *words: str, url: str = "", given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*MAIN, *words],
        input=given,
        capture_output=True,
        text=True,
        env=environment(tmp_path, url),
        cwd=ROOT,
        check=False,
    )


def url_of(database: Database) -> str:
    return database.engine.url.render_as_string(hide_password=False)


def test_price_answers_line_by_line_and_goes_on_after_a_bad_one(tmp_path: Path) -> None:
    line = {
        "method": "straight_discount", "face": "100000.00", "currency": "EUR", "rate": "0.06",
        "from": "2026-01-05", "to": "2026-03-06",
    }  # fmt: skip
    given = "\n".join([json.dumps(line), json.dumps(line | {"face": "-1"}), json.dumps(line | {"rate": "0.05"})])
    ran = scf(tmp_path, "price", given=given)
    answers = [json.loads(each) for each in ran.stdout.splitlines()]
    assert ran.returncode == 1
    assert [each.get("discount") for each in answers] == ["1000.00", None, "833.33"]
    assert answers[1]["error"]["field"] == "face"


def test_a_database_that_is_none_is_said_in_words(tmp_path: Path) -> None:
    ran = scf(tmp_path, "--database", "mysql://x", "day", "status", "--book", "NORTHBANK")
    assert ran.returncode == 1
    assert "SCF_DATABASE_URL" in ran.stderr and "Traceback" not in ran.stderr


def test_a_book_that_is_not_there_is_said_with_those_that_are(tmp_path: Path) -> None:
    ran = scf(tmp_path, "check", "--book", "NOWHERE")
    assert ran.returncode == 1
    assert "there is no book 'NOWHERE'" in ran.stderr and "none yet" in ran.stderr


def test_postgresql_without_its_schema_is_said_and_migrated_by_hand(tmp_path: Path, fresh_postgres_url: str) -> None:
    before = scf(tmp_path, "check", "--book", "X", url=fresh_postgres_url)
    assert before.returncode == 1 and "scf migrate" in before.stderr
    assert "applied" in scf(tmp_path, "migrate", url=fresh_postgres_url).stdout
    assert "current" in scf(tmp_path, "migrate", url=fresh_postgres_url).stdout


def test_days_run_by_hand_and_the_book_is_read(tmp_path: Path, world: World) -> None:

    opening(world)
    url = url_of(world.database)
    ran = scf(tmp_path, "day", "run", "--book", "NORTHBANK", "--to", "2026-01-06", url=url)
    assert ran.returncode == 0, ran.stderr
    assert "2026-01-05" in ran.stdout and "the book is on 2026-01-07" in ran.stdout
    status = scf(tmp_path, "day", "status", "--book", "NORTHBANK", url=url).stdout
    assert status.startswith("NORTHBANK is on 2026-01-07") and "send payouts" in status
    assert scf(tmp_path, "check", "--book", "NORTHBANK", url=url).stdout == "0 findings\n"
    assert scf(tmp_path, "audit", "check", "--book", "NORTHBANK", url=url).stdout == "0 breaks\n"
    assert scf(tmp_path, "verify", url=url).stdout == "0 prices recomputed, 0 differ\n"
    for form in ("hledger", "beancount"):
        assert scf(tmp_path, "ledger", "export", "--book", "NORTHBANK", "--format", form, url=url).returncode == 0


def test_scheduler_and_worker_catch_a_book_up_from_january(tmp_path: Path, world: World) -> None:
    """The book is on 5 January 2026, the machine's date is later: the tick puts down a job, a worker runs the days."""

    opening(world)
    env = environment(tmp_path, url_of(world.database))
    scheduler = subprocess.Popen([*MAIN, "scheduler", "--every", "1"], env=env, cwd=ROOT)
    worker = subprocess.Popen([*MAIN, "worker"], env=env, cwd=ROOT)
    try:
        wait_until(lambda: world.today >= date(2026, 1, 16))
    finally:
        for process in (scheduler, worker):
            process.send_signal(signal.SIGKILL)
            process.wait()


def wait_until(holds: Callable[[], bool], seconds: int = 90) -> None:
    for _ in range(seconds * 5):
        if holds():
            return
        pause(0.2)
    raise AssertionError(f"not within {seconds} s")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[str]:
    port = free_port()
    server = subprocess.Popen([*MAIN, "serve", "--port", str(port)], env=environment(tmp_path), cwd=ROOT)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: answers(address))
        yield address
    finally:
        server.terminate()
        server.wait()


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/healthz") as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError):
        return False


def test_serving_says_what_runs(served: str) -> None:
    with urllib.request.urlopen(f"{served}/readyz") as answer:
        found = json.load(answer)
    assert found["ready"] is True
    assert found["checks"]["migrations"] == "current"
    with urllib.request.urlopen(served) as answer:
        page = answer.read().decode()
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "Ready" in page and "/sign-in" in page


def test_readyz_says_when_migrations_are_missing(tmp_path: Path, fresh_postgres_url: str) -> None:
    settings = read_settings(environment(tmp_path, fresh_postgres_url))
    client = create_app(Running(settings, ())).test_client()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "missing" in answer.get_json()["checks"]["migrations"]
    assert client.get("/healthz").status_code == 200
    assert "Not ready" in client.get("/").get_data(as_text=True)
