"""The pages in a real Chromium: from an invitation to a key that calls the API, with and without passkeys."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import Desk, invite
from chromium import Served, chromium, examine, served
from conftest import opened
from playwright.sync_api import Browser, BrowserContext, Page, expect
from signing_in import PASSWORD, House, open_house

from scf.db.engine import Database
from scf.roles import Role


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
def house(database: Database) -> House:
    house = open_house(database)
    house.person("Carl", Role.CHECKER)
    house.person("Ada", Role.ADMINISTRATOR)
    return house


@pytest.fixture
def context(browser: Browser, site: Served) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=site.url, viewport={"width": 1200, "height": 800})
    context.set_default_timeout(15_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def heading(page: Page, words: str) -> None:
    """The page bears a heading."""
    expect(page.get_by_role("heading", name=words, level=1)).to_be_visible()


def sign_in(page: Page, name: str) -> None:
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill(f"{name.lower()}@ash.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_from_an_invitation_to_a_key_that_calls(
    page: Page, site: Served, house: House, context: BrowserContext
) -> None:
    desk = Desk(house, site.running, site.app)
    token = invite(desk, "nora@ash.example", Role.CHECKER)
    wrong = []
    page.goto(f"/welcome#{token}")
    heading(page, "Welcome")
    assert token not in page.url
    wrong += examine(page)
    page.get_by_label("New password").fill("password123456")
    page.get_by_role("button", name="Accept and sign in").click()
    expect(page.get_by_text("Password weak")).to_be_visible()
    expect(page.get_by_label("New password")).to_be_focused()
    assert page.title().startswith("Error: ")
    wrong += examine(page)
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_role("button", name="Accept and sign in").click()
    heading(page, "Set up a second factor")
    secret = page.locator("#secret").inner_text()
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Set up the app").click()
    expect(page.get_by_text("Wrong code")).to_be_visible()
    assert page.locator("#secret").inner_text() == secret
    wrong += examine(page)
    page.get_by_label("Code").fill(house.code(secret))
    page.get_by_role("button", name="Set up the app").click()
    heading(page, "Nora")
    wrong += examine(page)
    page.get_by_role("button", name="Make recovery codes").click()
    expect(page.locator(".codes li")).to_have_count(10)
    wrong += examine(page)
    page.get_by_role("link", name="To your account").click()
    page.get_by_role("link", name="Change the password").click()
    wrong += examine(page)
    page.get_by_role("link", name="Leave it").click()
    page.get_by_role("link", name="Make an API key").click()
    page.get_by_label("Name", exact=True).fill("nightly")
    page.get_by_role("button", name="Make the key").click()
    expect(page.get_by_text("Tick at least one")).to_be_visible()
    expect(page.get_by_label("Name", exact=True)).to_have_value("nightly")
    wrong += examine(page)
    page.get_by_label("See one's own API keys").check()
    page.get_by_role("button", name="Make the key").click()
    key = page.locator("#api-key").inner_text()
    wrong += examine(page)
    shown = {"Authorization": f"Bearer {key}"}
    program = site.app.test_client()
    assert program.get("/api/v1/keys", headers=shown).get_json()["items"][0]["name"] == "nightly"
    page.reload()
    expect(page.get_by_text("shown before")).to_be_visible()
    page.get_by_role("link", name="To your account").click()
    page.get_by_role("button", name="Revoke: nightly").click()
    expect(page.get_by_role("status")).to_have_text("The key is revoked.")
    assert program.get("/api/v1/keys", headers=shown).status_code == 401
    page.get_by_role("button", name="End: Chrome").click()
    heading(page, "Sign in")
    page.goto("/account")
    heading(page, "Sign in")
    assert wrong == []


def test_a_passkey_is_set_up_stepped_up_with_and_signed_in_by(
    page: Page, house: House, context: BrowserContext
) -> None:
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    sign_in(page, "Carl")
    heading(page, "Set up a second factor")
    page.get_by_label("Name of the passkey").fill("laptop")
    page.get_by_role("button", name="Set up a passkey").click()
    heading(page, "Carl")
    expect(page.get_by_text("laptop")).to_be_visible()
    house.later(minutes=11)
    page.get_by_role("button", name="Make recovery codes").click()
    heading(page, "Show your second factor again")
    wrong = examine(page)
    page.get_by_role("button", name="Use your passkey").click()
    heading(page, "Carl")
    page.get_by_role("button", name="Make recovery codes").click()
    heading(page, "Your recovery codes")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("status")).to_have_text("You are signed out.")
    house.later(seconds=1)
    page.get_by_role("button", name="Sign in with a passkey").click()
    heading(page, "Carl")
    assert wrong == []


@pytest.mark.usefixtures("house")
def test_pages_for_anybody_read_well(page: Page) -> None:
    wrong = []
    for path in ("/", "/sign-in", "/welcome", "/password/forgotten", "/password/reset", "/sign-out", "/nowhere"):
        page.goto(path)
        wrong += examine(page)
    sign_in(page, "Nobody")
    expect(page.get_by_role("alert").first).to_contain_text("is wrong")
    expect(page.get_by_label("E-mail address")).to_have_value("nobody@ash.example")
    wrong += examine(page)
    assert wrong == []


def test_signing_in_works_without_scripts(browser: Browser, site: Served, house: House) -> None:
    context = browser.new_context(base_url=site.url, java_script_enabled=False)
    page = context.new_page()
    house.person("Mia", Role.MAKER)
    sign_in(page, "Mia")
    heading(page, "Mia")
    page.get_by_role("link", name="Change the password").click()
    page.get_by_label("Current password").fill(PASSWORD)
    page.get_by_label("New password").fill("four quiet herons over slate")
    page.get_by_role("button", name="Change the password").click()
    expect(page.get_by_role("status")).to_have_text("Your password is changed.")
    page.get_by_role("button", name="Sign out").click()
    heading(page, "Sign in")
    context.close()
