"""`onboarding.erase_people`: names, birthdays and countries go out of a dossier; that somebody was named stays.

For the operator. It refuses whom a dossier still names that has not ended: the law wants to know who stands behind a
party for as long as one deals with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, select, update

from scf.commands import Command, ScopeKind, Unit
from scf.db import bulk
from scf.identity.operator import is_operators, not_the_operator
from scf.onboarding.lifecycle import DECLINED
from scf.onboarding.models import dossiers, people
from scf.outcomes import Outcome, done, refused
from scf.people.queries import ERASED


@dataclass(frozen=True, slots=True)
class _Person:
    status: str
    dossier_status: str
    erased_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Facts:
    operates: bool
    found: dict[int, _Person]


@dataclass(frozen=True, slots=True)
class _Plan:
    outcomes: list[Outcome]
    ids: list[int]


def _load(unit: Unit, batch: Sequence[int]) -> _Facts:
    rows = unit.connection.execute(
        select(people.c.id, people.c.status, dossiers.c.status, people.c.erased_at)
        .join(dossiers, dossiers.c.id == people.c.dossier_id)
        .where(bulk.among(unit.connection, people.c.id, sorted(set(batch))))
        .order_by(people.c.id)
        .with_for_update(key_share=True, of=people)
    )
    return _Facts(is_operators(unit), {id: _Person(*rest) for id, *rest in rows})


def _decide(facts: _Facts, batch: Sequence[int]) -> _Plan:
    plan = _Plan([], [])
    for id in batch:
        refusal = _refusal(facts, id, id in plan.ids)
        plan.outcomes.append(refusal or done(id))
        if refusal is None:
            plan.ids.append(id)
    return plan


def _refusal(facts: _Facts, id: int, again: bool) -> Outcome | None:
    person = facts.found.get(id)
    if not facts.operates:
        return not_the_operator()
    if person is None:
        return refused("not_found", field="person_id", id=id, remedy="give a person of a dossier")
    if again:
        return refused("twice_in_batch", field="person_id", id=id, remedy="name each person once")
    if person.erased_at is not None:
        return refused("already_erased", field="person_id", value=f"erased on {person.erased_at.date()}", id=id)
    if person.status == "named" and person.dossier_status != DECLINED:
        remedy = "passes when the dossier names others, or has ended"
        value = f"named by a dossier in {person.dossier_status}"
        return refused("still_needed", field="person_id", value=value, bound=DECLINED, remedy=remedy, id=id)
    return None


def _write(unit: Unit, _facts: _Facts, plan: _Plan) -> None:
    blank(unit.connection, bulk.among(unit.connection, people.c.id, plan.ids), unit.at)


def blank(connection: Connection, which: ColumnElement[bool], at: datetime) -> int:
    """Take out who people are that are not erased yet; returns how many."""
    values = {"name": ERASED, "born_on": None, "country": "", "erased_at": at, "version": people.c.version + 1}
    blanking = update(people).where(which, people.c.erased_at.is_(None)).values(values)
    return connection.execute(blanking).rowcount


ERASE_PEOPLE = Command(
    "onboarding.erase_people", ScopeKind.ORGANISATION, _load, _decide, _write, batch_max=1_000, step_up=True
)
