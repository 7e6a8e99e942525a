"""Every page that needs no id in its address, as people of every desk open it: it comes, and keeps to the policy."""

from pathlib import Path

import pytest
from api_site import ApiCaller
from bank_site import BankSite, open_bank
from world import World

from scf.actor import Actor
from scf.commands import ScopeKind
from scf.roles import AT_THE_OPERATOR, Role
from scf.routes import PUBLIC, SIGNING_IN, PageRoute
from scf.web.site import pages_of
from wsgi import MODULES

PAGES = [
    page
    for page in pages_of(MODULES)
    if "GET" in page.methods and "<" not in page.path and page.permission not in (PUBLIC, SIGNING_IN)
]
# one's own account is a session's, and these callers have none
OF_A_SESSION = "/account"
# opened by who runs the platform alone
OF_THE_OPERATOR = "/operator"


@pytest.fixture
def site(world: World, tmp_path: Path) -> BankSite:
    bank = open_bank(world, tmp_path)
    bank.advance("INV-1")
    bank.request("INV-2")
    bank.claim("INV-3")
    return bank


def shown(caller: ApiCaller, path: str) -> str:
    answer = caller.client.get(path, headers=caller.headers)
    if answer.status_code == 303:
        # an address that only leads on to the page of one's own
        answer = caller.client.get(answer.headers["Location"], headers=caller.headers)
    assert answer.status_code == 200, (path, answer.status_code, answer.get_data(as_text=True)[:2000])
    return answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""


def test_every_page_of_a_book_comes_with_what_is_in_it(site: BankSite) -> None:
    banker = site.bank(*Role)
    for page in (each for each in PAGES if each.scope is ScopeKind.BOOK):
        keeps_to_the_policy(page, shown(banker, site.book + page.path))


def test_every_page_of_an_organisation_comes_for_each_of_them(site: BankSite) -> None:
    for name in ("Northbank", "Halberd", "Ash Castings"):
        somebody = site.at(name, *Role)
        for page in (each for each in PAGES if each.scope is ScopeKind.ORGANISATION):
            if not page.path.startswith((OF_A_SESSION, OF_THE_OPERATOR)):
                keeps_to_the_policy(page, shown(somebody, page.path))


def test_every_page_of_the_operator_comes_for_its_people(site: BankSite) -> None:
    everything = frozenset(each.name for module in MODULES for each in module.permissions)
    somebody = site.site.caller(Actor(9, "Opal", 1, everything, stepped_up=True, operates=True))
    for page in (each for each in PAGES if each.path.startswith(OF_THE_OPERATOR)):
        keeps_to_the_policy(page, shown(somebody, page.path))


def test_what_is_for_the_operator_alone_is_refused_to_a_funder_whatever_its_people_are(site: BankSite) -> None:
    alone = {each.name for module in MODULES for each in module.permissions if each.roles <= AT_THE_OPERATOR}
    somebody = site.at("Northbank", *(frozenset(Role) - AT_THE_OPERATOR))
    pages = [page for page in PAGES if page.permission in alone]
    assert len(pages) > 5
    for page in pages:
        assert somebody.client.get(page.path, headers=somebody.headers).status_code == 403, page.path


def keeps_to_the_policy(page: PageRoute, text: str) -> None:
    """Nothing is styled or run in the page itself."""
    for never in ("style=", "<style", "onclick", "javascript:"):
        assert never not in text, (page.path, never)
    assert all(" src=" in part.partition(">")[0] for part in text.split("<script")[1:]), page.path
