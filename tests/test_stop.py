"""Told to stop: what is at work is finished, within bounds, and the end is a good one. Real processes, real signals."""

import os
import re
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import func, select
from test_cli import MAIN, ROOT, environment, free_port, url_of, wait_until

from scf.clock import seconds
from scf.db.engine import Database
from scf.scheduling.models import ticks


@contextmanager
def serving(tmp_path: Path, stop_seconds: int, *words: str) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """Our `serve` of the slow app."""
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "slow_app.py", str(stop_seconds), "serve", "--port", str(port), *words],
        env=environment(tmp_path),
        cwd=ROOT / "tests",
    )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: get(address) == b"answered")
        yield server, address
    finally:
        server.kill()
        server.wait()


def get(address: str) -> bytes:
    """The answer; empty when there is none."""
    try:
        with urllib.request.urlopen(address) as answer:
            return bytes(answer.read())
    except (urllib.error.URLError, ConnectionError):
        return b""


def asked(address: str, answers: list[bytes]) -> threading.Thread:
    """A request on its way; its answer arrives in the list."""
    thread = threading.Thread(target=lambda: answers.append(get(address)))
    thread.start()
    return thread


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_request_at_work_is_answered_before_the_server_ends_well(tmp_path: Path, number: int) -> None:
    with serving(tmp_path, 20) as (server, address):
        answers: list[bytes] = []
        thread = asked(f"{address}/slow", answers)
        thread.join(0.5)
        assert not answers, "it is at work"
        server.send_signal(number)
        assert server.wait(15) == 0
        thread.join()
        assert answers == [b"answered"]
        assert get(address) == b"", "nobody is served any more"


def test_a_request_that_does_not_end_does_not_hold_the_server_up(tmp_path: Path) -> None:
    with serving(tmp_path, 1) as (server, address):
        thread = asked(f"{address}/endless", [])
        thread.join(0.5)
        started = seconds()
        server.terminate()
        server.wait(15)
        assert seconds() - started < 10
        thread.join()


def test_all_workers_of_a_server_are_counted_whichever_is_asked(tmp_path: Path) -> None:
    folder = tmp_path / "var" / "metrics"
    folder.mkdir(parents=True)
    (folder / "counter_4194304.db").write_bytes(b"of a process that is gone")
    with serving(tmp_path, 5, "--workers", "2") as (_server, address):
        threads = [asked(f"{address}/counted", []) for _ in range(40)]
        for thread in threads:
            thread.join()
        pages = {get(f"{address}/metrics").decode() for _ in range(8)}
        counted = {
            found
            for page in pages
            for found in re.findall(
                r'scf_http_requests_total\{method="GET",route="/counted",status="200"\} (\S+)', page
            )
        }
        assert counted == {"40.0"}
    assert not (folder / "counter_4194304.db").exists()


def test_the_scheduler_ends_well_between_ticks(database: Database, tmp_path: Path) -> None:
    scheduler = subprocess.Popen(
        [*MAIN, "scheduler", "--every", "600"], env=environment(tmp_path, url_of(database)), cwd=ROOT
    )
    try:
        wait_until(lambda: ticked(database) == 1)
        os.kill(scheduler.pid, signal.SIGTERM)
        assert scheduler.wait(10) == 0
    finally:
        scheduler.kill()


def ticked(database: Database) -> int:
    with database.reading() as connection:
        return connection.execute(select(func.count()).select_from(ticks)).scalar_one()
