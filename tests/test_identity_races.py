"""At the same moment: a link opened, a code shown, guesses made, the last administrators taken. Each counts once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any, TypeVar

import pytest
from first_rows import made
from signing_in import CHEAP, HOME, PASSWORD, VAULT, House, email_of, open_house
from sqlalchemy import func, select

from scf.actor import PLATFORM, Actor
from scf.commands import in_organisation, run
from scf.db.engine import Database
from scf.identity import invitation_rows
from scf.identity.accept import accept
from scf.identity.invite import INVITE, Invitation
from scf.identity.models_members import memberships
from scf.identity.models_sessions import attempts
from scf.identity.show import show_factor
from scf.identity.suspend import SUSPEND, Suspension
from scf.identity.tokens import hash_of
from scf.roles import Role

Answer = TypeVar("Answer")
AT_ONCE = 6


@pytest.fixture
def house(database: Database) -> House:
    return open_house(database)


def together(work: Callable[[int], Answer], count: int = AT_ONCE) -> list[Answer]:
    """What `work` answers in threads that begin at the same moment, given each one's number."""
    barrier = Barrier(count)

    def begin(number: int) -> Answer:
        barrier.wait(30)
        return work(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(begin, range(count)))


def test_a_link_opened_six_times_at_once_makes_one_member(house: House) -> None:
    database, scope = house.database, in_organisation(house.organisation)
    new = Invitation(email_of("Nora"), "Nora", (Role.MAKER,))
    (id,) = made(run(database, INVITE, [new], key="k", actor=PLATFORM, scope=scope))
    at = database.clock.now()
    with database.writing() as connection:
        later = at + invitation_rows.OPEN_FOR
        invitation_rows.add_token(connection, database.ids().one(), "invitation", id, hash_of("t"), at, later)
    answers = together(lambda _n: accept(database, "t", "", PASSWORD, *HOME, cost=CHEAP).outcome)
    assert any(answer and answer.accepted for answer in answers)
    with database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(memberships)).scalar_one() == 1
    assert house.sign_in("Nora").token


def test_a_code_shown_six_times_at_once_counts_once(house: House) -> None:
    house.person("Carl", Role.CHECKER)
    _, secret = house.with_totp("Carl")
    house.later(minutes=1)
    tokens = [house.sign_in("Carl").token or "" for _ in range(AT_ONCE)]
    code = house.code(secret)
    shown = together(lambda n: show_factor(house.database, VAULT, tokens[n], code, *HOME))
    assert sum(bool(each and each.token) for each in shown) == 1


def test_guesses_sent_at_once_are_counted_before_they_are_answered(house: House) -> None:
    house.person("Ida", Role.MAKER)
    together(lambda _n: house.sign_in("Ida", "wrong"), 10)
    with house.database.reading() as connection:
        weighed = select(func.count()).where(attempts.c.outcome == "failed")
        assert connection.execute(weighed).scalar_one() == 3, "the fourth has to wait"


def test_two_administrators_who_suspend_each_other_leave_one(house: House) -> None:
    ids = [house.person(name, Role.ADMINISTRATOR) for name in ("Ada", "Bea")]
    permissions = frozenset({SUSPEND.name})

    def suspend(number: int) -> Any:
        actor = Actor(ids[number], "who", house.organisation, permissions)
        item = Suspension(ids[1 - number], "a quarrel")
        scope = in_organisation(house.organisation)
        return run(house.database, SUSPEND, [item], key=f"s{number}", actor=actor, scope=scope)[0]

    outcomes = together(suspend, 2)
    assert sorted(outcome.accepted for outcome in outcomes) == [False, True]
