"""Suspending a member: all roles, sessions and keys in the organisation end at once. One administrator is enough.

It is never undone; who is to come back is given roles anew, by two people.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from scf.commands import Command, ScopeKind, Unit
from scf.identity import keys_revoke, memberships, sessions
from scf.identity.members import last_administrator
from scf.identity.memberships import Held
from scf.outcomes import Outcome, done, refused


@dataclass(frozen=True, slots=True)
class Suspension:
    """A member to suspend, and why."""

    person_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class _Plan:
    outcomes: list[Outcome]
    person_ids: list[int]
    by_reason: dict[str, list[int]]


def _load(unit: Unit, batch: Sequence[Suspension]) -> Held:
    return memberships.lock_held(unit, [each.person_id for each in batch])


def _decide(facts: Held, batch: Sequence[Suspension]) -> _Plan:
    plan = _Plan([], [], {})
    administrators = facts.administrators()
    for each in batch:
        roles = facts.of(each.person_id)
        if not roles or each.person_id in plan.person_ids:
            plan.outcomes.append(refused("not_a_member", field="person_id", remedy="see the members"))
        elif administrators == {each.person_id}:
            plan.outcomes.append(last_administrator())
        else:
            administrators.discard(each.person_id)
            plan.outcomes.append(done(each.person_id))
            plan.person_ids.append(each.person_id)
            same = plan.by_reason.setdefault(each.reason, [])
            same.extend(facts.ids[each.person_id, role] for role in roles)
    return plan


def _write(unit: Unit, _facts: Held, plan: _Plan) -> None:
    for reason, ids in plan.by_reason.items():
        memberships.end(unit, ids, "suspended", reason)
    if plan.person_ids:
        here = unit.scope.id
        sessions.end(unit.connection, unit.at, "suspended", person_ids=plan.person_ids, organisation_id=here)
        keys_revoke.revoke_all_of(unit.connection, plan.person_ids, here, unit.actor.id, unit.at)


SUSPEND = Command("members.suspend", ScopeKind.ORGANISATION, _load, _decide, _write, batch_max=200)
