"""Signing in: one answer for all that is wrong, waiting that grows, and sessions that end when they should."""

import json
from datetime import timedelta

import pytest
from signing_in import CHEAP, HOME, PASSWORD, PHONE, House, email_of, open_house
from sqlalchemy import event, func, select

from scf.db.engine import Database
from scf.identity import passwords, throttle
from scf.identity.attempts import origin
from scf.identity.freshness import Lacks
from scf.identity.models_factors import passwords as stored_passwords
from scf.identity.models_sessions import attempts, sessions
from scf.identity.passwords import Cost, matches
from scf.identity.sign_in import SignInResult, sign_in, sign_out
from scf.outbox import outbox
from scf.roles import Role


@pytest.fixture
def house(database: Database) -> House:
    house = open_house(database)
    house.person("Ida", Role.MAKER)
    return house


def outcomes(house: House) -> list[str]:
    with house.database.reading() as connection:
        return list(connection.execute(select(attempts.c.outcome).order_by(attempts.c.id)).scalars())


def test_the_right_password_begins_a_session_with_the_roles_of_its_person(house: House) -> None:
    signed_in = house.who(house.sign_in("Ida").token)
    assert signed_in is not None
    assert (signed_in.name, signed_in.organisation_name) == ("Ida", "Ash Castings")
    assert signed_in.roles == {Role.MAKER} and signed_in.lacks is Lacks.NOTHING
    assert signed_in.actor.may("keys.make") and not signed_in.actor.may("members.suspend")
    assert not signed_in.actor.stepped_up and not signed_in.actor.operates


def test_the_address_may_be_written_in_any_way_and_the_password_in_any_form(house: House) -> None:
    assert sign_in(house.database, " IDA@Ash.Example ", PASSWORD, *HOME, cost=CHEAP).token
    house.person("Øre", Role.MAKER, password="ﬁve blue lanterns at dawn")
    assert house.sign_in("Øre", "five blue lanterns at dawn").token


@pytest.mark.parametrize("email", [email_of("Nobody"), "not an address", "\0", "\ud800@x", ""])
def test_an_unknown_account_is_answered_like_a_wrong_password(house: House, email: str) -> None:
    wrong = house.sign_in("Ida", "wrong")
    assert sign_in(house.database, email, PASSWORD, *HOME, cost=CHEAP) == wrong == SignInResult()


def test_an_unknown_account_costs_the_same_statements_and_the_same_hashing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    hashed: list[bool] = []
    event.listen(house.database.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))

    def watched(stored: str | None, password: str, cost: Cost) -> bool:
        hashed.append(stored is None)
        return matches(stored, password, cost)

    monkeypatch.setattr(passwords, "matches", watched)
    house.sign_in("Ida", "wrong")
    known, asked[:] = list(asked), []
    house.sign_in("Nobody", "wrong")
    assert asked == known
    assert hashed == [False, True]


def test_no_password_matches_where_none_is_stored() -> None:
    assert not matches(None, "nobody has this password", CHEAP)


def test_a_member_of_nothing_is_answered_like_a_wrong_password(house: House) -> None:
    house.person("Former")
    assert house.sign_in("Former") == SignInResult()


def test_failures_make_the_account_wait_known_or_not_and_a_success_ends_it(house: House) -> None:
    for name in ("Ida", "Nobody"):
        for _ in range(5):
            assert house.sign_in(name, "wrong") == SignInResult()
            house.later(seconds=10)
        refused = house.sign_in(name)
        assert refused.token is None and refused.free_at == house.database.clock.now() + timedelta(seconds=50)
    house.later(seconds=60)
    assert house.sign_in("Ida").token
    house.later(seconds=1)
    assert house.sign_in("Ida", "wrong").free_at is None
    assert outcomes(house).count("throttled") == 2 and outcomes(house).count("succeeded") == 1


def test_attempts_made_while_waiting_do_not_make_it_longer(house: House) -> None:
    for _ in range(5):
        house.sign_in("Ida", "wrong")
        house.later(seconds=8)
    for _ in range(20):
        assert house.sign_in("Ida", "wrong").free_at
    house.later(seconds=61)
    assert house.sign_in("Ida").token


def test_a_network_that_guesses_at_many_accounts_waits_too(house: House) -> None:
    for n in range(50):
        assert house.sign_in(f"Guess{n}", "wrong").free_at is None
    assert house.sign_in("Ida").free_at is not None
    assert house.sign_in("Ida", where=PHONE).token


def test_waiting_doubles_up_to_an_hour() -> None:
    waits = [throttle.wait_after(n).total_seconds() for n in range(14)]
    assert waits == [0, 0, 0, 2, 4, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]
    assert throttle.wait_after(10_000) == timedelta(hours=1)


def test_what_is_kept_of_where_from_is_no_more_than_needed() -> None:
    assert origin("2001:db8:1:2:3::4", "x" * 500).network == "2001:db8:1:2::/64"
    assert len(origin("203.0.113.7", "x" * 500).agent) == 200
    assert origin("unix:", "a\nb\x00c").network == "" and origin("unix:", "a\nb\x00c").agent == "abc"


def test_what_was_typed_as_an_account_is_not_kept(house: House) -> None:
    house.sign_in("Typed-into-the-wrong-field", "wrong")
    with house.database.reading() as connection:
        kept = connection.execute(select(attempts)).all()
    assert "typed" not in str(kept).lower()


def test_a_password_hashed_at_another_cost_is_hashed_anew_when_it_is_known(house: House) -> None:
    dearer = Cost(passes=2, memory_kib=16, lanes=1)
    assert sign_in(house.database, email_of("Ida"), PASSWORD, *HOME, cost=dearer).token
    with house.database.reading() as connection:
        stored = connection.execute(select(stored_passwords.c.hash)).scalar_one()
    assert "$m=16,t=2,p=1$" in stored
    assert sign_in(house.database, email_of("Ida"), PASSWORD, *HOME, cost=dearer).token


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("short", "password_length"),
        ("x" * 129, "password_length"),
        ("aaaaaaaaaaaaaaaa", "password_weak"),
        ("password123456", "password_weak"),
        ("idawinter@ash.example", "password_weak"),
    ],
)
def test_weak_passwords_are_refused_with_advice(password: str, reason: str) -> None:
    refusal = passwords.weigh(password, ["Ida Winter", "idawinter@ash.example", "Ash Castings"])
    assert refusal is not None and refusal.reason == reason and refusal.remedy
    assert password not in refusal.words()


def test_long_plain_words_are_welcome() -> None:
    assert passwords.weigh(PASSWORD, ["Ida", email_of("Ida")]) is None


def test_a_session_ends_when_it_is_not_used_and_when_it_is_old(house: House) -> None:
    token = house.sign_in("Ida").token
    house.later(minutes=31)
    assert house.who(token) is None
    token = house.sign_in("Ida").token
    for _ in range(35):
        house.later(minutes=20)
        assert house.who(token)
    house.later(minutes=20)
    assert house.who(token) is None


def test_a_session_is_read_in_one_statement_and_noted_once_a_minute(house: House) -> None:
    token = house.sign_in("Ida").token
    asked: list[str] = []
    event.listen(house.database.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))

    def statements() -> int:
        asked[:] = []
        assert house.who(token)
        return len([each for each in asked if not each.startswith("BEGIN")])

    assert statements() == 1
    house.later(seconds=60)
    assert statements() == 2
    assert statements() == 1


def test_signing_out_ends_the_session_and_no_other(house: House) -> None:
    first, second = house.sign_in("Ida").token, house.sign_in("Ida").token
    assert first and second and first != second
    sign_out(house.database, first)
    sign_out(house.database, "never was one")
    assert house.who(first) is None and house.who(second)


def test_tokens_are_not_kept(house: House) -> None:
    token = house.sign_in("Ida").token
    with house.database.reading() as connection:
        assert str(token) not in str(connection.execute(select(sessions)).all())


def test_a_role_that_needs_a_factor_may_only_enrol_one_at_first(house: House) -> None:
    house.person("Carl", Role.CHECKER, Role.MAKER)
    signed_in = house.signed_in("Carl")
    assert signed_in.lacks is Lacks.ENROLMENT and signed_in.needs_factor
    assert signed_in.actor.may("factors.add_totp") and not signed_in.actor.may("keys.make")


def test_a_device_not_seen_lately_is_told_by_mail(house: House) -> None:
    def told() -> int:
        with house.database.reading() as connection:
            return connection.execute(select(func.count()).where(outbox.c.kind == "mail")).scalar_one()

    house.sign_in("Ida")
    house.sign_in("Ida")
    assert told() == 0, "the first of all is no news, and it came back"
    house.sign_in("Ida", where=PHONE)
    house.sign_in("Ida", where=PHONE)
    assert told() == 1
    with house.database.reading() as connection:
        payload = json.loads(connection.execute(select(outbox.c.payload)).scalar_one())
    assert payload["about"] == "new device" and payload["agent"] == "Safari" and "@" not in str(payload)


def test_one_enters_where_one_was_last(house: House, database: Database) -> None:
    other = open_house(database, "Birch Tools").organisation
    ida = house.signed_in("Ida").person_id
    house.joins(ida, [Role.VIEWER], other)
    assert house.signed_in("Ida").organisation_id == house.organisation
