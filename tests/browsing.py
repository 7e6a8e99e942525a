"""A browser without a screen: keeps the cookie, brings the form token, and calls the site as its pages do."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import Any

from first_rows import made
from flask import Flask
from flask.testing import FlaskClient
from shared_app import lent
from signing_in import PASSWORD, House, email_of
from werkzeug.test import TestResponse

from scf.actor import Actor
from scf.commands import in_organisation, run
from scf.db.engine import Database
from scf.identity.invite import INVITE_ALONE, Invitation
from scf.identity.post import Mail
from scf.roles import Role
from scf.running import Running
from scf.secrets import Vault
from scf.settings import read_settings
from wsgi import MODULES

SECRET_KEY = "a-key-of-the-tests-and-of-nothing-else"
PUBLIC_URL = "http://localhost:8000"
NONE: Mapping[str, str] = {}
# a form page and the API have the same token: it stands in the cookie
_TOKEN_FIELD = 'name="csrf_token" value="'


def running_on(database: Database, folder: Path, **given: str) -> Running:
    """The platform on a database that is open already."""
    url = database.engine.url.render_as_string(hide_password=False)
    basic = {"SCF_DATABASE_URL": url, "SCF_VAR": str(folder), "SCF_SECRET_KEY": SECRET_KEY, "SCF_LOG": "off"}
    settings = read_settings({**basic, "SCF_PUBLIC_URL": PUBLIC_URL, **given})
    running = Running(settings, MODULES, database.clock)
    # the test's own, so that both see the same clock
    running.__dict__["database"] = database
    return running


def site_on(database: Database, folder: Path, **given: str) -> Flask:
    """The whole site, its callers known by their own keys and sessions."""
    return lent(running_on(database, folder, **given))


VAULT = Vault([SECRET_KEY])


@dataclass
class Browser:
    """One browser on the site."""

    app: Flask
    agent: str = "Firefox"
    address: str = "203.0.113.7"
    csrf: str = ""
    client: FlaskClient = field(init=False)
    _keys: "count[int]" = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.client = self.app.test_client()

    def call(
        self, method: str, path: str, body: Any = None, expected: int = 200, headers: Mapping[str, str] = NONE
    ) -> Any:
        """The JSON of a call of the API; the answer's form token is kept."""
        answer = self.answer(method, path, body, headers)
        assert answer.status_code == expected, (answer.status_code, answer.get_data(as_text=True))
        found = answer.json if answer.data else None
        if found and "csrf_token" in (session := found.get("session", found)):
            self.csrf = session["csrf_token"]
        return found

    def answer(self, method: str, path: str, body: Any = None, headers: Mapping[str, str] = NONE) -> TestResponse:
        """The whole answer of a call of the API."""
        sent = {"X-CSRF-Token": self.csrf, "Idempotency-Key": f"b{next(self._keys)}", "User-Agent": self.agent}
        sent = {name: value for name, value in {**sent, **headers}.items() if value}
        where = {"REMOTE_ADDR": self.address}
        given = {} if body is None else {"json": body}
        return self.client.open(f"/api/v1{path}", method=method, headers=sent, environ_base=where, **given)

    def get(self, path: str, expected: int = 200, headers: Mapping[str, str] = NONE) -> Any:
        return self.call("GET", path, None, expected, headers)

    def post(self, path: str, body: Any = None, expected: int = 200, headers: Mapping[str, str] = NONE) -> Any:
        return self.call("POST", path, body, expected, headers)

    def sign_in(self, name: str, password: str = PASSWORD, expected: int = 200) -> Any:
        """By password."""
        return self.post("/session", {"email": email_of(name), "password": password}, expected)

    def set_up_totp(self, house: House) -> tuple[Any, str]:
        """An authenticator app: the session that goes on, and the app's secret."""
        offer = self.post("/factors/totp")
        given = {"ticket": offer["ticket"], "code": house.code(offer["secret"]), "name": "phone"}
        return self.post("/factors/totp/confirm", given)["session"], offer["secret"]

    def cookie(self) -> str:
        """What the session's cookie holds."""
        held = self.client.get_cookie("scf")
        return held.value if held else ""

    def plant(self, cookie: str) -> None:
        """Hold a cookie of somebody else."""
        self.client.set_cookie("scf", cookie)

    def page(self, path: str, expected: int = 200) -> str:
        """The text of a page."""
        answer = self.client.get(path, environ_base={"REMOTE_ADDR": self.address})
        assert answer.status_code == expected, (answer.status_code, answer.get_data(as_text=True))
        return answer.get_data(as_text=True)

    def send(self, path: str, on: str = "", **fields: Any) -> TestResponse:
        """Send a form of the page `on`, with the token that stands in it."""
        token = self.page(on or path).partition(_TOKEN_FIELD)[2].partition('"')[0]
        where = {"REMOTE_ADDR": self.address}
        return self.client.post(path, data={"csrf_token": token, **fields}, environ_base=where)


def another(browser: Browser) -> Browser:
    """A second browser on the same site, of the same person perhaps."""
    return replace(browser, csrf="")


@dataclass
class Desk:
    """The site, and who works at it."""

    house: House
    running: Running
    app: Flask

    def browser(self) -> Browser:
        return Browser(self.app)

    def letters(self) -> list[Mail]:
        """What the post carries now."""
        sent: list[Mail] = []
        self.running.__dict__["post"] = type(self.running.post)(self.running.post.site, sent.append)
        self.running.deliver()
        return sent


def token_of(mail: Mail) -> str:
    return mail.text.partition("#")[2].split()[0]


def invite(desk: Desk, email: str, role: Role = Role.MAKER) -> str:
    """The token of an invitation."""
    ada = Actor(9, "Ada", desk.house.organisation, frozenset({INVITE_ALONE.name}), stepped_up=True)
    scope = in_organisation(desk.house.organisation)
    made(
        run(
            desk.house.database, INVITE_ALONE, [Invitation(email, "Nora", (role,))], key=desk.house.key(),
            actor=ada, scope=scope,
        )
    )  # fmt: skip
    return token_of(desk.letters()[-1])
