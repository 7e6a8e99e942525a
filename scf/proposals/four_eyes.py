"""Makes a command need two people: one proposes, another accepts or declines. Nobody checks their own.

Accepting runs the command's own load, decide and write, on what was proposed, in one unit of work; an item the command
refuses then stays proposed, with the refusal as its outcome.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select

from scf import encoding
from scf.announcements import Announcement, announce
from scf.commands import Command, Unit
from scf.db import bulk
from scf.outcomes import Outcome, done, refused
from scf.proposals.models import proposals

_COLUMNS = ("id", "scope_id", "command", "payload", "maker_id", "proposed_at", "status", "version")


@dataclass(frozen=True, slots=True)
class FourEyes:
    """The three commands around one that needs a checker. Items of `accept` and `decline` are proposal ids."""

    propose: Command[Any, Any, Any]
    accept: Command[int, Any, Any]
    decline: Command[int, Any, Any]


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
    checker_id: int
    inner: Any


@dataclass(frozen=True, slots=True)
class _Checked:
    outcomes: list[Outcome]
    decided: list[int]
    inner: Any


@dataclass(frozen=True, slots=True)
class _Put:
    outcomes: list[Outcome]
    payloads: list[str]


# Writes the maker's id into an item, for a command whose rows name both people.
Signed = Callable[[Any, int], Any]


def four_eyes(command: Command[Any, Any, Any], item_type: type[Any], signed: Signed | None = None) -> FourEyes:
    """The commands `NAME.propose`, `NAME.accept` and `NAME.decline` around `command`, whose items are `item_type`."""
    return FourEyes(_propose(command), _accept(command, item_type, signed), _decline(command, item_type))


def _propose(command: Command[Any, Any, Any]) -> Command[Any, list[int], _Put]:
    def load(unit: Unit, batch: Sequence[Any]) -> list[int]:
        return unit.ids.take(len(batch))

    def decide(ids: list[int], batch: Sequence[Any]) -> _Put:
        return _Put([done(id) for id in ids], [encoding.canonical(each) for each in batch])

    def write(unit: Unit, ids: list[int], plan: _Put) -> None:
        maker = (unit.actor.id, unit.at, "proposed", 1)
        rows = [(id, unit.scope.id, command.name, text, *maker) for id, text in zip(ids, plan.payloads, strict=True)]
        bulk.insert(unit.connection, proposals, _COLUMNS, rows)
        _tell(unit, "proposal.made", ids)

    return Command(f"{command.name}.propose", command.scope, load, decide, write, command.batch_max)


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


def _refusals(facts: _Waiting, batch: Sequence[int]) -> list[Outcome | None]:
    seen: set[int] = set()
    answers = []
    for id in batch:
        answers.append(_refusal(facts, id, id not in seen))
        seen.add(id)
    return answers


def _refusal(facts: _Waiting, id: int, first: bool) -> Outcome | None:
    proposed = facts.by_id.get(id)
    if proposed is None:
        return refused("not_found", field="proposal", id=id, remedy="give a proposal of this command and scope")
    if not first:
        return refused("twice_in_batch", field="proposal", id=id, remedy="name each proposal once")
    if proposed.status != "proposed":
        return refused("already_decided", field="proposal", value=proposed.status, bound="proposed", id=id)
    if proposed.maker_id == facts.checker_id:
        # without a name: outcomes are kept for ever
        remedy = "passes when somebody other than its maker decides"
        return refused("same_person", field="checker", value="its maker", bound="another person", id=id, remedy=remedy)
    return None


def _decided(unit: Unit, ids: list[int], status: str) -> None:
    values = {"checker_id": unit.actor.id, "decided_at": unit.at}
    bulk.move(unit.connection, proposals, ids, "proposed", status, **values)
    _tell(unit, "proposal.decided", ids)


def _tell(unit: Unit, kind: str, ids: Sequence[int]) -> None:
    owner_id = unit.book.funder_id if unit.book else unit.scope.id
    announce(unit, [Announcement(owner_id, kind, ids)])
