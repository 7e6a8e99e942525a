"""Signing in over HTTP: what the cookie is worth and when, who is kept out, and what is told to whom."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from argon2 import PasswordHasher
from authenticator import Authenticator
from browsing import PUBLIC_URL, Browser, Desk, another, invite, running_on, site_on, token_of
from shared_app import lent
from signing_in import PASSWORD, email_of, open_house

from scf.app import create_app
from scf.db.engine import Database
from scf.errors import SettingsError
from scf.roles import Role
from scf.web.pages import local
from scf.web.site import check_complete


@pytest.fixture
def desk(database: Database, tmp_path: Path) -> Desk:
    house = open_house(database)
    house.person("Mia", Role.MAKER)
    house.person("Carl", Role.CHECKER)
    house.person("Ada", Role.ADMINISTRATOR)
    running = running_on(database, tmp_path)
    return Desk(house, running, lent(running))


@pytest.fixture
def mia(desk: Desk) -> Browser:
    """Signed in, no factor needed and none there."""
    browser = desk.browser()
    browser.sign_in("Mia")
    return browser


def test_signing_in_tells_who_one_is_and_what_one_may(desk: Desk, mia: Browser) -> None:
    told = mia.get("/session")
    assert told["name"] == "Mia" and told["organisation_name"] == "Ash Castings" and told["roles"] == ["maker"]
    assert told["lacks"] == "" and not told["stepped_up"] and "keys.make" in told["permissions"]
    mia.call("DELETE", "/session", expected=204)
    assert mia.get("/session", 401)["code"] == "unauthenticated"
    assert desk.browser().get("/session", 401)["code"] == "unauthenticated"


def test_the_token_changes_whenever_the_session_comes_to_be_worth_more(desk: Desk) -> None:
    carl = desk.browser()
    carl.page("/sign-in")
    planted = carl.cookie()
    carl.sign_in("Carl")
    by_password = carl.cookie()
    session, secret = carl.set_up_totp(desk.house)
    assert session["stepped_up"] and "members.accept" not in session["permissions"]
    enrolled = carl.cookie()
    desk.house.later(minutes=11)
    assert not carl.get("/session")["stepped_up"]
    assert carl.post("/session/factor", {"code": desk.house.code(secret)})["stepped_up"]
    assert len({planted, by_password, enrolled, carl.cookie()}) == 4
    for old in (planted, by_password, enrolled):
        thief = another(carl)
        thief.plant(old)
        thief.get("/session", 401)
    carl.get("/session")


def test_signing_in_again_ends_the_session_that_was_held(desk: Desk, mia: Browser) -> None:
    held = mia.cookie()
    mia.sign_in("Carl")
    thief = another(mia)
    thief.plant(held)
    thief.get("/session", 401)


def test_a_write_by_cookie_needs_the_token_of_the_page(mia: Browser) -> None:
    token, mia.csrf = mia.csrf, ""
    assert mia.post("/sessions/end-others", None, 403)["code"] == "csrf"
    mia.csrf = token[:-9] + ("A" if token[-9] != "A" else "B") + token[-8:]
    assert mia.post("/sessions/end-others", None, 403)["code"] == "csrf"
    mia.csrf = token
    assert mia.post("/sessions/end-others")["accepted"]
    assert mia.client.post("/sign-out").status_code == 403
    assert mia.send("/account/sessions/end-others", on="/account").status_code == 303


def test_anothers_form_token_is_worth_nothing(desk: Desk, mia: Browser) -> None:
    carl = desk.browser()
    carl.sign_in("Carl")
    mia.csrf = carl.csrf
    assert mia.post("/sessions/end-others", None, 403)["code"] == "csrf"


@pytest.mark.parametrize(("url", "name"), [(PUBLIC_URL, "scf"), ("https://scf.example", "__Host-scf")])
def test_the_cookie_is_for_this_host_and_no_script(database: Database, tmp_path: Path, url: str, name: str) -> None:
    open_house(database).person("Mia", Role.MAKER)
    browser = Browser(site_on(database, tmp_path, SCF_PUBLIC_URL=url))
    given = {"json": {"email": email_of("Mia"), "password": PASSWORD}, "base_url": url}
    cookie = browser.client.post("/api/v1/session", **given).headers["Set-Cookie"]
    parts = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert cookie.startswith(f"{name}=") and {"httponly", "path=/", "samesite=lax"} <= parts
    assert ("secure" in parts) == url.startswith("https") and not any(part.startswith("domain") for part in parts)


def test_who_guesses_waits_and_is_told_how_long(desk: Desk) -> None:
    browser = desk.browser()
    statuses = []
    for _ in range(4):
        answer = browser.answer("POST", "/session", {"email": email_of("Mia"), "password": "wrong"})
        statuses.append(answer.status_code)
    assert statuses == [401, 401, 401, 429]
    assert answer.json and answer.json["code"] == "try_later" and answer.headers["Retry-After"] == "2"
    assert "Retry-After" not in desk.browser().answer("GET", "/session").headers
    page = browser.send("/sign-in", email=email_of("Mia"), password="wrong")
    assert page.status_code == 429 and "Try again in 2 seconds" in page.text.replace("try", "Try")
    desk.house.later(seconds=3)
    browser.sign_in("Mia")


@pytest.fixture
def verified(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The passwords that were weighed by argon2."""
    weighed: list[str] = []
    real: Callable[..., bool] = PasswordHasher.verify

    def verify(self: PasswordHasher, hash: str, password: str) -> bool:
        weighed.append(password)
        return real(self, hash, password)

    monkeypatch.setattr(PasswordHasher, "verify", verify)
    yield weighed


def test_nobody_learns_who_has_an_account(desk: Desk, verified: list[str]) -> None:
    answers = []
    desk.house.person("Gone")
    for name in ("Mia", "Nobody", "Gone"):
        answer = desk.browser().answer(
            "POST", "/session", {"email": email_of(name), "password": "a wrong one"}, {"X-Request-Id": "same-same"}
        )
        answers.append((answer.status_code, answer.get_data(), len(verified)))
        verified.clear()
    assert len(set(answers)) == 1 and answers[0][2] == 1 and answers[0][0] == 401
    asked = [desk.browser().answer("POST", "/password/forgotten", {"email": email_of(n)}) for n in ("Mia", "Nobody")]
    assert {(each.status_code, each.get_data()) for each in asked} == {(204, b"")}
    pages = [desk.browser().send("/password/forgotten", email=email_of(name)) for name in ("Carl", "None")]
    assert {(each.status_code, each.headers["Location"]) for each in pages} == {(303, "/password/forgotten?sent")}


def test_what_a_session_without_its_factor_may_call(desk: Desk) -> None:
    carl = desk.browser()
    assert carl.sign_in("Carl")["lacks"] == "enrolment"
    assert carl.get("/keys", 403)["code"] == "enrolment_needed"
    assert carl.get("/session/organisations", 403)["code"] == "enrolment_needed"
    assert carl.get("/factors")["items"] == []
    assert carl.client.get("/account").headers["Location"] == "/sign-in/factor?next=/account"
    _, secret = carl.set_up_totp(desk.house)
    carl.get("/keys")
    again = desk.browser()
    told = again.sign_in("Carl")
    assert told["lacks"] == "factor" and told["permissions"] == []
    for path in ("/keys", "/factors", "/session/organisations"):
        assert again.get(path, 403)["code"] == "factor_needed"
    assert again.post("/factors/totp", None, 403)["code"] == "factor_needed"
    wrong = again.post("/session/factor", {"code": "000000"}, 409)
    assert wrong["code"] == "wrong_factor" and wrong["errors"][0]["pointer"] == "/code"
    desk.house.later(seconds=40)
    assert again.post("/session/factor", {"code": desk.house.code(secret)})["lacks"] == ""
    again.get("/keys")


def test_recovery_codes_are_shown_once_and_open_once(desk: Desk) -> None:
    carl = desk.browser()
    carl.sign_in("Carl")
    carl.set_up_totp(desk.house)
    codes = carl.post("/factors/recovery-codes", headers={"Idempotency-Key": "once"})["codes"]
    assert len(codes) == 10 and carl.post("/factors/recovery-codes", headers={"Idempotency-Key": "once"})["codes"] == []
    desk.house.later(minutes=11)
    assert carl.post("/factors/recovery-codes", None, 403)["code"] == "step_up_needed"
    other = desk.browser()
    other.sign_in("Carl")
    assert other.post("/session/factor", {"code": codes[0].lower()})["lacks"] == ""
    assert other.post("/session/factor", {"code": codes[0]}, 409)["code"] == "wrong_factor"


def test_a_passkey_is_enrolled_shown_and_signed_in_by(desk: Desk) -> None:
    device = Authenticator(PUBLIC_URL)
    carl = desk.browser()
    carl.sign_in("Carl")
    options = carl.post("/factors/passkeys/options")["options"]
    added = carl.post("/factors/passkeys", {"name": "key", "answer": device.create(options)})
    assert added["id"].startswith("fac_") and added["session"]["stepped_up"]
    desk.house.later(minutes=11)
    answer = device.get(carl.post("/session/passkey/options")["options"])
    assert carl.post("/session/passkey", {"answer": answer})["stepped_up"]
    assert carl.post("/session/passkey", {"answer": answer}, 409)["code"] == "wrong_factor"
    desk.house.later(seconds=1)
    alone = desk.browser()
    options = alone.post("/session/passkey/options")["options"]
    assert "allowCredentials" not in options or options["allowCredentials"] == []
    told = alone.post("/session/passkey", {"answer": device.get(options)})
    assert told["name"] == "Carl" and told["lacks"] == "" and "checker" in told["roles"]


def test_an_answer_of_no_passkey_is_refused_whatever_it_is(desk: Desk, mia: Browser) -> None:
    strange = {"id": "x", "rawId": "é", "type": "public-key", "response": {"clientDataJSON": "bm8", "more": [1]}}
    assert desk.browser().post("/session/passkey", {"answer": strange}, 401)["code"] == "wrong_credentials"
    assert mia.post("/factors/passkeys", {"name": "key", "answer": strange}, 409)["code"] == "not_verified"


def test_a_session_ended_elsewhere_is_out_at_once(desk: Desk, mia: Browser) -> None:
    phone = another(mia)
    phone.sign_in("Mia")
    (other,) = [each["id"] for each in mia.get("/sessions")["items"] if not each["current"]]
    mia.post("/sessions/end", {"items": [{"session_id": other}]})
    phone.get("/session", 401)
    assert phone.client.get("/account").headers["Location"] == "/sign-in?next=/account"
    mia.get("/session")


def test_acting_for_another_organisation(desk: Desk, mia: Browser) -> None:
    other = open_house(desk.house.database, "Birch Tools")
    mine = mia.get("/session")
    desk.house.joins(desk.house.signed_in("Mia").person_id, [Role.VIEWER], other.organisation)
    choices = mia.get("/session/organisations")["items"]
    assert [(each["name"], each["current"]) for each in choices] == [("Ash Castings", True), ("Birch Tools", False)]
    there = mia.post("/session/organisation", {"organisation_id": choices[1]["organisation_id"]})
    assert there["organisation_name"] == "Birch Tools" and there["roles"] == ["viewer"]
    assert mia.get("/session")["organisation_name"] == "Birch Tools"
    third = open_house(desk.house.database, "Cedar Mills")
    stranger = {"organisation_id": mine["organisation_id"][:4] + mia.get("/session")["organisation_id"][4:]}
    assert mia.post("/session/organisation", stranger)["organisation_name"] == "Birch Tools"
    nowhere = f"org_{third.organisation:013x}"[:17]
    assert mia.answer("POST", "/session/organisation", {"organisation_id": nowhere}).status_code in (404, 422)


def test_a_changed_password_ends_the_other_sessions(desk: Desk, mia: Browser) -> None:
    phone = another(mia)
    phone.sign_in("Mia")
    new = "four quiet herons over slate"
    wrong = mia.call("PUT", "/password", {"current": "not mine", "new": new}, 409)
    assert wrong["code"] == "wrong_password" and wrong["errors"][0]["pointer"] == "/current"
    assert mia.call("PUT", "/password", {"current": PASSWORD, "new": "password1234"}, 409)["code"] == "password_weak"
    mia.call("PUT", "/password", {"current": PASSWORD, "new": new}, 204)
    mia.get("/session")
    phone.get("/session", 401)
    desk.browser().sign_in("Mia", new)


def test_a_mailed_link_leads_to_the_setting_whatever_host_was_asked(desk: Desk) -> None:
    browser = desk.browser()
    forged = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    browser.post("/password/forgotten", {"email": email_of("Mia")}, 204, forged)
    (mail,) = desk.letters()
    assert f"{PUBLIC_URL}/password/reset#" in mail.text and "evil" not in mail.text
    new = "four quiet herons over slate"
    browser.post("/password/reset", {"token": token_of(mail), "new": new}, 204)
    again = browser.post("/password/reset", {"token": token_of(mail), "new": new}, 409)
    assert again["code"] == "link_over"
    browser.sign_in("Mia", new)


def test_an_invitation_is_looked_at_and_accepted(desk: Desk) -> None:
    token, browser = invite(desk, "nora@ash.example"), desk.browser()
    told = browser.post("/welcome", {"token": token})
    assert told["organisation_name"] == "Ash Castings" and told["roles"] == ["maker"] and not told["has_password"]
    assert browser.post("/welcome/accept", {"token": token, "password": "short"}, 409)["code"] == "password_length"
    person = browser.post("/welcome/accept", {"token": token, "name": "Nora N.", "password": PASSWORD})["person_id"]
    assert browser.sign_in("Nora")["person_id"] == person
    assert desk.browser().post("/welcome", {"token": token}, 404)["code"] == "invitation_over"


def test_an_invitation_is_accepted_on_its_page_without_scripts(desk: Desk) -> None:
    token, browser = invite(desk, "nora@ash.example"), desk.browser()
    opened = browser.send("/welcome", token=f"{PUBLIC_URL}/welcome#{token}")
    assert "Ash Castings" in opened.text and f'value="{token}"' in opened.text
    weak = browser.send("/welcome", token=token, name="Nora <N.>", password="password1234")
    assert weak.status_code == 409 and "Nora &lt;N.&gt;" in weak.text and "password1234" not in weak.text
    assert 'aria-invalid="true"' in weak.text and "<title>Error: Welcome" in weak.text
    entered = browser.send("/welcome", token=token, name="Nora", password=PASSWORD)
    assert entered.headers["Location"] == "/account" and "Nora" in browser.page("/account")


@pytest.mark.parametrize(
    "path",
    ["//evil.example", "https://evil.example", "/\\evil.example", "/%09/evil.example", "\t//evil.example",
     "javascript:alert(1)", "/account\r\nSet-Cookie: a=b", "/.//evil.example@", ""],
)  # fmt: skip
def test_a_sign_in_leads_to_no_other_site(desk: Desk, path: str) -> None:
    assert local(path, "/account") == "/account"
    answer = desk.browser().send("/sign-in", email=email_of("Mia"), password=PASSWORD, next=path)
    assert urlsplit(answer.headers["Location"]) == urlsplit("/account")


def test_a_sign_in_leads_back_to_where_one_was_going(desk: Desk) -> None:
    browser = desk.browser()
    assert browser.client.get("/account/keys/new").headers["Location"] == "/sign-in?next=/account/keys/new"
    answer = browser.send("/sign-in", email=email_of("Mia"), password=PASSWORD, next="/account/keys/new")
    assert answer.headers["Location"] == "/account/keys/new"


def test_a_key_signs_nobody_in(desk: Desk, mia: Browser) -> None:
    new = {"name": "k", "permissions": ["keys.view"], "expires_on": "2026-03-01"}
    secret = mia.post("/keys", {"items": [new]})["outcomes"][0]["secret"]
    program, shown = desk.browser(), {"Authorization": f"Bearer {secret}"}
    program.get("/keys", headers=shown)
    assert program.get("/session", 403, shown)["code"] == "session_needed"
    assert program.post("/factors/totp", None, 403, shown)["code"] == "permission_missing"


def test_what_is_served_without_a_permission_stops_the_start(desk: Desk) -> None:
    app = create_app(desk.running)
    check_complete(app)
    app.add_url_rule("/back-door", "back_door", lambda: "hello")
    with pytest.raises(SettingsError, match="/back-door"):
        check_complete(app)


def test_the_first_page_tells_strangers_nothing_but_that_it_runs(desk: Desk, mia: Browser) -> None:
    page = desk.browser().page("/")
    assert "Ready" in page and "/sign-in" in page and "Books" not in page and "Book" not in page
    answer = mia.client.get("/")
    assert answer.status_code == 303 and "Mia" in mia.page(answer.headers["Location"])


def test_figures_are_for_this_machine_or_who_shows_the_token(database: Database, tmp_path: Path) -> None:
    app = site_on(database, tmp_path)
    client = app.test_client()
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "203.0.113.7"}).status_code == 403
    assert client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 403
    client.get("/welcome")
    found = client.get("/metrics").get_data(as_text=True)
    assert 'scf_http_requests_total{method="GET",route="/welcome",status="200"}' in found
    token = "a-token-of-the-tests-for-the-figures-alone"
    client = site_on(database, tmp_path, SCF_METRICS_TOKEN=token).test_client()
    assert client.get("/metrics").status_code == 403
    assert client.get("/metrics", headers={"Authorization": f"Bearer {token}"}).status_code == 200


def test_pages_are_not_kept_and_run_no_script_of_their_own(desk: Desk, mia: Browser) -> None:
    for path in ("/sign-in", "/welcome", "/password/forgotten", "/password/reset", "/account", "/account/factor"):
        answer = (mia if path.startswith("/account") else desk.browser()).client.get(path)
        assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store", path
        told: Any = answer.get_data(as_text=True)
        assert "style=" not in told and "<style" not in told and "onclick" not in told, path
        assert all(" src=" in part.partition(">")[0] for part in told.split("<script")[1:]), path
