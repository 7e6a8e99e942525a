"""A supplier's statement on its own screen: what the funder's report says of it, and nothing of anybody else."""

import re
from pathlib import Path

import pytest
from bank_site import BankSite, open_bank
from browsing import Browser, site_on
from signing_in import House
from world import World

from scf.ids import text
from scf.roles import Role


@pytest.fixture
def bank(world: World, tmp_path: Path) -> BankSite:
    return open_bank(world, tmp_path)


def somebody(bank: BankSite, folder: Path, organisation: str, name: str) -> Browser:
    house = House(bank.world.database, bank.world.organisations[organisation])
    house.person(name, Role.MAKER)
    browser = Browser(site_on(bank.world.database, folder))
    browser.sign_in(name)
    return browser


def test_it_says_what_the_funders_report_says(bank: BankSite, tmp_path: Path) -> None:
    bank.advance("INV-1")
    bank.world.end_the_day()
    mia = somebody(bank, tmp_path, "Ash Castings", "Mia")
    shown = mia.page("/supplier/statements")
    assert "Opening position" in shown and "INV-1" in shown and "10,000.00" in shown
    query = f"book_id={text('bok', bank.world.book_id)}&from_on=2026-01-01&to_on=2026-01-31"
    csv = mia.client.get(f"/supplier/statements?{query}&format=csv")
    supplier_id = text("org", bank.world.organisations["Ash Castings"])
    given = {"supplier_id": supplier_id, "from_on": "2026-01-01", "to_on": "2026-01-31", "format": "csv"}
    auditor = bank.bank(Role.CREDIT_OFFICER)
    path = f"/api/v1{bank.book}/reports/supplier-statement"
    assert csv.data == auditor.client.get(path, query_string=given, headers=dict(auditor.headers)).data
    assert mia.client.get(f"/supplier/statements?{query}&format=pdf").data.startswith(b"%PDF")


def test_nobody_reads_anothers(bank: BankSite, tmp_path: Path) -> None:
    bank.advance("INV-1")
    rita = somebody(bank, tmp_path, "Birch Tools", "Rita")
    assert "You take part in no programme yet" in rita.page("/supplier/statements")
    supplier = text("org", bank.world.organisations["Ash Castings"])
    path = f"/supplier/statements?book_id={text('bok', bank.world.book_id)}&supplier_id={supplier}"
    assert "INV-1" not in rita.page(path)
    mia = somebody(bank, tmp_path, "Ash Castings", "Mia")
    mia.page(f"/supplier/statements?book_id={text('bok', 1)}", 404)


def test_a_wrong_period_is_said_beside_its_field(bank: BankSite, tmp_path: Path) -> None:
    mia = somebody(bank, tmp_path, "Ash Castings", "Mia")
    shown = mia.page("/supplier/statements?from_on=2026-01-05&to_on=2026-01-01", 422)
    assert re.search(r'id="to_on-wrong">The last day is before the first', shown)
    assert "Ask for a year at most." in mia.page("/supplier/statements?from_on=2020-01-05&to_on=2026-01-01", 422)
    assert "give a date like" in mia.page("/supplier/statements?from_on=soon", 422)
