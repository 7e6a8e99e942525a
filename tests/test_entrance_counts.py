"""What coming in costs: the statements of a request by an API key, the caller's look-up and the book's among them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from api_site import SECRET_KEY
from flask.testing import FlaskClient
from statements import counted

from scf.app import create_app
from scf.db.engine import Database
from scf.running import Running
from scf.sandbox.seed import seed
from scf.settings import read_settings
from wsgi import MODULES

Counted = Callable[[str, str], list[str]]


@pytest.fixture
def calls(database: Database, tmp_path: Path) -> Counted:
    """The statements of a GET, by whose key it is sent and its path."""
    url = database.engine.url.render_as_string(hide_password=False)
    settings = read_settings({"SCF_DATABASE_URL": url, "SCF_VAR": str(tmp_path), "SCF_SECRET_KEY": SECRET_KEY})
    running = Running(settings, MODULES, database.clock)
    running.__dict__["database"] = database
    made = json.loads(seed(database, running.granted, tmp_path).read_text())
    client = create_app(running).test_client()

    def get(person: str, path: str) -> list[str]:
        with counted(database.engine) as seen:
            _answered(client, path.format(**made["ids"]), made["people"][person]["key"])
        return [each for each in seen if not each.startswith("BEGIN")]

    # the first call of each key notes that it was used
    get("supplier", "/advances")
    get("funder_maker", "/books/{book}/advances")
    return get


def _answered(client: FlaskClient, path: str, key: str) -> None:
    answer = client.get(f"/api/v1{path}", headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code == 200, answer.get_data(as_text=True)


def test_a_list_takes_one_statement_and_coming_in_another(calls: Counted) -> None:
    caller, rows = calls("supplier", "/advances")
    assert "FROM api_key" in caller and "FROM advance" in rows


def test_a_list_of_a_book_takes_one_more_for_whose_book_it_is(calls: Counted) -> None:
    caller, book, rows = calls("funder_maker", "/books/{book}/advances")
    assert "FROM api_key" in caller and "FROM book" in book and "FROM advance" in rows
