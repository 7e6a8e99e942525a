"""The ways every route follows: permission, key, batch, page, filter, ETag, problem documents."""

from pathlib import Path
from typing import Any

import pytest
from api_site import Site, open_site
from desks import Desks, line, open_desks
from openapi_spec_validator import validate as validate_openapi

from invoices.api import READ
from invoices.withdraw import WITHDRAW
from scf.db.engine import Database
from scf.errors import SettingsError
from scf.ids import text
from scf.module import Module
from scf.routes import ListRoute
from scf.web.site import check
from wsgi import MODULES


@pytest.fixture
def desks(database: Database) -> Desks:
    return open_desks(database)


@pytest.fixture
def site(database: Database, tmp_path: Path) -> Site:
    return open_site(database, tmp_path)


def test_the_description_is_valid_openapi(site: Site) -> None:
    document = site.app.test_client().get("/api/openapi.json").get_json()
    validate_openapi(document)
    assert document["openapi"] == "3.1.0"


def test_a_list_comes_in_pages_that_neither_skip_nor_repeat(desks: Desks, site: Site) -> None:
    desks.upload(*(line(f"INV-{n}", due=f"2026-03-{n % 9 + 1:02}") for n in range(25)))
    supplier = site.caller(desks.person(desks.supplier, "Ida", READ))
    for sort in ("due_on", "-due_on", "number", ""):
        seen, after = [], ""
        while True:
            asked: dict[str, Any] = {"sort": sort} if sort else {}
            page = supplier.get("/invoices", limit=7, after=after, **asked)
            seen += page["items"]
            after = page["next"]
            if not after:
                break
        assert len(seen) == len({each["id"] for each in seen}) == 25
        if sort:
            values = [each[sort.removeprefix("-")] for each in seen]
            assert values == sorted(values, reverse=sort.startswith("-"))
    assert [each["number"] for each in supplier.get("/invoices", number="INV-3")["items"]] == ["INV-3"]
    assert seen[0]["amount"] == "1000.00" and seen[0]["anchor_id"] == text("org", desks.anchor)
    assert supplier.get("/invoices", 404, after="nonsense")["code"] == "page_unknown"


def test_somebody_elses_rows_are_not_there(desks: Desks, site: Site) -> None:
    id = text("inv", desks.invoice())
    rival = site.caller(desks.person(desks.rival, "Rolf", READ))
    assert rival.get("/invoices")["items"] == []
    assert rival.get(f"/invoices/{id}", 404)["code"] == "not_found"


def test_a_batch_has_an_outcome_an_item_and_a_key_that_remembers(desks: Desks, site: Site) -> None:
    first, second = text("inv", desks.invoice("A")), text("inv", desks.invoice("B"))
    supplier = site.caller(desks.person(desks.supplier))
    items = [{"invoice_id": first}, {"invoice_id": first}, {"invoice_id": text("inv", 7)}]
    outcomes = supplier.batch("/invoices/withdraw", *items, key="k1")
    assert [each["accepted"] for each in outcomes] == [True, False, False]
    assert outcomes[1]["refusal"]["reason"] == "not_submitted" and "submitted" in outcomes[1]["refusal"]["words"]
    assert supplier.batch("/invoices/withdraw", *items, key="k1") == outcomes
    conflict = supplier.post("/invoices/withdraw", {"items": [{"invoice_id": second}]}, 409, key="k1")
    assert conflict["code"] == "key_conflict"


def test_a_refused_batch_may_be_corrected_under_its_key(desks: Desks, site: Site) -> None:
    supplier = site.caller(desks.person(desks.supplier))
    right = {"invoice_id": text("inv", desks.invoice())}
    assert not supplier.batch("/invoices/withdraw", {"invoice_id": text("inv", 7)}, key="k")[0]["accepted"]
    assert supplier.batch("/invoices/withdraw", right, key="k")[0]["accepted"]
    assert supplier.post("/invoices/withdraw", {"items": [right, right]}, 409, key="k")["code"] == "key_conflict"


def test_one_organisations_key_is_not_anothers(desks: Desks, site: Site) -> None:
    item = {"invoice_id": text("inv", desks.invoice())}
    assert site.caller(desks.person(desks.supplier)).batch("/invoices/withdraw", item, key="k")[0]["accepted"]
    answer = site.caller(desks.person(desks.rival)).batch("/invoices/withdraw", item, key="k")[0]
    assert answer["refusal"]["reason"] == "not_found"


def test_every_wrong_value_is_named_by_its_place(desks: Desks, site: Site) -> None:
    supplier = site.caller(desks.person(desks.supplier, "Ida", READ, WITHDRAW.name))
    wrong = supplier.post("/invoices/withdraw", {"items": [{"invoice_id": "x", "more": 1}]}, 422)
    assert wrong["code"] == "invalid" and wrong["status"] == 422
    assert {each["pointer"] for each in wrong["errors"]} == {"/items/0/invoice_id", "/items/0/more"}
    assert supplier.get("/invoices", 422, status="lost")["errors"][0]["pointer"] == "/status"
    assert supplier.get("/invoices", 422, unknown=1)["errors"][0]["pointer"] == "/unknown"


def test_who_may_not_is_told_what_is_missing_before_the_body_is_read(desks: Desks, site: Site) -> None:
    viewer = site.caller(desks.person(desks.supplier, "Vera", READ))
    refused = viewer.post("/invoices/withdraw", "no batch", 403)
    assert refused["code"] == "permission_missing" and "invoices.withdraw" in refused["detail"]
    answer = site.nobody().get("/invoices", 401)
    assert answer["code"] == "unauthenticated"


def test_a_row_bears_its_version_as_its_tag(desks: Desks, site: Site) -> None:
    id = text("inv", desks.invoice())
    supplier = site.caller(desks.person(desks.supplier, "Ida", READ))
    path = f"/api/v1/invoices/{id}"
    answer = supplier.client.get(path, headers=supplier.headers)
    assert answer.headers["ETag"] == '"1"'
    again = supplier.client.get(path, headers={**supplier.headers, "If-None-Match": '"1"'})
    assert again.status_code == 304 and not again.data


def test_every_answer_bears_a_request_id(site: Site) -> None:
    client = site.app.test_client()
    assert (
        client.get("/api/v1/invoices", headers={"X-Request-Id": "order-4711"}).get_json()["request_id"] == "order-4711"
    )
    made = client.get("/healthz", headers={"X-Request-Id": "bad\tid"}).headers["X-Request-Id"]
    assert len(made) == 24


def test_a_route_without_a_declared_permission_does_not_start() -> None:
    route = next(each for module in MODULES for each in module.routes if isinstance(each, ListRoute))
    with pytest.raises(SettingsError, match="without a declared permission"):
        check([route], [Module("bare")])


def test_unknown_places_and_methods_are_problems_too(site: Site) -> None:
    client = site.app.test_client()
    assert client.get("/api/v1/nothing").get_json()["code"] == "not_found"
    answer = client.delete("/api/v1/invoices")
    assert answer.get_json()["code"] == "method_not_allowed" and "GET" in answer.headers["Allow"]
