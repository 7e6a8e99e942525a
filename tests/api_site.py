"""The API as a caller meets it: a test client that acts for one organisation, and what it answers."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from flask import Flask, request
from flask.testing import FlaskClient
from shared_app import lent

from scf.actor import Actor
from scf.db.engine import Database
from scf.module import Module
from scf.running import Running
from scf.settings import read_settings
from wsgi import MODULES

_WHO = "X-Test-Actor"
_KEYS = count(1)
SECRET_KEY = "a-key-of-the-tests-and-of-nothing-else"


@dataclass
class Site:
    """The app on a test's database; callers are the test's own actors, so that credentials are tested elsewhere."""

    app: Flask
    actors: dict[str, Actor] = field(default_factory=dict)

    def caller(self, actor: Actor) -> "ApiCaller":
        """A client that acts as somebody."""
        name = str(len(self.actors))
        self.actors[name] = actor
        return ApiCaller(self.app.test_client(), {_WHO: name})

    def nobody(self) -> "ApiCaller":
        """A client without credentials."""
        return ApiCaller(self.app.test_client(), {})


@dataclass
class ApiCaller:
    """Calls routes below the API's prefix."""

    client: FlaskClient
    headers: Mapping[str, str]
    # of all callers, since several act in one book
    _keys: Iterator[int] = field(default_factory=lambda: _KEYS)

    def get(self, path: str, expected: int = 200, **query: Any) -> Any:
        """The JSON of a GET."""
        answer = self.client.get(f"/api/v1{path}", query_string=query, headers=dict(self.headers))
        assert answer.status_code == expected, (answer.status_code, answer.get_data(as_text=True))
        return answer.json

    def post(self, path: str, body: Any, expected: int = 200, key: str = "", **headers: str) -> Any:
        """The JSON of a POST under a new key, or under the one given."""
        sent = {**self.headers, "Idempotency-Key": key or f"test-{next(self._keys)}", **headers}
        answer = self.client.post(f"/api/v1{path}", json=body, headers=sent)
        assert answer.status_code == expected, (answer.status_code, answer.get_data(as_text=True))
        return answer.json

    def batch(self, path: str, *items: Mapping[str, Any], key: str = "") -> Sequence[Mapping[str, Any]]:
        """The outcomes of a batch."""
        outcomes: Sequence[Mapping[str, Any]] = self.post(path, {"items": list(items)}, key=key)["outcomes"]
        return outcomes

    def done(self, path: str, *items: Mapping[str, Any], key: str = "") -> list[str]:
        """The ids of a batch none of which is refused."""
        outcomes = self.batch(path, *items, key=key)
        assert all(each["accepted"] for each in outcomes), outcomes
        return [each["id"] for each in outcomes]


def open_site(database: Database, folder: Path, modules: Sequence[Module] = MODULES, **given: str) -> Site:
    """The site on a database that is open already, with more settings than it needs where `given`."""
    url = database.engine.url.render_as_string(hide_password=False)
    settings = read_settings({"SCF_DATABASE_URL": url, "SCF_VAR": str(folder), "SCF_SECRET_KEY": SECRET_KEY, **given})
    running = Running(settings, modules, database.clock)
    # the test's own, so that both see the same clock
    running.__dict__["database"] = database
    site = Site(lent(running, _as_header_says(lambda: site)))
    return site


def _as_header_says(site: Callable[[], Site]) -> Callable[[Database], Actor | None]:
    return lambda _database: site().actors.get(request.headers.get(_WHO, ""))
