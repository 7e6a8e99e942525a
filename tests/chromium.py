"""A real Chromium for tests of pages, and the site served to it; tests skip, and say so, when there is none."""

import shutil
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from browsing import running_on
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from scf.app import create_app
from scf.db.engine import Database
from scf.running import Running

_QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
)
LOOKS = [(scheme, width) for scheme in ("light", "dark") for width in (1200, 390)]


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser; the test is skipped, loudly, when there is none."""
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("no Chromium: install the Debian package chromium, the pages are not tested without")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, chromium_sandbox=False, args=list(_QUIET))
        yield browser
        browser.close()


@dataclass
class Served:
    """The site at an address a browser may use passkeys at, and the platform behind it."""

    url: str
    running: Running
    app: Flask


@contextmanager
def served(database: Database, folder: Path) -> Iterator[Served]:
    """Serve the site from this process, so that it sees the test's database and clock."""
    late: list[Any] = []
    # the port is known before the app is made, whose links and passkeys name it
    server = make_server("127.0.0.1", 0, lambda *call: late[0](*call), threaded=True)
    url = f"http://localhost:{server.server_port}"
    running = running_on(database, folder, SCF_PUBLIC_URL=url)
    app = create_app(running)
    late.append(app)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Served(url, running, app)
    server.shutdown()
    thread.join()
    server.server_close()


# whether anything is pushed sideways, and which words are cut off: what hides its overflow and has some
_NARROW = """() => {
  const root = document.documentElement, found = [];
  if (root.scrollWidth > root.clientWidth) found.push("is pushed sideways");
  for (const each of document.querySelectorAll("main *, header *, nav *")) {
    if (each.matches(".visually-hidden, .skip, svg, svg *, canvas, select, input, textarea")) continue;
    const look = getComputedStyle(each);
    const hides = ["hidden", "clip"].includes(look.overflowX) || look.textOverflow === "ellipsis";
    // a pixel wide is what only a screen reader is given
    if (hides && each.textContent.trim() && each.clientWidth > 1 && each.scrollWidth > each.clientWidth + 1)
      found.push(`cuts off: ${each.textContent.trim().slice(0, 60)}`);
  }
  return found;
}"""


def examine(page: Page, looks: Sequence[tuple[str, int]] = LOOKS) -> list[str]:
    """What is wrong with a page for who sees badly or has a telephone: in light and dark, wide and narrow."""
    found = []
    for scheme, width in looks:
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        page.set_viewport_size({"width": width, "height": 800})
        response = Axe().run(page).response
        for each in response["violations"]:
            nodes = [node["html"] for node in each["nodes"][:2]]
            found.append(f"{page.url} {scheme} {width}: {each['id']} {nodes}")
    page.set_viewport_size({"width": 360, "height": 800})
    found += [f"{page.url} at 360 px {wrong}" for wrong in page.evaluate(_NARROW)]
    page.set_viewport_size({"width": 1200, "height": 800})
    return found
