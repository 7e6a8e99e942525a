"""What everybody has at every desk, in a real Chromium: language and look, search, filters, files, notifications."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from chromium import chromium
from demonstration import Play, demonstration, playing
from playwright.sync_api import Browser, expect
from python_calamine import CalamineWorkbook

from reports.demo.stock import furnish


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def url(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Asks for the browser first, so that nothing is served for nobody."""
    with demonstration(tmp_path_factory.mktemp("everyone"), furnish) as url:
        yield url


@pytest.fixture
def play(browser: Browser, url: str, request: pytest.FixtureRequest) -> Iterator[Play]:
    with playing(browser, url, request.node.name.replace("test_", "everyone-")) as play:
        yield play


def test_somebody_chooses_language_numbers_and_look(play: Play) -> None:
    page = play.enters("Bea Birch")
    page.goto("/account/preferences")
    page.get_by_label("Language").select_option("zh")
    page.get_by_label("Dates and numbers").select_option("de_DE")
    page.get_by_label("Light or dark").select_option("dark")
    page.get_by_role("button", name="Keep").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.goto("/supplier/advances")
    expect(page.get_by_role("heading", level=1)).to_have_text("融资")
    expect(page.get_by_role("row", name="BP-7001")).to_contain_text("38.000,00")
    play.look()
    page.goto("/account/preferences")
    for field, value in (("language", "en"), ("formats", "en_US"), ("theme", "light")):
        page.locator(f"select[name={field}]").select_option(value)
    page.locator("main form button").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.goto("/supplier/advances")
    expect(page.get_by_role("row", name="BP-7001")).to_contain_text("38,000.00")


def test_a_number_typed_anywhere_finds_its_thing(play: Play) -> None:
    page = play.enters("Olga Larch")
    play.presses("/")
    page.keyboard.type("BP-7001")
    play.presses("Enter")
    expect(page.get_by_role("heading", name="Search", level=1)).to_be_visible()
    play.look()
    page.get_by_role("region", name="Advance", exact=True).get_by_role("link", name="BP-7001").click()
    expect(page.get_by_role("heading", name="Advance BP-7001", level=1)).to_be_visible()
    page.locator("details.journals summary").first.click()
    play.look()
    page.goto("/search?q=nothing-is-called-so")
    expect(page.get_by_text("Nothing that you may see begins so.")).to_be_visible()


def test_a_filter_is_kept_used_and_forgotten(play: Play) -> None:
    page = play.enters("Olga Larch")
    page.get_by_role("link", name="Advances", exact=True).click()
    page.get_by_label("Status").select_option("settled")
    page.get_by_role("button", name="Filter", exact=True).click()
    expect(page.locator("table.rows tbody tr").filter(has_text="Funded")).to_have_count(0)
    page.get_by_text("Saved filters").click()
    page.get_by_label("Name of these filters").fill("What came in")
    page.get_by_role("button", name="Save these filters").click()
    page.goto("/filters")
    play.look()
    page.get_by_role("link", name="What came in").click()
    expect(page.get_by_label("Status")).to_have_value("settled")
    page.goto("/filters")
    page.get_by_role("button", name="Forget: What came in").click()
    expect(page.get_by_text("You keep no filters yet.")).to_be_visible()


def test_a_table_is_taken_along_as_it_is_filtered(play: Play, tmp_path: Path) -> None:
    page = play.enters("Sam Alder")
    page.goto("/supplier/advances?status=settled")
    shown = page.locator("table.rows tbody tr td:first-child").all_inner_texts()
    assert shown
    kept = {}
    for kind in ("CSV", "XLSX"):
        with page.expect_download() as download:
            page.get_by_role("link", name=kind, exact=True).click()
        kept[kind] = tmp_path / f"advances.{kind.lower()}"
        download.value.save_as(kept[kind])
    with kept["CSV"].open(encoding="utf-8-sig", newline="") as file:
        in_csv = [row[0] for row in csv.reader(file)]
    in_xlsx = [row[0] for row in CalamineWorkbook.from_path(kept["XLSX"]).get_sheet_by_index(0).to_python()]
    assert [each for each in in_csv if each in shown] == shown
    assert [each for each in in_xlsx if each in shown] == shown
    page.emulate_media(media="print")
    expect(page.get_by_role("searchbox")).to_be_hidden()
    expect(page.get_by_role("row", name=shown[0])).to_be_visible()
    page.emulate_media(media="screen")


def test_what_one_was_told_is_seen_and_no_longer_new(play: Play) -> None:
    page = play.enters("Hugo Haven")
    link = page.get_by_role("link", name="Notifications")
    expect(link.locator(".badge")).to_be_visible()
    link.click()
    play.look()
    page.get_by_role("button", name="Mark all as seen").click()
    play.says("All is marked as seen")
    expect(page.get_by_role("link", name="Notifications").locator(".badge")).to_have_count(0)
