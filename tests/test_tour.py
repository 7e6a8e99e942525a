"""Every page that links lead to, for somebody of each desk, in both languages: axe-core finds nothing, no word is cut.

A page is looked at twice, light and wide in the one language, dark and narrow in the other; pages of things of one kind
are one page. Nothing is sent: what changes something is followed by the tests of the desks.
"""

import re
from collections.abc import Iterator

import pytest
from chromium import chromium, examine
from demonstration import demonstration
from playwright.sync_api import Browser, Page

from reports.demo.stock import furnish

PEOPLE = ("Sam Alder", "Mina Moor", "Olga Larch", "Opal Reed")
LOOK_OF = {"en-GB": ("light", 1200), "zh-CN": ("dark", 390)}
# what is no page: files, and the doors out
_ELSEWHERE = re.compile(r"\.(csv|xlsx|pdf)|/(file|document|template)\b|^/(api|demo|sign-out|assets)\b")
_ID = re.compile(r"[a-z]{3}_[0-9a-z]{13}")
_LINKS = "[...document.querySelectorAll('a[href^=\"/\"]')].map((each) => each.getAttribute('href'))"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def url(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Asks for the browser first, so that nothing is served for nobody."""
    with demonstration(tmp_path_factory.mktemp("tour"), furnish) as url:
        yield url


def kind_of(path: str) -> str:
    """What pages have in common that differ by the thing they show, or by how a list is filtered."""
    return _ID.sub("*", path.partition("?")[0])


def tour(page: Page, look: tuple[str, int]) -> tuple[list[str], list[str]]:
    """Follow every link from where somebody is: the kinds of pages seen, and what is wrong with them."""
    todo, seen, wrong = [page.evaluate("location.pathname")], [], []
    while todo:
        path = todo.pop(0)
        kind = kind_of(path)
        if kind in seen or _ELSEWHERE.search(path):
            continue
        seen.append(kind)
        answer = page.goto(path)
        if answer is None or answer.status != 200:
            wrong.append(f"{path}: {answer and answer.status}")
            continue
        wrong += examine(page, [look])
        todo += [each for each in page.evaluate(_LINKS) if kind_of(each) not in seen]
    return seen, wrong


@pytest.mark.parametrize("language", LOOK_OF)
@pytest.mark.parametrize("name", PEOPLE)
def test_every_page_reads_well(browser: Browser, url: str, name: str, language: str) -> None:
    context = browser.new_context(base_url=url, locale=language)
    page, broken = context.new_page(), list[str]()
    page.on("pageerror", lambda error: broken.append(f"{page.url}: {error}"))
    page.on("console", lambda told: broken.append(f"{page.url}: {told.text}") if told.type == "error" else None)
    page.goto("/demo")
    page.locator("form", has_text=name).get_by_role("button").first.click()
    page.wait_for_url(lambda url: not url.endswith("/demo"))
    seen, wrong = tour(page, LOOK_OF[language])
    context.close()
    assert not wrong + broken, "\n".join(wrong + broken)
    assert len(seen) > 20, seen
