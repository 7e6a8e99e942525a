"""The one way to write: once under one key, by those who may, all or nothing, on SQLite and on PostgreSQL."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest
from first_rows import OPERATOR, made, open_book, register
from sqlalchemy import Table, event, func, select
from sqlalchemy.exc import OperationalError

from scf.actor import PLATFORM, Actor
from scf.clock import SetClock
from scf.command_log import command_logs, unpack
from scf.commands import Command, Scope, Unit, in_book, in_organisation, run
from scf.db.engine import Database
from scf.errors import BatchSizeError, CommandError, KeyConflict, PermissionMissing
from scf.identity.register import REGISTER, NewOrganisation
from scf.organisations.models import organisations
from scf.outcomes import Outcome
from scf.programmes.models import programmes
from scf.programmes.open import OPEN_PROGRAMME, NewProgramme

ASH, BIRCH = NewOrganisation("Ash", "DE-1", "DE"), NewOrganisation("Birch", "DE-2", "DE")


@dataclass(frozen=True, slots=True)
class Opened:
    """A funder, its book, an anchor, and a person of the funder's who may open programmes."""

    funder: int
    book: int
    anchor: int
    person: Actor


@pytest.fixture
def there(database: Database) -> Opened:
    funder, anchor = register(database, "Northbank", "Halberd")
    book = open_book(database, funder)
    return Opened(funder, book, anchor, Actor(7, "Nora", funder, frozenset({"programmes.open"})))


def count(database: Database, table: Table) -> int:
    with database.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def registered(database: Database, *new: NewOrganisation, key: str = "k") -> list[Outcome]:
    return run(database, REGISTER, new, key=key, actor=PLATFORM, scope=OPERATOR)


def opened(database: Database, there: Opened, name: str, key: str = "k", **changes: Any) -> list[Outcome]:
    given: dict[str, Any] = {"actor": there.person, "scope": in_book(there.book)}
    return run(database, OPEN_PROGRAMME, [NewProgramme(there.anchor, name)], key=key, **(given | changes))


def test_the_same_key_and_input_gives_the_first_answer_and_no_second_effect(database: Database) -> None:
    first = registered(database, ASH, BIRCH)
    assert isinstance(database.clock, SetClock)
    database.clock.set(database.clock.now().date(), hour=17)
    assert registered(database, ASH, BIRCH) == first
    assert count(database, organisations) == 2
    assert count(database, command_logs) == 1


def test_the_same_key_with_other_input_is_a_conflict(database: Database) -> None:
    registered(database, ASH)
    with pytest.raises(KeyConflict, match="'k'"):
        registered(database, BIRCH)
    with pytest.raises(KeyConflict):
        registered(database, ASH, BIRCH)
    assert count(database, organisations) == 1


def test_a_key_counts_within_its_command_and_scope(database: Database, there: Opened) -> None:
    south_funder = register(database, "Southbank")[0]
    south = open_book(database, south_funder, "south")
    made(registered(database, ASH))
    made(opened(database, there, "One"))
    made(opened(database, there, "One", scope=in_book(south), actor=PLATFORM))
    assert count(database, programmes) == 2


def test_a_refusal_is_remembered_with_its_words(database: Database) -> None:
    made(registered(database, ASH))
    (refused,) = registered(database, ASH, key="again")
    assert refused.refusal is not None
    assert refused.refusal.reason == "already_registered"
    assert refused.refusal.value == "DE-1"
    assert registered(database, ASH, key="again") == [refused]
    with database.reading() as connection:
        packed = connection.execute(select(command_logs.c.outcomes).where(command_logs.c.key == "again")).scalar_one()
    assert unpack(packed) == [refused]


def test_outcomes_come_in_the_order_given_and_a_refusal_stops_nobody_else(database: Database) -> None:
    first, second, third = registered(database, ASH, replace(ASH, name="Ash again"), BIRCH)
    assert (first.accepted, second.accepted, third.accepted) == (True, False, True)
    assert count(database, organisations) == 2


def test_the_log_says_who_did_what_on_which_day(database: Database, there: Opened) -> None:
    opened(database, there, "One")
    with database.reading() as connection:
        row = connection.execute(select(command_logs).where(command_logs.c.command == "programmes.open")).one()
    assert (row.scope_id, row.actor_id, row.batch_count) == (there.book, 7, 1)
    assert str(row.business_date) == "2026-01-05"
    assert row.at == database.clock.now()


def refusals(there: Opened) -> dict[str, tuple[dict[str, Any], type[Exception]]]:
    stranger = replace(there.person, organisation_id=there.anchor)
    return {
        "without the permission": ({"actor": replace(there.person, permissions=frozenset())}, PermissionMissing),
        "for another's book": ({"actor": stranger}, PermissionMissing),
        "in the wrong kind of scope": ({"scope": in_organisation(there.funder)}, CommandError),
        "in a book that is not there": ({"scope": in_book(5)}, CommandError),
        "without a key": ({"key": ""}, CommandError),
        "with an endless key": ({"key": "k" * 121}, CommandError),
    }


CASES = [
    "without the permission",
    "for another's book",
    "in the wrong kind of scope",
    "in a book that is not there",
    "without a key",
    "with an endless key",
]


@pytest.mark.parametrize("case", CASES)
def test_what_may_not_run_writes_nothing(database: Database, there: Opened, case: str) -> None:
    changes, error = refusals(there)[case]
    before = count(database, command_logs)
    with pytest.raises(error):
        opened(database, there, "One", **changes)
    assert count(database, command_logs) == before
    assert count(database, programmes) == 0


def test_a_person_acts_for_the_own_organisation_only(database: Database, there: Opened) -> None:
    clerk = Actor(8, "Olaf", there.anchor, frozenset({REGISTER.name}))
    with pytest.raises(PermissionMissing, match="Olaf"):
        run(database, REGISTER, [ASH], key="k", actor=clerk, scope=in_organisation(there.funder))
    (outcome,) = run(database, REGISTER, [ASH], key="k", actor=clerk, scope=in_organisation(there.anchor))
    assert outcome.refusal and outcome.refusal.reason == "not_the_operator", "it ran, and decided"


@pytest.mark.parametrize("size", [0, 4])
def test_an_empty_or_oversized_batch_is_refused(database: Database, size: int) -> None:
    small = replace(REGISTER, batch_max=3)
    with pytest.raises(BatchSizeError, match=f"1 to 3 items at once, not {size}"):
        run(database, small, [ASH] * size, key="k", actor=PLATFORM, scope=OPERATOR)
    assert count(database, command_logs) == 0


def broken(at: str) -> Command[Any, Any, Any]:
    """REGISTER with a step that does its work and then fails."""
    real: Callable[..., Any] = getattr(REGISTER, at)

    def fail(*arguments: Any) -> Any:
        real(*arguments)
        raise RuntimeError(at)

    steps: dict[str, Any] = {at: fail}
    return replace(REGISTER, **steps)


@pytest.mark.parametrize("at", ["load", "decide", "write"])
def test_an_exception_rolls_everything_back_and_the_key_stays_free(database: Database, at: str) -> None:
    with pytest.raises(RuntimeError, match=at):
        run(database, broken(at), [ASH], key="k", actor=PLATFORM, scope=OPERATOR)
    assert count(database, organisations) == 0
    assert count(database, command_logs) == 0
    made(registered(database, ASH))


def test_a_command_that_loses_an_item_writes_nothing(database: Database) -> None:
    def decide(facts: Any, batch: Sequence[NewOrganisation]) -> Any:
        plan = REGISTER.decide(facts, batch)
        plan.outcomes.pop()
        return plan

    with pytest.raises(CommandError, match="1 outcomes for 2 items"):
        run(database, replace(REGISTER, decide=decide), [ASH, BIRCH], key="k", actor=PLATFORM, scope=OPERATOR)
    assert count(database, organisations) == 0


def test_a_lock_that_cannot_be_had_is_tried_again_and_given_up_in_the_end(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scf.commands.pause", lambda seconds: None)
    left = [3]

    def load(unit: Unit, batch: Sequence[NewOrganisation]) -> Any:
        if left[0]:
            left[0] -= 1
            raise OperationalError("SELECT", {}, Exception("database is locked"))
        return REGISTER.load(unit, batch)

    made(run(database, replace(REGISTER, load=load), [ASH], key="k", actor=PLATFORM, scope=OPERATOR))
    left[0] = 100
    with pytest.raises(OperationalError):
        run(database, replace(REGISTER, load=load), [BIRCH], key="l", actor=PLATFORM, scope=OPERATOR)
    assert count(database, organisations) == 1


def together(count: int, work: Callable[[int], list[Outcome]]) -> list[list[Outcome]]:
    """What the work gives in that many threads at once; an exception in one fails the test."""
    answers: dict[int, list[Outcome]] = {}
    threads = [threading.Thread(target=lambda n=n: answers.update({n: work(n)})) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == count, "a thread died"
    return [answers[n] for n in range(count)]


def meeting(command: Command[Any, Any, Any], database: Database, parties: int) -> Command[Any, Any, Any]:
    """The command, with all first attempts past the look at the log before any goes on, where that can be."""
    if database.engine.dialect.name == "sqlite":
        return command  # BEGIN IMMEDIATE lets only one in
    barrier = threading.Barrier(parties)
    met = threading.local()

    def load(unit: Unit, batch: Sequence[Any]) -> Any:
        if not getattr(met, "once", False):
            met.once = True
            barrier.wait(timeout=30)
        return command.load(unit, batch)

    return replace(command, load=load)


def test_the_same_key_twice_at_once_has_one_effect_and_one_answer(database: Database, there: Opened) -> None:
    command = meeting(OPEN_PROGRAMME, database, 2)
    batch = [NewProgramme(there.anchor, "One")]
    first, second = together(
        2, lambda _: run(database, command, batch, key="k", actor=there.person, scope=in_book(there.book))
    )
    assert first == second
    assert made(first)
    assert count(database, programmes) == 1


def test_the_same_thing_under_two_keys_at_once_is_refused_to_the_second(database: Database, there: Opened) -> None:
    command = meeting(OPEN_PROGRAMME, database, 2)
    batch = [NewProgramme(there.anchor, "One")]
    answers = together(
        2, lambda n: run(database, command, batch, key=f"k{n}", actor=there.person, scope=in_book(there.book))
    )
    assert sorted(outcome.accepted for (outcome,) in answers) == [False, True]
    assert count(database, programmes) == 1


def test_many_writers_at_once_lose_nothing(database: Database) -> None:
    def work(n: int) -> list[Outcome]:
        return [
            outcome
            for k in range(5)
            for outcome in registered(database, NewOrganisation(f"Org {n} {k}", f"{n}/{k}", "DE"), key=f"{n}/{k}")
        ]

    ids = [id for answer in together(4, work) for id in made(answer)]
    assert len(set(ids)) == 20
    assert count(database, organisations) == 20


def test_a_batch_of_a_thousand_takes_as_many_statements_as_one(database: Database) -> None:
    seen: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *given: seen.append(given[2]))
    registered(database, ASH)
    one = len(seen)
    seen.clear()
    registered(database, *(NewOrganisation(f"Org {n}", f"REG-{n}", "DE") for n in range(1000)), key="many")
    assert 0 < len(seen) <= one


def test_scopes_are_values() -> None:
    assert in_book(1) == in_book(1) != in_organisation(1)
    assert isinstance(in_book(1), Scope)
