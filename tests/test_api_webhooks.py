"""The routes of webhooks: a secret shown once, edits by version, the log, and walls between organisations."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from api_site import SECRET_KEY, ApiCaller, Site, open_site
from first_rows import register
from hooks import Hooks
from receiver import Receiver, listening
from standardwebhooks import Webhook

from scf.announcements import KINDS
from scf.db.engine import Database
from scf.ids import text
from scf.secrets import Vault
from scf.webhooks.api import READ

HTTPS = {"url": "https://erp.example/hook"}


@pytest.fixture
def hooks(database: Database) -> Hooks:
    return Hooks(database, vault=Vault([SECRET_KEY]))


@pytest.fixture
def site(database: Database, tmp_path: Path) -> Site:
    return open_site(database, tmp_path, SCF_WEBHOOK_PRIVATE="127.0.0.0/8")


@pytest.fixture
def parties(database: Database) -> tuple[int, ...]:
    return tuple(register(database, "Halberd", "Ash Castings"))


@pytest.fixture
def ash(site: Site, hooks: Hooks, parties: tuple[int, ...]) -> ApiCaller:
    return site.caller(hooks.administrator(parties[1]))


@pytest.fixture
def halberd(site: Site, hooks: Hooks, parties: tuple[int, ...]) -> ApiCaller:
    return site.caller(hooks.administrator(parties[0]))


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with listening() as receiver:
        yield receiver


def test_an_endpoint_is_added_tested_and_its_log_read(
    ash: ApiCaller, hooks: Hooks, parties: tuple[int, ...], receiver: Receiver
) -> None:
    asked = {"url": receiver.url, "description": "our ERP", "kinds": ["invoice.confirmed"]}
    made = ash.post("/webhooks/endpoints", asked, key="k")
    assert made["secret"].startswith("whsec_")
    assert ash.post("/webhooks/endpoints", asked, key="k") == {"id": made["id"], "secret": None}, "it is shown once"
    (shown,) = ash.get("/webhooks/endpoints")["items"]
    assert made["secret"] not in json.dumps(shown) and "secret" not in shown
    assert (shown["kinds"], shown["description"], shown["status"]) == (["invoice.confirmed"], "our ERP", "active")
    (called,) = ash.done("/webhooks/endpoints/test", {"endpoint_id": made["id"]})
    hooks.tell(parties[1], "invoice.confirmed", 5)
    hooks.work()
    for got in receiver.received:
        Webhook(made["secret"]).verify(got.body, dict(got.headers))
    log = ash.get(f"/webhooks/deliveries/{called}")
    assert (log["kind"], log["status"], log["attempts"][0]["status_code"]) == ("webhook.test", "delivered", 200)
    assert json.loads(log["body"])["data"] == {"organisation_id": text("org", parties[1]), "ids": []}
    found = ash.get("/webhooks/deliveries", kind="invoice.confirmed", status="delivered", endpoint_id=made["id"])
    assert [each["kind"] for each in found["items"]] == ["invoice.confirmed"]
    assert ash.get("/webhooks/deliveries", since="2027-01-01T00:00:00Z")["items"] == []
    assert ash.done("/webhooks/deliveries/replay", {"delivery_id": called}) == [called]
    hooks.work()
    assert len(ash.get(f"/webhooks/deliveries/{called}")["attempts"]) == 2
    failed = {"endpoint_id": made["id"], "since": "2026-01-01T00:00:00Z"}
    (outcome,) = ash.batch("/webhooks/endpoints/replay-failed", failed)
    assert outcome["facts"] == {"count": 0}


def test_a_secret_is_rotated_and_shown_once(ash: ApiCaller) -> None:
    id = ash.post("/webhooks/endpoints", HTTPS)["id"]
    first = ash.post(f"/webhooks/endpoints/{id}/rotate", {}, key="k")
    assert first["secret"].startswith("whsec_")
    assert ash.post(f"/webhooks/endpoints/{id}/rotate", {}, key="k") == {"id": id, "secret": None}
    assert ash.get(f"/webhooks/endpoints/{id}")["old_secret_to_at"] == "2026-01-06T09:00:00+00:00"
    ash.post(f"/webhooks/endpoints/{text('whe', 5)}/rotate", {}, 404)


def test_an_endpoint_is_changed_by_who_saw_its_version(ash: ApiCaller) -> None:
    id = ash.post("/webhooks/endpoints", HTTPS)["id"]
    where = f"/api/v1/webhooks/endpoints/{id}"
    seen = ash.client.get(where, headers=dict(ash.headers))
    assert seen.headers["ETag"] == '"1"'

    def patch(version: str, **change: object) -> int:
        headers = {**ash.headers, "If-Match": version, "Idempotency-Key": "-".join((version, *change))}
        return ash.client.patch(where, json=change, headers=headers).status_code

    assert patch('"1"', kinds=["advance.funded"], active=False) == 200
    assert patch('"1"', description="late") == 412
    assert patch('"2"', url="http://erp.example/") == 409
    assert patch('"2"', secret="whsec_mine") == 422
    assert patch('"2"', status="ended") == 422
    shown = ash.get(f"/webhooks/endpoints/{id}")
    assert (shown["status"], shown["kinds"], shown["version"]) == ("disabled", ["advance.funded"], 2)
    assert ash.done("/webhooks/endpoints/end", {"endpoint_id": id}) == [id]
    assert patch('"3"', active=True) == 409


def test_what_is_wrong_with_an_endpoint_is_said(ash: ApiCaller) -> None:
    for url, words in (
        ("https://10.1.1.1/", "not an address of the Internet"),
        ("https://a@b.example/", "without user"),
    ):
        problem = ash.post("/webhooks/endpoints", {"url": url}, 409)
        assert problem["errors"][0]["pointer"] == "/url" and words in problem["detail"]
    assert ash.post("/webhooks/endpoints", {**HTTPS, "kinds": ["no.kind"]}, 422)["errors"]
    assert ash.post("/webhooks/endpoints", {**HTTPS, "secret": "whsec_mine"}, 422)["errors"]


def test_nobody_sees_or_touches_the_webhooks_of_others(ash: ApiCaller, halberd: ApiCaller, receiver: Receiver) -> None:
    id = ash.post("/webhooks/endpoints", {"url": receiver.url})["id"]
    (called,) = ash.done("/webhooks/endpoints/test", {"endpoint_id": id})
    for path in ("/webhooks/endpoints", "/webhooks/deliveries"):
        assert halberd.get(path)["items"] == [] and len(ash.get(path)["items"]) == 1
    halberd.get(f"/webhooks/endpoints/{id}", 404)
    halberd.get(f"/webhooks/deliveries/{called}", 404)
    halberd.post(f"/webhooks/endpoints/{id}/rotate", {}, 404)
    writes = (
        ("/webhooks/endpoints/test", {"endpoint_id": id}), ("/webhooks/endpoints/end", {"endpoint_id": id}),
        ("/webhooks/deliveries/replay", {"delivery_id": called}),
    )  # fmt: skip
    for path, item in writes:
        (outcome,) = halberd.batch(path, item)
        assert outcome["refusal"]["reason"] == "not_found", path


def test_a_viewer_adds_nothing_and_the_kinds_are_told(site: Site, hooks: Hooks, parties: tuple[int, ...]) -> None:
    reader = hooks.administrator(parties[1])
    reader = type(reader)(8, "Vera", parties[1], frozenset({READ}))
    caller = site.caller(reader)
    assert {each["kind"] for each in caller.get("/webhooks/kinds")["items"]} == KINDS.keys()
    assert caller.post("/webhooks/endpoints", HTTPS, 403)["code"] == "permission_missing"
    site.nobody().get("/webhooks/endpoints", 401)
