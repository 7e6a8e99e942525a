"""The ledger and the trail over HTTP: journals, balances by value date, entries by hand, days, the hash chain."""

from datetime import date
from pathlib import Path

import pytest
from bank_site import BankSite, open_bank
from world import World

from scf.actor import Actor
from scf.ids import text
from scf.roles import Role


@pytest.fixture
def bank(world: World, tmp_path: Path) -> BankSite:
    return open_bank(world, tmp_path)


def test_journals_show_their_postings_and_balances_add_up(bank: BankSite) -> None:
    bank.advance("INV-1")
    viewer = bank.bank(Role.VIEWER)
    (funded,) = viewer.get(f"{bank.book}/journals", event="advance funded", expand="postings")["items"]
    postings = {each["credit"]["name"]: each["amount"] for each in funded["expanded"]["postings"]}
    assert postings["liabilities:reserve"] == "10000.00"
    (reserve,) = viewer.get(f"{bank.book}/balances", code="reserve")["items"]
    assert (reserve["credit"], reserve["debit"]) == ("10000.00", "0.00")
    assert reserve["organisation_id"] == text("org", bank.world.organisations["Ash Castings"])
    (before,) = viewer.get(f"{bank.book}/balances", code="reserve", value_to="2026-01-04")["items"]
    assert before["credit"] == "0.00"
    trial = viewer.get(f"{bank.book}/trial-balance")
    assert trial["equal"] and trial["totals"][0]["debit"] == trial["totals"][0]["credit"] != "0.00"
    assert not any(line["account"].startswith("memorandum") for line in trial["lines"])
    assert viewer.get(f"{bank.book}/trial-balance", value_to="2026-01-04")["lines"] == []
    bank.supplier().get(f"{bank.book}/journals", 404)


def test_balances_come_in_pages_that_neither_skip_nor_repeat(bank: BankSite) -> None:
    bank.advance("INV-1")
    bank.world.until(date(2026, 1, 6))
    viewer = bank.bank(Role.VIEWER)
    accounts = [each["id"] for each in viewer.get(f"{bank.book}/accounts", limit=1000)["items"]]
    seen, after = [], ""
    while True:
        page = viewer.get(f"{bank.book}/balances", limit=3, after=after)
        seen += [each["id"] for each in page["items"]]
        after = page["next"]
        if not after:
            break
    assert seen == accounts and len(seen) > 6


def test_a_journal_is_entered_by_two(bank: BankSite) -> None:
    charge = {
        "kind": "bank_charge", "amount": "12.50", "currency": "EUR", "value_date": "2026-01-05", "words": "January",
    }  # fmt: skip
    bank.agreed("/journals/enter", charge, maker=Role.OPERATIONS)
    viewer = bank.bank(Role.VIEWER)
    (proposed,) = viewer.get(f"{bank.book}/journals/enter/proposals", status="accepted")["items"]
    assert proposed["asked"] == charge
    assert viewer.get(f"{bank.book}/journals", ref="January")["items"][0]["event"] == "entered by hand"


def test_days_say_what_their_steps_did(bank: BankSite) -> None:
    bank.world.end_the_day()
    viewer = bank.bank(Role.VIEWER)
    assert viewer.get(f"{bank.book}/day") == {"business_date": "2026-01-06", "steps": []}
    ran = viewer.get(f"{bank.book}/day", on="2026-01-05")["steps"]
    assert ran[0]["step"] == "open the day" and ran[-1]["result"] == "the book is on 2026-01-06"
    assert [each["ref"] for each in viewer.get("/books")["items"]] == ["NORTHBANK"]
    assert bank.at("Halberd", Role.VIEWER).get("/books")["items"] == []


def test_an_auditor_of_the_operator_reads_every_book_and_writes_in_none(bank: BankSite) -> None:
    bank.advance("INV-1")
    carried = frozenset({"books.read", "audit.check", "audit.read", "ledger.read", "settlement.check", "limits.hold"})
    auditor = bank.site.caller(Actor(77, "Ada", bank.world.organisations["Birch Tools"], carried, operates=True))
    assert len(auditor.get("/books")["items"]) == 1
    assert auditor.get(f"{bank.book}/check") == {"findings": []}
    assert auditor.get(f"{bank.book}/journals")["items"]
    limit = {"items": [{"limit_id": text("lim", 1), "reason": "x"}]}
    assert auditor.post(f"{bank.book}/limits/hold", limit, 403)["code"] == "permission_missing"


def test_the_trail_says_who_ran_what_and_the_chain_holds(bank: BankSite) -> None:
    bank.request("INV-1")
    bank.world.until(date(2026, 1, 7))
    admin = bank.bank(Role.ADMINISTRATOR)
    ran = admin.get(f"{bank.book}/commands", command="payments.account.accept")["items"]
    assert [each["batch_count"] for each in ran] == [4]
    checked = admin.get(f"{bank.book}/audit/check")
    assert checked["broken"] == [] and checked["link_count"] >= 2 and len(checked["last_hash"]) == 64
    own = bank.at("Ash Castings", Role.ADMINISTRATOR)
    assert own.get("/commands", command="factoring.request")["items"][0]["key"].startswith("api/")
    assert own.get("/audit/check")["link_count"] >= 1
    bank.at("Ash Castings", Role.VIEWER).get("/audit/check", 403)


def test_proposals_of_an_organisation_and_of_a_book_stay_apart(bank: BankSite) -> None:
    bank.claim("INV-1")
    told = bank.bank(Role.VIEWER).get(f"{bank.book}/proposals", limit=1000)["items"]
    assert {each["command"] for each in told} >= {"payments.account", "limits.set"}
    assert "anchors.confirm" not in {each["command"] for each in told}
    (confirmed,) = bank.at("Halberd", Role.VIEWER).get("/proposals")["items"]
    assert (confirmed["command"], confirmed["status"]) == ("anchors.confirm", "accepted")
    assert bank.at("Ash Castings", Role.VIEWER).get("/proposals")["items"] == []
