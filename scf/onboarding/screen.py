"""`onboarding.record_screening`: what a list, or a person, found about the people and the party. For the operator.

A clear result lets the dossier on; an undecided one waits for another; a hit waits for two people (`decide`). The party
sees none of it: who is looked at by the law's order may not be told.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from scf.commands import Command, ScopeKind, Unit
from scf.db import bulk
from scf.identity.operator import is_operators, not_the_operator
from scf.onboarding import dossiers
from scf.onboarding.dossiers import Dossier, Move, Screened
from scf.onboarding.lifecycle import ACCOUNT, AGREEMENT, SCREENED, SCREENING
from scf.onboarding.models import SCREENING_OUTCOMES, screenings
from scf.outcomes import Outcome, done, refused

CLEAR, HIT = "clear", "hit"
_COLUMNS = (
    "id", "organisation_id", "dossier_id", "round", "method", "outcome", "details", "status", "recorded_by_id", "at",
    "decision", "version",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NewScreening:
    """What a method found; `round`, if given, is the round of the dossier that was looked at."""

    dossier_id: int
    method: str
    outcome: str
    details: str
    round: int | None = None


@dataclass(frozen=True, slots=True)
class _Facts:
    operates: bool
    ids: list[int]
    by_id: dict[int, Dossier]
    screened: dict[int, Screened]


@dataclass(slots=True)
class _Plan:
    outcomes: list[Outcome] = field(default_factory=list)
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    moves: dict[int, Move] = field(default_factory=dict)


def _load(unit: Unit, batch: Sequence[NewScreening]) -> _Facts:
    by_id = dossiers.by_id(unit, [new.dossier_id for new in batch])
    return _Facts(is_operators(unit), unit.ids.take(len(batch)), by_id, dossiers.screened(unit, by_id))


def _decide(facts: _Facts, batch: Sequence[NewScreening]) -> _Plan:
    plan = _Plan()
    seen: set[int] = set()
    for id, new in zip(facts.ids, batch, strict=True):
        dossier = facts.by_id.get(new.dossier_id)
        refusal = _refusal(facts, dossier, new, seen)
        plan.outcomes.append(refusal or done(id))
        if refusal is not None or dossier is None:
            continue
        seen.add(dossier.id)
        status = "open" if new.outcome == HIT else "noted"
        found = (new.method, new.outcome, new.details, status)
        plan.rows.append((id, dossier.organisation_id, dossier.id, dossier.round, *found))
        if new.outcome == CLEAR and dossier.status == SCREENING:
            plan.moves[dossier.id] = onward(dossier)
    return plan


def onward(dossier: Dossier) -> Move:
    """Where a dossier goes that is through its screening: to the agreement, or past it when that is signed."""
    target = AGREEMENT if dossier.signature_id is None else ACCOUNT
    return Move(dossier, target, "the operator has looked the dossier through")


def _refusal(facts: _Facts, dossier: Dossier | None, new: NewScreening, seen: set[int]) -> Outcome | None:
    if not facts.operates:
        return not_the_operator()
    if dossier is None:
        return dossiers.not_found(new.dossier_id)
    if dossier.id in seen:
        return dossiers.only_once(dossier.id)
    if dossier.status not in SCREENED:
        return dossiers.wrong_state(dossier, SCREENED)
    if new.outcome not in SCREENING_OUTCOMES:
        return refused("unknown_outcome", field="outcome", value=new.outcome, bound=", ".join(SCREENING_OUTCOMES))
    if new.round not in (None, dossier.round):
        remedy = "the dossier was submitted anew meanwhile; screen it as it stands"
        return refused(
            "stale", field="round", value=str(new.round), bound=str(dossier.round), remedy=remedy, id=dossier.id
        )
    if facts.screened[dossier.id].open_hits and new.outcome == CLEAR:
        remedy = "two people decide it (onboarding.decide)"
        return refused("hit_open", field="outcome", value=CLEAR, bound="no open hit", remedy=remedy, id=dossier.id)
    return None


def _write(unit: Unit, _facts: _Facts, plan: _Plan) -> None:
    same = (unit.actor.id, unit.at, "", 1)
    bulk.insert(unit.connection, screenings, _COLUMNS, [(*row, *same) for row in plan.rows])
    dossiers.move(unit, list(plan.moves.values()))


RECORD_SCREENING = Command("onboarding.record_screening", ScopeKind.ORGANISATION, _load, _decide, _write, batch_max=500)
