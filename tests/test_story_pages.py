"""The platform's main job, by four parties' people, through the screens of the demonstration alone.

A supplier uploads, its anchor's maker and checker confirm, the supplier takes an offer, two bankers approve, the days
move, the anchor's money arrives, the advance is settled, and the bank opens its report. With SCF_SCREENSHOTS set to a
folder, what each saw is kept there.
"""

import os
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from chromium import chromium, examine
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pypdf import PdfReader
from werkzeug.serving import make_server

from scf import calendars
from scf.app import create_app
from scf.db.engine import open_engine
from scf.migrate import upgrade
from scf.running import Running
from scf.sandbox import seed
from scf.settings import read_settings
from wsgi import EVERY_MODULE

HEADING = "invoice number,buyer id,issue date,due date,currency,amount\n"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def url(browser: Browser, tmp_path: Path) -> Iterator[str]:
    """The demonstration, served; the browser is asked for first, so that nothing is served for nobody."""
    database_url = f"sqlite:///{tmp_path / 'scf.db'}"
    upgrade(open_engine(database_url))
    given = {"SCF_DATABASE_URL": database_url, "SCF_VAR": str(tmp_path), "SCF_SANDBOX": "1", "SCF_LOG": "off"}
    running = Running(
        read_settings({**given, "SCF_SECRET_KEY": "a-key-of-this-test-alone-and-no-other"}), EVERY_MODULE
    )
    seed.seed(running.database, running.granted, tmp_path)
    server = make_server("127.0.0.1", 0, create_app(running), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
    running.database.engine.dispose()


class Play:
    """One browser in which people take turns, each by one click; what is wrong with a page is noted."""

    def __init__(self, context: BrowserContext) -> None:
        self.page: Page = context.new_page()
        self.wrong: list[str] = []
        self._shots = 0
        self.page.on("pageerror", lambda error: self.wrong.append(f"{self.page.url}: {error}"))
        self.page.on("console", lambda told: self.wrong.append(told.text) if told.type == "error" else None)

    def enters(self, name: str) -> Page:
        self.page.goto("/demo")
        self.page.get_by_role("button", name=f"Sign in as {name}").click()
        return self.page

    def says(self, words: str) -> None:
        expect(self.page.get_by_role("status").first).to_contain_text(words)
        self.look()

    def look(self) -> None:
        """Examine the page, and keep how it looks."""
        self.wrong += examine(self.page)
        folder = os.environ.get("SCF_SCREENSHOTS")
        if folder:
            self._shots += 1
            self.page.screenshot(path=Path(folder) / f"story-{self._shots:02}.png", full_page=True)

    def to(self, on: date) -> None:
        """Whoever is signed in moves the clock to the morning of a day."""
        self.page.goto("/demo/clock")
        self.page.get_by_label("To the morning of").fill(on.isoformat())
        self.page.get_by_role("button", name="Move the clock").click()
        self.says("business day")


@pytest.mark.parametrize("language", ["en-GB", "zh-CN"])
def test_the_frame_speaks_the_readers_language(browser: Browser, url: str, language: str) -> None:
    context = browser.new_context(base_url=url, locale=language)
    page = context.new_page()
    page.goto("/demo")
    page.locator("form button").first.click()
    expect(page.locator("html")).to_have_attribute("lang", language[:2])
    expect(page.get_by_role("searchbox")).to_have_attribute("placeholder", "搜索" if language == "zh-CN" else "Search")
    assert examine(page) == []
    context.close()


def test_an_invoice_becomes_money_and_is_settled(browser: Browser, url: str, tmp_path: Path) -> None:
    context = browser.new_context(base_url=url, locale="en-GB", accept_downloads=True)
    context.set_default_timeout(20_000)
    play = Play(context)
    today = calendars.next_open("TARGET", datetime.now(UTC).date() - timedelta(days=1))
    due_on = calendars.next_open("TARGET", today + timedelta(days=40))
    page = play.enters("Sam Alder")
    page.goto("/supplier/upload")
    row = f"STORY-1,SANDBOX-3,{today - timedelta(days=2)},{due_on},EUR,20000.00\n"
    given = {"name": "invoices.csv", "mimeType": "text/csv", "buffer": (HEADING + row).encode()}
    page.get_by_label("File of invoices").set_input_files(given)  # type: ignore[arg-type]
    page.get_by_role("button", name="Read the file").click()
    page.get_by_role("button", name="Submit 1 invoice").click()
    play.says("1 invoice is submitted")

    page = play.enters("Mina Moor")
    page.goto("/anchor/confirm")
    play.look()
    page.get_by_label("Tick: STORY-1").check()
    page.get_by_role("button", name="Propose to confirm").click()
    play.says("1 confirmation is proposed")
    page = play.enters("Carl Gate")
    page.goto("/anchor/proposals")
    play.look()
    page.get_by_label("Tick: STORY-1").check()
    page.get_by_role("button", name="Confirm", exact=True).click()
    play.says("1 invoice is confirmed")

    page = play.enters("Sam Alder")
    page.goto("/supplier")
    page.get_by_label("Take: STORY-1").check()
    play.look()
    page.get_by_role("button", name="Take the offers").click()
    play.says("You asked for 1 advance")

    page = play.enters("Olga Larch")
    page.get_by_role("link", name="Cases", exact=True).click()
    page.get_by_role("link", name="STORY-1").click()
    play.look()
    page.get_by_role("button", name="Propose to approve").click()
    play.says("waits for a second person")
    page = play.enters("Ben Field")
    page.get_by_role("link", name="Approvals", exact=True).click()
    play.look()
    page.get_by_role("link", name="STORY-1").click()
    page.get_by_role("button", name="Approve", exact=True).click()
    play.says("1 proposal is accepted")

    play.to(calendars.next_open("TARGET", today))
    page = play.enters("Sam Alder")
    page.goto("/supplier/advances")
    expect(page.get_by_role("row", name="STORY-1")).to_contain_text("Funded")
    play.look()
    play.to(calendars.next_open("TARGET", calendars.next_open("TARGET", due_on)))

    page = play.enters("Olga Larch")
    page.get_by_role("link", name="Advances", exact=True).click()
    expect(page.get_by_role("row", name="STORY-1")).to_contain_text("Settled")
    page.get_by_role("link", name="STORY-1").click()
    expect(page.get_by_text("Settled").first).to_be_visible()
    play.look()
    page.get_by_role("link", name="Reports", exact=True).click()
    play.look()
    with page.expect_download() as download:
        page.get_by_role("region", name="Trial balance").get_by_role("link", name="PDF").click()
    kept = tmp_path / "trial-balance.pdf"
    download.value.save_as(kept)
    assert "Trial balance" in PdfReader(kept).pages[0].extract_text()
    assert not play.wrong, "\n".join(play.wrong)
    context.close()
