"""The platform's main job, by four parties' people, through the screens of the demonstration alone.

A supplier uploads, its anchor's maker and checker confirm, the supplier takes an offer, two bankers approve, the days
move, the anchor's money arrives, the advance is settled, and the bank opens its report.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from chromium import chromium, examine
from demonstration import Play, demonstration, playing
from playwright.sync_api import Browser, expect
from pypdf import PdfReader

from scf import calendars
from scf.running import Running
from scf.sandbox import seed

HEADING = "invoice number,buyer id,issue date,due date,currency,amount\n"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def url(browser: Browser, tmp_path: Path) -> Iterator[str]:
    """The demonstration, served; the browser is asked for first, so that nothing is served for nobody."""

    def fill(running: Running) -> None:
        seed.seed(running.database, running.granted, tmp_path)

    with demonstration(tmp_path, fill) as url:
        yield url


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
    with playing(browser, url, "story") as play:
        the_story(play, tmp_path)


def the_story(play: Play, folder: Path) -> None:
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
    kept = folder / "trial-balance.pdf"
    download.value.save_as(kept)
    assert "Trial balance" in PdfReader(kept).pages[0].extract_text()
