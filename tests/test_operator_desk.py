"""The operator's desk and everybody's organisation in a real Chromium, over the sandbox's stock.

With SCF_SCREENSHOTS set to a folder, every page is kept there as it looks: light, dark, and on a telephone.
"""

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chromium import chromium, examine
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from reports.demo.stock import furnish
from scf.app import create_app
from scf.db.engine import open_engine
from scf.migrate import upgrade
from scf.running import Running
from scf.settings import read_settings
from wsgi import EVERY_MODULE


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def url(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The sandbox, furnished; asks for the browser first, so that nothing is served for nobody."""
    folder: Path = tmp_path_factory.mktemp("sandbox")
    database = f"sqlite:///{folder / 'scf.db'}"
    upgrade(open_engine(database))
    late: list[Any] = []
    server = make_server("127.0.0.1", 0, lambda *call: late[0](*call), threaded=True)
    given = {"SCF_DATABASE_URL": database, "SCF_VAR": str(folder), "SCF_SANDBOX": "1", "SCF_LOG": "off"}
    given |= {"SCF_PUBLIC_URL": f"http://localhost:{server.server_port}"}
    running = Running(read_settings({**given, "SCF_CALLS_PER_MINUTE": "1000000"}), EVERY_MODULE)
    furnish(running)
    late.append(create_app(running))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield given["SCF_PUBLIC_URL"]
    server.shutdown()
    thread.join()
    server.server_close()
    running.database.engine.dispose()


@pytest.fixture
def page(browser: Browser, url: str) -> Iterator[Page]:
    context = browser.new_context(base_url=url, viewport={"width": 1200, "height": 800}, locale="en-GB")
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def enter(page: Page, name: str) -> None:
    page.goto("/demo")
    page.get_by_role("button", name=f"Sign in as {name}").click()
    page.wait_for_url(lambda at: not at.endswith("/demo"))


def looked_at(page: Page, name: str) -> list[str]:
    """What is wrong with a page as it stands; keeps pictures of it when they are wanted."""
    folder = os.environ.get("SCF_SCREENSHOTS", "")
    if folder:
        for scheme, width in (("light", 1200), ("dark", 1200), ("light", 360)):
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            page.set_viewport_size({"width": width, "height": 800})
            page.wait_for_timeout(200)
            page.screenshot(path=f"{folder}/operator-{name}-{scheme}-{width}.png", full_page=True)
        page.emulate_media(color_scheme="light")
    return examine(page)


def test_every_page_of_the_desk_is_for_everybody(page: Page) -> None:
    enter(page, "Opal Reed")
    wrong = []
    for where in ("", "/organisations", "/people", "/books", "/outbox", "/audit", "/dossiers", "/findings"):
        page.goto(f"/operator{where}")
        wrong += looked_at(page, where.strip("/") or "home")
        thing = page.locator(f'main a[href^="/operator{where}/"][href*="_"]').first
        if where and thing.count():
            thing.click()
            wrong += looked_at(page, f"{where.strip('/')}-one")
    for where in ("/operator/organisations/register", "/jobs", "/more/everyone", "/organisation/proposals"):
        page.goto(where)
        wrong += looked_at(page, where.strip("/").replace("/", "-"))
    assert wrong == []


@pytest.mark.parametrize("name", ["Sam Alder", "Bea Birch", "Olga Larch", "Mina Moor", "Opal Reed"])
def test_the_whole_menu_fits_a_screen(page: Page, name: str) -> None:
    enter(page, name)
    button = page.get_by_role("button", name="Sign out")
    expect(button).to_be_in_viewport(ratio=1)
    assert (
        page.evaluate(
            "() => { const side = document.querySelector('.side'); return side.scrollHeight - side.clientHeight }"
        )
        <= 0
    )
    for more in page.get_by_role("link", name="More", exact=True).all():
        expect(more).to_be_visible()


def test_what_is_seldom_needed_stands_on_one_page(page: Page) -> None:
    enter(page, "Sam Alder")
    page.get_by_role("link", name="More", exact=True).first.click()
    assert looked_at(page, "more-supplier") == []
    page.locator("main").get_by_role("link", name="Credit notes").click()
    expect(page.get_by_role("link", name="More", exact=True).first).to_have_attribute("aria-current", "page")


def test_a_role_is_given_by_two_administrators(page: Page) -> None:
    enter(page, "Opal Reed")
    page.goto("/organisation")
    wrong = looked_at(page, "organisation")
    page.get_by_role("link", name="Aldo Watts").click()
    wrong += looked_at(page, "member")
    page.get_by_role("link", name="Give a role").click()
    wrong += looked_at(page, "member-give")
    page.get_by_role("button", name="Propose to give a role").click()
    expect(page.get_by_text("Fill this in.")).to_be_visible()
    page.get_by_label("Role", exact=True).select_option("viewer")
    page.get_by_role("button", name="Propose to give a role").click()
    expect(page.get_by_text("another administrator decides")).to_be_visible()
    expect(page.get_by_role("button", name="Agree")).to_have_count(0)
    enter(page, "Theo Marsh")
    page.goto("/organisation")
    wrong += looked_at(page, "organisation-waiting")
    page.get_by_role("button", name="Agree: Aldo Watts, Viewer").click()
    expect(page.get_by_text("It is done.")).to_be_visible()
    expect(page.get_by_text("Auditor, Viewer")).to_be_visible()
    assert wrong == []


def test_somebody_is_invited_and_the_invitation_withdrawn(page: Page) -> None:
    enter(page, "Bea Birch")
    page.goto("/organisation/invite")
    wrong = looked_at(page, "invite")
    page.get_by_label("Name", exact=True).fill("Ella Birch")
    page.get_by_label("E-mail address").fill("ella@birch.example")
    page.get_by_role("button", name="Invite", exact=True).click()
    wrong += looked_at(page, "invite-wrong")
    page.get_by_label("Administrator").check()
    page.get_by_role("button", name="Invite", exact=True).click()
    expect(page.get_by_text("The invitation is on its way.")).to_be_visible()
    page.get_by_role("button", name="Send again: Ella Birch").click()
    expect(page.get_by_text("It is sent again, with a new link.")).to_be_visible()
    wrong += looked_at(page, "invited")
    page.get_by_role("button", name="Withdraw: Ella Birch").click()
    expect(page.get_by_text("The invitation is withdrawn.")).to_be_visible()
    assert wrong == []


def test_a_webhook_is_added_tried_and_ended(page: Page) -> None:
    enter(page, "Bea Birch")
    page.goto("/organisation/webhooks")
    wrong = looked_at(page, "webhooks-none")
    page.get_by_role("link", name="Add an endpoint").click()
    wrong += looked_at(page, "webhook-new")
    page.get_by_label("Address").fill("https://192.168.1.1/scf")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator(".wrong").first).to_be_visible()
    page.get_by_label("Address").fill("https://erp.birch.example/scf")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator(".secret")).to_contain_text("whsec_")
    wrong += looked_at(page, "webhook-secret")
    page.get_by_role("link", name="To the endpoint").click()
    page.get_by_role("button", name="Send a test call").click()
    wrong += looked_at(page, "webhook")
    page.get_by_role("link", name="Its deliveries").click()
    wrong += looked_at(page, "deliveries")
    page.locator('main a[href^="/organisation/deliveries/whd_"]').first.click()
    wrong += looked_at(page, "delivery")
    page.get_by_role("link", name="whe_").click()
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text("Nothing is sent.")).to_be_visible()
    page.get_by_role("button", name="Make a new secret").click()
    expect(page.locator(".secret")).to_contain_text("whsec_")
    page.get_by_role("link", name="To the endpoint").click()
    page.get_by_role("link", name="Change", exact=True).click()
    page.get_by_label("Description").fill("The ERP")
    page.get_by_role("button", name="Change", exact=True).click()
    expect(page.get_by_text("The endpoint is changed.")).to_be_visible()
    page.get_by_role("button", name="End it for good").click()
    expect(page.get_by_text("The endpoint is ended, for good.")).to_be_visible()
    assert wrong == []


def test_an_administrator_revokes_a_key(page: Page) -> None:
    enter(page, "Bea Birch")
    page.goto("/organisation/keys")
    assert looked_at(page, "keys") == []
    page.get_by_role("button", name="Revoke").first.click()
    expect(page.get_by_text("The key is revoked.")).to_be_visible()
