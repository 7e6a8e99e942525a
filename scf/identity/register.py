"""Registering organisations: an operator's command. The same registration number cannot come twice."""

from collections.abc import Sequence
from dataclasses import dataclass

from scf.commands import Command, ScopeKind, Unit
from scf.identity.operator import is_operators, not_the_operator
from scf.organisations import queries
from scf.organisations.registration import normal_id
from scf.outcomes import Outcome, done, refused


@dataclass(frozen=True, slots=True)
class NewOrganisation:
    """A party: its name, registration number (LEI, VAT or register), ISO country, and its group's head, 0 for none."""

    name: str
    registration_ref: str
    country: str
    group_id: int = 0


@dataclass(frozen=True, slots=True)
class _Facts:
    ids: list[int]
    taken: set[str]
    by_operator: bool


@dataclass(frozen=True, slots=True)
class _Plan:
    outcomes: list[Outcome]
    rows: list[tuple[int, str, str, str, int | None]]


def _load(unit: Unit, batch: Sequence[NewOrganisation]) -> _Facts:
    taken = queries.by_registration(unit.connection, [new.registration_ref for new in batch])
    return _Facts(unit.ids.take(len(batch)), set(taken), is_operators(unit))


def _decide(facts: _Facts, batch: Sequence[NewOrganisation]) -> _Plan:
    taken = set(facts.taken)
    plan = _Plan([], [])
    for id, new in zip(facts.ids, batch, strict=True):
        ref = normal_id(new.registration_ref)
        if not facts.by_operator:
            plan.outcomes.append(not_the_operator())
            continue
        if ref in taken:
            remedy = "use the organisation that is there, or give its own number"
            plan.outcomes.append(
                refused("already_registered", field="registration_ref", value=new.registration_ref, remedy=remedy)
            )
            continue
        taken.add(ref)
        plan.outcomes.append(done(id))
        plan.rows.append((id, new.name, ref, new.country, new.group_id or None))
    return plan


def _write(unit: Unit, _facts: _Facts, plan: _Plan) -> None:
    queries.add(unit.connection, plan.rows, unit.at)


REGISTER = Command("organisations.register", ScopeKind.ORGANISATION, _load, _decide, _write)
