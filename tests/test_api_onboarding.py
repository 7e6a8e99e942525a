"""Dossiers over HTTP: the party fills its own, the operator works them, a funder reads where it has consent."""

from pathlib import Path
from typing import Any

import pytest
from api_site import ApiCaller, Site, open_site
from test_onboarding import BO, IBAN, PDF, Office, office
from walls import watched

from scf import files
from scf.ids import parse, text
from scf.module import Module
from scf.onboarding import api
from scf.onboarding.permissions import PERMISSIONS
from scf.onboarding.requirements import NEEDED, LegalForm
from scf.signatures import api as signatures

__all__ = ["office"]

MODULE = Module(
    "onboarding",
    permissions=(*PERMISSIONS, *signatures.PERMISSIONS),
    routes=(*api.ROUTES, *signatures.ROUTES),
)
EVERYTHING = frozenset(permission.name for permission in MODULE.permissions)
LISTS = ("/dossiers", "/dossiers/documents", "/dossiers/people", "/dossiers/steps", "/dossiers/accounts")
PEOPLE = {
    "people": [
        {"role": "owner", "name": "Ada Ash", "born_on": "1980-02-29", "country": "DE", "share": "0.6"},
        {"role": "signatory", "name": BO.name, "born_on": str(BO.born_on), "country": BO.country},
    ]
}


@pytest.fixture
def site(office: Office, tmp_path: Path) -> Site:
    return open_site(office.database, tmp_path, [MODULE])


def caller(site: Site, office: Office, organisation_id: int, name: str = "Ida") -> ApiCaller:
    actor = office.who(organisation_id, name)
    return site.caller(type(actor)(actor.id, name, organisation_id, EVERYTHING, False, True, actor.operates))


def upload(
    party: ApiCaller, kind: str, content: bytes = PDF, kind_of: str = "application/pdf", name: str = "x.pdf"
) -> Any:
    headers = {**party.headers, "Idempotency-Key": f"{kind}-{files.sha256_of(name.encode())}", "Content-Type": kind_of}
    query = {"kind": kind, "name": name}
    return party.client.post("/api/v1/dossiers/documents", data=content, query_string=query, headers=headers)


def content(who: ApiCaller, id: str) -> Any:
    return who.client.get(f"/api/v1/dossiers/documents/{id}/content", headers=dict(who.headers))


def submitted(party: ApiCaller) -> str:
    """A company's dossier, submitted; its id."""
    party.done("/dossiers/apply", {"legal_form": "company"})
    for kind in sorted(NEEDED[LegalForm.COMPANY]):
        assert upload(party, kind, PDF + kind.encode()).status_code == 200
    assert upload(party, "identity_document", PDF + b"Bo", name="bo.pdf").status_code == 200
    party.done("/dossiers/people/name", PEOPLE)
    return party.done("/dossiers/submit", {})[0]


def test_a_dossier_goes_the_whole_way(site: Site, office: Office) -> None:
    party, olga, oskar = (
        caller(site, office, organisation, name)
        for organisation, name in ((office.party, "Ida"), (office.operator, "Olga"), (office.operator, "Oskar"))
    )
    dossier = submitted(party)
    (waiting,) = olga.get("/dossiers", status="screening")["items"]
    assert (waiting["id"], waiting["organisation_id"]) == (dossier, text("org", office.party))
    found = {"dossier_id": dossier, "method": "by hand", "outcome": "hit", "details": "a namesake"}
    (hit,) = olga.done("/dossiers/screenings/record", found)
    decision = {"screening_id": hit, "cleared": True, "words": "born in another year"}
    (proposal,) = olga.done("/dossiers/screenings/decide/propose", decision)
    assert not olga.batch("/dossiers/screenings/decide/accept", {"proposal_id": proposal})[0]["accepted"]
    oskar.done("/dossiers/screenings/decide/accept", {"proposal_id": proposal})
    agreement = party.client.get("/api/v1/dossiers/agreement", headers=dict(party.headers)).data
    assert b"Ash Castings" in agreement
    party.done("/dossiers/sign", {"document_sha256": files.sha256_of(agreement)})
    (check,) = party.done("/dossiers/accounts/give", {"iban": IBAN, "holder": "Ash Castings"})
    checked = {"account_check_id": check, "method": "bank letter", "outcome": "matched", "details": "seen"}
    olga.done("/dossiers/accounts/check", checked)
    olga.done("/dossiers/activate", {"dossier_id": dossier, "risk": "standard", "reason": "all is there"})
    shown = party.get(f"/dossiers/{dossier}")
    assert (shown["status"], shown["risk"], shown["review_due_on"]) == ("active", "standard", "2028-01-05")
    people = party.get("/dossiers/people", dossier_id=dossier)["items"]
    assert [(each["name"], each["share"]) for each in people] == [("Ada Ash", "0.6"), ("Bo Birch", "0")]
    assert "code_hash" not in party.get("/dossiers/accounts")["items"][0]
    (signature,) = party.get("/signatures", purpose="membership")["items"]
    assert signature["id"] == shown["signature_id"]


def test_a_funder_reads_a_dossier_as_long_as_the_party_consents(site: Site, office: Office) -> None:
    party, olga = caller(site, office, office.party), caller(site, office, office.operator, "Olga")
    first, second = caller(site, office, office.first), caller(site, office, office.second)
    dossier = submitted(party)
    found = {"dossier_id": dossier, "method": "by hand", "outcome": "clear", "details": "two lists"}
    olga.done("/dossiers/screenings/record", found)
    consent = {"to_id": text("org", office.first), "subject": "dossier"}
    (given,) = party.done("/consents/give", consent)
    document = party.get("/dossiers/documents")["items"][0]["id"]
    with watched(office.database, office.first) as watch:
        for path in (*LISTS[:-1], "/dossiers/screenings"):
            assert first.get(path)["items"], path
        first.get(f"/dossiers/{dossier}")
        answer = content(first, document)
    assert watch.judged >= 8
    assert (answer.status_code, answer.data) == (200, content(party, document).data)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    with watched(office.database, office.second):
        for path in (*LISTS, "/dossiers/screenings"):
            assert second.get(path)["items"] == [], path
        second.get(f"/dossiers/{dossier}", expected=404)
        assert content(second, document).status_code == 404
    # another consent opens nothing here, and the end of this one closes all
    party.done("/consents/give", {"to_id": text("org", office.second), "subject": "financing"})
    assert second.get("/dossiers")["items"] == []
    party.done("/consents/end", {"consent_id": given})
    assert first.get("/dossiers")["items"] == []
    first.get(f"/dossiers/{dossier}", expected=404)
    assert content(first, document).status_code == 404


def test_the_party_sees_its_own_and_never_how_it_was_screened(site: Site, office: Office) -> None:
    party, olga = caller(site, office, office.party), caller(site, office, office.operator, "Olga")
    dossier = submitted(party)
    found = {"dossier_id": dossier, "method": "list", "outcome": "hit", "details": "a namesake"}
    (screening,) = olga.done("/dossiers/screenings/record", found)
    with watched(office.database, office.party):
        assert all(party.get(path)["items"] for path in LISTS[:-1])
        assert party.get("/dossiers/screenings")["items"] == []
        party.get(f"/dossiers/screenings/{screening}", expected=404)
    assert olga.get("/dossiers/screenings", status="open")["items"][0]["id"] == screening


def test_what_is_sent_back_says_why(site: Site, office: Office) -> None:
    party, olga = caller(site, office, office.party), caller(site, office, office.operator, "Olga")
    dossier = submitted(party)
    extract = next(each for each in olga.get("/dossiers/documents")["items"] if each["kind"] == "registration_extract")
    back = {"dossier_id": dossier, "to": "documents", "reason": "too old", "document_ids": [extract["id"]]}
    olga.done("/dossiers/send-back", back)
    step = party.get("/dossiers/steps", dossier_id=dossier)["items"][-1]
    assert (step["from_status"], step["to_status"], step["reason"]) == ("screening", "documents", "too old")
    assert [each["id"] for each in party.get("/dossiers/documents", status="sent_back")["items"]] == [extract["id"]]
    (refused,) = party.batch("/dossiers/submit", {})
    assert (refused["refusal"]["reason"], refused["refusal"]["bound"]) == ("incomplete", "registration extract")


def test_uploads_are_bounded_and_named_harmlessly(site: Site, office: Office) -> None:
    party = caller(site, office, office.party)
    assert upload(party, "articles").json["code"] == "not_applied"
    party.done("/dossiers/apply", {"legal_form": "company"})
    assert upload(party, "articles", kind_of="text/html", name="1").status_code == 415
    assert upload(party, "love_letter", name="2").status_code == 422
    assert upload(party, "articles", b"<html>", name="3").json["code"] == "type_unfit"
    assert upload(party, "articles", name="../../etc/articles\u202e.pdf").status_code == 200
    (document,) = party.get("/dossiers/documents")["items"]
    assert document["name"] == "articles_.pdf"
    kept = content(party, document["id"])
    assert kept.headers["Content-Disposition"] == f'attachment; filename="articles-{parse(document["id"])}.pdf"'
    assert kept.headers["X-Content-Type-Options"] == "nosniff"
