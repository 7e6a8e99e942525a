"""The anchor's desk in a real Chromium: confirmed by keyboard alone, checked by another, disputed and answered.

With SCF_SCREENSHOTS set to a folder, every page is kept there as it looks: light, dark, and on a telephone.
"""

import os
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from bank_site import START, TERMS
from browsing import Browser as ApiBrowser
from chromium import Served, chromium, examine, served
from conftest import opened
from playwright.sync_api import Browser, BrowserContext, Page, expect
from signing_in import PASSWORD, House, email_of
from world import World

from scf.clock import SetClock
from scf.db.engine import Database
from scf.roles import Role

DUE = date(2026, 3, 6)
NUMBERS = ("INV-2026-0001", "INV-2026-0002", "INV-2026-0003", "INV-2026-0004")


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
    """Halberd with two suppliers: three payments ahead, four invoices that wait, one of them due today."""
    assert isinstance(database.clock, SetClock)
    world = World(database, database.clock, tmp_path)
    world.register("Northbank", "Halberd", "Ash Castings", "Birch Tools", "Cedar Works")
    world.open_book("Northbank", START)
    programme = world.programme("Halberd")
    for name in ("Cedar Works", "Birch Tools", "Ash Castings"):
        world.enrol(programme, name)
    world.agree("Ash Castings", TERMS)
    world.agree("Birch Tools", TERMS)
    for n, (face, days) in enumerate((("50,000.00", 4), ("118,400.00", 18), ("4,210.50", 33))):
        world.confirmed(f"INV-2025-000{n}", "Ash Castings", "Halberd", face, START + timedelta(days=days))
    for number, face, days in zip(NUMBERS, ("12,500.00", "960.00", "7,999.99", "300.00"), (0, 7, 14, 21), strict=True):
        world.sent(number, "Ash Castings", "Halberd", face, DUE + timedelta(days=days))
    world.sent("B-17", "Birch Tools", "Halberd", "99.00", world.today)
    return world


@pytest.fixture
def context(browser: Browser, site: Served) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=site.url, viewport={"width": 1200, "height": 800}, locale="en-GB")
    context.set_default_timeout(15_000)
    yield context
    context.close()


@pytest.fixture
def halberd(world: World) -> House:
    house = House(world.database, world.organisations["Halberd"])
    house.person("Mona", Role.MAKER, Role.VIEWER)
    house.person("Carl", Role.CHECKER)
    return house


@pytest.fixture
def mona(context: BrowserContext, halberd: House) -> Page:
    """A maker of Halberd, signed in."""
    page = context.new_page()
    sign_in(page, "Mona")
    return page


def sign_in(page: Page, name: str) -> None:
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill(email_of(name))
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: not url.endswith("/sign-in"))


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", name=words, level=1)).to_be_visible()


def said(page: Page, words: str) -> None:
    expect(page.get_by_role("status").first).to_contain_text(words)


def looked_at(page: Page, name: str) -> list[str]:
    """What is wrong with a page as it stands; keeps pictures of it when they are wanted."""
    folder = os.environ.get("SCF_SCREENSHOTS", "")
    if folder:
        for scheme, width in (("light", 1200), ("dark", 1200), ("light", 360)):
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            page.set_viewport_size({"width": width, "height": 800})
            page.wait_for_timeout(300)
            page.screenshot(path=f"{folder}/anchor-{name}-{scheme}-{width}.png", full_page=True)
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": 1200, "height": 800})
    return examine(page)


def presses(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_two_people_confirm_by_keyboard_alone(
    browser: Browser, mona: Page, site: Served, halberd: House, world: World
) -> None:
    mona.goto("/anchor/confirm")
    heading(mona, "To confirm")
    wrong = looked_at(mona, "confirm")
    # the first is due today, and left alone
    presses(mona, "j", "j", "x", "j", "x")
    expect(mona.locator("output[data-ticked]")).to_have_text("2")
    expect(mona.locator("output[data-total]")).to_have_text("EUR 13,460.00")
    # a part of the second: past the link of its row to its field
    presses(mona, "Tab", "Tab")
    mona.keyboard.type("900.00")
    expect(mona.locator("output[data-total]")).to_have_text("EUR 13,400.00")
    wrong += looked_at(mona, "confirm-ticked")
    presses(mona, "Shift+Tab", "c")
    said(mona, "2 confirmations are proposed")
    expect(mona.locator("input[name=take]")).to_have_count(3)
    wrong += looked_at(mona, "confirm-proposed")
    mona.goto("/anchor/proposals")
    expect(mona.get_by_text("Nobody checks their own")).to_be_visible()
    wrong += looked_at(mona, "proposals-own")
    telephone = ApiBrowser(site.app)
    telephone.sign_in("Carl")
    _session, secret = telephone.set_up_totp(halberd)
    halberd.later(minutes=1)
    carls = browser.new_context(base_url=site.url, viewport={"width": 1200, "height": 800}, locale="en-GB")
    carl = carls.new_page()
    sign_in(carl, "Carl")
    carl.goto("/anchor/proposals")
    carl.get_by_label("Code").fill(halberd.code(secret))
    carl.get_by_role("button", name="Go on").click()
    heading(carl, "Confirmations to check")
    presses(carl, "j", "x", "j", "x")
    expect(carl.locator("output[data-total]")).to_have_text("EUR 13,400.00")
    wrong += looked_at(carl, "proposals-check")
    # the factor is no longer fresh: it is asked for, and what was ticked comes back
    halberd.later(minutes=11)
    presses(carl, "a")
    carl.get_by_label("Code").fill(halberd.code(secret))
    carl.get_by_role("button", name="Go on").click()
    expect(carl.locator("output[data-ticked]")).to_have_text("2")
    presses(carl, "Enter")
    said(carl, "2 invoices are confirmed")
    wrong += looked_at(carl, "proposals-done")
    carls.close()
    assert wrong == []


def test_what_was_proposed_is_taken_back_and_all_that_fits_is_proposed(mona: Page) -> None:
    mona.goto("/anchor/confirm")
    mona.get_by_label("Number begins").fill("INV-2026")
    mona.get_by_role("button", name="Filter", exact=True).click()
    mona.get_by_label("Instead of what is ticked: all 4 invoices that fit").check()
    mona.get_by_role("button", name="Propose to confirm").click()
    said(mona, "4 confirmations are proposed")
    wrong = looked_at(mona, "confirm-none-fits")
    mona.get_by_role("button", name="Take it back").click()
    said(mona, "4 proposals are taken back")
    mona.get_by_label("Tick: B-17").check()
    mona.get_by_role("button", name="Propose to confirm").click()
    expect(mona.get_by_text("Give a day ahead on which you will pay.")).to_be_visible()
    expect(mona.get_by_label("Tick: B-17")).to_be_checked()
    wrong += looked_at(mona, "confirm-refused")
    mona.keyboard.press("r")
    mona.locator("summary[data-key=r]").focus()
    mona.get_by_label("Reason").select_option("already_paid")
    wrong += looked_at(mona, "confirm-reject")
    mona.get_by_role("button", name="Reject", exact=True).click()
    said(mona, "1 invoice is rejected")
    assert wrong == []


def test_a_dispute_is_opened_answered_and_settled(browser: Browser, mona: Page, site: Served, world: World) -> None:
    mona.goto("/anchor/confirm")
    mona.get_by_role("link", name=NUMBERS[1]).click()
    heading(mona, f"Invoice {NUMBERS[1]}")
    wrong = looked_at(mona, "invoice")
    mona.get_by_label("Reason").select_option("quality")
    mona.get_by_label("In words").fill("Half of it is rusty.")
    mona.get_by_role("button", name="Dispute").click()
    said(mona, "1 invoice is disputed")
    wrong += looked_at(mona, "invoice-disputed")
    House(world.database, world.organisations["Ash Castings"]).person("Sue", Role.MAKER)
    theirs = browser.new_context(base_url=site.url, viewport={"width": 1200, "height": 800}, locale="en-GB")
    sue = theirs.new_page()
    sign_in(sue, "Sue")
    sue.goto("/supplier/disputes")
    wrong += looked_at(sue, "supplier-disputes")
    sue.get_by_role("link", name=NUMBERS[1]).click()
    sue.get_by_label("Your answer").fill("It is primer, as ordered.")
    sue.get_by_role("button", name="Send the answer").click()
    said(sue, "Your answer is sent")
    wrong += looked_at(sue, "supplier-thread")
    theirs.close()
    mona.reload()
    expect(mona.get_by_text("It is primer, as ordered.")).to_be_visible()
    mona.get_by_role("button", name="Settle the dispute").click()
    said(mona, "The dispute is settled")
    wrong += looked_at(mona, "invoice-settled")
    assert wrong == []


def test_a_list_is_compared_and_what_is_equal_is_proposed(mona: Page) -> None:
    mona.goto("/anchor/file")
    wrong = looked_at(mona, "file")
    rows = [f"Ash Castings,{NUMBERS[0]},12500.00,EUR,2026-03-06", f"Ash Castings,{NUMBERS[1]},1.00,EUR,2026-03-13"]
    rows += ["Ash Castings,GONE-1,5.00,EUR,2026-03-06", "Ash Castings,INV-2025-0000,50000.00,EUR,2026-01-09", "x,y,z,,"]
    content = "\n".join(["supplier,invoice number,amount,currency,due date", *rows]).encode()
    mona.locator("input[type=file]").set_input_files({"name": "ours.csv", "mimeType": "text/csv", "buffer": content})
    mona.get_by_role("button", name="Compare").click()
    heading(mona, "ours.csv compared")
    wrong += looked_at(mona, "compared")
    mona.get_by_role("button", name="Propose to confirm").click()
    said(mona, "1 confirmation is proposed")
    assert wrong == []


def test_the_calendar_shows_the_days_on_which_something_is_due(mona: Page) -> None:
    mona.goto("/anchor")
    expect(mona.locator("table.calendar td.due")).to_have_count(2)
    assert looked_at(mona, "home") == []


def test_what_was_typed_is_kept_when_the_session_had_ended(mona: Page) -> None:
    mona.goto("/anchor/confirm")
    mona.get_by_label(f"Tick: {NUMBERS[1]}").check()
    mona.get_by_text("Reject or dispute what is ticked").click()
    mona.get_by_label("Reason").select_option("quality")
    mona.get_by_label("In words").fill("Half of it is rusty.")
    mona.context.clear_cookies()
    mona.get_by_role("button", name="Dispute", exact=True).click()
    mona.get_by_label("E-mail address").fill(email_of("Mona"))
    mona.get_by_label("Password").fill(PASSWORD)
    mona.get_by_role("button", name="Sign in", exact=True).click()
    expect(mona.get_by_text("What you had typed is here again")).to_be_visible()
    expect(mona.get_by_label(f"Tick: {NUMBERS[1]}")).to_be_checked()
    expect(mona.get_by_label("In words")).to_have_value("Half of it is rusty.")
    wrong = looked_at(mona, "confirm-kept")
    mona.get_by_role("button", name="Dispute", exact=True).click()
    said(mona, "1 invoice is disputed")
    assert wrong == []
