"""Webhooks end to end: announced, fanned out, signed, called, retried, given up, replayed, and never told to others."""

import json
import logging
import re
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from first_rows import register
from hooks import VAULT, Hooks
from receiver import Receiver, listening
from sqlalchemy import select
from standardwebhooks import Webhook, WebhookVerificationError

from scf.announcements import KINDS
from scf.command_log import command_logs
from scf.db.engine import Database
from scf.ids import text
from scf.module import Surroundings
from scf.outbox import outbox
from scf.outcomes import Outcome
from scf.secrets import Unsealed, Vault
from scf.webhooks import calling
from scf.webhooks.deliver import WAITS_SECONDS, deliver
from scf.webhooks.endpoints import ADD, CHANGE, END, ENDPOINTS_MAX, ROTATE, Change, NewEndpoint, Rotation
from scf.webhooks.models import attempts, deliveries, endpoints
from scf.webhooks.retention import RETENTION
from scf.webhooks.sending import REPLAY, REPLAY_FAILED, TEST, Failed
from scf.webhooks.signing import new_secret


@pytest.fixture
def hooks(database: Database) -> Hooks:
    return Hooks(database)


@pytest.fixture
def parties(database: Database) -> tuple[int, ...]:
    return tuple(register(database, "Halberd", "Ash Castings"))


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with listening() as receiver:
        yield receiver


def reasons(outcomes: list[Outcome]) -> list[str]:
    return [outcome.refusal.reason if outcome.refusal else "" for outcome in outcomes]


def test_what_happened_arrives_signed_with_ids_and_no_more(
    hooks: Hooks, parties: tuple[int, ...], receiver: Receiver
) -> None:
    secret = new_secret()
    hooks.endpoint(parties[1], receiver.url, secret=secret)
    hooks.tell(parties[1], "invoice.confirmed", 11, 12)
    assert hooks.work() == 2
    (got,) = receiver.received
    told = Webhook(secret).verify(got.body, dict(got.headers))
    assert told == {
        "type": "invoice.confirmed",
        "timestamp": "2026-01-05T09:00:00.000Z",
        "data": {"organisation_id": text("org", parties[1]), "ids": [text("inv", 11), text("inv", 12)]},
    }
    (delivery,), (attempt,) = hooks.rows(deliveries), hooks.rows(attempts)
    assert {name.lower(): value for name, value in got.headers.items()}["webhook-id"] == text("whd", delivery.id)
    assert got.headers["Content-Type"] == "application/json"
    assert (delivery.status, attempt.status_code, attempt.response) == ("delivered", 200, "ok")
    assert hooks.work() == 0, "once is enough"
    with pytest.raises(WebhookVerificationError):
        Webhook(new_secret()).verify(got.body, dict(got.headers))


def test_only_what_was_subscribed_and_nobody_elses(hooks: Hooks, parties: tuple[int, ...], receiver: Receiver) -> None:
    hooks.endpoint(parties[1], f"{receiver.url}/some", "invoice.rejected")
    hooks.endpoint(parties[1], f"{receiver.url}/all")
    hooks.endpoint(parties[0], f"{receiver.url}/other")
    hooks.tell(parties[1], "invoice.confirmed")
    hooks.tell(parties[1], "invoice.rejected")
    hooks.work()
    heard = sorted((got.path, json.loads(got.body)["type"]) for got in receiver.received)
    assert heard == [
        ("/hook/all", "invoice.confirmed"),
        ("/hook/all", "invoice.rejected"),
        ("/hook/some", "invoice.rejected"),
    ]


def test_an_announcement_fanned_out_twice_is_delivered_once(
    hooks: Hooks, parties: tuple[int, ...], receiver: Receiver
) -> None:
    hooks.endpoint(parties[1], receiver.url)
    hooks.tell(parties[1])
    hooks.work()
    with hooks.database.engine.begin() as connection:
        connection.execute(outbox.update().values(delivered_at=None, due_at=hooks.database.clock.now()))
    hooks.work()
    assert len(receiver.received) == 1 and hooks.statuses() == ["delivered"]


def test_failures_are_retried_as_the_specification_advises_and_then_given_up(
    hooks: Hooks, parties: tuple[int, ...], receiver: Receiver
) -> None:
    receiver.answers = [500]
    id = hooks.endpoint(parties[1], receiver.url)
    hooks.tell(parties[1])
    hooks.work()
    for n, wait in enumerate(WAITS_SECONDS, start=1):
        assert len(receiver.received) == n
        hooks.pass_time(seconds=wait - 1)
        assert hooks.work() == 0, f"not before its time: attempt {n + 1}"
        hooks.pass_time(seconds=1)
        hooks.work()
    assert hooks.tries() == [500] * (len(WAITS_SECONDS) + 1)
    assert hooks.statuses() == ["given_up"]
    assert len({got.headers["webhook-id"] for got in receiver.received}) == 1
    assert hooks.shown(id)["failing_since_at"] == hooks.database.clock.now()
    hooks.pass_time(days=30)
    assert hooks.work() == 0
    row = next(row for row in hooks.rows(outbox) if row.kind == "webhook")
    assert row.given_up_at is not None and row.error == "answered 500; given up after 10 attempts"


def test_a_later_success_clears_the_mark(hooks: Hooks, parties: tuple[int, ...], receiver: Receiver) -> None:
    receiver.answers = [503, 204]
    id = hooks.endpoint(parties[1], receiver.url)
    hooks.tell(parties[1])
    hooks.work()
    assert hooks.shown(id)["rests_to_at"] is not None
    hooks.pass_time(seconds=5)
    hooks.work()
    assert hooks.statuses() == ["delivered"] and hooks.tries() == [503, 204]
    assert hooks.shown(id)["rests_to_at"] is None and hooks.shown(id)["version"] == 1


def test_a_dead_receiver_costs_one_attempt_and_holds_up_nobody(
    hooks: Hooks, parties: tuple[int, ...], receiver: Receiver
) -> None:
    with listening() as dead:
        dead.answers = [500]
        hooks.endpoint(parties[1], dead.url)
        hooks.endpoint(parties[0], receiver.url)
        for _ in range(5):
            hooks.tell(parties[1])
            hooks.tell(parties[0])
        hooks.work()
        assert (len(dead.received), len(receiver.received)) == (1, 5)
        dead.answers = [200]
        hooks.pass_time(seconds=5)
        hooks.work()
        assert len(dead.received) == 6 and set(hooks.statuses()) == {"delivered"}


def test_redirects_are_not_followed(hooks: Hooks, parties: tuple[int, ...], receiver: Receiver) -> None:
    receiver.answers, receiver.headers = [302], {"Location": "/elsewhere"}
    hooks.endpoint(parties[1], receiver.url)
    hooks.tell(parties[1])
    hooks.work()
    assert [got.path for got in receiver.received] == ["/hook"]
    assert hooks.statuses() == ["waiting"] and hooks.tries() == [302]


def test_gone_ends_the_endpoint_for_all_to_see(hooks: Hooks, parties: tuple[int, ...], receiver: Receiver) -> None:
    receiver.answers = [410]
    id = hooks.endpoint(parties[1], receiver.url)
    hooks.tell(parties[1])
    hooks.tell(parties[1])
    hooks.work()
    assert len(receiver.received) == 1
    assert hooks.shown(id)["status"] == "ended" and hooks.shown(id)["secret"] == ""
    assert hooks.statuses() == ["given_up", "given_up"]
    hooks.tell(parties[1])
    hooks.work()
    assert len(hooks.rows(deliveries)) == 2
    with hooks.database.reading() as connection:
        ended = connection.execute(select(command_logs.c.actor_id).where(command_logs.c.command == END.name))
        assert ended.scalars().all() == [0]


def test_a_slow_receiver_is_left_and_tried_again(
    hooks: Hooks, parties: tuple[int, ...], receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calling, "READ_SECONDS", 0.1)
    receiver.hold = threading.Event()
    hooks.endpoint(parties[1], receiver.url)
    hooks.tell(parties[1])
    hooks.work()
    (attempt,) = hooks.rows(attempts)
    assert attempt.status_code is None and attempt.error.startswith("no answer within")
    receiver.hold.set()
    hooks.pass_time(seconds=5)
    hooks.work()
    assert hooks.statuses() == ["delivered"]


def test_a_receiver_that_drips_is_cut(
    hooks: Hooks, parties: tuple[int, ...], receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calling, "_WHOLE_SECONDS", 0.2)
    receiver.hold = threading.Event()
    hooks.endpoint(parties[1], receiver.url)
    hooks.tell(parties[1])
    hooks.work()
    (attempt,) = hooks.rows(attempts)
    assert attempt.error.startswith("no whole answer within") and attempt.took_ms < 10_000


def test_of_an_answer_only_the_beginning_is_kept(hooks: Hooks, parties: tuple[int, ...], receiver: Receiver) -> None:
    receiver.body = b"\x00\xff" + b"x" * 100_000
    hooks.endpoint(parties[1], receiver.url)
    hooks.tell(parties[1])
    hooks.work()
    (attempt,) = hooks.rows(attempts)
    assert attempt.response == "��" + "x" * 1022


def test_no_proxy_is_taken_from_the_environment(
    hooks: Hooks, parties: tuple[int, ...], receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    with listening() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        monkeypatch.delenv("no_proxy", raising=False)
        hooks.endpoint(parties[1], receiver.url)
        hooks.tell(parties[1])
        hooks.work()
        assert (len(proxy.received), len(receiver.received)) == (0, 1)


def test_no_transaction_is_held_while_it_talks(hooks: Hooks, parties: tuple[int, ...], receiver: Receiver) -> None:
    receiver.hold = threading.Event()
    hooks.endpoint(parties[1], receiver.url)
    hooks.tell(parties[1])
    worker = threading.Thread(target=hooks.work)
    worker.start()
    while not receiver.received and worker.is_alive():
        worker.join(0.01)
    # SQLite has one writer: a transaction held meanwhile would make this wait for the answer
    hooks.tell(parties[1])
    assert worker.is_alive()
    receiver.hold.set()
    worker.join()
    assert len(hooks.rows(attempts)) >= 1


def test_a_rotated_secret_signs_beside_the_old_one_for_a_day(
    hooks: Hooks, parties: tuple[int, ...], receiver: Receiver
) -> None:
    old, new = new_secret(), new_secret()
    id = hooks.endpoint(parties[1], receiver.url, secret=old)
    assert reasons(hooks.run(ROTATE, parties[1], Rotation(id, Unsealed(new, VAULT)))) == [""]
    hooks.tell(parties[1])
    hooks.work()
    got = receiver.received[-1]
    assert len(got.headers["webhook-signature"].split(" ")) == 2
    for secret in (old, new):
        Webhook(secret).verify(got.body, dict(got.headers))
    hooks.pass_time(hours=24)
    hooks.tell(parties[1])
    hooks.work()
    got = receiver.received[-1]
    Webhook(new).verify(got.body, dict(got.headers))
    with pytest.raises(WebhookVerificationError):
        Webhook(old).verify(got.body, dict(got.headers))


def test_a_repeated_key_stores_no_other_secret(hooks: Hooks, parties: tuple[int, ...], receiver: Receiver) -> None:
    first, second = new_secret(), new_secret()
    items = [NewEndpoint(receiver.url, "", (), Unsealed(each, VAULT), hooks.private) for each in (first, second)]
    assert hooks.run(ADD, parties[1], items[0], key="k") == hooks.run(ADD, parties[1], items[1], key="k")
    (row,) = hooks.rows(endpoints)
    assert VAULT.open(row.secret, f"webhook_endpoint/{row.id}") == first


def test_a_test_call_and_replays(hooks: Hooks, parties: tuple[int, ...], receiver: Receiver) -> None:
    id = hooks.endpoint(parties[1], receiver.url, "invoice.rejected")
    (called,) = hooks.run(TEST, parties[1], id)
    hooks.work()
    assert json.loads(receiver.received[0].body)["type"] == "webhook.test"
    assert reasons(hooks.run(REPLAY, parties[1], called.id, called.id)) == ["", "not_found"]
    assert reasons(hooks.run(REPLAY, parties[1], called.id)) == ["still_waiting"]
    hooks.work()
    first, again = receiver.received
    assert (first.body, first.headers["webhook-id"]) == (again.body, again.headers["webhook-id"])
    assert hooks.statuses() == ["delivered"] and hooks.tries() == [200, 200]
    assert reasons(hooks.run(REPLAY, parties[0], called.id)) == ["not_found"], "somebody else's"
    assert reasons(hooks.run(TEST, parties[0], id)) == ["not_found"]


def test_all_that_was_given_up_since_an_instant_is_replayed(
    hooks: Hooks, parties: tuple[int, ...], receiver: Receiver
) -> None:
    receiver.answers = [500]
    id = hooks.endpoint(parties[1], receiver.url)
    hooks.tell(parties[1])
    hooks.work()
    hooks.pass_time(minutes=1)
    since = hooks.database.clock.now()
    hooks.tell(parties[1])
    for _ in range(3 * len(WAITS_SECONDS)):
        hooks.work()
        hooks.pass_time(days=1)
    assert hooks.statuses() == ["given_up", "given_up"]
    receiver.answers = [200]
    other = hooks.run(REPLAY_FAILED, parties[0], Failed(id, since))
    assert other[0].refusal is not None and other[0].refusal.reason == "not_found", "somebody else's"
    assert hooks.run(REPLAY_FAILED, parties[1], Failed(id, since))[0].facts == {"count": 1}
    hooks.work()
    assert hooks.statuses() == ["given_up", "delivered"]
    assert hooks.shown(id)["failing_since_at"] is None


def test_a_replay_starts_the_waits_anew(hooks: Hooks, parties: tuple[int, ...], receiver: Receiver) -> None:
    receiver.answers = [200, 500]
    hooks.endpoint(parties[1], receiver.url)
    hooks.tell(parties[1])
    hooks.work()
    hooks.run(REPLAY, parties[1], hooks.rows(deliveries)[0].id)
    hooks.work()
    hooks.pass_time(seconds=WAITS_SECONDS[0])
    hooks.work()
    assert hooks.tries() == [200, 500, 500] and hooks.rows(deliveries)[0].try_count == 2


def test_a_disabled_endpoint_is_not_called_and_may_be_made_active_again(
    hooks: Hooks, parties: tuple[int, ...], receiver: Receiver
) -> None:
    id = hooks.endpoint(parties[1], receiver.url)
    hooks.tell(parties[1])
    assert reasons(hooks.run(CHANGE, parties[1], Change(id, 1, active=False))) == [""]
    hooks.work()
    assert receiver.received == [] and hooks.rows(deliveries) == []
    assert reasons(hooks.run(TEST, parties[1], id)) == ["not_active"]
    assert reasons(hooks.run(CHANGE, parties[1], Change(id, 1, active=True))) == ["stale"]
    hooks.run(CHANGE, parties[1], Change(id, 2, active=True, kinds=("invoice.rejected",)))
    hooks.tell(parties[1], "invoice.confirmed")
    hooks.tell(parties[1], "invoice.rejected")
    hooks.work()
    assert len(receiver.received) == 1 and hooks.shown(id)["version"] == 3


def test_what_waits_for_an_endpoint_that_is_disabled_meanwhile_is_given_up(
    hooks: Hooks, parties: tuple[int, ...], receiver: Receiver
) -> None:
    receiver.answers = [500]
    id = hooks.endpoint(parties[1], receiver.url)
    hooks.tell(parties[1])
    hooks.work()
    hooks.run(CHANGE, parties[1], Change(id, 1, active=False))
    hooks.pass_time(seconds=5)
    hooks.work()
    assert hooks.statuses() == ["given_up"] and hooks.tries() == [500]


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://user:pass@127.0.0.1/", "without user"),
        ("ftp://127.0.0.1/", "https://HOST"),
        ("https://erp.example/#part", "fragment"),
        ("https://erp.example:25/", "port 25"),
        ("https://erp.exämple/", "ASCII"),
        ("https://10.0.0.1/", "not an address of the Internet"),
        ("https://" + "a" * 500, "at most 500"),
    ],
)
def test_a_url_that_cannot_be_is_refused_at_once(hooks: Hooks, parties: tuple[int, ...], url: str, words: str) -> None:
    new = NewEndpoint(url, "", (), Unsealed(new_secret(), VAULT), hooks.private)
    (outcome,) = hooks.run(ADD, parties[1], new)
    assert outcome.refusal is not None and outcome.refusal.reason == "url_not_allowed"
    assert words in outcome.refusal.remedy


def test_refusals_of_endpoints_say_what_would_pass(hooks: Hooks, parties: tuple[int, ...], receiver: Receiver) -> None:
    def new(url: str, *kinds: str, description: str = "", private: bool = True) -> NewEndpoint:
        networks = hooks.private if private else ()
        return NewEndpoint(url, description, kinds, Unsealed(new_secret(), VAULT), networks)

    https = "https://erp.example/"
    wrong = [new(https, "no.kind"), new(https, description="x" * 201), new(receiver.url, private=False)]
    assert reasons(hooks.run(ADD, parties[1], *wrong)) == ["kind_unknown", "too_long", "url_not_allowed"]
    many = hooks.run(ADD, parties[1], *(new(https) for _ in range(ENDPOINTS_MAX + 1)))
    assert reasons(many) == [""] * ENDPOINTS_MAX + ["too_many"]
    id = many[0].id or 0
    assert reasons(hooks.run(CHANGE, parties[1], Change(id, 1, url=receiver.url))) == ["url_not_allowed"]
    assert reasons(hooks.run(CHANGE, parties[0], Change(id, 1, url=https))) == ["not_found"]
    assert reasons(hooks.run(ROTATE, parties[0], Rotation(id, Unsealed(new_secret(), VAULT)))) == ["not_found"]
    assert reasons(hooks.run(END, parties[0], id)) == ["not_found"]
    assert reasons(hooks.run(END, parties[1], id, id)) == ["", "not_found"]
    assert reasons(hooks.run(CHANGE, parties[1], Change(id, 2, url=https))) == ["ended"]
    assert reasons(hooks.run(ROTATE, parties[1], Rotation(id, Unsealed(new_secret(), VAULT)))) == ["ended"]


def test_secrets_are_in_no_log_and_sealed_at_rest(
    hooks: Hooks, parties: tuple[int, ...], receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secrets = [new_secret(), new_secret()]
    id = hooks.endpoint(parties[1], receiver.url, secret=secrets[0])
    hooks.run(ROTATE, parties[1], Rotation(id, Unsealed(secrets[1], VAULT)))
    receiver.answers = [500]
    hooks.tell(parties[1])
    hooks.work()
    kept = [repr(tuple(row)) for table in (endpoints, deliveries, attempts, outbox) for row in hooks.rows(table)]
    with hooks.database.reading() as connection:
        kept += [repr(tuple(row)) for row in connection.execute(select(command_logs))]
    for secret in secrets:
        bare = secret.removeprefix("whsec_")
        assert not [each for each in (*kept, caplog.text) if bare in each]


def test_a_secret_that_no_key_opens_is_said_in_the_log(
    hooks: Hooks, parties: tuple[int, ...], receiver: Receiver
) -> None:
    hooks.endpoint(parties[1], receiver.url)
    hooks.tell(parties[1])
    hooks.vault = Vault(["another-secret-than-the-one-that-sealed-it"])
    hooks.work()
    (attempt,) = hooks.rows(attempts)
    assert attempt.error.endswith("rotate it") and receiver.received == []
    assert hooks.statuses() == ["waiting"]


def test_what_was_said_is_blanked_after_ninety_days(hooks: Hooks, parties: tuple[int, ...], receiver: Receiver) -> None:
    hooks.endpoint(parties[1], receiver.url)
    hooks.tell(parties[1])
    hooks.work()
    at = hooks.database.clock.now()
    (rule,) = RETENTION
    assert rule.days == 90
    for before, blanked in ((at, 0), (at + timedelta(seconds=1), 2), (at + timedelta(days=1), 0)):
        with hooks.database.engine.begin() as connection:
            assert rule.sweep(connection, before) == blanked
    (delivery,), (attempt,) = hooks.rows(deliveries), hooks.rows(attempts)
    assert (delivery.body, attempt.response, attempt.status_code) == (None, None, 200)
    assert reasons(hooks.run(REPLAY, parties[1], delivery.id)) == ["not_kept"]


def test_a_delivery_that_arrived_meanwhile_is_not_called_again(
    hooks: Hooks, parties: tuple[int, ...], receiver: Receiver
) -> None:
    hooks.endpoint(parties[1], receiver.url)
    hooks.tell(parties[1])
    hooks.work()
    (delivery,) = hooks.rows(deliveries)
    deliver(hooks.database, Surroundings(lambda _book: None), {"delivery_id": delivery.id})
    assert len(receiver.received) == 1


def test_long_lists_of_ids_come_in_several_messages(hooks: Hooks, parties: tuple[int, ...], receiver: Receiver) -> None:
    hooks.endpoint(parties[1], receiver.url)
    hooks.tell(parties[1], "invoice.confirmed", *range(1, 2502))
    hooks.work()
    told = [json.loads(got.body)["data"]["ids"] for got in receiver.received]
    assert [len(ids) for ids in told] == [1000, 1000, 501]
    assert {id for ids in told for id in ids} == {text("inv", n) for n in range(1, 2502)}


def test_every_kind_names_things_by_a_known_prefix() -> None:
    assert all(len(each.prefix) == 3 and each.words.endswith(".") for each in KINDS.values())


def test_the_documents_table_and_verifier_are_true(hooks: Hooks, parties: tuple[int, ...], receiver: Receiver) -> None:
    written = (Path(__file__).parent.parent / "docs" / "webhooks.md").read_text()
    for kind, each in KINDS.items():
        assert f"| `{kind}` | `{each.prefix}_` | {each.words} |" in written, kind
    (code,) = re.findall(r"```python\n(.*?)```", written, re.DOTALL)
    names: dict[str, Any] = {}
    exec(code, names)
    secret, seen = new_secret(), set[str]()
    hooks.endpoint(parties[1], receiver.url, secret=secret)
    hooks.tell(parties[1], "invoice.confirmed", 5)
    hooks.work()
    (got,) = receiver.received
    headers = dict(got.headers)
    assert names["receive"](secret, headers, got.body, seen) == (204, [text("inv", 5)])
    assert names["receive"](secret, headers, got.body, seen) == (204, []), "a second time"
    assert names["receive"](secret, headers, got.body + b" ", set()) == (401, [])
    waits = ", ".join(f"{seconds // 3600}" for seconds in WAITS_SECONDS[3:-1])
    assert f"5 seconds, 5 minutes, 30 minutes, {waits} and 24 hours" in written
