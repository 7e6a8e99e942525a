"""The demonstration's pages: one click is somebody made up, never anybody else, and nothing of it without a sandbox."""

import re
from pathlib import Path

import pytest
from browsing import site_on
from flask import Flask
from flask.testing import FlaskClient
from signing_in import open_house

from scf.app import create_app
from scf.db.engine import Database, open_engine
from scf.ids import text
from scf.migrate import upgrade
from scf.roles import Role
from scf.running import Running
from scf.sandbox import seed
from scf.settings import read_settings
from wsgi import EVERY_MODULE


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    url = f"sqlite:///{tmp_path / 'scf.db'}"
    upgrade(open_engine(url))
    given = {"SCF_DATABASE_URL": url, "SCF_VAR": str(tmp_path), "SCF_SANDBOX": "1", "SCF_LOG": "off"}
    running = Running(read_settings(given), EVERY_MODULE)
    seed.seed(running.database, running.granted, tmp_path)
    return create_app(running)


def send(client: FlaskClient, path: str, on: str, **fields: str) -> int:
    """Send a form of a page, with the token that stands in it."""
    token = client.get(on).text.partition('name="csrf_token" value="')[2].partition('"')[0]
    return client.post(path, data={"csrf_token": token, **fields}).status_code


def person(client: FlaskClient, name: str) -> str:
    found = re.search(r'value="(per_\w+)">\s*<button[^>]*>Sign in as ' + name, client.get("/demo").text)
    assert found is not None
    return found[1]


def test_one_click_is_somebody_and_the_next_somebody_else(app: Flask) -> None:
    client = app.test_client()
    assert "Nothing here is real" in client.get("/").text
    for name in ("Sam Alder", "Olga Larch"):
        assert send(client, "/demo/enter", "/demo", person_id=person(client, name)) == 303
        assert name in client.get("/account").text
        assert client.get("/api/v1/session").get_json()["stepped_up"]


def test_a_clock_that_is_moved_leaves_its_mover_signed_in(app: Flask) -> None:
    client, other = app.test_client(), app.test_client()
    for each, name in ((client, "Olga Larch"), (other, "Sam Alder")):
        send(each, "/demo/enter", "/demo", person_id=person(each, name))
    shown = client.get("/api/v1/sandbox/clock").get_json()["now"][:10]
    later = f"{int(shown[:4]) + 1}{shown[4:]}" if shown[5:] < "01-05" else f"{shown[:8]}28"
    later = later if later > shown else f"{int(shown[:4]) + (shown[5:7] == '12')}-{int(shown[5:7]) % 12 + 1:02}-05"
    assert send(client, "/demo/clock", "/demo/clock", to_on=later) == 303
    assert "Olga Larch" in client.get("/account").text
    assert other.get("/account").status_code == 303


def test_nobody_but_the_made_up_people_is_entered(app: Flask) -> None:
    client = app.test_client()
    for wrong in (text("per", 1), "per_", "", "org_0000000000001"):
        assert send(client, "/demo/enter", "/demo", person_id=wrong) == 404
    assert client.get("/account").status_code == 303
    assert client.post("/demo/enter", data={"person_id": person(client, "Sam Alder")}).status_code == 403
    assert send(client, "/demo/factor", "/demo") == 303, "a stranger is sent to the sign-in"


def test_without_a_sandbox_there_is_none(database: Database, tmp_path: Path) -> None:
    house = open_house(database)
    house.person("Ada", Role.ADMINISTRATOR)
    client = site_on(database, tmp_path).test_client()
    for path in ("/demo", "/demo/clock"):
        assert client.get(path).status_code == 404
    for path in ("/demo/enter", "/demo/factor"):
        assert client.post(path).status_code == 404
    assert "Demonstration" not in client.get("/sign-in").text
