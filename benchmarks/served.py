"""A really served site to measure on: `scf serve` in a process of its own, with the sandbox's parties and their keys.

The sandbox is only seeded; what is served has the machine's clock, since a clock in the database costs a query each.
"""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import requests

from benchmarks.seed import UNLIMITED_MINOR, Parties, accepted, claims
from scf import ids
from scf.actor import PLATFORM
from scf.clock import pause
from scf.commands import in_book
from scf.db.engine import Database
from scf.factoring.set_limit import SET, Ceiling
from scf.identity.callers import granted
from scf.limits.positions import LimitKind
from scf.sandbox.parties import CURRENCY
from scf.sandbox.seed import seed
from wsgi import MODULES

ROOT = Path(__file__).resolve().parent.parent
SECRET_KEY = "a-key-of-benchmarks-and-of-nothing-else"
_START_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Sandbox:
    """Who takes part: the ids as the API writes them, a key a person, and open receivables."""

    ids: Mapping[str, str]
    keys: Mapping[str, str]
    receivables: Sequence[int]

    @property
    def book_id(self) -> int:
        """The funder's book."""
        return ids.parse(self.ids["book"])

    @property
    def book(self) -> str:
        """Where the book's routes stand."""
        return f"/books/{self.ids['book']}"


def environment(url: str, folder: Path) -> dict[str, str]:
    """What the served process is told: nobody is slowed down by the bound on calls."""
    given = {
        "SCF_DATABASE_URL": url,
        "SCF_VAR": str(folder),
        "SCF_SECRET_KEY": SECRET_KEY,
        "SCF_CALLS_PER_MINUTE": "1000000",
        "PYTHONPATH": str(ROOT),
    }
    return {**os.environ, **given}


def sandbox(database: Database, folder: Path, count: int, ceiling_minor: int = UNLIMITED_MINOR) -> Sandbox:
    """The seeded sandbox with so many open receivables, under a limit on the one anchor."""
    path = seed(database, granted([each for module in MODULES for each in module.permissions]), folder)
    made = json.loads(path.read_text())
    anchor, supplier = ids.parse(made["ids"]["anchor"]), ids.parse(made["ids"]["supplier"])
    ceiling = Ceiling(LimitKind.ANCHOR, anchor, CURRENCY, ceiling_minor)
    accepted(database, SET, [ceiling], PLATFORM, in_book(ids.parse(made["ids"]["book"])))
    today = database.clock.now().date()
    open_ids = claims(database, Parties(anchor, [supplier]), count, on=today)[supplier]
    return Sandbox(made["ids"], {name: each["key"] for name, each in made["people"].items()}, open_ids)


@contextmanager
def serving(url: str, folder: Path, workers: int = 1) -> Iterator[str]:
    """The address of our own `serve` on a database, until the block ends; its log goes to a file of the folder."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = ("serve", "--port", str(port), "--workers", str(workers))
    command = [sys.executable, "-c", "import wsgi; wsgi.main()", *words]
    with (
        (folder / "serve.log").open("ab") as log,
        subprocess.Popen(command, env=environment(url, folder), cwd=ROOT, stdout=log, stderr=log) as server,
    ):
        try:
            address = f"http://127.0.0.1:{port}"
            _await(server, address)
            yield address
        finally:
            server.terminate()


def _await(server: "subprocess.Popen[bytes]", address: str) -> None:
    for _ in range(_START_SECONDS * 5):
        if server.poll() is not None:
            raise SystemExit("the server ended before it answered")
        try:
            if requests.get(f"{address}/readyz", timeout=5).ok:
                return
        except requests.ConnectionError:
            pass
        pause(0.2)
    raise SystemExit(f"the server did not answer in {_START_SECONDS} s")


@dataclass(slots=True)
class Person:
    """Calls the API with one key over one connection that is kept; anything but 200 ends the measurement."""

    address: str
    key: str
    name: str
    _session: requests.Session = field(default_factory=requests.Session)
    _keys: Iterator[int] = field(default_factory=lambda: count(1))

    def get(self, path: str, **query: str) -> Any:
        """The JSON of a GET."""
        return self._answer(self._session.get(self._at(path), params=query, headers=self._headers(), timeout=120))

    def post(self, path: str, item: Mapping[str, str]) -> Mapping[str, Any]:
        """The outcome of a batch of one, sent under a new key."""
        headers = {**self._headers(), "Idempotency-Key": f"{self.name}-{next(self._keys)}"}
        sent = self._session.post(self._at(path), json={"items": [item]}, headers=headers, timeout=120)
        outcome: Mapping[str, Any] = self._answer(sent)["outcomes"][0]
        return outcome

    def done(self, path: str, item: Mapping[str, str]) -> str:
        """The id of a batch of one; stops when it is refused."""
        outcome = self.post(path, item)
        if not outcome["accepted"]:
            raise SystemExit(f"{path} was refused: {outcome['refusal']}")
        return str(outcome["id"])

    def _at(self, path: str) -> str:
        return f"{self.address}/api/v1{path}"

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"}

    def _answer(self, answer: requests.Response) -> Any:
        if answer.status_code != 200:
            raise SystemExit(f"{answer.request.url} answered {answer.status_code}: {answer.text}")
        return answer.json()
