"""The tutorial as it is printed, against a served sandbox: ten calls with curl, and the same with the client."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

ROOT = Path(__file__).parent.parent
TUTORIAL = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
# three weeks of trade are played before it serves, on a busy machine perhaps
WAIT_SECONDS = 240


@dataclass(frozen=True)
class Sandbox:
    """A served sandbox and the environment its visitor has."""

    url: str
    environment: dict[str, str]


def blocks(language: str) -> str:
    """All of the tutorial's code in one language, in the order in which it is read."""
    return "\n".join(re.findall(rf"^```{language}\n(.*?)^```", TUTORIAL, re.MULTILINE | re.DOTALL))


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    folder = tmp_path_factory.mktemp("sandbox")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {**os.environ, "SCF_VAR": str(folder), "SCF_SANDBOX": "1", "PYTHONPATH": str(ROOT)}
    own.pop("SCF_DATABASE_URL", None)
    code = "import wsgi; wsgi.main()"
    with subprocess.Popen([sys.executable, "-c", code, "serve", "--port", str(port)], env=own, cwd=ROOT) as server:
        try:
            url = f"http://127.0.0.1:{port}"
            _await(server, url)
            visitor = {
                **own, "SCF_URL": url, "SCF_KEYS": str(folder / "sandbox" / "keys.json"),
                "PYTHONPATH": str(ROOT / "docs" / "client"),
            }  # fmt: skip
            yield Sandbox(url, visitor)
        finally:
            server.terminate()


def _await(server: "subprocess.Popen[bytes]", url: str) -> None:
    until = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < until:
        assert server.poll() is None, "the server ended"
        try:
            if requests.get(f"{url}/healthz", timeout=5).ok:
                return
        except requests.ConnectionError:
            time.sleep(0.2)
    raise AssertionError(f"no answer in {WAIT_SECONDS} s")


def test_ten_calls_with_curl_end_in_a_settled_advance(sandbox: Sandbox) -> None:
    if not shutil.which("curl") or not shutil.which("bash"):
        pytest.skip("no curl or bash: the tutorial's first half was not tried")
    script = "set -euo pipefail\n" + blocks("bash")
    done = subprocess.run(["bash", "-c", script], env=sandbox.environment, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == "settled", done.stdout


def test_the_client_does_the_same_and_is_told_why_something_is_refused(sandbox: Sandbox) -> None:
    done = subprocess.run(
        [sys.executable, "-c", blocks("python")], env=sandbox.environment, cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    first, *rest = done.stdout.splitlines()
    assert first.startswith("currency differs (currency); USD against EUR")
    assert any(line.startswith("T-2 9000.00 ") and line.endswith(" EUR settled") for line in rest), rest


def test_the_keys_are_the_owners_alone(sandbox: Sandbox) -> None:
    path = Path(sandbox.environment["SCF_KEYS"])
    assert path.stat().st_mode & 0o077 == 0
    assert {"supplier", "anchor_maker", "funder_checker"} <= json.loads(path.read_text())["people"].keys()
