"""One attempt at a delivery: sign, call, write down what came of it, and say when to try again.

No transaction is held while it talks. An endpoint that failed rests for a while, so that one dead receiver costs its
worker one attempt and not one for each message that waits.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, insert, select, update

from scf import ids as id_texts
from scf.actor import PLATFORM
from scf.clock import SystemClock
from scf.commands import in_organisation, run, transact
from scf.db.engine import Database
from scf.module import Surroundings
from scf.outbox import GiveUp, TryLater
from scf.secrets import NotOpened, Vault
from scf.webhooks.addresses import NotAllowed, addresses_of, place_of
from scf.webhooks.calling import Answer, post
from scf.webhooks.endpoints import END
from scf.webhooks.models import ACTIVE, DELIVERED, GIVEN_UP, WAITING, attempts, deliveries, endpoints
from scf.webhooks.signing import place_of_secret, signed

# what to wait after the first failure, the second, and so on, as the specification advises; then it is given up
_MINUTE, _HOUR = 60, 3600
WAITS_SECONDS = (
    5, 5 * _MINUTE, 30 * _MINUTE, 2 * _HOUR, 5 * _HOUR, 10 * _HOUR, 14 * _HOUR, 20 * _HOUR, 24 * _HOUR,
)  # fmt: skip
_LONGEST_REST_SECONDS = 5 * _MINUTE
_GONE = 410


class _Due(NamedTuple):
    """A delivery with its endpoint, as it stood when it was claimed."""

    id: int
    organisation_id: int
    endpoint_id: int
    body: str
    status: str
    try_count: int
    url: str
    secret: str
    old_secret: str | None
    old_secret_to_at: datetime | None
    endpoint_status: str
    rests_to_at: datetime | None


_READ = select(
    deliveries.c.id, deliveries.c.organisation_id, deliveries.c.endpoint_id, deliveries.c.body, deliveries.c.status,
    deliveries.c.try_count, endpoints.c.url, endpoints.c.secret, endpoints.c.old_secret, endpoints.c.old_secret_to_at,
    endpoints.c.status, endpoints.c.rests_to_at,
).join(endpoints, endpoints.c.id == deliveries.c.endpoint_id)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What an answer means: the delivery's status, and what to wait before the next attempt, if there is one."""

    status: str
    wait_seconds: int = 0
    gone: bool = False


def deliver(database: Database, surroundings: Surroundings, payload: Mapping[str, Any]) -> None:
    """Try a delivery once. Raises `TryLater` and `GiveUp`."""
    with database.reading() as connection:
        due = _Due._make(connection.execute(_READ.where(deliveries.c.id == payload["delivery_id"])).one())
    if due.status != WAITING:
        return
    now = database.clock.now()
    if due.endpoint_status != ACTIVE:
        transact(database, lambda connection: _move(connection, due, GIVEN_UP, 0))
        raise GiveUp(f"the endpoint is {due.endpoint_status}")
    if due.rests_to_at is not None and due.rests_to_at > now:
        raise TryLater(-(-(due.rests_to_at - now) // timedelta(seconds=1)), "its endpoint failed, and rests")
    answer = _call(surroundings, due, now)
    verdict = _verdict(answer, due.try_count + 1)
    _write(database, due, answer, verdict, now)
    _end(database, due, answer, verdict)


def _call(surroundings: Surroundings, due: _Due, now: datetime) -> Answer:
    try:
        addresses = addresses_of(place_of(due.url), surroundings.private)
    except NotAllowed as error:
        return Answer(None, 0, str(error), "")
    try:
        secrets = _secrets(surroundings.vault, due, now)
    except NotOpened:
        return Answer(None, 0, "the secret to sign with is sealed under a key that is gone; rotate it", "")
    headers = signed(secrets, message_id(due.id), SystemClock().now(), due.body)
    return post(due.url, addresses, due.body.encode(), {"Content-Type": "application/json", **headers})


def message_id(delivery_id: int) -> str:
    """The id by which a receiver knows a message: it is the same in every attempt and replay."""
    return id_texts.text("whd", delivery_id)


def _secrets(vault: Vault, due: _Due, now: datetime) -> list[str]:
    sealed = [due.secret]
    if due.old_secret is not None and due.old_secret_to_at is not None and due.old_secret_to_at > now:
        sealed.append(due.old_secret)
    return [vault.open(each, place_of_secret(due.endpoint_id)) for each in sealed]


def _verdict(answer: Answer, try_count: int) -> _Verdict:
    if answer.status_code is not None and 200 <= answer.status_code < 300:
        return _Verdict(DELIVERED)
    if answer.status_code == _GONE:
        return _Verdict(GIVEN_UP, gone=True)
    if try_count > len(WAITS_SECONDS):
        return _Verdict(GIVEN_UP)
    return _Verdict(WAITING, WAITS_SECONDS[try_count - 1])


def _write(database: Database, due: _Due, answer: Answer, verdict: _Verdict, now: datetime) -> None:
    attempt = {
        "id": database.ids().one(),
        "organisation_id": due.organisation_id,
        "delivery_id": due.id,
        "at": now,
        "status_code": answer.status_code,
        "took_ms": answer.took_ms,
        "error": answer.error,
        "response": answer.response,
    }

    def work(connection: Connection) -> None:
        connection.execute(insert(attempts).values(attempt))
        _move(connection, due, verdict.status, due.try_count + 1)
        marking = update(endpoints).where(endpoints.c.id == due.endpoint_id).values(_health(verdict, now))
        connection.execute(marking)

    transact(database, work)


def _move(connection: Connection, due: _Due, status: str, try_count: int) -> None:
    """Guarded by the status alone: an outbox row is one worker's at a time."""
    connection.execute(
        update(deliveries)
        .where(deliveries.c.id == due.id, deliveries.c.status == WAITING)
        .values(status=status, try_count=try_count, version=deliveries.c.version + 1)
    )


def _health(verdict: _Verdict, now: datetime) -> dict[str, Any]:
    """How the endpoint is seen after an attempt. It is no change that its owner made, so the version stays."""
    if verdict.status == DELIVERED:
        return {"failing_since_at": None, "rests_to_at": None}
    rest = timedelta(seconds=min(verdict.wait_seconds or _LONGEST_REST_SECONDS, _LONGEST_REST_SECONDS))
    if verdict.status == WAITING:
        return {"rests_to_at": now + rest}
    return {"rests_to_at": now + rest, "failing_since_at": func.coalesce(endpoints.c.failing_since_at, now)}


def _end(database: Database, due: _Due, answer: Answer, verdict: _Verdict) -> None:
    """Tell the outbox what comes next; an endpoint that says it is gone is ended, for all to see in the log."""
    why = f"answered {answer.status_code}" if answer.status_code else answer.error
    if verdict.gone:
        scope = in_organisation(due.organisation_id)
        run(database, END, [due.endpoint_id], key=f"gone/{due.endpoint_id}", actor=PLATFORM, scope=scope)
    if verdict.status == GIVEN_UP:
        raise GiveUp(f"{why}; given up after {due.try_count + 1} attempts")
    if verdict.status == WAITING:
        raise TryLater(verdict.wait_seconds, why)
