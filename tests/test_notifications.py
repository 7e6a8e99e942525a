"""Notifications: announcements noted once, told to whom may know of them, seen up to one, and blanked in time."""

import pytest
from first_rows import register
from hooks import Hooks
from sqlalchemy import insert

import wsgi
from scf.announcements import KINDS
from scf.commands import transact
from scf.db.engine import Database
from scf.manifest import SCF
from scf.module import Surroundings
from scf.notifications import queries
from scf.notifications.audience import AUDIENCE, kinds_for
from scf.notifications.models import notifications
from scf.notifications.write import see, sweep
from scf.people import queries as people

ALL = tuple(KINDS)


@pytest.fixture
def hooks(database: Database) -> Hooks:
    return Hooks(database)


@pytest.fixture
def parties(database: Database) -> list[int]:
    return register(database, "Halberd", "Ash Castings")


def unread(database: Database, organisation_id: int, person_id: int = 0, kinds: tuple[str, ...] = ALL) -> int:
    with database.reading(organisation_id) as connection:
        return queries.unread_count(connection, organisation_id, person_id, kinds)


def test_what_is_announced_is_noted_once_for_whom_it_is_told(hooks: Hooks, parties: list[int]) -> None:
    anchor, supplier = parties
    hooks.tell(supplier, "invoice.confirmed", 11, 12)
    hooks.work()
    with hooks.database.reading() as connection:
        (told,) = queries.latest(connection, supplier, ALL)
        assert queries.latest(connection, anchor, ALL) == []
        assert queries.latest(connection, supplier, ["invoice.rejected"]) == []
    assert (told.kind, told.ids, told.id_count, told.at) == (
        "invoice.confirmed",
        [11, 12],
        2,
        hooks.database.clock.now(),
    )
    again = {
        "id": told.id,
        "organisation_id": supplier,
        "kind": "invoice.confirmed",
        "ids": [11],
        "at": told.at.isoformat(),
    }
    SCF.deliveries["announcement"](hooks.database, Surroundings(lambda _book: None), again)
    assert len(hooks.rows(notifications)) == 1


def test_unread_are_counted_for_each_person_to_a_hundred(hooks: Hooks, parties: list[int]) -> None:
    database, (anchor, supplier) = hooks.database, parties
    at = database.clock.now()
    row = {"organisation_id": supplier, "kind": "invoice.confirmed", "ids": "[1]", "id_count": 1, "at": at}
    with database.engine.begin() as connection:
        people.add(connection, [(7, "Ada", "ada@ash.example"), (8, "Ben", "ben@ash.example")], at)
        connection.execute(insert(notifications), [{"id": id, **row} for id in range(1, 131)])
    assert unread(database, supplier, 7) == queries.COUNTED_MAX
    assert unread(database, supplier, 7, ("invoice.rejected",)) == unread(database, supplier, 7, ()) == 0
    assert unread(database, anchor, 7) == 0
    transact(database, lambda connection: see(connection, 1, supplier, 7, 120, at))
    assert unread(database, supplier, 7) == 10 and unread(database, supplier, 8) == queries.COUNTED_MAX
    transact(database, lambda connection: see(connection, 2, supplier, 7, 50, at))
    assert unread(database, supplier, 7) == 10, "never back"
    with database.reading() as connection:
        assert queries.seen_up_to(connection, supplier, 7) == 120
        assert [each.id for each in queries.latest(connection, supplier, ALL, before=3)] == [2, 1]


def test_what_it_was_about_is_blanked_after_ninety_days(hooks: Hooks, parties: list[int]) -> None:
    database = hooks.database
    hooks.tell(parties[1], "invoice.confirmed", 11)
    hooks.work()
    (rule,) = [each for each in SCF.retention if each.name == "notifications"]
    assert rule.days == 90
    hooks.pass_time(days=91)
    before = database.clock.now()
    assert transact(database, lambda connection: sweep(connection, before)) == 1
    assert transact(database, lambda connection: sweep(connection, before)) == 0
    with database.reading() as connection:
        (told,) = queries.latest(connection, parties[1], ALL)
    assert (told.ids, told.id_count) == ([], 1)


def test_every_kind_has_a_permission_that_people_hold() -> None:
    held = {each.name for module in wsgi.MODULES for each in module.permissions if each.roles}
    assert AUDIENCE.keys() == KINDS.keys() and set(AUDIENCE.values()) <= held
    assert kinds_for(lambda name: name == "jobs.read") == ["job.ended"]
    assert kinds_for(lambda _name: False) == []
