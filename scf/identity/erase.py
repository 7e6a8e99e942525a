"""Erasing a person: name, address and every way in go, the id stays, and with it what they signed. For the operator.

The books name people by id, so nothing in them changes, and every proof over them still holds. It refuses a person
who still has a proposal of their own open: somebody must answer for it by name.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from scf.commands import Command, ScopeKind, Unit
from scf.identity import erase_ways_in
from scf.outcomes import Outcome, done, refused
from scf.people import queries as people
from scf.proposals import queries as proposals


@dataclass(frozen=True, slots=True)
class _Facts:
    erased_at: Mapping[int, datetime | None]
    proposing: set[int]


@dataclass(frozen=True, slots=True)
class _Plan:
    outcomes: list[Outcome]
    ids: list[int]


def _load(unit: Unit, batch: Sequence[int]) -> _Facts:
    ids = sorted(set(batch))
    return _Facts(people.lock(unit.connection, ids), proposals.waiting_makers(unit.connection, ids))


def _decide(facts: _Facts, batch: Sequence[int]) -> _Plan:
    plan = _Plan([], [])
    for id in batch:
        refusal = _refusal(facts, id, id in plan.ids)
        plan.outcomes.append(refusal or done(id))
        if refusal is None:
            plan.ids.append(id)
    return plan


def _refusal(facts: _Facts, id: int, again: bool) -> Outcome | None:
    if id not in facts.erased_at:
        return refused("not_found", field="person", id=id, remedy="give a person of this platform")
    if again:
        return refused("twice_in_batch", field="person", id=id, remedy="name each person once")
    erased_at = facts.erased_at[id]
    if erased_at is not None:
        return refused("already_erased", field="person", value=f"erased on {erased_at.date()}", id=id)
    if id in facts.proposing:
        remedy = "passes when their proposals are accepted or declined"
        return refused("proposal_open", field="person", value="a proposal waits", bound="none", remedy=remedy, id=id)
    return None


def _write(unit: Unit, _facts: _Facts, plan: _Plan) -> None:
    if plan.ids:
        erase_ways_in.end(unit.connection, plan.ids, unit.actor.id, unit.at)
        people.erase(unit.connection, plan.ids, unit.at)


ERASE = Command("people.erase", ScopeKind.ORGANISATION, _load, _decide, _write, batch_max=1_000, step_up=True)
