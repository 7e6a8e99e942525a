"""The supplier's desk in a real Chromium: a file with a wrong row, an offer taken by ticking, a plan by the slider.

With SCF_SCREENSHOTS set to a folder, every page is kept there as it looks: light, dark, and on a telephone.
"""

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from bank_site import START, TERMS
from browsing import Browser as ApiBrowser
from chromium import Served, chromium, examine, served
from conftest import opened
from desks import HEADING, line
from playwright.sync_api import Browser, BrowserContext, Page, expect
from signing_in import PASSWORD, House, email_of
from world import World

from invoices.pages import upload
from scf.clock import SetClock
from scf.db.engine import Database
from scf.limits.positions import LimitKind
from scf.programmes.terms import EligibilityRule, Severity
from scf.roles import Role
from scf.scheduling.worker import work_all
from wsgi import MODULES

DUE = date(2026, 3, 6)
WRONG_ROW = line("INV-8", buyer="REG-Nobody")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(params=["sqlite"])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """One kind is enough here: what the pages call is tested on both."""
    with opened(request) as database:
        yield database


@pytest.fixture
def site(browser: Browser, database: Database, tmp_path: Path) -> Iterator[Served]:
    """Asks for the browser first, so that nothing is served for nobody."""
    with served(database, tmp_path) as site:
        yield site


@pytest.fixture
def world(database: Database, tmp_path: Path) -> World:
    """Ash Castings with one advance paid out, one asked for, one approved, three offers, one that is due too soon."""
    assert isinstance(database.clock, SetClock)
    world = World(database, database.clock, tmp_path)
    world.register("Northbank", "Halberd", "Ash Castings")
    world.open_book("Northbank", START)
    world.enrol(world.programme("Halberd"), "Ash Castings")
    rule = EligibilityRule("tenor_min_days", Severity.REFUSE, "10")
    world.agree("Ash Castings", replace(TERMS, fee_rate_ppm=2_000, rules=(rule,)))
    world.limit(LimitKind.ANCHOR, "Halberd", "1,000,000.00")
    world.confirmed("INV-2026-0001", "Ash Castings", "Halberd", "50,000.00", DUE)
    world.approved_by_two(world.asks("INV-2026-0001", "Ash Castings"))
    world.end_the_day()
    faces = ("12,500.00", "118,400.00", "4,210.50", "7,999.99", "960.00")
    for n, face in enumerate(faces, 2):
        world.confirmed(f"INV-2026-000{n}", "Ash Castings", "Halberd", face, DUE + timedelta(days=7 * n))
    world.confirmed("INV-2026-0007", "Ash Castings", "Halberd", "300.00", date(2026, 1, 12))
    world.asks("INV-2026-0002", "Ash Castings")
    world.approved_by_two(world.asks("INV-2026-0003", "Ash Castings"))
    return world


@pytest.fixture
def context(browser: Browser, site: Served) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=site.url, viewport={"width": 1200, "height": 800}, locale="en-GB")
    context.set_default_timeout(15_000)
    yield context
    context.close()


@pytest.fixture
def mia(context: BrowserContext, world: World) -> Page:
    """A maker of Ash Castings, signed in."""
    House(world.database, world.organisations["Ash Castings"]).person("Mia", Role.MAKER, Role.VIEWER)
    page = context.new_page()
    sign_in(page, "Mia")
    return page


def sign_in(page: Page, name: str) -> None:
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill(email_of(name))
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: not url.endswith("/sign-in"))


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", name=words, level=1)).to_be_visible()


def looked_at(page: Page, name: str) -> list[str]:
    """What is wrong with a page as it stands; keeps pictures of it when they are wanted."""
    folder = os.environ.get("SCF_SCREENSHOTS", "")
    if folder:
        for scheme, width in (("light", 1200), ("dark", 1200), ("light", 360)):
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            page.set_viewport_size({"width": width, "height": 800})
            page.wait_for_timeout(300)
            page.screenshot(path=f"{folder}/supplier-{name}-{scheme}-{width}.png", full_page=True)
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": 1200, "height": 800})
    return examine(page)


def test_a_file_with_a_wrong_row_is_looked_at_and_submitted(mia: Page) -> None:
    mia.goto("/supplier/upload")
    wrong = looked_at(mia, "upload")
    mia.get_by_role("button", name="Read the file").click()
    expect(mia.get_by_text("Choose a file.")).to_be_visible()
    wrong += looked_at(mia, "upload-refused")
    content = (HEADING + "\n".join((line("INV-7"), WRONG_ROW, line("INV-9", amount="x")))).encode()
    mia.get_by_label("File of invoices").set_input_files(
        {"name": "march.csv", "mimeType": "text/csv", "buffer": content}
    )
    mia.get_by_role("button", name="Read the file").click()
    heading(mia, "Look through march.csv")
    expect(mia.get_by_role("group", name="What is wrong").get_by_role("row")).to_have_count(3)
    wrong += looked_at(mia, "upload-preview")
    mia.get_by_role("button", name="Submit 1 invoice").click()
    heading(mia, "What became of march.csv")
    expect(mia.get_by_role("status").first).to_contain_text("1 invoice is submitted. 2 rows were refused")
    wrong += looked_at(mia, "upload-outcomes")
    with mia.expect_download() as told:
        mia.get_by_role("link", name="Outcomes as CSV").click()
    assert len(told.value.path().read_text().splitlines()) == 4
    mia.get_by_role("link", name="INV-7").click()
    heading(mia, "Invoice INV-7")
    wrong += looked_at(mia, "invoice")
    mia.get_by_role("button", name="Withdraw the invoice").click()
    expect(mia.get_by_role("status").first).to_contain_text("The invoice is withdrawn.")
    assert wrong == []


def test_an_offer_is_taken_by_ticking_and_taken_back(mia: Page) -> None:
    mia.goto("/supplier")
    heading(mia, "What can I be paid today")
    wrong = looked_at(mia, "home")
    button = mia.get_by_role("button", name="Take the offers")
    mia.get_by_label("Take: INV-2026-0005").check()
    expect(mia.locator("output[data-total]")).to_have_text("EUR 7,071.19")
    mia.keyboard.press("k")
    mia.keyboard.press("x")
    expect(mia.locator("output[data-ticked]")).to_have_text("2")
    wrong += looked_at(mia, "home-ticked")
    button.click()
    expect(mia.get_by_role("status").first).to_contain_text("You asked for 2 advances.")
    expect(mia.locator("input[name=take]")).to_have_count(1)
    wrong += looked_at(mia, "home-taken")
    mia.get_by_role("button", name="Take it back").click()
    expect(mia.get_by_role("status").first).to_contain_text("2 requests are taken back.")
    expect(mia.locator("input[name=take]")).to_have_count(3)
    assert wrong == []


def test_a_request_is_looked_at_and_taken_back(mia: Page) -> None:
    mia.goto("/supplier")
    mia.get_by_text("1 receivable without an offer").click()
    expect(mia.get_by_text("at least 10 days")).to_be_visible()
    wrong = looked_at(mia, "home-held")
    mia.goto("/supplier/requests")
    mia.get_by_role("link", name="INV-2026-0002").click()
    heading(mia, "Request on INV-2026-0002")
    wrong += looked_at(mia, "request")
    mia.get_by_role("button", name="Take the request back").click()
    expect(mia.get_by_role("status").first).to_contain_text("1 request is taken back.")
    mia.goto("/supplier/invoices")
    mia.get_by_role("link", name="INV-2026-0001").click()
    wrong += looked_at(mia, "invoice-funded")
    assert wrong == []


def test_the_plan_moves_with_the_slider(mia: Page) -> None:
    mia.goto("/supplier/plan")
    heading(mia, "How much, by when")
    wrong = looked_at(mia, "plan")
    mia.get_by_label("Amount").fill("5000")
    expect(mia.locator("#plan input[name=take]")).to_have_count(1)
    slider = mia.locator("#slider")
    slider.focus()
    slider.press("End")
    expect(mia.locator("#plan input[name=take]")).to_have_count(3)
    wrong += looked_at(mia, "plan-made")
    mia.get_by_label("Amount").fill("900000")
    expect(mia.get_by_text("is more than can be paid by")).to_be_visible()
    wrong += looked_at(mia, "plan-short")
    mia.get_by_role("button", name="Take the offers").click()
    heading(mia, "How much, by when")
    expect(mia.get_by_role("status").first).to_contain_text("You asked for 3 advances.")
    assert wrong == []


def test_it_works_without_scripts(browser: Browser, site: Served, world: World) -> None:
    House(world.database, world.organisations["Ash Castings"]).person("Mia", Role.MAKER)
    context = browser.new_context(base_url=site.url, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, "Mia")
    page.goto("/supplier/plan")
    page.get_by_label("Amount").fill("5000")
    page.get_by_role("button", name="Show what to sell").click()
    expect(page.locator("#plan input[name=take]")).to_have_count(1)
    page.get_by_role("button", name="Take the offers").click()
    expect(page.get_by_role("status").first).to_contain_text("You asked for 1 advance.")
    page.goto("/supplier/upload")
    content = (HEADING + line("INV-7")).encode()
    page.get_by_label("File of invoices").set_input_files({"name": "m.csv", "mimeType": "text/csv", "buffer": content})
    page.get_by_role("button", name="Read the file").click()
    page.get_by_role("button", name="Submit 1 invoice").click()
    expect(page.get_by_role("status").first).to_contain_text("1 invoice is submitted.")
    context.close()


def test_a_long_file_shows_how_far_it_is(mia: Page, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload, "AT_ONCE_ROWS", 2)
    content = (HEADING + "\n".join(line(f"LONG-{n}") for n in range(5))).encode()
    mia.goto("/supplier/upload")
    mia.get_by_label("File of invoices").set_input_files(
        {"name": "long.csv", "mimeType": "text/csv", "buffer": content}
    )
    mia.get_by_role("button", name="Read the file").click()
    mia.get_by_role("button", name="Submit 5 invoices").click()
    heading(mia, "Submitting long.csv")
    expect(mia.get_by_label("0 of 5 rows")).to_be_visible()
    wrong = looked_at(mia, "upload-waiting")
    work_all(world.database, {kind: job for module in MODULES for kind, job in module.jobs.items()})
    expect(mia.get_by_role("link", name="Outcomes as CSV")).to_be_visible()
    wrong += looked_at(mia, "upload-done")
    assert wrong == []


def test_terms_are_signed_with_a_second_factor(context: BrowserContext, site: Served, world: World) -> None:
    world.offer_terms("Ash Castings", replace(TERMS, rate_ppm=50_000))
    house = House(world.database, world.organisations["Ash Castings"])
    house.person("Carl", Role.CHECKER)
    telephone = ApiBrowser(site.app)
    telephone.sign_in("Carl")
    _session, secret = telephone.set_up_totp(house)
    house.later(minutes=1)
    page = context.new_page()
    sign_in(page, "Carl")
    page.goto("/supplier/terms")
    page.get_by_label("Code").fill(house.code(secret))
    page.get_by_role("button", name="Go on").click()
    heading(page, "Programmes and terms")
    wrong = looked_at(page, "terms-offered")
    page.get_by_role("button", name="Sign the terms").click()
    expect(page.get_by_role("status").first).to_contain_text("You have signed the terms.")
    page.get_by_role("button", name="Sign the instruction").click()
    expect(page.get_by_text("is offered to the funder by itself")).to_be_visible()
    wrong += looked_at(page, "terms-instructed")
    assert wrong == []
