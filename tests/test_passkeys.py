"""Passkeys, with a software authenticator: enrolled, shown, signed in by alone; and what does not hold is refused."""

from collections.abc import Callable
from typing import Any

import pytest
from authenticator import Authenticator
from first_rows import made
from signing_in import HOME, VAULT, House, open_house
from sqlalchemy import select

from scf.db.engine import Database
from scf.identity.factor_queries import of_person
from scf.identity.freshness import Lacks
from scf.identity.models_factors import passkeys
from scf.identity.passkey_use import (
    add_passkey,
    ask_to_enrol,
    ask_to_show,
    ask_to_sign_in,
    show_passkey,
    sign_in_by_passkey,
)
from scf.identity.sessions import SignedIn
from scf.identity.show import ShowResult
from scf.identity.sign_in import SignInResult
from scf.identity.site import Site
from scf.roles import Role

SITE = Site("https://scf.example")


@pytest.fixture
def house(database: Database) -> House:
    house = open_house(database)
    house.person("Carl", Role.CHECKER)
    return house


def enrol(house: House, name: str, device: Authenticator, as_who: SignedIn | None = None) -> SignedIn:
    signed_in = as_who or house.signed_in(name)
    options = ask_to_enrol(house.database, VAULT, SITE, signed_in)
    added = add_passkey(house.database, VAULT, SITE, signed_in, "phone", device.create(options), house.key())
    made([added.outcome])
    found = house.who(added.token)
    assert found is not None
    return found


def device(**options: Any) -> Authenticator:
    return Authenticator(SITE.url, **options)


def test_a_passkey_signs_in_alone_and_counts_as_both_factors(house: House) -> None:
    phone = device()
    assert enrol(house, "Carl", phone).lacks is Lacks.NOTHING
    house.later(minutes=1)
    answer = phone.get(ask_to_sign_in(house.database, VAULT, SITE))
    result = sign_in_by_passkey(house.database, VAULT, SITE, answer, *HOME)
    signed_in = house.who(result.token)
    assert signed_in and signed_in.name == "Carl" and signed_in.lacks is Lacks.NOTHING and signed_in.actor.stepped_up
    again = sign_in_by_passkey(house.database, VAULT, SITE, answer, *HOME)
    assert again == SignInResult(), "an answer counts once"


def test_a_passkey_finishes_a_sign_in_by_password_and_steps_up(house: House) -> None:
    phone = device(counts=False)
    enrol(house, "Carl", phone)
    token = house.sign_in("Carl").token or ""
    for _ in range(2):
        house.later(minutes=11)
        options = ask_to_show(house.database, VAULT, SITE, token)
        assert options and [each["id"] for each in options["allowCredentials"]]
        shown = show_passkey(house.database, VAULT, SITE, token, phone.get(options), *HOME)
        assert shown and shown.token and shown.token != token
        token = shown.token
        signed_in = house.who(token)
        assert signed_in and signed_in.actor.stepped_up


SPOILT: dict[str, Callable[[Authenticator, dict[str, Any]], dict[str, Any]]] = {
    "another site": lambda phone, options: Authenticator("https://scf.example.evil", _key=phone._key).get(options),
    "another key": lambda phone, options: device().get(options),
    "an unknown credential": lambda phone, options: device(credential=b"other", _key=phone._key).get(options),
    "an unverified user": lambda phone, options: device(verifies=False, _key=phone._key, count=50).get(options),
    "another challenge": lambda phone, options: phone.get(options, challenge="aGVsbG8gaGVsbG8gaGVsbG8"),
    "the wrong ceremony": lambda phone, options: phone.get(options, type="webauthn.create"),
    "a device that was copied": lambda phone, options: device(_key=phone._key, count=-1).get(options),
    "nothing": lambda phone, options: {},
    "words": lambda phone, options: {"rawId": "!", "response": "no"},
    "no lists": lambda phone, options: {"rawId": [1], "response": {"clientDataJSON": 5}},
}


@pytest.mark.parametrize("spoilt", SPOILT)
def test_what_does_not_hold_signs_nobody_in(house: House, spoilt: str) -> None:
    phone = device()
    enrol(house, "Carl", phone)
    house.later(seconds=1)
    options = ask_to_sign_in(house.database, VAULT, SITE)
    answer = SPOILT[spoilt](phone, options)
    assert sign_in_by_passkey(house.database, VAULT, SITE, answer, *HOME) == SignInResult()
    assert sign_in_by_passkey(house.database, VAULT, SITE, phone.get(options), *HOME).token


def test_a_challenge_ends_after_five_minutes_and_is_for_one_session(house: House) -> None:
    phone = device()
    enrol(house, "Carl", phone)
    token, other = (house.sign_in("Carl").token or "" for _ in range(2))
    house.later(seconds=1)
    options = ask_to_show(house.database, VAULT, SITE, token)
    assert options
    assert show_passkey(house.database, VAULT, SITE, other, phone.get(options), *HOME) == ShowResult()
    assert sign_in_by_passkey(house.database, VAULT, SITE, phone.get(options), *HOME) == SignInResult()
    house.later(minutes=5)
    assert show_passkey(house.database, VAULT, SITE, token, phone.get(options), *HOME) == ShowResult()
    assert ask_to_show(house.database, VAULT, SITE, "none") is None
    assert show_passkey(house.database, VAULT, SITE, "none", phone.get(options), *HOME) is None


def test_anothers_passkey_is_no_factor_of_mine(house: House) -> None:
    phone = device()
    enrol(house, "Carl", phone)
    house.person("Dora", Role.CHECKER)
    enrol(house, "Dora", device(credential=b"dora"))
    house.later(seconds=1)
    token = house.sign_in("Dora").token or ""
    options = ask_to_show(house.database, VAULT, SITE, token)
    assert options
    assert show_passkey(house.database, VAULT, SITE, token, phone.get(options), *HOME) == ShowResult()


def test_several_passkeys_a_person_each_device_once(house: House) -> None:
    signed_in = enrol(house, "Carl", device())
    signed_in = enrol(house, "Carl", device(credential=b"second"), signed_in)
    options = ask_to_enrol(house.database, VAULT, SITE, signed_in)
    assert len(options["excludeCredentials"]) == 2
    third = device(credential=b"second")
    twice = add_passkey(house.database, VAULT, SITE, signed_in, "again", third.create(options), house.key())
    assert twice.outcome.refusal and twice.outcome.refusal.reason == "already_there"
    with house.database.reading() as connection:
        assert [factor.kind for factor in of_person(connection, signed_in.person_id)] == ["passkey", "passkey"]


def test_another_factor_is_enrolled_only_with_one_shown_lately(house: House) -> None:
    phone = device()
    enrol(house, "Carl", phone)
    house.later(seconds=1)
    answer = phone.get(ask_to_sign_in(house.database, VAULT, SITE))
    token = sign_in_by_passkey(house.database, VAULT, SITE, answer, *HOME).token
    house.later(minutes=11)
    stale = house.who(token)
    assert stale is not None
    options = ask_to_enrol(house.database, VAULT, SITE, stale)
    new = device(credential=b"thief").create(options)
    refused = add_passkey(house.database, VAULT, SITE, stale, "thief", new, house.key()).outcome.refusal
    assert refused and refused.reason == "step_up_needed"


def test_enrolment_wants_a_verified_user_on_this_site(house: House) -> None:
    signed_in = house.signed_in("Carl")
    options = ask_to_enrol(house.database, VAULT, SITE, signed_in)
    for bad in (device(verifies=False), Authenticator("https://evil.example")):
        added = add_passkey(house.database, VAULT, SITE, signed_in, "bad", bad.create(options), house.key())
        assert added.outcome.refusal and added.outcome.refusal.reason == "not_verified" and added.token is None
    with house.database.reading() as connection:
        assert connection.execute(select(passkeys)).all() == []
