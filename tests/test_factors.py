"""Second factors: a code counts once, guesses are counted, and what signs in cannot be changed without showing it."""

import pytest
from signing_in import HOME, PASSWORD, VAULT, House, open_house
from sqlalchemy import select

from scf.command_log import command_logs
from scf.commands import in_organisation, run
from scf.db.engine import Database
from scf.errors import PermissionMissing, StepUpNeeded
from scf.identity import totp
from scf.identity.enrol import add_totp, offer_totp, renew_codes
from scf.identity.factor_queries import of_person, unused_code_count
from scf.identity.factors import REMOVE
from scf.identity.freshness import Lacks
from scf.identity.models_factors import recovery_codes, totps
from scf.identity.recovery import CODES
from scf.identity.sessions import SignedIn
from scf.identity.show import ShowResult, show_factor
from scf.outbox import outbox
from scf.roles import Role


@pytest.fixture
def house(database: Database) -> House:
    house = open_house(database)
    house.person("Carl", Role.CHECKER)
    return house


def remove(house: House, signed_in: SignedIn, *ids: int) -> list[str]:
    scope = in_organisation(signed_in.organisation_id)
    outcomes = run(house.database, REMOVE, ids, key=house.key(), actor=signed_in.actor, scope=scope)
    return [outcome.refusal.reason if outcome.refusal else "" for outcome in outcomes]


def held(house: House, signed_in: SignedIn) -> list[int]:
    with house.database.reading() as connection:
        return [factor.id for factor in of_person(connection, signed_in.person_id)]


def test_a_checker_enrols_an_app_first_and_then_may_check(house: House) -> None:
    before = house.signed_in("Carl")
    assert before.lacks is Lacks.ENROLMENT and not before.actor.may("keys.make")
    after, _ = house.with_totp("Carl")
    assert after.lacks is Lacks.NOTHING and after.actor.may("keys.make") and after.actor.stepped_up


def test_the_next_sign_in_may_do_nothing_before_a_code_was_shown(house: House) -> None:
    _, secret = house.with_totp("Carl")
    house.later(minutes=1)
    token = house.sign_in("Carl").token
    signed_in = house.who(token)
    assert signed_in and signed_in.lacks is Lacks.FACTOR and signed_in.actor.permissions == frozenset()
    shown = house.show(token, house.code(secret))
    assert house.who(token) is None, "the token of before is worth nothing"
    whole = house.who(shown.token)
    assert (
        whole and whole.lacks is Lacks.NOTHING and whole.actor.stepped_up and whole.session_id == signed_in.session_id
    )


def test_a_code_counts_once_and_a_clock_may_be_a_step_off(house: House) -> None:
    _, secret = house.with_totp("Carl")
    token = house.sign_in("Carl").token
    assert house.show(token, house.code(secret)) == ShowResult(), "it was used to enrol"
    house.later(seconds=60)
    early = house.code(secret)
    house.later(seconds=30)
    now = house.code(secret)
    token = house.show(token, now).token
    assert token
    assert house.show(token, early) == ShowResult(), "an older code than the last one taken"
    assert house.show(token, now) == ShowResult()
    house.later(seconds=60)
    late = house.code(secret)
    house.later(seconds=30)
    assert house.show(token, late[:3] + " " + late[3:]).token


def test_codes_two_steps_off_or_malformed_are_none(house: House) -> None:
    at = house.database.clock.now()
    secret = totp.new_secret()
    code = house.code(secret)
    house.later(seconds=60)
    assert totp.step_of(secret, code, house.database.clock.now(), 0) is None
    assert totp.step_of(secret, code, at, 0)
    for wrong in ("", "12345", "1234567", "١٢٣٤٥٦", "abcdef", "12345\n"):
        assert totp.step_of(secret, wrong, at, 0) is None


def test_guessing_codes_makes_it_wait_and_the_right_password_does_not_help(house: House) -> None:
    _, secret = house.with_totp("Carl")
    house.later(minutes=1)
    for _ in range(5):
        assert house.show(house.sign_in("Carl").token, "000000") == ShowResult()
        house.later(seconds=6)
    token = house.sign_in("Carl").token
    assert house.show(token, house.code(secret)).free_at
    house.later(minutes=1)
    assert house.show(token, house.code(secret)).token


def test_a_shown_factor_is_fresh_for_ten_minutes(house: House) -> None:
    signed_in, secret = house.with_totp("Carl")
    assert signed_in.actor.stepped_up
    house.later(minutes=1)
    token = house.show(house.sign_in("Carl").token, house.code(secret)).token
    house.later(minutes=9)
    found = house.who(token)
    assert found and found.actor.stepped_up
    house.later(minutes=2)
    found = house.who(token)
    assert found and not found.actor.stepped_up and found.lacks is Lacks.NOTHING
    again = house.who(house.show(token, house.code(secret)).token)
    assert again and again.actor.stepped_up


def test_a_session_that_is_over_shows_nothing(house: House) -> None:
    assert show_factor(house.database, VAULT, "none", "000000", *HOME) is None


def test_an_offer_ends_and_is_for_one_session(house: House) -> None:
    signed_in, at = house.signed_in("Carl"), house.database.clock.now()
    other = house.signed_in("Carl")
    offer = offer_totp(VAULT, signed_in, "scf", at)
    assert "Carl" not in repr(offer) and offer.secret not in repr(offer) and "carl%40ash.example" in offer.uri

    def answer(who: SignedIn, ticket: str, code: str) -> str:
        refusal = add_totp(house.database, VAULT, who, ticket, code, "phone", house.key()).outcome.refusal
        return refusal.reason if refusal else ""

    assert answer(other, offer.ticket, house.code(offer.secret)) == "offer_is_over"
    assert answer(signed_in, offer.ticket[:-12] + "A" * 12, house.code(offer.secret)) == "offer_is_over"
    assert answer(signed_in, offer.ticket, "000000") == "wrong_code"
    house.later(minutes=15)
    assert answer(signed_in, offer.ticket, house.code(offer.secret)) == "offer_is_over"


def test_one_app_a_person_and_another_factor_only_with_the_first(house: House) -> None:
    signed_in, _ = house.with_totp("Carl")
    offer = offer_totp(VAULT, signed_in, "scf", house.database.clock.now())
    again = add_totp(house.database, VAULT, signed_in, offer.ticket, house.code(offer.secret), "two", house.key())
    assert again.outcome.refusal and again.outcome.refusal.reason == "already_there" and again.token is None


def test_a_secret_is_sealed_and_in_no_log(house: House) -> None:
    _, secret = house.with_totp("Carl")
    with house.database.reading() as connection:
        stored = connection.execute(select(totps.c.id, totps.c.secret)).one()
        logged = str([connection.execute(select(each)).all() for each in (command_logs, outbox)])
    assert secret not in stored.secret and secret not in logged
    assert VAULT.open(stored.secret, f"totp/{stored.id}") == secret


def test_ten_recovery_codes_that_open_once_each(house: House) -> None:
    signed_in, _ = house.with_totp("Carl")
    codes = renew_codes(house.database, signed_in, "once")
    assert len(set(codes)) == CODES and renew_codes(house.database, signed_in, "once") == []
    token = house.sign_in("Carl").token
    token = house.show(token, codes[0].lower().replace("-", " ")).token
    assert token
    assert house.show(token, codes[0]) == ShowResult()
    with house.database.reading() as connection:
        assert unused_code_count(connection, signed_in.person_id) == CODES - 1
        stored = str([connection.execute(select(each)).all() for each in (recovery_codes, command_logs)])
    assert not [code for code in codes if code in stored or code.replace("-", "") in stored]


def test_new_codes_end_the_old_and_nobody_elses_open(house: House) -> None:
    signed_in, _ = house.with_totp("Carl")
    old = renew_codes(house.database, signed_in, "1")
    new = renew_codes(house.database, signed_in, "2")
    house.person("Dora", Role.CHECKER)
    dora, _ = house.with_totp("Dora")
    theirs = renew_codes(house.database, dora, "3")
    token = house.sign_in("Carl").token
    assert house.show(token, old[0]) == ShowResult()
    assert house.show(token, theirs[0]) == ShowResult()
    assert house.show(token, new[0]).token


def test_changing_factors_wants_one_shown_lately(house: House) -> None:
    signed_in, secret = house.with_totp("Carl")
    house.later(minutes=11)
    token = house.show(house.sign_in("Carl").token, house.code(secret)).token
    house.later(minutes=11)
    stale = house.who(token)
    assert stale is not None
    with pytest.raises(StepUpNeeded):
        renew_codes(house.database, stale, "k")
    with pytest.raises(StepUpNeeded):
        remove(house, stale, *held(house, signed_in))


def test_without_its_last_factor_a_checker_enrols_again_and_old_codes_end(house: House) -> None:
    signed_in, _ = house.with_totp("Carl")
    codes = renew_codes(house.database, signed_in, "k")
    (factor,) = held(house, signed_in)
    assert remove(house, signed_in, factor, 5) == ["", "not_found"]
    token = house.sign_in("Carl").token
    found = house.who(token)
    assert found and found.lacks is Lacks.ENROLMENT
    assert house.show(token, codes[0]) == ShowResult()


def test_nobody_removes_anothers_factor(house: House) -> None:
    signed_in, _ = house.with_totp("Carl")
    house.person("Dora", Role.CHECKER)
    dora, _ = house.with_totp("Dora")
    assert remove(house, dora, *held(house, signed_in)) == ["not_found"]


def test_a_half_signed_in_session_enrols_no_other_factor(house: House) -> None:
    house.with_totp("Carl")
    half = house.signed_in("Carl")
    offer = offer_totp(VAULT, half, "scf", house.database.clock.now())
    with pytest.raises(PermissionMissing):
        add_totp(house.database, VAULT, half, offer.ticket, house.code(offer.secret), "theirs", "k")


def test_the_password_alone_is_still_needed(house: House) -> None:
    house.with_totp("Carl")
    assert house.sign_in("Carl", PASSWORD + "!").token is None
