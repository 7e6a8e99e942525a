"""The supplier's routes: invoices sent as JSON and as files, each item and row with its outcome."""

import csv
import json
from pathlib import Path

import pytest
from api_site import ApiCaller, Site, open_site
from desks import ANCHOR, HEADING, Desks, line, open_desks

from invoices.api import READ
from invoices.manifest import INVOICES
from invoices.models import invoices
from invoices.upload import UPLOAD
from invoices.upload_later import UPLOAD_LATER
from scf.db.engine import Database
from scf.scheduling.jobs_api import READ as JOBS
from scf.scheduling.worker import work_all


@pytest.fixture
def desks(database: Database) -> Desks:
    return open_desks(database)


@pytest.fixture
def supplier(database: Database, desks: Desks, tmp_path: Path) -> ApiCaller:
    site: Site = open_site(database, tmp_path)
    return site.caller(desks.person(desks.supplier, "Ida", READ, UPLOAD.name, UPLOAD_LATER.name, JOBS))


def invoice(number: str, **other: str) -> dict[str, str]:
    return {
        "number": number, "buyer_id": ANCHOR, "issue_on": "2026-01-02", "due_on": "2026-03-06", "currency": "EUR",
        "amount": "1000.00", **other,
    }  # fmt: skip


def test_a_json_batch_is_sent_with_an_outcome_an_item(supplier: ApiCaller) -> None:
    items = [invoice("A"), invoice("B", amount="10.001"), invoice("C", buyer_id="REG-Nobody"), invoice("A")]
    outcomes = supplier.batch("/invoices", *items, key="k")
    assert [each["accepted"] for each in outcomes] == [True, False, False, False]
    reasons = [each["refusal"] and each["refusal"]["reason"] for each in outcomes]
    assert reasons[1] == "unreadable" and "more decimals" in outcomes[1]["refusal"]["remedy"]
    assert reasons[2] == "buyer_unknown" and reasons[3]
    assert supplier.batch("/invoices", *items, key="k") == outcomes
    assert supplier.post("/invoices", {"items": [invoice("D")]}, 409, key="k")["code"] == "key_conflict"
    (kept,) = supplier.get("/invoices")["items"]
    assert (kept["id"], kept["number"], kept["amount"]) == (outcomes[0]["id"], "A", "1000.00")


def test_a_credit_note_lowers_its_invoice(supplier: ApiCaller) -> None:
    supplier.done("/invoices", invoice("A"))
    note = {**invoice("CN-1", amount="-200.00", credited_number="A")}
    del note["due_on"]
    outcome = supplier.batch("/invoices", note)[0]
    assert outcome["accepted"] or outcome["refusal"]["words"], "told in words either way"


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("text/csv", HEADING + line("A") + "\n" + line("B", amount="x")),
        (
            "application/x-ndjson",
            "\n".join(json.dumps(invoice(n, amount=a)) for n, a in (("A", "1000.00"), ("B", "x"))),
        ),
    ],
)
def test_a_file_is_sent_with_an_outcome_a_row(supplier: ApiCaller, desks: Desks, kind: str, content: str) -> None:
    headers = {**supplier.headers, "Idempotency-Key": "k", "Content-Type": kind}
    path = "/api/v1/invoices/files?name=list"
    answer = supplier.client.post(path, data=content.encode(), headers=headers)
    assert answer.status_code == 200, answer.get_json()
    told = answer.get_json()
    assert (told["submitted_count"], told["refused_count"], told["totals"]) == (1, 1, {"EUR": "1000.00"})
    assert [row["accepted"] for row in told["rows"]] == [True, False]
    assert told["rows"][1]["refusal"]["field"] == "amount"
    assert supplier.client.post(path, data=content.encode(), headers=headers).get_json() == told
    assert desks.rows(invoices) == 1


def test_what_is_no_file_of_invoices_is_refused_in_words(supplier: ApiCaller) -> None:
    headers = {**supplier.headers, "Idempotency-Key": "k"}
    pdf = supplier.client.post(
        "/api/v1/invoices/files", data=b"%PDF-1.7 ...", headers={**headers, "Content-Type": "text/csv"}
    ).get_json()
    assert pdf["refused_count"] == 1 and "PDF" in pdf["rows"][0]["refusal"]["remedy"]
    wrong = supplier.client.post("/api/v1/invoices/files", data=b"x", headers={**headers, "Content-Type": "image/png"})
    assert wrong.status_code == 415 and wrong.get_json()["code"] == "unsupported_media_type"
    empty = supplier.client.post("/api/v1/invoices/files", data=b"", headers={**headers, "Content-Type": "text/csv"})
    assert "empty" in empty.get_json()["rows"][0]["refusal"]["remedy"]


def test_a_large_file_is_followed_as_a_job(supplier: ApiCaller, desks: Desks) -> None:
    content = HEADING + line("A") + "\n" + line("B", amount="x")
    headers = {**supplier.headers, "Idempotency-Key": "k", "Content-Type": "text/csv", "Prefer": "respond-async"}
    answer = supplier.client.post("/api/v1/invoices/files", data=content.encode(), headers=headers)
    assert answer.status_code == 202
    place = answer.headers["Location"].removeprefix("/api/v1")
    assert supplier.get(place)["status"] == "queued" and desks.rows(invoices) == 0
    assert work_all(desks.database, INVOICES.jobs) == 1
    job = supplier.get(place)
    assert (job["status"], job["result"]["submitted"], job["result"]["refused"]) == ("done", 1, 1)
    told = supplier.client.get(f"/api/v1{place}/outcomes", headers=supplier.headers)
    rows = list(csv.DictReader(told.get_data(as_text=True).splitlines()))
    assert [row["reason"] for row in rows] == ["", "unreadable"]
