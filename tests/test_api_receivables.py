"""Receivables over HTTP: what each side sees of them, credit notes, and closing what nobody funded."""

from datetime import date
from pathlib import Path

import pytest
from bank_site import BankSite, open_bank
from world import World

from scf.roles import Role


@pytest.fixture
def bank(world: World, tmp_path: Path) -> BankSite:
    return open_bank(world, tmp_path)


def test_an_anchor_never_sees_what_its_supplier_has_financed(bank: BankSite) -> None:
    anchor, supplier = bank.at("Halberd", Role.MAKER), bank.at("Ash Castings", Role.VIEWER)
    bank.advance("INV-1", "1,000.00")
    bank.claim("INV-2", "1,000.00")
    note = {"amount": "100.00", "currency": "EUR", "issued_on": "2026-01-05"}
    for number, owned in enumerate(supplier.get("/receivables")["items"]):
        outcome = anchor.batch("/receivables/credit", {**note, "receivable_id": owned["id"], "ref": f"CN-{number}"})[0]
        assert outcome["accepted"] and outcome["facts"] == {}
    shown = anchor.get("/receivables/owed", expand="credit_notes")["items"]
    told = [{name: each[name] for name in ("face", "open", "status", "undertaking")} for each in shown]
    assert told[0] == told[1] and told[0]["open"] == "900.00" and told[0]["status"] == "open"
    notes = [each["expanded"]["credit_notes"][0] for each in shown]
    assert notes[0].keys() == notes[1].keys() and "status" not in notes[0] and "version" not in shown[0]
    assert [each["id"] for each in anchor.get("/receivables/owed", status="open")["items"]] == [
        each["id"] for each in shown
    ]
    closing = anchor.batch("/receivables/close", {"receivable_id": shown[0]["id"]})[0]["refusal"]
    assert (closing["reason"], closing["value"]) == ("not_open", "")
    seen = {each["ref"]: each["status"] for each in supplier.get("/receivables")["items"]}
    assert seen == {"INV-1": "funded", "INV-2": "open"}
    assert [each["status"] for each in supplier.get("/credit-notes")["items"]] == ["received", "applied"]
    for list_of_anothers in ("/receivables", "/credit-notes"):
        assert anchor.get(list_of_anothers)["items"] == []
    assert supplier.get("/receivables/owed")["items"] == []


def test_a_credit_note_in_another_currency_is_refused(bank: BankSite) -> None:
    receivable_id = bank.claim("INV-1", "1,000.00")
    note = {"receivable_id": receivable_id, "ref": "CN-1", "amount": "10.00", "issued_on": "2026-01-05"}
    supplier = bank.supplier()
    refusal = supplier.batch("/receivables/credit", {**note, "currency": "USD"})[0]["refusal"]
    assert (refusal["reason"], refusal["value"], refusal["bound"]) == ("currency_differs", "USD", "EUR")
    wrong = supplier.post("/receivables/credit", {"items": [{**note, "currency": "EUR", "amount": "10.001"}]}, 409)
    assert wrong["errors"][0]["pointer"] == "/items/0/amount"
    supplier.done("/receivables/credit", {**note, "currency": "EUR"})
    assert supplier.get(f"/receivables/{receivable_id}")["open"] == "990.00"
    assert (
        bank.at("Birch Tools", Role.MAKER).batch("/receivables/credit", {**note, "currency": "EUR", "ref": "CN-2"})[0][
            "refusal"
        ]["reason"]
        == "not_found"
    )


def test_what_the_anchor_paid_without_a_funder_is_closed(bank: BankSite) -> None:
    first, second = bank.claim("INV-1", due_on=date(2026, 4, 6)), bank.claim("INV-2")
    anchor = bank.at("Halberd", Role.MAKER)
    anchor.done("/receivables/close", {"receivable_id": first})
    assert anchor.get(f"/receivables/owed/{first}")["status"] == "closed"
    assert [each["id"] for each in anchor.get("/receivables/owed", sort="due_on")["items"]] == [second, first]
    assert [each["id"] for each in bank.supplier().get("/receivables", status="closed")["items"]] == [first]
    bank.at("Halberd", Role.VIEWER).post("/receivables/close", {"items": [{"receivable_id": second}]}, 403)
