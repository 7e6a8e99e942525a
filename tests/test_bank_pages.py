"""The bank's desk in a real Chromium, in the demonstration: approved by keyboard, a limit changed, money identified."""

from collections.abc import Iterator

import pytest
from chromium import chromium
from demonstration import Play, demonstration, playing
from playwright.sync_api import Browser, expect

from reports.demo.stock import furnish


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def url(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Asks for the browser first, so that nothing is served for nobody."""
    with demonstration(tmp_path_factory.mktemp("bank"), furnish) as url:
        yield url


@pytest.fixture
def play(browser: Browser, url: str, request: pytest.FixtureRequest) -> Iterator[Play]:
    with playing(browser, url, request.node.name.replace("test_", "bank-")) as play:
        yield play


def test_two_people_approve_by_keyboard_alone(play: Play) -> None:
    page = play.enters("Olga Larch")
    page.get_by_role("link", name="Cases", exact=True).click()
    expect(page.get_by_role("heading", name="Cases", level=1)).to_be_visible()
    # the first is proposed already
    play.presses("j", "j", "x", "j", "x")
    expect(page.locator("output[data-ticked]")).to_have_text("2")
    play.look()
    play.presses("p")
    play.says("2 approvals wait for a second person")
    page = play.enters("Ben Field")
    page.get_by_role("link", name="Approvals", exact=True).click()
    expect(page.get_by_role("heading", name="Approvals", level=1)).to_be_visible()
    play.presses("j", "x", "j", "x", "j", "x")
    play.look()
    play.presses("a")
    play.says("3 proposals are accepted")


def test_a_limit_is_tried_out_and_set_by_two(play: Play) -> None:
    page = play.enters("Olga Larch")
    page.get_by_role("link", name="Limits", exact=True).click()
    page.get_by_role("link", name="Harbour Foods").click()
    page.get_by_label("Ceiling", exact=True).fill("60000.00")
    page.get_by_role("button", name="What would change").click()
    expect(page.get_by_role("button", name="Propose this ceiling")).to_be_visible()
    play.look()
    page.get_by_role("button", name="Propose this ceiling").click()
    play.says("waits for a second person")
    page = play.enters("Ben Field")
    page.get_by_role("link", name="Approvals", exact=True).click()
    page.get_by_label("Tick: Harbour Foods").check()
    page.locator("form", has=page.get_by_label("Tick: Harbour Foods")).get_by_role("button", name="Accept").click()
    play.says("1 proposal is accepted")
    page.get_by_role("link", name="Limits", exact=True).click()
    row = page.get_by_role("row", name="Harbour Foods")
    expect(row).to_contain_text("60,000.00")
    play.look()


def test_a_wrong_ceiling_is_said_beside_its_field(play: Play) -> None:
    page = play.enters("Olga Larch")
    page.get_by_role("link", name="Limits", exact=True).click()
    page.get_by_role("link", name="Moorgate Retail").click()
    page.get_by_label("Ceiling", exact=True).fill("a lot")
    page.get_by_role("button", name="What would change").click()
    field = page.get_by_label("Ceiling", exact=True)
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.locator(f"#{(field.get_attribute('aria-describedby') or '').split()[-1]}")).to_be_visible()
    play.look()
    # a page that says what is wrong is answered as refused, which Chromium writes to its console
    play.wrong = [each for each in play.wrong if "422" not in each]


def test_money_of_which_nobody_said_what_it_is_for_is_applied(play: Play) -> None:
    page = play.enters("Rita Lark")
    page.get_by_role("link", name="Cash desk", exact=True).click()
    play.look()
    page.get_by_role("link", name="IN-STRAY").click()
    play.look()
    page.get_by_role("button", name="Apply to AT-2103").click()
    play.says("The money is applied")


def test_terms_are_tried_out_before_anybody_is_offered_them(play: Play) -> None:
    page = play.enters("Olga Larch")
    page.get_by_role("link", name="Programmes", exact=True).click()
    page.get_by_role("link", name="Moorgate payables").click()
    page.get_by_role("link", name="Alder Textiles", exact=True).click()
    page.get_by_label("Rate", exact=True).fill("9")
    page.get_by_role("button", name="What would change").click()
    expect(page.get_by_role("button", name="Propose these terms")).to_be_visible()
    play.look()


def test_the_portfolio_and_the_day_are_seen(play: Play) -> None:
    page = play.enters("Olga Larch")
    page.get_by_role("link", name="Portfolio", exact=True).click()
    expect(page.locator("canvas[data-chart]").first).to_be_visible()
    page.get_by_text("As a table").first.click()
    play.look()
    page.get_by_role("link", name="Business days", exact=True).click()
    page.locator("main a").first.click()
    play.look()
