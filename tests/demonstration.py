"""The demonstration in a browser: served as `scf serve` does in a sandbox, its people entered by one click.

With SCF_SCREENSHOTS set to a folder, what each saw is kept there.
"""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from chromium import examine
from playwright.sync_api import Browser, BrowserContext, Page, expect
from werkzeug.serving import make_server

from scf.app import create_app
from scf.db.engine import open_engine
from scf.migrate import upgrade
from scf.running import Running
from scf.settings import read_settings
from wsgi import EVERY_MODULE


@contextmanager
def demonstration(folder: Path, fill: Callable[[Running], object]) -> Iterator[str]:
    """The address of a sandbox that `fill` put something into."""
    database_url = f"sqlite:///{folder / 'scf.db'}"
    upgrade(open_engine(database_url))
    given = {"SCF_DATABASE_URL": database_url, "SCF_VAR": str(folder), "SCF_SANDBOX": "1", "SCF_LOG": "off"}
    running = Running(read_settings({**given, "SCF_SECRET_KEY": "a-key-of-this-test-alone-and-no-other"}), EVERY_MODULE)
    fill(running)
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

    def __init__(self, context: BrowserContext, name: str) -> None:
        self.page: Page = context.new_page()
        self.name = name
        self.wrong: list[str] = []
        self._shots = 0
        self.page.on("pageerror", lambda error: self.wrong.append(f"{self.page.url}: {error}"))
        self.page.on("console", lambda told: self.wrong.append(told.text) if told.type == "error" else None)

    def enters(self, name: str) -> Page:
        """Somebody signs in."""
        self.page.goto("/demo")
        self.page.get_by_role("button", name=f"Sign in as {name}").click()
        self.page.wait_for_url(lambda url: not url.endswith("/demo"))
        return self.page

    def says(self, words: str) -> None:
        """The page says what was done."""
        expect(self.page.get_by_role("status").first).to_contain_text(words)
        self.look()

    def look(self) -> None:
        """Examine the page, and keep how it looks."""
        self.wrong += examine(self.page)
        folder = os.environ.get("SCF_SCREENSHOTS")
        if folder:
            self._shots += 1
            self.page.screenshot(path=Path(folder) / f"{self.name}-{self._shots:02}.png", full_page=True)

    def presses(self, *keys: str) -> None:
        """Keys, one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def to(self, on: date) -> None:
        """Whoever is signed in moves the clock to the morning of a day."""
        self.page.goto("/demo/clock")
        self.page.get_by_label("To the morning of").fill(on.isoformat())
        self.page.get_by_role("button", name="Move the clock").click()
        self.says("business day")


@contextmanager
def playing(browser: Browser, url: str, name: str) -> Iterator[Play]:
    """A browser for a play; nothing may be wrong with any page that was looked at."""
    context = browser.new_context(
        base_url=url, locale="en-GB", accept_downloads=True, viewport={"width": 1200, "height": 800}
    )
    context.set_default_timeout(20_000)
    play = Play(context, name)
    yield play
    context.close()
    assert not play.wrong, "\n".join(play.wrong)
