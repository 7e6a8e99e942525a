"""Programmes, terms, agreements and consents over HTTP: each party sees its own part, and signs only that."""

import base64
import hashlib
from pathlib import Path
from typing import Any

import pytest
from api_site import ApiCaller, Site, open_site
from desks import Desks, open_desks

from scf.db.engine import Database
from scf.encoding import digest
from scf.ids import text
from scf.module import Module
from scf.programmes import api as programmes
from scf.programmes.terms import EligibilityRule, Recourse, Severity, Terms
from scf.signatures import api as signatures

MODULE = Module(
    "programmes",
    permissions=(*programmes.PERMISSIONS, *signatures.PERMISSIONS),
    routes=(*programmes.ROUTES, *signatures.ROUTES),
)
EVERY = tuple(permission.name for permission in MODULE.permissions)
OFFERED = {
    "currency": "EUR", "rate": "0.048", "advance_rate": "0.9", "fee_fixed": "15.00", "recourse": "full",
    "notice_days": 30, "rules": [{"id": "face_max", "severity": "refer", "bound": "50000.00"}],
}  # fmt: skip
AS_TERMS = Terms(
    "EUR", rate_ppm=48_000, advance_rate_ppm=900_000, fee_fixed_minor=15_00, recourse=Recourse.FULL, notice_days=30,
    rules=(EligibilityRule("face_max", Severity.REFER, "50000.00"),),
)  # fmt: skip


@pytest.fixture
def desks(database: Database) -> Desks:
    return open_desks(database)


@pytest.fixture
def site(database: Database, tmp_path: Path, desks: Desks) -> Site:
    return open_site(database, tmp_path, [MODULE])


def caller(site: Site, desks: Desks, organisation_id: int, name: str = "Ida") -> ApiCaller:
    return site.caller(desks.person(organisation_id, name, *EVERY))


def funder(desks: Desks) -> int:
    with desks.database.reading() as connection:
        return int(connection.exec_driver_sql("SELECT funder_id FROM book").scalar_one())


def book(desks: Desks) -> str:
    return f"/books/{text('bok', desks.book)}"


def enrolment(supplier: ApiCaller) -> str:
    return str(supplier.get("/enrolments")["items"][0]["id"])


def offer(site: Site, desks: Desks, enrolment_id: str) -> str:
    """The bank offers terms by two of its people."""
    mona, carl = (caller(site, desks, funder(desks), name) for name in ("Mona", "Carl"))
    new = {"enrolment_id": enrolment_id, "from_on": "2026-01-05", "terms": OFFERED}
    (proposal,) = mona.done(f"{book(desks)}/terms/propose", new)
    return carl.done(f"{book(desks)}/terms/accept", {"proposal_id": proposal})[0]


def test_terms_travel_from_the_bank_to_the_suppliers_signature(site: Site, desks: Desks) -> None:
    supplier = caller(site, desks, desks.supplier)
    offered = offer(site, desks, enrolment(supplier))
    (waiting,) = supplier.get("/terms", answer="none")["items"]
    assert (waiting["id"], waiting["number"], waiting["in_force"]) == (offered, 2, False)
    shown = waiting["terms"]
    assert {name: shown[name] for name in OFFERED} == {**OFFERED, "rate": "0.048", "advance_rate": "0.9"}
    assert (shown["guarantor_id"], shown["minimum_charge"], shown["day_count"]) == (None, "0.00", "ACT/360")
    document = supplier.client.get(f"/api/v1/terms/{offered}/document", headers=dict(supplier.headers))
    sha256 = hashlib.sha256(document.data).hexdigest()
    assert sha256 == waiting["document_sha256"] == digest(AS_TERMS)
    assert document.headers["Content-Disposition"].startswith("attachment")
    supplier.done("/terms/consent", {"enrolment_terms_id": offered, "document_sha256": sha256})
    first, second = supplier.get("/terms")["items"]
    assert [(each["answer"], each["in_force"]) for each in (first, second)] == [
        ("consented", False),
        ("consented", True),
    ]
    (signature,) = [each for each in supplier.get("/signatures")["items"] if each["id"] == second["signature_id"]]
    assert (signature["purpose"], signature["document_sha256"]) == ("terms", sha256)
    signed = supplier.client.get(f"/api/v1/signatures/{signature['id']}/document", headers=dict(supplier.headers))
    assert signed.data == document.data
    bank = caller(site, desks, funder(desks))
    assert [
        each["id"]
        for each in bank.get(f"{book(desks)}/terms", in_force="true", supplier_id=second["supplier_id"])["items"]
    ] == [offered]


def test_a_funder_holds_what_was_signed_to_it_and_nothing_else(site: Site, desks: Desks) -> None:
    supplier, bank = caller(site, desks, desks.supplier), caller(site, desks, funder(desks))
    supplier.done("/enrolments/instruct", {"enrolment_id": enrolment(supplier), "from_on": "2026-01-07"})
    supplier.done("/consents/give", {"to_id": text("org", desks.anchor), "subject": "price"})
    signed = bank.get(f"{book(desks)}/signatures", organisation_id=text("org", desks.supplier))["items"]
    assert [each["purpose"] for each in signed] == ["terms", "standing_instruction"]
    for each in signed:
        path = f"/api/v1{book(desks)}/signatures/{each['id']}/document"
        document = bank.client.get(path, headers=dict(bank.headers))
        assert hashlib.sha256(document.data).hexdigest() == each["document_sha256"]
    consent = supplier.get("/signatures", purpose="consent")["items"][0]["id"]
    bank.get(f"{book(desks)}/signatures/{consent}", expected=404)
    bank.get(f"{book(desks)}/signatures/{consent}/document", expected=404)


def test_a_supplier_refuses_terms_in_words(site: Site, desks: Desks) -> None:
    supplier = caller(site, desks, desks.supplier)
    offered = offer(site, desks, enrolment(supplier))
    supplier.done("/terms/refuse", {"enrolment_terms_id": offered, "words": "others ask less"})
    shown = caller(site, desks, funder(desks)).get(f"{book(desks)}/terms/{offered}")
    assert (shown["answer"], shown["words"], shown["in_force"]) == ("refused", "others ask less", False)


def test_an_anchor_sees_who_takes_part_and_nothing_of_the_terms(site: Site, desks: Desks) -> None:
    supplier, anchor = caller(site, desks, desks.supplier), caller(site, desks, desks.anchor)
    supplier.done("/enrolments/instruct", {"enrolment_id": enrolment(supplier), "from_on": "2026-01-07"})
    assert supplier.get("/enrolments")["items"][0]["standing_from_on"] == "2026-01-07"
    assert [each["name"] for each in anchor.get("/programmes")["items"]] == ["payables"]
    part = anchor.get("/enrolments")["items"]
    assert [each["supplier_id"] for each in part] == [text("org", desks.supplier), text("org", desks.rival)]
    assert {each["standing_from_on"] for each in part} == {None}
    assert anchor.get("/terms")["items"] == []
    version = supplier.get("/terms")["items"][0]["id"]
    anchor.get(f"/terms/{version}", expected=404)
    anchor.get(f"/terms/{version}/document", expected=404)
    supplier.done("/enrolments/stop", {"enrolment_id": enrolment(supplier)})
    assert supplier.get("/enrolments")["items"][0]["standing_from_on"] is None


def test_suppliers_see_only_their_own(site: Site, desks: Desks) -> None:
    supplier, rival = caller(site, desks, desks.supplier), caller(site, desks, desks.rival)
    own = enrolment(supplier)
    assert own != enrolment(rival)
    rival.get(f"/enrolments/{own}", expected=404)
    rival.get(f"/terms/{supplier.get('/terms')['items'][0]['id']}", expected=404)
    rival.get(f"/signatures/{supplier.get('/signatures')['items'][0]['id']}/document", expected=404)
    assert caller(site, desks, desks.other_anchor).get("/programmes")["items"] == []
    rival.get(f"{book(desks)}/terms", expected=404)


def test_an_agreement_is_offered_read_and_signed(site: Site, desks: Desks) -> None:
    bank, supplier = caller(site, desks, funder(desks)), caller(site, desks, desks.supplier)
    content = b"%PDF-1.7 Whereas ..."
    new = {
        "organisation_id": text("org", desks.supplier), "name": "Master agreement",
        "content": base64.b64encode(content).decode(),
    }  # fmt: skip
    (id,) = bank.done(f"{book(desks)}/agreements/offer", new)
    document = supplier.client.get(f"/api/v1/agreements/{id}/document", headers=dict(supplier.headers))
    assert (document.data, document.headers["X-Content-Type-Options"]) == (content, "nosniff")
    supplier.done("/agreements/sign", {"agreement_id": id, "document_sha256": hashlib.sha256(content).hexdigest()})
    (shown,) = bank.get(f"{book(desks)}/agreements", status="signed")["items"]
    assert (shown["id"], shown["edition"], shown["organisation_id"]) == (id, 1, text("org", desks.supplier))
    caller(site, desks, desks.rival).get(f"/agreements/{id}", expected=404)
    caller(site, desks, desks.rival).get(f"/agreements/{id}/document", expected=404)


def test_a_consent_is_seen_by_both_sides_and_ended_by_its_giver(site: Site, desks: Desks) -> None:
    supplier, anchor = caller(site, desks, desks.supplier), caller(site, desks, desks.anchor)
    (id,) = supplier.done("/consents/give", {"to_id": text("org", desks.anchor), "subject": "financing"})
    assert anchor.get(f"/consents/{id}")["organisation_id"] == text("org", desks.supplier)
    caller(site, desks, desks.rival).get(f"/consents/{id}", expected=404)
    supplier.done("/consents/end", {"consent_id": id})
    assert anchor.get("/consents", status="given")["items"] == []


def test_signing_wants_a_fresh_second_factor(site: Site, desks: Desks) -> None:
    person = desks.person(desks.supplier, "Ida", *EVERY)
    stale = site.caller(type(person)(person.id, person.name, person.organisation_id, person.permissions))
    item = {"to_id": text("org", desks.anchor), "subject": "price"}
    assert stale.post("/consents/give", {"items": [item]}, expected=403)["code"] == "step_up_needed"


@pytest.mark.parametrize(
    ("path", "item", "pointer"),
    [
        ("/terms/consent", {"enrolment_terms_id": "etm_1", "document_sha256": "0" * 64}, "enrolment_terms_id"),
        ("/terms/consent", {"enrolment_terms_id": text("etm", 1), "document_sha256": "F" * 64}, "document_sha256"),
        ("/consents/give", {"to_id": text("org", 1), "subject": "everything"}, "subject"),
    ],
)
def test_what_is_malformed_is_refused_with_its_place(
    site: Site, desks: Desks, path: str, item: dict[str, Any], pointer: str
) -> None:
    problem = caller(site, desks, desks.supplier).post(path, {"items": [item]}, expected=422)
    assert pointer in problem["errors"][0]["pointer"]


def test_terms_with_a_wrong_amount_are_refused_with_its_place(site: Site, desks: Desks) -> None:
    supplier = caller(site, desks, desks.supplier)
    new = {
        "enrolment_id": enrolment(supplier),
        "from_on": "2026-01-05",
        "terms": {"currency": "EUR", "fee_fixed": "1.001"},
    }
    problem = caller(site, desks, funder(desks)).post(f"{book(desks)}/terms/propose", {"items": [new]}, expected=409)
    assert problem["errors"][0]["pointer"] == "/items/0/terms/fee_fixed"
