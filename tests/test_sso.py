"""Signing in by an identity provider as a browser does it: there, back, and nowhere else."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from browsing import VAULT, Browser, site_on
from signing_in import House, open_house
from test_oidc import issuer, set_provider

from scf import ids
from scf.clock import SetClock, SystemClock
from scf.db.engine import Database
from scf.identity import providers
from scf.roles import Role

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:authlib")
__all__ = ["issuer"]


@pytest.fixture
def house(database: Database, issuer: str) -> House:
    """Ash with Mia and Carl, and its provider; the time is the provider's."""
    assert isinstance(database.clock, SetClock)
    database.clock.at = SystemClock().now()
    house = open_house(database)
    house.person("Mia", Role.MAKER)
    house.person("Carl", Role.CHECKER)
    set_provider(house, issuer, client_secret=providers.sealed(VAULT, house.organisation, "client secret"))
    return house


@pytest.fixture
def browser(house: House, tmp_path: Path) -> Browser:
    return Browser(site_on(house.database, tmp_path, SCF_WEBHOOK_PRIVATE="127.0.0.0/8 ::1/128"))


def begin(browser: Browser, house: House, query: str = "") -> str:
    """Where the browser is sent."""
    answer = browser.client.get(f"/sign-in/oidc/{ids.text('org', house.organisation)}{query}")
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def vouch(url: str, subject: str) -> str:
    """The path and query that the provider sends the browser back to."""
    answer = requests.post(url, data={"sub": subject}, allow_redirects=False, timeout=10)
    back = urlsplit(answer.headers["Location"])
    return f"{back.path}?{back.query}"


def test_a_member_comes_in_by_the_provider(browser: Browser, house: House) -> None:
    planted = browser.cookie()
    back = vouch(begin(browser, house, "?next=/account/keys/new"), "mia")
    answer = browser.client.get(back)
    assert answer.status_code == 303 and answer.headers["Location"] == "/account/keys/new"
    told = browser.get("/session")
    assert told["name"] == "Mia" and told["by_provider"] and "passwords.change" not in told["permissions"]
    assert browser.cookie() != planted
    assert "identity provider signed you in" in browser.page("/account")
    assert browser.client.get(back).status_code == 403


def test_who_showed_no_factor_there_is_told_what_to_do(browser: Browser, house: House) -> None:
    assert browser.client.get(vouch(begin(browser, house), "mfa")).headers["Location"] == "/account"
    assert browser.get("/session")["stepped_up"]
    mock = parse_qs(urlsplit(begin(browser, house, "?anew")).query)
    assert mock["prompt"] == ["login"] and mock["max_age"] == ["0"]


def test_who_needs_a_factor_and_has_none_is_sent_in_no_circle(browser: Browser, house: House) -> None:
    house.joins(house.signed_in("Mia").person_id, [Role.CHECKER])
    answer = browser.client.get(vouch(begin(browser, house), "mia"))
    assert answer.headers["Location"] == "/sign-in/factor?next=/account"
    assert "Sign in by your password" in browser.page("/sign-in/factor")


def test_the_answer_is_for_the_browser_that_asked(browser: Browser, house: House) -> None:
    back = vouch(begin(browser, house), "mia")
    other = Browser(browser.app)
    assert other.client.get(back).status_code == 403 and other.cookie() == ""
    other.get("/session", 401)
    begin(other, house)
    assert other.client.get(back).status_code == 403
    other.get("/session", 401)


def test_who_is_no_member_is_told_so(browser: Browser, house: House) -> None:
    answer = browser.client.get(vouch(begin(browser, house), "stranger"))
    assert answer.status_code == 403 and "Not a member" in answer.text
    browser.get("/session", 401)


@pytest.mark.parametrize("path", ["https://evil.example", "//evil.example", "/\\evil.example"])
def test_the_way_back_leads_to_no_other_site(browser: Browser, house: House, path: str) -> None:
    back = vouch(begin(browser, house, f"?next={path}"), "mia")
    assert browser.client.get(back).headers["Location"] == "/account"


def test_an_organisation_without_a_provider_has_no_such_way(browser: Browser, house: House) -> None:
    other = open_house(house.database, "Birch Tools")
    answer = browser.client.get(f"/sign-in/oidc/{ids.text('org', other.organisation)}")
    assert answer.status_code == 404 and "no identity provider" in answer.text
    refused = browser.client.get("/sign-in/oidc/" + ids.text("idp", 7) + "?error=access_denied")
    assert refused.status_code == 403 and "begin again" in refused.text
