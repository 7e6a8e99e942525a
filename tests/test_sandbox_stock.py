"""The sandbox's stock: every desk has something to do on first sight, and the books are sound."""

import pytest
from sqlalchemy import Column, func, select

from anchors.queries import proposed, to_confirm
from invoices.models import invoices
from reports.demo.stock import furnish
from scf.db.engine import open_engine
from scf.factoring.models import advance_requests, advances
from scf.migrate import upgrade
from scf.onboarding.models import dossiers, screenings
from scf.operations.soundness import findings
from scf.payments.models import collections, payouts
from scf.proposals.models import proposals
from scf.receivables.models import credit_notes
from scf.running import Running
from scf.sandbox import entering
from scf.sandbox.parties import PEOPLE
from scf.settings import read_settings
from wsgi import EVERY_MODULE


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Running:
    folder = tmp_path_factory.mktemp("stock")
    url = f"sqlite:///{folder / 'scf.db'}"
    upgrade(open_engine(url))
    given = {"SCF_DATABASE_URL": url, "SCF_VAR": str(folder), "SCF_SANDBOX": "1", "SCF_LOG": "off"}
    running = Running(read_settings(given), EVERY_MODULE)
    furnish(running)
    return running


def counts(running: Running, status: "Column[str]") -> dict[str, int]:
    """How many rows of a table are in each status."""
    with running.database.reading() as connection:
        return dict(connection.execute(select(status, func.count()).group_by(status)).all())


def test_something_stands_at_every_stage(running: Running) -> None:
    assert counts(running, invoices.c.status).keys() == {"submitted", "confirmed", "rejected"}
    assert counts(running, advance_requests.c.status).keys() == {"requested", "approved", "funded"}
    assert counts(running, advances.c.status).keys() == {"funded", "settled"}
    assert counts(running, payouts.c.status)["returned"] == 1
    assert counts(running, collections.c.status)["received"] == 1
    assert counts(running, credit_notes.c.status) == {"applied": 1}
    assert counts(running, dossiers.c.status) == {"screening": 2}
    assert counts(running, screenings.c.status)["open"] == 1


def test_something_waits_for_every_checker(running: Running) -> None:
    with running.database.reading() as connection:
        waiting = select(proposals.c.command).where(proposals.c.status == "proposed").distinct()
        assert set(connection.execute(waiting).scalars()) == {"anchors.confirm", "factoring.approve", "limits.set"}
        anchors = set(connection.execute(select(invoices.c.anchor_id).distinct()).scalars())
        assert len(anchors) == 2
        assert all(to_confirm(connection, id) and proposed(connection, id) for id in anchors)


def test_an_advance_is_overdue_and_the_book_is_on_the_day_the_clock_shows(running: Running) -> None:
    with running.database.reading() as connection:
        overdue = select(func.count()).where(
            advances.c.status == "funded", advances.c.due_on < running.database.clock.now().date()
        )
        assert connection.execute(overdue).scalar_one() == 1
        assert [found for _place, found in findings(connection)].count([]) == len(list(findings(connection)))


def test_everybody_can_be_entered_and_a_second_start_changes_nothing(running: Running) -> None:
    with running.database.reading() as connection:
        assert {each.name for each in entering.made_up(connection)} == {person.name for person in PEOPLE}
    before = counts(running, invoices.c.status)
    assert furnish(running).exists()
    assert counts(running, invoices.c.status) == before
