"""The engine over HTTP: asking, four eyes, funding, the price and its proof; who sees what."""

from pathlib import Path

import pytest
from bank_site import BankSite, open_bank
from world import World

from scf.ids import text
from scf.roles import Role


@pytest.fixture
def bank(world: World, tmp_path: Path) -> BankSite:
    return open_bank(world, tmp_path)


def test_a_supplier_asks_two_bankers_approve_and_one_funds(bank: BankSite) -> None:
    request_id = bank.request("INV-1")
    supplier, officer = bank.supplier(), bank.bank(Role.CREDIT_OFFICER)
    (asked,) = supplier.get("/requests", expand="price")["items"]
    assert (asked["id"], asked["status"], asked["face"]) == (request_id, "requested", "100000.00")
    offered = asked["expanded"]["price"]
    assert (offered["advance"], offered["reserve"], offered["credited_on"]) == ("90000.00", "10000.00", "2026-01-05")

    (waiting,) = officer.get(f"{bank.book}/requests", expand="parties", status="requested")["items"]
    assert waiting["expanded"]["parties"] == {"supplier": "Ash Castings", "anchor": "Halberd"}
    (proposal,) = officer.done(f"{bank.book}/requests/approve/propose", {"request_id": request_id})
    (proposed,) = officer.get(f"{bank.book}/requests/approve/proposals")["items"]
    assert (proposed["id"], proposed["asked"]) == (proposal, {"request_id": request_id})
    officer.post(f"{bank.book}/requests/approve/accept", {"items": [{"proposal_id": proposal}]}, 403)
    both = bank.bank(Role.CREDIT_OFFICER, Role.CHECKER)
    (own,) = both.done(f"{bank.book}/requests/approve/propose", {"request_id": request_id})
    refused = both.batch(f"{bank.book}/requests/approve/accept", {"proposal_id": own})[0]
    assert refused["refusal"]["reason"] == "same_person" and refused["id"] is None
    approved = bank.bank(Role.CHECKER).done(f"{bank.book}/requests/approve/accept", {"proposal_id": proposal})
    assert approved == [request_id]

    (advance_id,) = bank.bank(Role.OPERATIONS).done(f"{bank.book}/requests/fund", {"request_id": request_id})
    (taken,) = supplier.get("/advances")["items"]
    assert (taken["id"], taken["ref"], taken["kind"], taken["open"]) == (advance_id, "INV-1", "bought", "100000.00")
    assert {name: taken[name] for name in ("advance", "discount", "net")} == {
        name: offered[name] for name in ("advance", "discount", "net")
    }
    assert supplier.get("/requests", status="funded")["items"][0]["id"] == request_id
    (assigned,) = officer.get(f"{bank.book}/assignments", advance_id=advance_id)["items"]
    assert (assigned["purpose"], assigned["status"]) == ("sale", "agreed")


def test_a_price_is_recomputed_from_its_proof_by_both_sides(bank: BankSite) -> None:
    advance_id = bank.advance("INV-1")
    own = bank.supplier().get(f"/advances/{advance_id}/proof")
    assert own["holds"] and not own["difference"] and own["proof"]["rate_ppm"] == "60000"
    assert bank.bank(Role.VIEWER).get(f"{bank.book}/advances/{advance_id}/proof") == own
    bank.at("Birch Tools", Role.VIEWER).get(f"/advances/{advance_id}/proof", 404)


def test_what_is_declined_says_why_to_its_supplier_alone(bank: BankSite) -> None:
    request_id = bank.request("INV-1")
    officer = bank.bank(Role.CREDIT_OFFICER)
    empty = officer.post(f"{bank.book}/requests/decline", {"items": [{"request_id": request_id, "reason": ""}]}, 422)
    assert empty["errors"][0]["pointer"] == "/items/0/reason"
    officer.done(f"{bank.book}/requests/decline", {"request_id": request_id, "reason": "Enough of this buyer"})
    told = bank.supplier().get(f"/requests/{request_id}")
    assert (told["status"], told["reason"]) == ("declined", "Enough of this buyer")
    for stranger in ("Birch Tools", "Halberd"):
        assert bank.at(stranger, Role.VIEWER).get("/requests")["items"] == []
        bank.at(stranger, Role.VIEWER).get(f"/requests/{request_id}", 404)
        bank.at(stranger, Role.VIEWER).get(f"{bank.book}/requests", 404)


def test_a_request_may_be_taken_back_until_it_is_approved(bank: BankSite) -> None:
    first, second = bank.request("INV-1"), bank.request("INV-2")
    bank.agreed("/requests/approve", {"request_id": second})
    outcomes = bank.supplier().batch("/requests/withdraw", {"request_id": first}, {"request_id": second})
    assert outcomes[0]["accepted"] and outcomes[1]["refusal"]["reason"] == "not_requested"
    over = bank.bank(Role.OPERATIONS).batch(f"{bank.book}/requests/expire", {"request_id": second})[0]
    assert over["refusal"]["reason"] == "not_over"


def test_requests_are_filtered_and_come_in_pages(bank: BankSite) -> None:
    asked = [bank.request(f"INV-{n}", f"{n},000.00") for n in range(1, 6)]
    viewer = bank.bank(Role.VIEWER)
    seen, after = [], ""
    while True:
        page = viewer.get(f"{bank.book}/requests", limit=2, after=after)
        seen += [each["id"] for each in page["items"]]
        after = page["next"]
        if not after:
            break
    assert seen == asked
    only = viewer.get(f"{bank.book}/requests", supplier_id=text("org", bank.world.organisations["Birch Tools"]))
    assert only["items"] == []
    assert len(viewer.get(f"{bank.book}/requests", due_from="2026-03-06", due_to="2026-03-06")["items"]) == 5


def test_limits_are_set_by_two_and_stand_where_they_are_used(bank: BankSite) -> None:
    supplier_id = text("org", bank.world.organisations["Ash Castings"])
    new = {"kind": "supplier", "organisation_id": supplier_id, "currency": "EUR", "ceiling": "150000.00"}
    (limit_id,) = bank.agreed("/limits/set", new)
    viewer, officer = bank.bank(Role.VIEWER), bank.bank(Role.CREDIT_OFFICER)
    assert viewer.get(f"{bank.book}/limits/set/proposals", status="accepted")["items"][-1]["asked"] == new
    bank.advance("INV-1")
    stands = viewer.get(f"{bank.book}/limits/{limit_id}")
    assert {name: stands[name] for name in ("ceiling", "headroom", "reserved", "drawn", "excess", "hold")} == {
        "ceiling": "150000.00", "headroom": "50000.00", "reserved": "0.00", "drawn": "100000.00", "excess": "0.00",
        "hold": "",
    }  # fmt: skip
    assert (stands["organisation_id"], stands["programme_id"]) == (supplier_id, None)
    officer.done(f"{bank.book}/limits/hold", {"limit_id": limit_id, "reason": "under review"})
    assert viewer.get(f"{bank.book}/limits", kind="supplier")["items"][0]["hold"] == "under review"
    assert [each["kind"] for each in viewer.get(f"{bank.book}/limits")["items"]] == ["anchor", "supplier"]
    wrong = officer.post(f"{bank.book}/limits/set/propose", {"items": [{**new, "kind": "programme"}]}, 409)
    assert wrong["errors"][0]["pointer"] == "/items/0/programme_id"
    nobody = officer.done(f"{bank.book}/limits/set/propose", {**new, "organisation_id": text("org", 7)})
    refusal = bank.bank(Role.CHECKER).batch(f"{bank.book}/limits/set/accept", {"proposal_id": nobody[0]})[0]["refusal"]
    assert (refusal["reason"], refusal["field"]) == ("not_found", "holder_id")


def test_prices_are_told_to_whoever_is_signed_in(bank: BankSite) -> None:
    asked = {
        "method": "straight_discount", "face": "100000.00", "currency": "EUR", "rate": "0.06",
        "from": "2026-01-05", "to": "2026-03-06",
    }  # fmt: skip
    answer = bank.at("Birch Tools").post("/prices", {"items": [asked, {**asked, "to": "2026-01-05"}]})["prices"]
    assert (answer[0]["discount"], answer[0]["net"], answer[0]["days"]) == ("1000.00", "99000.00", 60)
    assert answer[1]["error"]["field"] == "days"
    bank.site.nobody().post("/prices", {"items": [asked]}, 401)
