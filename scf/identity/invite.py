"""Inviting people: proposed by one administrator and agreed by another, since an invitation gives roles.

While an organisation has never had a second administrator its only one invites alone (`members.invite_alone`):
otherwise nobody could begin. The operator invites an organisation's first administrator, and where all have left, by
four eyes, another.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from scf.commands import Command, ScopeKind, Unit
from scf.identity import invitation_rows, members_queries
from scf.identity.invitation_rows import Invited, Taken
from scf.identity.memberships import administrators_ever
from scf.identity.operator import is_operators
from scf.identity.role_rules import may_begin_alone
from scf.organisations import queries as organisations
from scf.outcomes import Outcome, done, refused
from scf.proposals.four_eyes import four_eyes
from scf.roles import Role

_BATCH_MAX = 200


@dataclass(frozen=True, slots=True)
class Invitation:
    """Somebody to invite into the organisation of the command."""

    email: str
    name: str
    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class Administrator:
    """Somebody to invite as administrator of another organisation."""

    organisation_id: int
    email: str
    name: str


@dataclass(frozen=True, slots=True)
class _Facts:
    ids: list[int]
    asked: list[Invited]
    there: Taken
    kinds: dict[int, frozenset[Role]]
    ever: dict[int, int]


@dataclass(frozen=True, slots=True)
class _Plan:
    outcomes: list[Outcome]
    rows: list[tuple[int, Invited]]


Rule = Callable[[_Facts, Invited], Outcome | None]


def _facts(unit: Unit, asked: list[Invited]) -> _Facts:
    organisation_ids = {each.organisation_id for each in asked}
    there = invitation_rows.taken(unit.connection, organisation_ids, [each.email for each in asked])
    registered = organisations.names(unit.connection, organisation_ids)
    kinds = members_queries.kinds(unit.connection, registered)
    return _Facts(
        unit.ids.take(len(asked)), asked, there, kinds, administrators_ever(unit.connection, organisation_ids)
    )


def _load(unit: Unit, batch: Sequence[Invitation]) -> _Facts:
    return _facts(unit, [Invited(unit.scope.id, new.email, new.name, new.roles) for new in batch])


def _load_administrators(unit: Unit, batch: Sequence[Administrator]) -> _Facts:
    roles = (Role.ADMINISTRATOR,)
    facts = _facts(unit, [Invited(new.organisation_id, new.email, new.name, roles) for new in batch])
    # nobody else finds an organisation to invite to
    return facts if is_operators(unit) else replace(facts, kinds={})


def _decides(rule: Rule) -> Callable[[_Facts, Sequence[Any]], _Plan]:
    def decide(facts: _Facts, batch: Sequence[Any]) -> _Plan:
        plan = _Plan([], [])
        for id, invited in zip(facts.ids, facts.asked, strict=True):
            refusal = rule(facts, invited)
            refusal = refusal or invitation_rows.refusal(invited, facts.there, facts.kinds[invited.organisation_id])
            plan.outcomes.append(refusal or done(id))
            if refusal is None:
                plan.rows.append((id, invited))
        return plan

    return decide


def _by_two(_facts: _Facts, _invited: Invited) -> Outcome | None:
    return None


def _alone(facts: _Facts, invited: Invited) -> Outcome | None:
    count = facts.ever.get(invited.organisation_id, 0)
    if may_begin_alone(count):
        return None
    remedy = "propose it by members.invite.propose, and let another administrator agree"
    return refused("two_people_needed", value=f"{count} administrators so far", bound="1", remedy=remedy)


def _registered(facts: _Facts, invited: Invited) -> Outcome | None:
    if invited.organisation_id in facts.kinds:
        return None
    return refused("not_found", field="organisation_id", remedy="give an organisation that is registered")


def _first(facts: _Facts, invited: Invited) -> Outcome | None:
    refusal = _registered(facts, invited)
    if refusal is not None or not facts.ever.get(invited.organisation_id):
        return refusal
    remedy = "its administrators invite others; where all have left, propose organisations.rescue"
    return refused("has_administrators", field="organisation_id", remedy=remedy)


def _write(unit: Unit, _facts: _Facts, plan: _Plan) -> None:
    if plan.rows:
        invitation_rows.add(unit, plan.rows)


_ORGANISATION = ScopeKind.ORGANISATION

INVITE = Command("members.invite", _ORGANISATION, _load, _decides(_by_two), _write, _BATCH_MAX, checked=True)
INVITE_BY_PEOPLE = four_eyes(INVITE, Invitation)
INVITE_ALONE = Command("members.invite_alone", _ORGANISATION, _load, _decides(_alone), _write, _BATCH_MAX, step_up=True)

BEGIN = Command("organisations.begin", _ORGANISATION, _load_administrators, _decides(_first), _write, _BATCH_MAX)
RESCUE = Command(
    "organisations.rescue",
    _ORGANISATION,
    _load_administrators,
    _decides(_registered),
    _write,
    _BATCH_MAX,
    checked=True,
)
RESCUE_BY_PEOPLE = four_eyes(RESCUE, Administrator)

# what proposals of these say names a person by name and address: it is blanked in time, and when they are erased
NAMING_PEOPLE = (INVITE.name, RESCUE.name)
