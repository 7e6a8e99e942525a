"""The supplier's pages over a test client: offers taken and taken back, files looked at and submitted, terms signed."""

import io
import re
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest
from bank_site import START, TERMS
from browsing import Browser, site_on
from desks import HEADING, line
from signing_in import House
from statements import counted
from werkzeug.test import TestResponse
from world import World

from invoices.pages import upload as upload_page
from invoices.pages.routes import MENU
from scf.ids import text
from scf.limits.positions import LimitKind
from scf.roles import Role
from scf.scheduling.worker import work_all
from wsgi import MODULES

DUE = date(2026, 3, 6)
JOBS = {kind: job for module in MODULES for kind, job in module.jobs.items()}


@dataclass
class Supplier:
    """Mia, a maker of Ash Castings, at her browser."""

    world: World
    browser: Browser
    house: House

    def page(self, path: str, expected: int = 200) -> str:
        return self.browser.page(path, expected)

    def upload(self, *lines: str, name: str = "list.csv", payload: bytes = b"") -> TestResponse:
        content = payload or (HEADING + "\n".join(lines)).encode()
        return self.browser.send("/supplier/upload", file=(io.BytesIO(content), name))

    def as_somebody(self, name: str, *roles: Role) -> Browser:
        self.house.person(name, *roles)
        other = Browser(self.browser.app)
        other.sign_in(name)
        return other


@pytest.fixture
def opened(world: World) -> World:
    world.register("Northbank", "Halberd", "Ash Castings", "Birch Tools")
    world.open_book("Northbank", START)
    programme = world.programme("Halberd")
    for name in ("Birch Tools", "Ash Castings"):
        world.enrol(programme, name)
        world.agree(name, TERMS)
    world.limit(LimitKind.ANCHOR, "Halberd", "1,000,000.00")
    return world


@pytest.fixture
def mia(opened: World, tmp_path: Path) -> Supplier:
    house = House(opened.database, opened.organisations["Ash Castings"])
    house.person("Mia", Role.MAKER)
    browser = Browser(site_on(opened.database, tmp_path))
    browser.sign_in("Mia")
    return Supplier(opened, browser, house)


def took(mia: Supplier, *refs: str) -> TestResponse:
    """The form of the first page with some offers ticked."""
    enrolment = text("enr", mia.world.enrolments["Ash Castings"])
    ticked = [f"{text('rcv', mia.world.receivables[ref])}.{enrolment}" for ref in refs]
    return mia.browser.send("/supplier/offers/take", on="/supplier", take=ticked, form_key="once")


def test_the_menu_leads_to_pages_that_open_with_nothing_in_them(mia: Supplier) -> None:
    for entry in MENU:
        shown = mia.page(entry.path)
        menu = mia.page("/more/supplier") if entry.seldom else shown
        assert f'href="{entry.path}"' in menu and "<h1>" in shown
    assert "Nothing can be paid today" in mia.page("/supplier")


def test_offers_are_taken_and_taken_back(mia: Supplier) -> None:
    for n in (1, 2):
        mia.world.confirmed(f"INV-{n}", "Ash Castings", "Halberd", "100,000.00", DUE)
    shown = mia.page("/supplier")
    assert shown.count('name="take"') == 2 and 'data-minor="8910000"' in shown
    assert took(mia, "INV-1").status_code == 303
    shown = mia.page("/supplier")
    assert "You asked for 1 advance." in shown and shown.count('name="take"') == 1
    assert "INV-1" in mia.page("/supplier/requests")
    undone = mia.browser.send("/supplier/offers/undo", on="/supplier", taken_by="once")
    assert undone.status_code == 303
    shown = mia.page("/supplier")
    assert "1 request is taken back." in shown and shown.count('name="take"') == 2


def test_what_is_refused_says_why_and_what_is_ticked_stays(mia: Supplier) -> None:
    mia.world.confirmed("INV-1", "Ash Castings", "Halberd", "1,000.00", DUE)
    nothing = mia.browser.send("/supplier/offers/take", on="/supplier")
    assert nothing.status_code == 422 and "Tick at least one offer." in nothing.text
    mia.world.asks("INV-1", "Ash Castings")
    refused = took(mia, "INV-1")
    assert refused.status_code == 409 and "Already requested" in refused.text
    assert mia.browser.send("/supplier/offers/undo", on="/supplier", taken_by="never").status_code == 404
    foreign = mia.browser.send("/supplier/offers/take", on="/supplier", take=["nonsense"])
    assert foreign.status_code == 422


def test_a_plan_reaches_the_amount_and_a_part_comes_alone(mia: Supplier) -> None:
    for n, face in ((1, "100,000.00"), (2, "1,000.00")):
        mia.world.confirmed(f"INV-{n}", "Ash Castings", "Halberd", face, DUE)
    shown = mia.page("/supplier/plan?amount=800&by=2026-01-09")
    assert "INV-2" in shown and "INV-1" not in shown
    assert "is more than can be paid" in mia.page("/supplier/plan?amount=100000&by=2026-01-09")
    assert "No offer pays by that day" in mia.page("/supplier/plan?amount=800&by=2026-01-01")
    wrong = mia.page("/supplier/plan?amount=many&by=soon", 422)
    assert "Write an amount like 1234.50." in wrong and "give a date like 2026-01-05" in wrong
    part = mia.browser.client.get("/supplier/plan?amount=800", headers={"HX-Target": "plan"}).text
    assert "INV-2" in part and "<html" not in part


def test_a_file_is_looked_at_and_then_submitted(mia: Supplier) -> None:
    kept = mia.upload(line("INV-1"), line("INV-2", amount="x"), line("INV-3", buyer="REG-Nobody"))
    assert kept.status_code == 303
    shown = mia.page(kept.location)
    assert "Submit 1 invoice" in shown and "amount" in shown and "Buyer unknown" in shown
    assert "No invoices yet" in mia.page("/supplier/invoices")
    submitted = mia.browser.send(f"{kept.location}/submit", on=kept.location)
    assert submitted.location == kept.location
    shown = mia.page(kept.location)
    assert "1 invoice is submitted. 2 rows were refused" in shown and "Row by row" in shown
    told = mia.browser.client.get(f"{kept.location}/outcomes.csv").text
    assert len(told.splitlines()) == 4 and "buyer_unknown" in told
    found = re.search(r"/supplier/invoices/(inv_\w+)", shown)
    assert found is not None
    invoice = mia.page(found[0])
    assert "REG-Halberd" in invoice and "Your anchor has it" in invoice
    original = mia.browser.client.get(f"{found[0]}/file")
    assert original.data.decode().startswith(HEADING) and "attachment" in original.headers["Content-Disposition"]
    again = mia.browser.send("/supplier/invoices/withdraw", on=found[0], invoice_id=found[1], words="typed wrongly")
    assert again.status_code == 303 and "You took it back" in mia.page(found[0])
    late = mia.browser.send("/supplier/invoices/withdraw", on="/supplier", invoice_id=found[1])
    assert late.status_code == 409 and "Not submitted" in late.text


def test_what_is_no_file_of_invoices_is_said_beside_the_field(mia: Supplier) -> None:
    assert "Choose a file." in mia.browser.send("/supplier/upload").text
    refused = mia.upload(payload=b"%PDF-1.7 a scan", name="scan.pdf")
    assert refused.status_code == 409 and "The file is a PDF" in refused.text
    assert 'aria-describedby="file-hint file-wrong"' in refused.text
    assert "Latest files" not in mia.page("/supplier/upload")


def test_a_form_without_its_token_is_refused(mia: Supplier) -> None:
    sent = mia.browser.client.post("/supplier/upload", data={"file": (io.BytesIO(b"x"), "x.csv")})
    assert sent.status_code == 403


def test_a_long_file_is_submitted_by_a_job(mia: Supplier, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload_page, "AT_ONCE_ROWS", 2)
    kept = mia.upload(*(line(f"INV-{n}") for n in range(3)))
    assert "submitted while you go on" in mia.page(kept.location)
    mia.browser.send(f"{kept.location}/submit", on=kept.location)
    waiting = mia.page(kept.location)
    assert 'hx-trigger="every 1s"' in waiting and "<progress" in waiting
    work_all(mia.world.database, JOBS)
    part = mia.browser.client.get(kept.location, headers={"HX-Target": "progress"}).text
    assert "hx-trigger" not in part and "<html" not in part and "/outcomes" in part
    assert mia.page("/supplier/invoices").count("/supplier/invoices/inv_") == 3


def test_nobody_sees_what_is_anothers(mia: Supplier, tmp_path: Path) -> None:
    kept = mia.upload(line("INV-1"))
    mia.browser.send(f"{kept.location}/submit", on=kept.location)
    (path,) = set(re.findall(r"/supplier/invoices/inv_\w+", mia.page("/supplier/invoices")))
    mia.world.confirmed("INV-2", "Ash Castings", "Halberd", "1,000.00", DUE)
    request = f"/supplier/requests/{text('req', mia.world.asks('INV-2', 'Ash Castings'))}"
    assert "Take the request back" in mia.page(request)
    rival = House(mia.world.database, mia.world.organisations["Birch Tools"])
    rival.person("Rita", Role.MAKER)
    rita = Browser(mia.browser.app)
    rita.sign_in("Rita")
    for each in (kept.location, path, f"{path}/file", f"{kept.location}/outcomes.csv", request):
        rita.page(each, 404)
    assert "INV-2" not in rita.page("/supplier")


def test_who_may_only_look_has_no_buttons(mia: Supplier) -> None:
    mia.world.confirmed("INV-1", "Ash Castings", "Halberd", "1,000.00", DUE)
    vera = mia.as_somebody("Vera", Role.VIEWER)
    shown = vera.page("/supplier")
    assert "INV-1" in shown and 'name="take"' not in shown
    vera.page("/supplier/upload", 403)


def test_terms_are_refused_and_signed_and_an_instruction_given(mia: Supplier, tmp_path: Path) -> None:
    offer = mia.world.offer_terms("Ash Castings", replace(TERMS, rate_ppm=50_000), mia.world.today)
    mia.house.person("Carl", Role.CHECKER)
    carl = Browser(mia.browser.app)
    carl.sign_in("Carl")
    carl.set_up_totp(mia.house)
    shown = carl.page("/supplier/terms")
    assert "Sign the terms" in shown and "Sign the terms" not in mia.page("/supplier/terms")
    found = re.search(r'name="document_sha256" value="(\w+)"', shown)
    assert found is not None
    given = {"enrolment_terms_id": text("etm", offer), "document_sha256": found[1]}
    differs = carl.send("/supplier/terms/consent", on="/supplier/terms", **{**given, "document_sha256": "0" * 64})
    assert differs.status_code == 409 and "Document differs" in differs.text
    assert carl.send("/supplier/terms/consent", on="/supplier/terms", **given).status_code == 303
    assert "You have signed the terms." in carl.page("/supplier/terms")
    enrolment = text("enr", mia.world.enrolments["Ash Castings"])
    past = carl.send("/supplier/terms/instruct", on="/supplier/terms", enrolment_id=enrolment, from_on="2025-01-01")
    assert past.status_code == 409 and "In the past" in past.text
    steps: tuple[tuple[str, dict[str, str], str], ...] = (
        ("instruct", {"from_on": "2026-01-05"}, "is offered to the funder by itself"),
        ("stop", {}, "None: you take"),
    )
    for name, more, said in steps:
        sent = carl.send(f"/supplier/terms/{name}", on="/supplier/terms", enrolment_id=enrolment, **more)
        assert sent.status_code == 303 and said in carl.page("/supplier/terms")


def test_who_has_shown_no_second_factor_lately_is_asked_for_it_before_signing(mia: Supplier) -> None:
    offer = mia.world.offer_terms("Ash Castings", replace(TERMS, rate_ppm=50_000), mia.world.today)
    mia.house.person("Carl", Role.CHECKER)
    carl = Browser(mia.browser.app)
    carl.sign_in("Carl")
    carl.set_up_totp(mia.house)
    found = re.search(r'name="document_sha256" value="(\w+)"', carl.page("/supplier/terms"))
    assert found is not None
    mia.house.later(minutes=11)
    given = {"enrolment_terms_id": text("etm", offer), "document_sha256": found[1], "page": "/supplier/terms"}
    sent = carl.send("/supplier/terms/consent", on="/supplier/terms", **given)
    assert sent.location == "/sign-in/factor?next=/supplier/terms"


def test_the_forecast_shows_what_is_expected(mia: Supplier) -> None:
    mia.world.confirmed("INV-1", "Ash Castings", "Halberd", "100,000.00", DUE)
    shown = mia.page("/supplier/forecast")
    assert "Due from anchors" in shown and "100,000.00" in shown and 'data-chart="stacked"' in shown


def test_pages_take_as_many_statements_for_many_rows(mia: Supplier) -> None:
    paths = ("/supplier", "/supplier/plan?amount=100", "/supplier/forecast", "/supplier/invoices", "/supplier/terms")
    counts = []
    for n in (1, 8):
        for each in range(n):
            mia.world.confirmed(f"INV-{n}-{each}", "Ash Castings", "Halberd", "1,000.00", DUE)
        with counted(mia.world.database.engine) as seen:
            for path in paths:
                mia.page(path)
        counts.append(len(seen))
    assert counts[0] == counts[1]
