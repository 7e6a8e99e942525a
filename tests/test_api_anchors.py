"""The anchor's routes: what it received, four eyes over HTTP, and what it promised."""

from pathlib import Path

import pytest
from api_site import ApiCaller, Site, open_site
from desks import Desks, open_desks

from anchors.api import READ
from anchors.confirm import CONFIRM_BY_PEOPLE
from anchors.reject import REJECT
from scf.db.engine import Database
from scf.ids import text


@pytest.fixture
def desks(database: Database) -> Desks:
    return open_desks(database)


@pytest.fixture
def site(database: Database, tmp_path: Path) -> Site:
    return open_site(database, tmp_path)


def clerk(site: Site, desks: Desks, name: str) -> ApiCaller:
    given = (READ, REJECT.name, *(each.name for each in (CONFIRM_BY_PEOPLE.propose, CONFIRM_BY_PEOPLE.accept)))
    return site.caller(desks.person(desks.anchor, name, *given))


def promise(invoice_id: str, **other: str) -> dict[str, str]:
    return {
        "invoice_id": invoice_id, "amount": "1000.00", "currency": "EUR", "due_on": "2026-03-06",
        "undertaking": "conditional", **other,
    }  # fmt: skip


def test_one_clerk_proposes_and_another_confirms(site: Site, desks: Desks) -> None:
    invoice_id = text("inv", desks.invoice())
    mona, carl = clerk(site, desks, "Mona"), clerk(site, desks, "Carl")
    (proposal,) = mona.done("/confirmations/propose", promise(invoice_id))
    own = mona.batch("/confirmations/accept", {"proposal_id": proposal})[0]
    assert own["refusal"]["reason"] == "same_person"
    (outcome,) = carl.batch("/confirmations/accept", {"proposal_id": proposal})
    assert outcome["accepted"] and outcome["facts"]["receivable_id"].startswith("rcv_")
    (given,) = carl.get("/confirmations")["items"]
    assert (given["id"], given["invoice_id"], given["amount"]) == (outcome["id"], invoice_id, "1000.00")
    assert carl.get("/payables", status="confirmed")["items"][0]["id"] == invoice_id


def test_another_currency_is_never_taken_for_the_invoices(site: Site, desks: Desks) -> None:
    mona, carl = clerk(site, desks, "Mona"), clerk(site, desks, "Carl")
    (proposal,) = mona.done("/confirmations/propose", promise(text("inv", desks.invoice()), currency="USD"))
    refusal = carl.batch("/confirmations/accept", {"proposal_id": proposal})[0]["refusal"]
    assert (refusal["reason"], refusal["value"], refusal["bound"]) == ("currency_differs", "USD", "EUR")


def test_a_rejection_has_a_reason_that_its_supplier_sees(site: Site, desks: Desks) -> None:
    invoice_id = text("inv", desks.invoice())
    clerk(site, desks, "Mona").done("/payables/reject", {"invoice_id": invoice_id, "reason": "not_delivered"})
    supplier = site.caller(desks.person(desks.supplier, "Ida", "invoices.read"))
    shown = supplier.get(f"/invoices/{invoice_id}")
    assert (shown["status"], shown["reason"]) == ("rejected", "not_delivered")


def test_other_anchors_see_and_confirm_nothing(site: Site, desks: Desks) -> None:
    invoice_id = text("inv", desks.invoice())
    given = (READ, CONFIRM_BY_PEOPLE.propose.name, CONFIRM_BY_PEOPLE.accept.name)
    other = [site.caller(desks.person(desks.other_anchor, name, *given)) for name in ("Otto", "Olga")]
    assert other[0].get("/payables")["items"] == []
    (proposal,) = other[0].done("/confirmations/propose", promise(invoice_id))
    assert other[1].batch("/confirmations/accept", {"proposal_id": proposal})[0]["refusal"]["reason"] == "not_found"
    assert clerk(site, desks, "Carl").batch("/confirmations/accept", {"proposal_id": proposal})[0]["refusal"]
