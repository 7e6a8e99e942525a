"""`onboarding.name_people`: the people behind a party, the whole list as it stands now; the one before is replaced."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import update

from scf.commands import Command, ScopeKind, Unit
from scf.db import bulk
from scf.onboarding.dossiers import Dossier, Move, move, not_found, own, wrong_state
from scf.onboarding.lifecycle import DOCUMENTS, OWNERS
from scf.onboarding.models import dossiers, people
from scf.onboarding.requirements import NewPerson, contradiction, lacking
from scf.outcomes import Outcome, done, refused

_PEOPLE_MAX = 50
_STATES = frozenset({DOCUMENTS, OWNERS})
_COLUMNS = (
    "id", "role", "name", "born_on", "country", "share_ppm", "organisation_id", "dossier_id", "status", "named_at",
    "version",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PeopleNamed:
    """Owners, signatories and directors; `nobody_owns` is the party's word that nobody holds 25 % or more."""

    people: tuple[NewPerson, ...]
    nobody_owns: bool = False


@dataclass(frozen=True, slots=True)
class _Facts:
    dossier: Dossier | None
    today: date


@dataclass(frozen=True, slots=True)
class _Plan:
    outcomes: list[Outcome]
    named: PeopleNamed | None = None


def _load(unit: Unit, _batch: Sequence[PeopleNamed]) -> _Facts:
    return _Facts(own(unit), unit.business_date)


def _decide(facts: _Facts, batch: Sequence[PeopleNamed]) -> _Plan:
    (named,) = batch
    refusal = _refusal(facts, named)
    if refusal is not None or facts.dossier is None:
        return _Plan([refusal or not_found()])
    return _Plan([done(facts.dossier.id)], named)


def _refusal(facts: _Facts, named: PeopleNamed) -> Outcome | None:
    if facts.dossier is None:
        return not_found()
    if facts.dossier.status not in _STATES:
        return wrong_state(facts.dossier, _STATES)
    if len(named.people) > _PEOPLE_MAX:
        return refused("too_many", field="people", value=str(len(named.people)), bound=str(_PEOPLE_MAX))
    wrong = contradiction(named.people, named.nobody_owns, facts.today)
    if wrong:
        return refused("contradiction", field="people", remedy=f"correct this: {wrong}")
    lacks = lacking(named.people, named.nobody_owns)
    if lacks:
        return refused("people_missing", field="people", remedy=f"name {' and '.join(lacks)}")
    return None


def _write(unit: Unit, facts: _Facts, plan: _Plan) -> None:
    dossier, named = facts.dossier, plan.named
    if dossier is None or named is None:
        return
    mine = (people.c.dossier_id == dossier.id, people.c.status == "named")
    replaced = update(people).where(*mine).values(status="replaced", version=people.c.version + 1)
    unit.connection.execute(replaced)
    same = (unit.scope.id, dossier.id, "named", unit.at, 1)
    rows = [
        (id, each.role.value, each.name, each.born_on, each.country, each.share_ppm, *same)
        for id, each in zip(unit.ids.take(len(named.people)), named.people, strict=True)
    ]
    bulk.insert(unit.connection, people, _COLUMNS, rows)
    said = update(dossiers).where(dossiers.c.id == dossier.id)
    unit.connection.execute(said.values(nobody_owns=named.nobody_owns))
    if dossier.status == DOCUMENTS:
        move(unit, [Move(dossier, OWNERS, "the party names its people")])


NAME_PEOPLE = Command("onboarding.name_people", ScopeKind.ORGANISATION, _load, _decide, _write, batch_max=1)
