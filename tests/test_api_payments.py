"""Money out and in over HTTP: an advance up to its payout, account numbers, bank files and their lines."""

from datetime import date
from pathlib import Path

import pytest
from bank_site import BankSite, open_bank
from lxml import etree
from world import IBANS, World

from scf.payments.rail import RailAnswer
from scf.roles import Role


@pytest.fixture
def bank(world: World, tmp_path: Path) -> BankSite:
    return open_bank(world, tmp_path)


def sent(bank: BankSite) -> str:
    """A payout of an advance, sent by hand; its id."""
    bank.advance("INV-1")
    operations = bank.bank(Role.OPERATIONS)
    (payout,) = operations.get(f"{bank.book}/payouts", status="instructed")["items"]
    return operations.done(f"{bank.book}/payouts/send", {"payout_id": payout["id"]})[0]


def test_an_advance_goes_from_the_ask_to_the_payout_by_the_calls_of_both(bank: BankSite) -> None:
    payout_id = sent(bank)
    (taken,) = bank.supplier().get("/advances")["items"]
    (coming,) = bank.supplier().get("/payouts")["items"]
    assert (coming["id"], coming["status"], coming["amount"]) == (payout_id, "sent", taken["net"])
    operations = bank.bank(Role.OPERATIONS)
    (file,) = operations.get(f"{bank.book}/payment-files")["items"]
    assert (file["id"], file["total"], file["line_count"]) == (coming["file_id"], taken["net"], 1)
    path = f"/api/v1{bank.book}/payment-files/{file['id']}/content"
    answer = operations.client.get(path, headers=dict(operations.headers))
    assert answer.content_type == "application/xml" and IBANS["Ash Castings"].encode() in answer.data
    assert etree.fromstring(answer.data).tag.endswith("Document")
    bank.bank(Role.VIEWER).get(f"{bank.book}/payment-files/{file['id']}/content", 403)


def test_accounts_are_agreed_by_two_and_shown_in_full_to_those_who_need_them(bank: BankSite) -> None:
    operations, checker = bank.bank(Role.OPERATIONS), bank.bank(Role.CHECKER)
    number = "DE02100500000054540402"
    asked = {"iban": number, "name": "Ash Castings GmbH", "currency": "EUR"}
    ash = bank.supplier().get("/bank-accounts")["items"][0]
    assert ash["iban"] == IBANS["Ash Castings"]
    (proposal,) = operations.done(
        f"{bank.book}/bank-accounts/propose", {**asked, "organisation_id": ash["organisation_id"]}
    )
    (waiting,) = checker.get(f"{bank.book}/bank-accounts/proposals", status="proposed")["items"]
    assert waiting["asked"] == {**asked, "organisation_id": ash["organisation_id"]}
    (outcome,) = checker.batch(f"{bank.book}/bank-accounts/accept", {"proposal_id": proposal})
    assert outcome["facts"] == {"usable_from_on": "2026-01-07"}
    found = {"organisation_id": ash["organisation_id"], "status": "active"}
    assert operations.get(f"{bank.book}/bank-accounts", **found)["items"][0]["iban"] == number
    assert bank.bank(Role.VIEWER).get(f"{bank.book}/bank-accounts", **found)["items"][0]["iban"] == "…0402"
    bank.bank(Role.VIEWER).get(f"{bank.book}/bank-accounts/proposals", 403)
    (nobody,) = operations.done(f"{bank.book}/bank-accounts/propose", {**asked, "organisation_id": "org_0000000000007"})
    refusal = checker.batch(f"{bank.book}/bank-accounts/accept", {"proposal_id": nobody})[0]["refusal"]
    assert (refusal["reason"], refusal["field"]) == ("not_found", "organisation_id")


def test_a_bank_file_is_imported_by_its_bytes(bank: BankSite) -> None:
    sent(bank)
    world = bank.world
    hand_over(bank)
    (content,) = world.bank.statements(date(2026, 1, 6))
    operations = bank.bank(Role.OPERATIONS)
    first = bring(bank, content)
    assert first["line_count"] == 1 and bring(bank, content) == first
    (line,) = operations.get(f"{bank.book}/statement-entries")["items"]
    assert (line["meaning"], line["reconciled"]) == ("payout", True)
    assert operations.get(f"{bank.book}/statement-entries", for_people=True)["items"] == []
    assert operations.get(f"{bank.book}/statements")["items"][0]["account"] == IBANS["Northbank"]
    assert bank.supplier().get("/payouts", status="cleared")["items"]
    headers = {**operations.headers, "Content-Type": "application/xml"}
    refused = operations.client.post(f"/api/v1{bank.book}/statements", data=b"<no/>", headers=headers)
    assert refused.status_code == 409 and refused.get_json()["code"] == "file_refused"
    headers["Content-Type"] = "text/csv"
    assert operations.client.post(f"/api/v1{bank.book}/statements", data=b"x", headers=headers).status_code == 415
    viewer = bank.bank(Role.VIEWER)
    assert viewer.client.post(f"/api/v1{bank.book}/statements", data=content, headers=viewer.headers).status_code == 403


def test_what_came_back_is_paid_again_by_two(bank: BankSite) -> None:
    payout_id = sent(bank)
    world = bank.world
    hand_over(bank)
    world.comes_back("INV-1", "AC04")
    for content in world.bank.notifications(world.today):
        bring(bank, content)
    assert bank.supplier().get(f"/payouts/{payout_id}")["status"] == "returned"
    (again,) = bank.agreed("/payouts/reinstruct", {"payout_id": payout_id}, maker=Role.OPERATIONS)
    assert bank.supplier().get(f"/payouts/{again}")["replaces_id"] == payout_id


def hand_over(bank: BankSite) -> None:
    """What the delivery does after the command: the bank has the file."""
    operations = bank.bank(Role.OPERATIONS)
    file = operations.get(f"{bank.book}/payment-files")["items"][0]
    path = f"/api/v1{bank.book}/payment-files/{file['id']}/content"
    content = operations.client.get(path, headers=dict(operations.headers)).data
    assert bank.world.bank.send(file["ref"], content) is RailAnswer.ACCEPTED


def bring(bank: BankSite, content: bytes) -> dict[str, object]:
    operations = bank.bank(Role.OPERATIONS)
    headers = {**operations.headers, "Content-Type": "application/xml"}
    answer = operations.client.post(f"/api/v1{bank.book}/statements", data=content, headers=headers)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    told: dict[str, object] = answer.get_json()
    return told
