"""The operator's pages over the sandbox's stock: who may open them, what they show, and what their buttons do."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select, update

from reports.demo.stock import furnish
from scf.app import create_app
from scf.db.engine import open_engine
from scf.ids import text
from scf.migrate import upgrade
from scf.onboarding.models import dossiers, screenings
from scf.outbox import outbox
from scf.running import Running
from scf.scheduling.models import jobs
from scf.settings import read_settings
from wsgi import EVERY_MODULE

_TOKEN = 'name="csrf_token" value="'


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder: Path = tmp_path_factory.mktemp("operator")
    url = f"sqlite:///{folder / 'scf.db'}"
    upgrade(open_engine(url))
    given = {"SCF_DATABASE_URL": url, "SCF_VAR": str(folder), "SCF_SANDBOX": "1", "SCF_LOG": "off"}
    running = Running(read_settings({**given, "SCF_CALLS_PER_MINUTE": "1000000"}), EVERY_MODULE)
    furnish(running)
    yield running
    running.database.engine.dispose()


@pytest.fixture(scope="module")
def app(running: Running) -> Flask:
    return create_app(running)


class Somebody:
    """Somebody of the sandbox, signed in by one click."""

    def __init__(self, app: Flask, name: str) -> None:
        self.client: FlaskClient = app.test_client()
        page = self.client.get("/demo").text
        found = re.search(r'value="(per_\w+)">\s*<button[^>]*>Sign in as ' + name, page)
        assert found is not None, name
        assert self.send("/demo/enter", "/demo", person_id=found[1]) == 303

    def get(self, path: str, status: int = 200) -> str:
        answer = self.client.get(path)
        assert answer.status_code == status, (path, answer.status_code, answer.text[:3000])
        return answer.text

    def send(self, path: str, on: str, **fields: object) -> int:
        page = self.client.get(on).text
        token = page.partition(_TOKEN)[2].partition('"')[0]
        return self.client.post(path, data={"csrf_token": token, **fields}).status_code


@pytest.fixture(scope="module")
def opal(app: Flask) -> Somebody:
    return Somebody(app, "Opal Reed")


def ids_in(page: str, path: str, prefix: str) -> list[str]:
    return list(dict.fromkeys(re.findall(rf'{path}/({prefix}_\w{{13}})"', page)))


def test_the_desk_says_what_waits(opal: Somebody) -> None:
    page = opal.get("/operator")
    for words in ("SANDBOX", "Linden Dairies", "Quarry Tools", "on its day", "Close the day"):
        assert words in page, words


@pytest.mark.parametrize("where", ["organisations", "people", "books", "outbox", "audit", "dossiers", "findings"])
def test_every_list_comes_with_its_files_and_every_thing_of_it_with_a_page(opal: Somebody, where: str) -> None:
    page = opal.get(f"/operator/{where}")
    opal.get(f"/operator/{where}.csv")
    found = re.findall(rf'href="(/operator/{where}/\w{{3}}_\w{{13}})"', page)
    assert bool(found) == (where != "findings")
    for path in list(dict.fromkeys(found))[:8]:
        opal.get(path)


def test_nobody_else_comes_near_them(app: Flask, opal: Somebody) -> None:
    others = [Somebody(app, name) for name in ("Sam Alder", "Bea Birch", "Carl Gate", "Ben Field")]
    things = [
        path
        for where in ("organisations", "people", "books", "outbox", "audit", "dossiers")
        for path in re.findall(rf'href="(/operator/{where}/\w{{3}}_\w{{13}})"', opal.get(f"/operator/{where}"))[:1]
    ]
    for other in others:
        for path in ("/operator", *things):
            assert other.client.get(path).status_code in (403, 404), path
        assert "Opal" not in other.client.get("/operator/people").text
        assert "/operator" not in other.get("/account").partition("<main")[0]


def test_an_auditor_looks_and_touches_nothing(app: Flask) -> None:
    auditor = Somebody(app, "Aldo Watts")
    for path in ("/operator", "/operator/audit", "/operator/organisations", "/operator/outbox"):
        auditor.get(path)
    auditor.get("/operator/people", 403)
    auditor.get("/operator/organisations/register", 403)


def test_the_search_finds_commands_by_what_they_were(opal: Somebody) -> None:
    every = opal.client.get("/api/v1/audit/commands?limit=1000").get_json()["items"]
    some = next(each for each in every if each["command"] == "invoices.upload")
    for name, value in (("command", some["command"]), ("key", some["key"]), ("actor_id", some["actor_id"])):
        found = opal.client.get("/api/v1/audit/commands", query_string={name: value, "limit": 1000}).get_json()["items"]
        expected = {each["id"] for each in every if each[name] == value}
        assert {each["id"] for each in found} == expected, name
    on = some["at"][:10]
    found = opal.client.get(f"/api/v1/audit/commands?from={on}&to={on}&limit=1000").get_json()["items"]
    assert {each["id"] for each in found} == {each["id"] for each in every if each["at"][:10] == on}
    page = opal.get(f"/operator/audit/{some['id']}")
    assert "Accepted" in page
    assert some["digest"] in page


def test_an_organisation_is_registered_gets_a_book_and_its_first_administrator(opal: Somebody) -> None:
    register = "/operator/organisations/register"
    assert opal.send(register, register, name="Elm Bank", registration_ref="SANDBOX-9", country="at") == 422
    assert opal.send(register, register, name="Elm Bank", registration_ref="SANDBOX-1", country="AT") == 409
    assert opal.send(register, register, name="Elm Bank", registration_ref="SANDBOX-9", country="AT") == 303
    page = opal.get("/operator/organisations?name=Elm")
    (id,) = ids_in(page, "/operator/organisations", "org")
    one = f"/operator/organisations/{id}"
    begin = {"organisation_id": id, "name": "Ella Elm", "email": "ella@elm.example"}
    assert opal.send(f"{one}/begin", f"{one}/begin", **begin) == 303
    book = {"funder_id": id, "ref": "ELM", "calendar": "TARGET", "first_on": "2031-01-02"}
    assert opal.send(f"{one}/book", f"{one}/book", **book) == 303
    shown = opal.get(one)
    assert "ELM" in shown
    assert "Invite the first administrator" in shown


def test_a_hit_is_cleared_by_two_people(app: Flask, running: Running, opal: Somebody) -> None:
    with running.database.reading() as connection:
        hit = connection.execute(select(screenings).where(screenings.c.status == "open")).one()
    one = f"/operator/dossiers/{text('dos', hit.dossier_id)}"
    screening_id = text("scr", hit.id)
    decide = f"{one}/hits/{screening_id}"
    given = {"screening_id": screening_id, "cleared": "true"}
    assert opal.send(decide, decide, **given) == 422, "it asks why"
    assert opal.send(decide, decide, **given, words="Another Lena Lind, born in May.") == 303
    page = opal.get(one)
    assert "waits for another person" in page
    proposal = re.search(r"pro_\w{13}", Somebody(app, "Theo Marsh").get(one))
    assert proposal is not None
    theo = Somebody(app, "Theo Marsh")
    assert theo.send(f"{one}/hits/accept", one, proposal_id=proposal[0]) == 303
    with running.database.reading() as connection:
        statuses = dict(connection.execute(select(dossiers.c.id, dossiers.c.status)).all())
    assert statuses[hit.dossier_id] == "agreement"
    assert theo.send(f"{one}/send-back", f"{one}/send-back", dossier_id=text("dos", hit.dossier_id), to="documents",
                     reason="The extract is too old.") == 303  # fmt: skip
    assert "The extract is too old." in opal.get(one)


def test_a_message_is_sent_again_and_a_failed_job_tried_again(running: Running, opal: Somebody) -> None:
    with running.database.writing() as connection:
        message = connection.execute(select(func.max(outbox.c.id))).scalar_one()
        gone = {"delivered_at": None, "given_up_at": running.database.clock.now(), "error": "no such host"}
        connection.execute(update(outbox).where(outbox.c.id == message).values(gone))
        job = connection.execute(select(func.max(jobs.c.id))).scalar_one()
        connection.execute(update(jobs).where(jobs.c.id == job).values(status="failed", error="Traceback: x"))
    shown = opal.get("/operator")
    assert text("job", job) in shown
    assert text("msg", message) in opal.get("/operator/outbox?status=given_up")
    on = f"/operator/outbox/{text('msg', message)}"
    assert "no such host" in opal.get(on)
    assert opal.send("/operator/outbox/resend", on, message_id=text("msg", message)) == 303
    assert text("msg", message) in opal.get("/operator/outbox?status=waiting")
    on = f"/jobs/{text('job', job)}"
    assert "Traceback: x" in opal.get(on)
    assert opal.send("/jobs/retry", on, job_id=text("job", job)) == 303
    part = opal.client.get(on, headers={"HX-Target": "job"}).text
    assert part.lstrip().startswith('<div id="job"')
    assert 'hx-trigger="every 2s"' in part
    running.work()
    assert "every 2s" not in opal.get(on)


def test_what_an_organisation_set_up_is_its_own(app: Flask, running: Running) -> None:
    bea, ines, sam = (Somebody(app, name) for name in ("Bea Birch", "Ines Quay", "Sam Alder"))
    new = "/organisation/webhooks/new"
    assert bea.send(new, new, url="http://erp.birch.example/scf") == 409
    assert bea.send(new, new, url="https://erp.birch.example/scf") == 200
    (endpoint,) = re.findall(r'"(/organisation/webhooks/whe_\w{13})"', bea.get("/organisation/webhooks"))
    assert bea.send(f"{endpoint}/test", endpoint) == 303
    (delivery,) = re.findall(r'"(/organisation/deliveries/whd_\w{13})"', bea.get("/organisation/deliveries"))
    assert "Send it again" not in bea.get(delivery), "it is on its way"
    (member,) = re.findall(r'"(/organisation/members/per_\w{13})"', bea.get("/organisation"))
    for path in (endpoint, f"{endpoint}/change", delivery, member, f"{member}/give", f"{member}/suspend"):
        bea.get(path)
        ines.get(path, 404)
    assert ines.send(f"{endpoint}/rotate", "/organisation") == 303
    assert ines.send(f"{endpoint}/end", "/organisation") == 303
    assert "Active" in bea.get(endpoint)
    assert "birch" not in ines.get("/organisation/webhooks") + ines.get("/organisation/deliveries")
    for path in ("/organisation", "/organisation/keys", "/organisation/invite", new):
        sam.get(path, 403)
    bea.get("/organisation/keys")
    assert bea.send(f"{member}/suspend", f"{member}/suspend", person_id=member[-17:], reason="left") == 409


def test_pages_take_the_same_statements_however_much_there_is(running: Running, opal: Somebody) -> None:
    told: list[str] = []
    listening = (running.database.engine, "before_cursor_execute")
    event.listen(*listening, lambda _c, _cursor, statement, *_rest: told.append(statement))
    opal.get("/operator")
    assert len([each for each in told if each.startswith("SELECT")]) <= 20, told
