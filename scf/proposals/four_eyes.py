"""Makes a command need two people: one proposes, another accepts or declines. Nobody checks their own.

Who proposed may withdraw it while nobody decided, and nobody else may. Of a command that says what its items are about,
one proposal a thing may wait at a time.

Accepting runs the command's own load, decide and write, on what was proposed, in one unit of work; an item the command
refuses then stays proposed, with the refusal as its outcome.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import select

from scf import encoding
from scf.announcements import Announcement, announce
from scf.commands import Command, Unit
from scf.db import bulk
from scf.outcomes import Outcome, done, refused
from scf.proposals.models import proposals

_COLUMNS = ("id", "scope_id", "command", "payload", "about_id", "maker_id", "proposed_at", "status", "version")


@dataclass(frozen=True, slots=True)
class FourEyes:
    """The commands around one that needs a checker. Items of all but `propose` are proposal ids."""

    propose: Command[Any, Any, Any]
    accept: Command[int, Any, Any]
    decline: Command[int, Any, Any]
    # by who proposed it, while nobody decided
    withdraw: Command[int, Any, Any]

    @property
    def commands(self) -> tuple[Command[Any, Any, Any], ...]:
        """All of them."""
        return self.propose, self.accept, self.decline, self.withdraw


@dataclass(frozen=True, slots=True)
class _Proposed:
    id: int
    maker_id: int
    status: str
    # None once it is decided: what it said may have been blanked since
    value: Any


@dataclass(frozen=True, slots=True)
class _Waiting:
    by_id: dict[int, _Proposed]
    actor_id: int
    inner: Any


@dataclass(frozen=True, slots=True)
class _Checked:
    outcomes: list[Outcome]
    decided: list[int]
    inner: Any


@dataclass(frozen=True, slots=True)
class _New:
    ids: list[int]
    # what a proposal of the command waits for already
    waiting: set[int]


@dataclass(frozen=True, slots=True)
class _Put:
    outcomes: list[Outcome] = field(default_factory=list)
    rows: list[tuple[int, str, int | None]] = field(default_factory=list)


# Writes the maker's id into an item, for a command whose rows name both people.
Signed = Callable[[Any, int], Any]
# The id of the thing an item is about.
About = Callable[[Any], int]


def four_eyes(
    command: Command[Any, Any, Any], item_type: type[Any], signed: Signed | None = None, about: About | None = None
) -> FourEyes:
    """The commands `NAME.propose`, `.accept`, `.decline` and `.withdraw` around `command`, of items `item_type`."""
    return FourEyes(
        _propose(command, about),
        _accept(command, item_type, signed),
        _decline(command, item_type),
        _withdraw(command, item_type),
    )


def _propose(command: Command[Any, Any, Any], about: About | None) -> Command[Any, _New, _Put]:
    def load(unit: Unit, batch: Sequence[Any]) -> _New:
        waiting = _waiting_about(unit, command.name, [about(each) for each in batch]) if about else set()
        return _New(unit.ids.take(len(batch)), waiting)

    def decide(facts: _New, batch: Sequence[Any]) -> _Put:
        plan, taken = _Put(), set(facts.waiting)
        for id, each in zip(facts.ids, batch, strict=True):
            thing_id = about(each) if about else None
            if thing_id is not None and thing_id in taken:
                plan.outcomes.append(_proposed_already(thing_id))
                continue
            taken |= {thing_id} if thing_id is not None else set()
            plan.outcomes.append(done(id))
            plan.rows.append((id, encoding.canonical(each), thing_id))
        return plan

    def write(unit: Unit, _facts: _New, plan: _Put) -> None:
        maker = (unit.actor.id, unit.at, "proposed", 1)
        rows = [(id, unit.scope.id, command.name, text, thing_id, *maker) for id, text, thing_id in plan.rows]
        bulk.insert(unit.connection, proposals, _COLUMNS, rows)
        _tell(unit, "proposal.made", [id for id, *_rest in plan.rows])

    return Command(f"{command.name}.propose", command.scope, load, decide, write, command.batch_max)


def _waiting_about(unit: Unit, command: str, ids: Sequence[int]) -> set[int]:
    """Those of the things that a proposal of the scope's waits for already, by a command's name; one statement."""
    query = select(proposals.c.about_id).where(
        proposals.c.scope_id == unit.scope.id,
        proposals.c.command == command,
        proposals.c.status == "proposed",
        bulk.among(unit.connection, proposals.c.about_id, sorted(set(ids))),
    )
    return set(unit.connection.execute(query).scalars())


def _proposed_already(id: int) -> Outcome:
    remedy = "passes once a checker declined what was proposed, or its maker withdrew it"
    return refused("already_proposed", field="proposal", remedy=remedy, id=id)


def _read(
    unit: Unit, command: Command[Any, Any, Any], item_type: type[Any], batch: Sequence[int]
) -> dict[int, _Proposed]:
    columns = (proposals.c.id, proposals.c.maker_id, proposals.c.status, proposals.c.payload)
    rows = unit.connection.execute(
        select(*columns)
        .where(
            bulk.among(unit.connection, proposals.c.id, sorted(batch)),
            proposals.c.scope_id == unit.scope.id,
            proposals.c.command == command.name,
        )
        .order_by(proposals.c.id)
        .with_for_update(key_share=True)
    )
    return {row.id: _Proposed(*row[:3], _value(item_type, row.status, row.payload)) for row in rows}


def _value(item_type: type[Any], status: str, payload: str) -> Any:
    return encoding.parse(item_type, payload) if status == "proposed" else None


def _accept(
    command: Command[Any, Any, Any], item_type: type[Any], signed: Signed | None
) -> Command[int, _Waiting, _Checked]:
    def load(unit: Unit, batch: Sequence[int]) -> _Waiting:
        by_id = _read(unit, command, item_type, batch)
        if signed is not None:
            by_id = {
                id: each if each.value is None else replace(each, value=signed(each.value, each.maker_id))
                for id, each in by_id.items()
            }
        facts = _Waiting(by_id, unit.actor.id, None)
        # the command is to load what it will decide on, and nothing else: its facts may go by position
        free = [by_id[id].value for id, refusal in zip(batch, _refusals(facts, batch), strict=True) if refusal is None]
        return replace(facts, inner=command.load(unit, free) if free else None)

    def decide(facts: _Waiting, batch: Sequence[int]) -> _Checked:
        outcomes = _refusals(facts, batch)
        free = [n for n, outcome in enumerate(outcomes) if outcome is None]
        plan = command.decide(facts.inner, [facts.by_id[batch[n]].value for n in free]) if free else None
        for n, outcome in zip(free, plan.outcomes if plan else [], strict=True):
            outcomes[n] = outcome
        settled = [outcome for outcome in outcomes if outcome is not None]
        return _Checked(settled, [batch[n] for n in free if settled[n].accepted], plan)

    def write(unit: Unit, facts: _Waiting, plan: _Checked) -> None:
        if plan.inner is not None:
            command.write(unit, facts.inner, plan.inner)
        _decided(unit, plan.decided, "accepted")

    return Command(
        f"{command.name}.accept", command.scope, load, decide, write, command.batch_max, command.exclusive, step_up=True
    )


def _decline(command: Command[Any, Any, Any], item_type: type[Any]) -> Command[int, _Waiting, _Checked]:
    def load(unit: Unit, batch: Sequence[int]) -> _Waiting:
        return _Waiting(_read(unit, command, item_type, batch), unit.actor.id, None)

    def decide(facts: _Waiting, batch: Sequence[int]) -> _Checked:
        outcomes = [refusal or done(id) for id, refusal in zip(batch, _refusals(facts, batch), strict=True)]
        return _Checked(outcomes, [id for id, outcome in zip(batch, outcomes, strict=True) if outcome.accepted], None)

    def write(unit: Unit, _facts: _Waiting, plan: _Checked) -> None:
        _decided(unit, plan.decided, "declined")

    return Command(f"{command.name}.decline", command.scope, load, decide, write, command.batch_max)


def _withdraw(command: Command[Any, Any, Any], item_type: type[Any]) -> Command[int, _Waiting, _Checked]:
    def load(unit: Unit, batch: Sequence[int]) -> _Waiting:
        return _Waiting(_read(unit, command, item_type, batch), unit.actor.id, None)

    def decide(facts: _Waiting, batch: Sequence[int]) -> _Checked:
        refusals = _refusals(facts, batch, _not_its_maker)
        outcomes = [refusal or done(id) for id, refusal in zip(batch, refusals, strict=True)]
        return _Checked(outcomes, [id for id, outcome in zip(batch, outcomes, strict=True) if outcome.accepted], None)

    def write(unit: Unit, _facts: _Waiting, plan: _Checked) -> None:
        bulk.move(unit.connection, proposals, plan.decided, "proposed", "withdrawn", decided_at=unit.at)
        _tell(unit, "proposal.withdrawn", plan.decided)

    return Command(f"{command.name}.withdraw", command.scope, load, decide, write, command.batch_max)


# What a person may not do with a proposal that waits, for whose it is.
Barred = Callable[[_Waiting, _Proposed], Outcome | None]


def _its_maker(facts: _Waiting, proposed: _Proposed) -> Outcome | None:
    if proposed.maker_id != facts.actor_id:
        return None
    # without a name: outcomes are kept for ever
    remedy = "passes when somebody other than its maker decides"
    return refused(
        "same_person", field="checker", value="its maker", bound="another person", id=proposed.id, remedy=remedy
    )


def _not_its_maker(facts: _Waiting, proposed: _Proposed) -> Outcome | None:
    if proposed.maker_id == facts.actor_id:
        return None
    remedy = "decline what another proposed"
    return refused(
        "not_its_maker", field="maker", value="another person", bound="its maker", id=proposed.id, remedy=remedy
    )


def _refusals(facts: _Waiting, batch: Sequence[int], barred: Barred = _its_maker) -> list[Outcome | None]:
    seen: set[int] = set()
    answers = []
    for id in batch:
        answers.append(_refusal(facts, id, id not in seen, barred))
        seen.add(id)
    return answers


def _refusal(facts: _Waiting, id: int, first: bool, barred: Barred) -> Outcome | None:
    proposed = facts.by_id.get(id)
    if proposed is None:
        return refused("not_found", field="proposal", id=id, remedy="give a proposal of this command and scope")
    if not first:
        return refused("twice_in_batch", field="proposal", id=id, remedy="name each proposal once")
    if proposed.status != "proposed":
        return refused("already_decided", field="proposal", value=proposed.status, bound="proposed", id=id)
    return barred(facts, proposed)


def _decided(unit: Unit, ids: list[int], status: str) -> None:
    values = {"checker_id": unit.actor.id, "decided_at": unit.at}
    bulk.move(unit.connection, proposals, ids, "proposed", status, **values)
    _tell(unit, "proposal.decided", ids)


def _tell(unit: Unit, kind: str, ids: Sequence[int]) -> None:
    owner_id = unit.book.funder_id if unit.book else unit.scope.id
    announce(unit, [Announcement(owner_id, kind, ids)])
