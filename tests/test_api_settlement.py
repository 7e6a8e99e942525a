"""Cash and trouble over HTTP: who paid, what it pays, recourse, guarantees, losses; the book checked."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from bank_site import BankSite, open_bank
from world import IBANS, World, minor

from scf.ids import text
from scf.limits.positions import LimitKind
from scf.payments.null_rail import IncomingMoney
from scf.payments.steps import receive
from scf.programmes.terms import Recourse
from scf.roles import Role


@pytest.fixture
def bank(world: World, tmp_path: Path) -> BankSite:
    return open_bank(world, tmp_path)


def arrived(bank: BankSite, bank_ref: str, amount: str, name: str = "Halberd", iban: str = "", ref: str = "") -> str:
    """Money that came in today, not applied; its collection."""
    world = bank.world
    world.bank.expect(IncomingMoney(bank_ref, name, iban or IBANS[name], minor(amount), world.today, text=ref))
    for content in world.bank.notifications(world.today):
        assert receive(world.database, world.book_id, "camt.054", content) == ""
    found = bank.bank(Role.VIEWER).get(f"{bank.book}/collections", unapplied=True)["items"]
    return str(found[-1]["id"])


def test_money_is_named_applied_and_its_receivable_settled(bank: BankSite) -> None:
    advance_id = bank.advance("INV-1")
    operations = bank.bank(Role.OPERATIONS)
    collection_id = arrived(bank, "B1", "120,000.00", "A stranger", IBANS["Kestrel"])
    (unnamed,) = operations.get(f"{bank.book}/collections", identified=False)["items"]
    assert (unnamed["payer_id"], unnamed["left"]) == (None, "120000.00")
    anchor_id = text("org", bank.world.organisations["Halberd"])
    applying = {"collection_id": collection_id, "advance_id": advance_id}
    refusal = operations.batch(f"{bank.book}/collections/apply", applying)[0]["refusal"]
    assert refusal["reason"] == "other_payer"
    operations.done(f"{bank.book}/collections/identify", {"collection_id": collection_id, "payer_id": anchor_id})
    (outcome,) = operations.batch(f"{bank.book}/collections/apply", applying)
    assert outcome["accepted"] and outcome["facts"] == {"left": "20000.00"}
    (left,) = operations.get(f"{bank.book}/collections", payer_id=anchor_id, expand="applications")["items"]
    assert (left["status"], left["left"]) == ("part_applied", "20000.00")
    assert left["expanded"]["applications"][0]["face"] == "100000.00"
    assert bank.supplier().get(f"/advances/{advance_id}")["open"] == "0.00"
    operations.done(f"{bank.book}/advances/settle", {"advance_id": advance_id})
    assert bank.supplier().get("/advances", status="settled")["items"][0]["id"] == advance_id
    assert bank.bank(Role.ADMINISTRATOR).get(f"{bank.book}/check") == {"findings": []}
    bank.bank(Role.VIEWER).get(f"{bank.book}/check", 403)
    bank.supplier().get(f"{bank.book}/collections", 404)


def test_what_was_lent_is_claimed_and_paid_in_its_currency(world: World, tmp_path: Path) -> None:
    bank = open_bank(world, tmp_path, recourse=Recourse.FULL, recourse_after_days=0)
    advance_id = bank.advance("INV-1", due_on=date(2026, 1, 8))
    operations = bank.bank(Role.OPERATIONS)
    early = operations.batch(f"{bank.book}/advances/claim-recourse", {"advance_id": advance_id})[0]["refusal"]
    assert early["reason"] == "too_early"
    bank.world.until(date(2026, 1, 12))
    (claim,) = bank.supplier().get("/claims")["items"]
    assert (claim["reason"], claim["amount"], claim["left"], claim["status"]) == (
        "recourse",
        "90000.00",
        "90000.00",
        "open",
    )
    paying: dict[str, Any] = {"advance_id": advance_id, "amount": "1000.00", "value_date": "2026-01-12"}
    refusal = operations.batch(f"{bank.book}/claims/collect", {**paying, "currency": "USD"})[0]["refusal"]
    assert (refusal["reason"], refusal["value"], refusal["bound"]) == ("currency_differs", "USD", "EUR")
    operations.done(f"{bank.book}/claims/collect", {**paying, "currency": "EUR"})
    (claim,) = operations.get(f"{bank.book}/claims", expand="payments")["items"]
    assert (claim["left"], claim["expanded"]["payments"][0]["amount"]) == ("89000.00", "1000.00")
    assert claim["supplier_id"] == text("org", bank.world.organisations["Ash Castings"])


def test_a_loss_goes_from_the_guarantee_to_the_recovery(world: World, tmp_path: Path) -> None:
    bank = open_bank(world, tmp_path, guarantee_share_ppm=500_000, guarantee_after_days=30)
    guarantor_id = world.organisations["Fjord Cover"]
    bank.world.limit(LimitKind.GUARANTOR, "Fjord Cover", "1,000,000.00")
    advance_id = bank.advance("INV-1", due_on=date(2026, 1, 8))
    bank.world.until(date(2026, 1, 9))
    operations, officer = bank.bank(Role.OPERATIONS), bank.bank(Role.CREDIT_OFFICER)
    which = {"advance_id": advance_id}
    early = operations.batch(f"{bank.book}/guarantees/call", which)[0]["refusal"]
    assert (early["reason"], early["bound"]) == ("too_early", "30 days")
    officer.done(f"{bank.book}/advances/impair", which)
    (impaired,) = officer.get(f"{bank.book}/losses", kind="impaired")["items"]
    assert impaired["amount"] == "45000.00"
    operations.post(f"{bank.book}/advances/impair", {"items": [which]}, 403)
    refusal = _refused_write_off(bank, which)
    assert refusal["reason"] == "guarantee_not_called"
    bank.world.until(date(2026, 2, 10))
    (call,) = operations.get(f"{bank.book}/guarantees", status="called")["items"]
    assert (call["amount"], call["guarantor_id"]) == ("45000.00", text("org", guarantor_id))
    operations.done(f"{bank.book}/guarantees/collect", {**which, "value_date": "2026-02-10"})
    assert operations.get(f"{bank.book}/guarantees/{call['id']}")["status"] == "paid"
    bank.agreed("/advances/write-off", which)
    money = {**which, "amount": "100.00", "currency": "EUR", "value_date": "2026-02-10"}
    operations.done(f"{bank.book}/losses/recover", money)
    kinds = [each["kind"] for each in officer.get(f"{bank.book}/losses")["items"]]
    assert kinds == ["impaired", "written_off", "recovered"]
    paid = operations.batch(f"{bank.book}/guarantees/pay", {**money, "amount": "50.00", "currency": "GBP"})[0]
    assert paid["refusal"]["reason"] == "currency_differs"
    operations.done(f"{bank.book}/guarantees/pay", {**money, "amount": "50.00"})
    assert officer.get(f"{bank.book}/late-charges", advance_id=advance_id)["items"]
    assert operations.get(f"{bank.book}/check") == {"findings": []}


def _refused_write_off(bank: BankSite, which: dict[str, str]) -> Any:
    (proposal,) = bank.bank(Role.CREDIT_OFFICER).done(f"{bank.book}/advances/write-off/propose", which)
    accept = f"{bank.book}/advances/write-off/accept"
    return bank.bank(Role.CHECKER).batch(accept, {"proposal_id": proposal})[0]["refusal"]
