"""What strangers and members try against the site: each attempt is refused in words, and never ends in an error."""

import base64
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from access import ROUTES
from api_site import ApiCaller, Site, open_site
from desks import Desks, line, open_desks
from marshmallow import RAISE

from scf.commands import in_organisation, run
from scf.db.engine import Database
from scf.errors import PermissionMissing
from scf.identity.keys_revoke import REVOKE
from scf.routes import CommandRoute, EditRoute, ViewRoute
from scf.web.entrance import ANYBODY

READ, UPLOAD = "invoices.read", "invoices.upload"
SQL = ["' OR '1'='1", "1; DROP TABLE invoice; --", "x' UNION SELECT 1 --", "%", '"', "\\"]
BREAKS = ["a\r\nSet-Cookie: x=1", "a\nLocation: //evil.example", 'x"; filename="y', "../../etc/passwd", "..\\..\\x"]


@pytest.fixture
def desks(database: Database) -> Desks:
    return open_desks(database)


@pytest.fixture
def site(desks: Desks, tmp_path: Path) -> Site:
    return open_site(desks.database, tmp_path)


@pytest.fixture
def ida(site: Site, desks: Desks) -> ApiCaller:
    return site.caller(desks.person(desks.supplier, "Ida", READ, UPLOAD))


def sent(caller: ApiCaller, body: bytes | str, **headers: str) -> Any:
    """What is answered to a body as it is."""
    named = {"Idempotency-Key": "raw", "Content-Type": "application/json"} | dict(caller.headers)
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    return caller.client.post("/api/v1/invoices", data=body, headers=named)


def one(**more: Any) -> dict[str, Any]:
    new = {"number": "A-1", "buyer_id": "REG-Halberd", "issue_on": "2026-01-02", "due_on": "2026-03-06"}
    return {"items": [{**new, "currency": "EUR", "amount": "10.00", **more}]}


@pytest.mark.parametrize("value", SQL)
def test_sql_in_filters_sorts_and_cursors_is_a_value_or_an_error(ida: ApiCaller, desks: Desks, value: str) -> None:
    desks.invoice("A-1")
    assert ida.get("/invoices", number=value)["items"] == []
    assert ida.get("/invoices", 422, sort=value)["code"] == "invalid"
    assert ida.get("/invoices", 422, anchor_id=value)["code"] == "invalid"
    assert ida.get("/invoices", 404, after=value)["code"] == "page_unknown"
    cursor = base64.urlsafe_b64encode(json.dumps([value, 1]).encode()).decode()
    assert ida.get("/invoices", 404, after=cursor)["code"] == "page_unknown"
    assert len(ida.get("/invoices")["items"]) == 1


def test_what_a_schema_does_not_name_is_refused_on_every_write() -> None:
    """Mass assignment: a status, an owner or a version that is sent along is an error, not a value."""
    taken = [route.schema for route in ROUTES if isinstance(route, CommandRoute | EditRoute)]
    taken += [route.takes for route in ROUTES if isinstance(route, ViewRoute) and route.takes is not None]
    assert len(taken) > 50
    for schema in taken:
        assert schema().unknown == RAISE, schema
        errors = schema().validate({"operates": True, "status_of_mine": 1})
        assert errors.keys() >= {"operates", "status_of_mine"}, schema


@pytest.mark.parametrize("column", ["id", "status", "supplier_id", "organisation_id", "version", "file_sha256"])
def test_privileged_columns_cannot_be_sent_along(ida: ApiCaller, column: str) -> None:
    told = ida.post("/invoices", one(**{column: "1"}), 422)
    assert [each["pointer"] for each in told["errors"]] == [f"/items/0/{column}"]


@pytest.mark.parametrize("name", BREAKS)
def test_no_header_is_made_of_what_was_sent(site: Site, ida: ApiCaller, name: str) -> None:
    query = {"name": name}
    sent_along = {**ida.headers, "Idempotency-Key": "file", "Content-Type": "text/csv"}
    file = f"{'invoice number,buyer id,issue date,due date,currency,amount'}\n{line('N-1')}\n".encode()
    answers = [ida.client.post("/api/v1/invoices/files", query_string=query, data=file, headers=sent_along)]
    answers.append(ida.client.get("/sign-in", query_string={"next": name}))
    answers.append(ida.client.get("/api/v1/invoices", headers={**ida.headers, "X-Request-Id": name[:1] + "x;y" * 30}))
    for answer in answers:
        assert answer.status_code < 500
        told = "\n".join(f"{key}: {value}" for key, value in answer.headers.items())
        assert "evil" not in told and "Set-Cookie: x=1" not in told and "x;y" not in told and "passwd" not in told


@pytest.mark.parametrize("path", ["../app.py", "..%2f..%2fapp.py", "%2e%2e/app.py", "/etc/passwd", "....//app.py"])
def test_no_path_leads_out_of_what_is_served(site: Site, path: str) -> None:
    for base in ("/static/", "/api/docs/"):
        answer = site.nobody().client.get(base + path)
        assert answer.status_code in (308, 400, 404), (base, path)
        assert answer.headers.get("Location", "http://localhost/").startswith("http://localhost/")
        assert b"create_app" not in answer.data and b"root:" not in answer.data


@pytest.mark.parametrize(
    "body",
    ["{", "[]", "null", "1", '"x"', "", "[" * 100_000, '{"items":' * 5_000, b"\xff\xfe", '{"items": [NaN]}',
     '{"items": [1e999]}', '{"items": 1' + "0" * 5_000 + "}", '{"items": "\\ud800"}'],
    ids=range(13),
)  # fmt: skip
def test_a_body_that_is_no_batch_is_a_problem(ida: ApiCaller, body: bytes | str) -> None:
    answer = sent(ida, body)
    assert answer.status_code in (400, 422), answer.get_data(as_text=True)[:300]
    assert answer.json["code"] in ("malformed", "invalid")


def test_numbers_are_no_amounts_and_a_name_given_twice_cannot_hide_one(ida: ApiCaller) -> None:
    for amount in (10.5, 1e30, "1e5", "NaN", "Infinity", "9" * 40, "-0x10", ["1"], {"a": 1}, True):
        assert ida.post("/invoices", one(amount=amount), 422)["code"] == "invalid", amount
    twice = json.dumps(one())[:-3] + ', "amount": "5.00", "status": "confirmed"}]}'
    assert sent(ida, twice).status_code == 422


def test_a_body_of_another_type_is_not_read_as_json(ida: ApiCaller) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/html"):
        answer = sent(ida, json.dumps(one()), Content_Type=kind)
        assert answer.status_code in (415, 422), kind
    assert ida.get("/invoices")["items"] == []


def test_a_body_that_is_too_large_is_refused_by_its_length(ida: ApiCaller) -> None:
    answer = sent(ida, b"x" * (50 * 1024 * 1024 + 1))
    assert (answer.status_code, answer.json["code"]) == (413, "too_large")


def test_a_method_is_what_it_is_and_no_header_or_field_changes_it(ida: ApiCaller, desks: Desks) -> None:
    desks.invoice("A-1")
    for name in ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"):
        answer = ida.client.get("/api/v1/invoices?_method=DELETE", headers={**ida.headers, name: "DELETE"})
        assert answer.status_code == 422, "the parameter is unknown"
        assert ida.client.get("/api/v1/invoices", headers={**ida.headers, name: "POST"}).get_json()["items"]
    assert ida.client.delete("/api/v1/invoices", headers=dict(ida.headers)).status_code == 405
    assert ida.client.open("/api/v1/invoices", method="TRACE", headers=dict(ida.headers)).status_code == 405


def test_no_answer_repeats_the_host_that_was_asked(ida: ApiCaller) -> None:
    for path in ("/", "/sign-in", "/api/openapi.json", "/api/v1/invoices", "/nowhere", "/account"):
        headers = {**ida.headers, "Host": "evil.example", "X-Forwarded-Host": "evil.example"}
        answer = ida.client.get(path, headers=headers)
        assert b"evil.example" not in answer.data and "evil.example" not in str(answer.headers), path


@pytest.mark.parametrize(
    "bomb",
    [b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><Invoice>&e;</Invoice>',
     b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><Invoice>&b;</Invoice>',
     b'<?xml version="1.0"?><!DOCTYPE x SYSTEM "http://evil.example/x.dtd"><Invoice/>'],
    ids=["external entity", "growing entity", "external dtd"],
)  # fmt: skip
def test_an_upload_reads_no_entity_of_anybodys(ida: ApiCaller, bomb: bytes) -> None:
    headers = {**ida.headers, "Idempotency-Key": "xml", "Content-Type": "application/xml"}
    answer = ida.client.post("/api/v1/invoices/files", data=bomb, headers=headers)
    assert answer.status_code < 500 and b"root:" not in answer.data
    assert ida.get("/invoices")["items"] == []


def test_nobody_runs_no_command_and_reads_no_row_whatever_it_is_given(desks: Desks) -> None:
    anybody = replace(ANYBODY, permissions=frozenset({REVOKE.name}), stepped_up=True)
    for organisation in (0, ANYBODY.organisation_id, desks.supplier):
        with pytest.raises(PermissionMissing, match="nobody is no actor"):
            run(desks.database, REVOKE, [1], key="k", actor=anybody, scope=in_organisation(organisation))
    with pytest.raises(ValueError, match="no organisation"), desks.database.reading(ANYBODY.organisation_id):
        pass
