"""A client of the API in one file: copy it, it needs `requests` alone.

Writes are batches with an outcome an item, and are repeated under their key when the network fails; reads are pages
that are fetched as they are needed. Amounts stay strings, or become `Decimal`s in your own hands: never floats.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import requests

Json = Mapping[str, Any]


class Problem(Exception):
    """The API refused a call as a whole (RFC 9457). Go by `code`; `request_id` helps whoever looks for it."""

    def __init__(self, status: int, document: Json) -> None:
        super().__init__(f"{document.get('code')}: {document.get('detail')}")
        self.status = status
        self.code = str(document.get("code", ""))
        self.errors: Sequence[Json] = document.get("errors", [])
        self.request_id = str(document.get("request_id", ""))


@dataclass(frozen=True)
class Refusal:
    """Why one item was refused: a code of a closed list, the value against the bound, and what would make it pass."""

    reason: str
    field: str
    value: str
    bound: str
    remedy: str
    words: str


@dataclass(frozen=True)
class Outcome:
    """What became of one item."""

    accepted: bool
    id: str | None
    refusal: Refusal | None
    facts: Json


class Refused(Exception):
    """Raised by `Client.done` for the first refused item; the others may have been accepted."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.refusal.words if outcome.refusal else "refused")
        self.outcome = outcome


@dataclass
class Client:
    """Calls the API with one key. `attempts` bounds how often a call is sent when no answer comes."""

    url: str
    key: str
    attempts: int = 4
    timeout: tuple[float, float] = (5, 60)
    _session: requests.Session = field(default_factory=requests.Session)

    def get(self, path: str, **query: Any) -> Any:
        """The JSON of one GET."""
        return self._call("GET", path, params=query).json()

    def every(self, path: str, **query: Any) -> Iterator[Json]:
        """All rows of a list, page by page."""
        after: str | None = ""
        while after is not None:
            page = self.get(path, **{**query, "after": after} if after else query)
            yield from page["items"]
            after = page["next"]

    def run(self, path: str, items: Sequence[Json], key: str = "") -> list[Outcome]:
        """Run a command on a batch: an outcome an item. Keep your own `key` to ask again later what became of it."""
        headers = {"Idempotency-Key": key or uuid.uuid4().hex}
        answer = self._call("POST", path, json={"items": list(items)}, headers=headers).json()
        return [_outcome(each) for each in answer["outcomes"]]

    def done(self, path: str, *items: Json, key: str = "") -> list[str]:
        """Run a command of which everything is to be accepted; the ids. Raises `Refused`."""
        outcomes = self.run(path, items, key)
        for outcome in outcomes:
            if not outcome.accepted:
                raise Refused(outcome)
        return [outcome.id or "" for outcome in outcomes]

    def post(self, path: str, body: Json, key: str = "") -> Any:
        """The JSON of a POST that is no batch."""
        headers = {"Idempotency-Key": key} if key else {}
        return self._call("POST", path, json=body, headers=headers).json()

    def send_file(self, content: bytes, content_type: str, name: str, key: str = "") -> Json:
        """Upload a file of invoices as a job, and wait for its end."""
        headers = {
            "Idempotency-Key": key or uuid.uuid4().hex,
            "Content-Type": content_type,
            "Prefer": "respond-async",
        }
        answer = self._call("POST", "/invoices/files", params={"name": name}, data=content, headers=headers).json()
        return self.wait(answer["job_id"])

    def wait(self, job_id: str, seconds: float = 600) -> Json:
        """Wait until a job has ended. Raises `TimeoutError`."""
        for _ in range(int(seconds)):
            job: Json = self.get(f"/jobs/{job_id}")
            if job["ended_at"]:
                return job
            time.sleep(1)
        raise TimeoutError(f"{job_id} has not ended in {seconds} s")

    def _call(self, method: str, path: str, **options: Any) -> requests.Response:
        """Send a call until an answer comes. A repeated write is safe: it bears the same key."""
        headers = {**options.pop("headers", {}), "Authorization": f"Bearer {self.key}"}
        for attempt in range(1, self.attempts + 1):
            try:
                answer = self._session.request(
                    method, f"{self.url}/api/v1{path}", headers=headers, timeout=self.timeout, **options
                )
            except (requests.ConnectionError, requests.Timeout):
                if attempt == self.attempts:
                    raise
                time.sleep(2**attempt / 10)
                continue
            if answer.status_code in (429, 503) and attempt < self.attempts:
                time.sleep(min(float(answer.headers.get("Retry-After", 1)), 60))
                continue
            if answer.status_code >= 400:
                raise Problem(answer.status_code, answer.json())
            return answer
        raise AssertionError("the loop returns or raises")


def _outcome(given: Json) -> Outcome:
    refusal = given["refusal"]
    return Outcome(given["accepted"], given["id"], Refusal(**refusal) if refusal else None, given["facts"])
