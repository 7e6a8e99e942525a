"""Roles given to members and taken from them, by four eyes: of the two neither may be who it is about when given."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from scf.commands import Command, ScopeKind, Unit
from scf.identity import members_queries, memberships
from scf.identity.memberships import Held
from scf.outcomes import Outcome, done, refused
from scf.proposals.four_eyes import four_eyes
from scf.roles import Role

_BATCH_MAX = 200


@dataclass(frozen=True, slots=True)
class RoleOf:
    """A role of a member, to give or to take. `maker_id` is written in when another agrees: who proposed it."""

    person_id: int
    role: Role
    reason: str = ""
    maker_id: int = 0


@dataclass(frozen=True, slots=True)
class _Facts:
    unit: Unit
    ids: list[int]
    known: set[int]
    held: Held
    here: frozenset[Role]


@dataclass(frozen=True, slots=True)
class _Grants:
    outcomes: list[Outcome]
    rows: list[tuple[int, int, int, Role]]


@dataclass(frozen=True, slots=True)
class _Takes:
    outcomes: list[Outcome]
    by_reason: dict[str, list[int]]


def _load(unit: Unit, batch: Sequence[RoleOf]) -> _Facts:
    person_ids = {each.person_id for each in batch}
    held = memberships.lock_held(unit, person_ids)
    known = memberships.known(unit.connection, unit.scope.id, person_ids)
    here = members_queries.kinds(unit.connection, [unit.scope.id])[unit.scope.id]
    return _Facts(unit, unit.ids.take(len(batch)), known, held, here)


def _decide_grant(facts: _Facts, batch: Sequence[RoleOf]) -> _Grants:
    plan = _Grants([], [])
    given: set[tuple[int, Role]] = set()
    for id, each in zip(facts.ids, batch, strict=True):
        refusal = _grant_refusal(facts, each, given)
        plan.outcomes.append(refusal or done(id))
        if refusal is None:
            given.add((each.person_id, each.role))
            plan.rows.append((id, facts.unit.scope.id, each.person_id, each.role))
    return plan


def _grant_refusal(facts: _Facts, each: RoleOf, given: set[tuple[int, Role]]) -> Outcome | None:
    if each.person_id not in facts.known:
        return refused("not_a_member", field="person_id", remedy="invite the person")
    if each.person_id in (each.maker_id, facts.unit.actor.id):
        remedy = "two administrators other than the member give the role"
        return refused("own_role", field="person_id", value=each.role, remedy=remedy)
    refusal = memberships.not_here(each.role, facts.here)
    if refusal is not None:
        return refusal
    if each.role in facts.held.of(each.person_id) or (each.person_id, each.role) in given:
        return refused("already_held", field="role", value=each.role)
    return None


def _write_grant(unit: Unit, _facts: _Facts, plan: _Grants) -> None:
    memberships.add(unit.connection, plan.rows, unit.actor.id, unit.at)


def _decide_take(facts: _Facts, batch: Sequence[RoleOf]) -> _Takes:
    plan = _Takes([], {})
    left = dict(facts.held.ids)
    administrators = facts.held.administrators()
    for each in batch:
        id = left.get((each.person_id, each.role))
        if id is None:
            remedy = "see the members' roles"
            plan.outcomes.append(refused("not_held", field="role", value=each.role, remedy=remedy))
        elif each.role is Role.ADMINISTRATOR and administrators == {each.person_id}:
            plan.outcomes.append(last_administrator())
        else:
            administrators -= {each.person_id} if each.role is Role.ADMINISTRATOR else set()
            del left[each.person_id, each.role]
            plan.outcomes.append(done(id))
            plan.by_reason.setdefault(each.reason, []).append(id)
    return plan


def last_administrator() -> Outcome:
    """The refusal to leave an organisation without anybody who could invite another."""
    return refused("last_administrator", field="role", remedy="make another member administrator first")


def _write_take(unit: Unit, _facts: _Facts, plan: _Takes) -> None:
    for reason, ids in plan.by_reason.items():
        memberships.end(unit, ids, "taken", reason)


def _signed(each: RoleOf, maker_id: int) -> RoleOf:
    return replace(each, maker_id=maker_id)


GRANT = Command("members.grant", ScopeKind.ORGANISATION, _load, _decide_grant, _write_grant, _BATCH_MAX, checked=True)
GRANT_BY_PEOPLE = four_eyes(GRANT, RoleOf, _signed)
TAKE = Command("members.take", ScopeKind.ORGANISATION, _load, _decide_take, _write_take, _BATCH_MAX, checked=True)
TAKE_BY_PEOPLE = four_eyes(TAKE, RoleOf, _signed)
