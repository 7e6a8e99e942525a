"""API keys: never more than their maker may, never longer than a year, one pair of eyes, and the secret shown once."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from first_rows import made
from signing_in import GRANTED, House, open_house
from sqlalchemy import event, select, update

from scf.actor import Actor
from scf.command_log import command_logs
from scf.commands import in_organisation, run
from scf.db.engine import Database
from scf.errors import KeyConflict, PermissionMissing
from scf.identity.key_use import actor_of_key, make_keys
from scf.identity.keys import NewKey
from scf.identity.keys_revoke import REVOKE, revoke_all_of
from scf.identity.models_members import memberships
from scf.identity.models_sessions import api_keys
from scf.roles import Role

NEW = NewKey("nightly upload", ("keys.view", "sessions.view"), date(2026, 6, 30))
ADDRESS = "198.51.100.4"


@pytest.fixture
def house(database: Database) -> House:
    return open_house(database)


@pytest.fixture
def ida(house: House) -> Actor:
    house.person("Ida", Role.MAKER, Role.VIEWER)
    return house.signed_in("Ida").actor


def make(house: House, actor: Actor, **changes: Any) -> tuple[int, str]:
    outcomes, secrets = make_keys(house.database, actor, [replace(NEW, **changes)], house.key())
    id = made(outcomes)[0]
    return id, secrets[id]


def refusal(house: House, actor: Actor, **changes: Any) -> str:
    outcomes, secrets = make_keys(house.database, actor, [replace(NEW, **changes)], house.key())
    assert secrets == {} and outcomes[0].refusal is not None
    return outcomes[0].refusal.reason


def used(house: House, secret: str, address: str = ADDRESS) -> Actor | None:
    return actor_of_key(house.database, secret, address, house.database.clock.now(), GRANTED)


def revoke(house: House, actor: Actor, *ids: int) -> list[str]:
    scope = in_organisation(actor.organisation_id)
    outcomes = run(house.database, REVOKE, ids, key=house.key(), actor=actor, scope=scope)
    return [outcome.refusal.reason if outcome.refusal else "" for outcome in outcomes]


def test_a_key_acts_for_its_maker_with_what_it_was_made_for(house: House, ida: Actor) -> None:
    actor = used(house, make(house, ida)[1])
    assert actor == Actor(ida.id, "Ida", house.organisation, frozenset(NEW.permissions))


@pytest.mark.parametrize(
    "spoilt",
    [lambda s: s[:-1] + ("0" if s[-1] != "0" else "1"), lambda s: s[4:], lambda s: "", lambda s: "scf_x_y",
     lambda s: "scf_zzzzzzzzzzzzz_" + s[-64:], lambda s: "bearer_" + s[4:], lambda s: s + "é"],
)  # fmt: skip
def test_anything_but_the_whole_secret_opens_nothing(house: House, ida: Actor, spoilt: Any) -> None:
    assert used(house, spoilt(make(house, ida)[1])) is None


def test_the_secret_is_told_once_and_stored_nowhere(house: House, ida: Actor) -> None:
    outcomes, secrets = make_keys(house.database, ida, [NEW], "once")
    again, none = make_keys(house.database, ida, [NEW], "once")
    assert again == outcomes and len(secrets) == 1 and none == {}
    (secret,) = secrets.values()
    with house.database.reading() as connection:
        everything = str(connection.execute(select(api_keys)).all()) + str(
            connection.execute(select(command_logs)).all()
        )
    assert secret.split("_")[2] not in everything
    with pytest.raises(KeyConflict):
        make_keys(house.database, ida, [replace(NEW, name="other")], "once")


def test_a_key_may_do_no_more_than_its_maker(house: House, ida: Actor) -> None:
    assert refusal(house, ida, permissions=("members.suspend",)) == "not_yours"
    assert refusal(house, ida, permissions=("invented.command",)) == "not_yours"
    assert refusal(house, ida, permissions=()) == "no_permissions"
    assert refusal(house, ida, permissions=("keys.view", "keys.make")) == "not_by_key"
    assert refusal(house, ida, permissions=("passwords.change",)) == "not_by_key"


def test_what_its_maker_loses_the_key_loses_at_once(house: House) -> None:
    house.person("Ada", Role.ADMINISTRATOR, Role.VIEWER)
    ada = replace(house.signed_in("Ada").actor, permissions=GRANTED[Role.ADMINISTRATOR])
    secret = make(house, ada, permissions=("members.suspend", "keys.view"))[1]
    actor = used(house, secret)
    assert actor and actor.may("members.suspend")
    lose(house, ada.id, Role.ADMINISTRATOR)
    actor = used(house, secret)
    assert actor and not actor.may("members.suspend") and actor.may("keys.view")
    lose(house, ada.id, Role.VIEWER)
    assert used(house, secret) is None


def lose(house: House, person_id: int, role: Role) -> None:
    at = house.database.clock.now()
    with house.database.engine.begin() as connection:
        which = (memberships.c.person_id == person_id) & (memberships.c.role == role)
        connection.execute(update(memberships).where(which).values(status="taken", ended_at=at, ended_by_id=0))


def test_a_key_ends_by_itself_within_a_year(house: House, ida: Actor) -> None:
    assert refusal(house, ida, expires_on=date(2027, 1, 6)) == "expires_on"
    assert refusal(house, ida, expires_on=date(2026, 1, 4)) == "expires_on"
    secret = make(house, ida, expires_on=date(2026, 1, 6))[1]
    house.later(days=1)
    assert used(house, secret)
    house.later(hours=15)
    assert used(house, secret) is None


def test_a_key_may_be_bound_to_networks(house: House, ida: Actor) -> None:
    secret = make(house, ida, networks=("198.51.100.0/24", "2001:db8::/32"))[1]
    assert used(house, secret) and used(house, secret, "2001:db8::9") and used(house, secret, "::ffff:198.51.100.9")
    for elsewhere in ("203.0.113.1", "", "nonsense"):
        assert used(house, secret, elsewhere) is None
    assert refusal(house, ida, networks=("198.51.100.7/24",)) == "not_a_network"
    assert refusal(house, ida, networks=("here",)) == "not_a_network"


def test_a_key_approves_only_when_made_for_it_by_whom_just_showed_a_factor(house: House, ida: Actor) -> None:
    assert refusal(house, ida, with_approvals=True) == "step_up_needed"
    actor = used(house, make(house, replace(ida, stepped_up=True), with_approvals=True)[1])
    assert actor and actor.stepped_up
    plain = used(house, make(house, replace(ida, stepped_up=True))[1])
    assert plain and not plain.stepped_up


def test_two_keys_of_one_person_are_one_pair_of_eyes(house: House, ida: Actor) -> None:
    first, second = used(house, make(house, ida)[1]), used(house, make(house, ida, name="other")[1])
    assert first and second and first.id == second.id == ida.id


def test_a_revoked_key_opens_nothing_and_others_keys_are_not_there(house: House, ida: Actor) -> None:
    id, secret = make(house, ida)
    house.person("Jon", Role.MAKER)
    jon = house.signed_in("Jon").actor
    assert revoke(house, jon, id, 5) == ["not_found", "not_found"]
    assert used(house, secret)
    assert revoke(house, ida, id, id) == ["", "already_revoked"]
    assert used(house, secret) is None


def test_an_administrator_revokes_any_key_of_the_organisation_and_no_other(house: House, ida: Actor) -> None:
    id, secret = make(house, ida)
    other = open_house(house.database, "Birch Tools")
    stranger = Actor(9, "Zoe", other.organisation, GRANTED[Role.ADMINISTRATOR])
    assert revoke(other, stranger, id) == ["not_found"]
    assert revoke(house, Actor(8, "Ada", house.organisation, GRANTED[Role.ADMINISTRATOR]), id) == [""]
    assert used(house, secret) is None


def test_keys_end_with_a_membership(house: House, ida: Actor) -> None:
    secret = make(house, ida)[1]
    with house.database.engine.begin() as connection:
        revoke_all_of(connection, [ida.id], house.organisation, 8, house.database.clock.now())
    assert used(house, secret) is None


def test_a_key_is_read_in_one_statement_and_its_use_noted_once_a_minute(house: House, ida: Actor) -> None:
    secret = make(house, ida)[1]
    asked: list[str] = []
    event.listen(house.database.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))

    def statements() -> int:
        asked[:] = []
        assert used(house, secret)
        return len([each for each in asked if not each.startswith("BEGIN")])

    assert [statements(), statements()] == [2, 1]
    house.later(minutes=1)
    assert [statements(), statements()] == [2, 1]


def test_there_is_a_bound_on_keys_in_use(house: House, ida: Actor) -> None:
    for n in range(3):
        made(make_keys(house.database, ida, [replace(NEW, name=f"{n}-{m}") for m in range(16)], house.key())[0])
    outcomes, _ = make_keys(house.database, ida, [replace(NEW, name=f"last {n}") for n in range(3)], house.key())
    assert [outcome.accepted for outcome in outcomes] == [True, True, False]


def test_making_a_key_takes_the_permission(house: House, ida: Actor) -> None:
    with pytest.raises(PermissionMissing):
        make_keys(house.database, replace(ida, permissions=frozenset()), [NEW], "k")
    assert timedelta(days=365) >= NEW.expires_on - house.database.clock.now().date()
