"""`onboarding.submit`: the party says that its dossier is whole; a refusal lists what is missing. A job screens it."""

from collections.abc import Sequence
from dataclasses import dataclass

from scf.commands import Command, ScopeKind, Unit
from scf.onboarding.dossiers import Dossier, Move, move, named, not_found, own, standing_kinds, wrong_state
from scf.onboarding.lifecycle import DOCUMENTS, OWNERS, SCREENING
from scf.onboarding.requirements import missing
from scf.outcomes import Outcome, done, refused
from scf.scheduling import jobs
from scf.scheduling.jobs import NewJob

SCREEN = "screen dossier"
_STATES = frozenset({DOCUMENTS, OWNERS})


@dataclass(frozen=True, slots=True)
class Submission:
    """The dossier as it stands."""


@dataclass(frozen=True, slots=True)
class _Facts:
    dossier: Dossier | None
    lacks: list[str]


@dataclass(frozen=True, slots=True)
class _Plan:
    outcomes: list[Outcome]
    moves: list[Move]


def _load(unit: Unit, _batch: Sequence[Submission]) -> _Facts:
    dossier = own(unit)
    if dossier is None:
        return _Facts(None, [])
    kinds = standing_kinds(unit, [dossier.id]).get(dossier.id, [])
    who = named(unit, [dossier.id]).get(dossier.id, [])
    return _Facts(dossier, missing(dossier.legal_form, kinds, who, dossier.nobody_owns))


def _decide(facts: _Facts, _batch: Sequence[Submission]) -> _Plan:
    dossier = facts.dossier
    if dossier is None:
        return _Plan([not_found()], [])
    if dossier.status not in _STATES:
        return _Plan([wrong_state(dossier, _STATES)], [])
    if facts.lacks:
        remedy = "add what is missing, then submit again"
        lacks = ", ".join(facts.lacks)
        return _Plan([refused("incomplete", field="dossier", value="missing", bound=lacks, remedy=remedy)], [])
    return _Plan([done(dossier.id)], [Move(dossier, SCREENING, "the party submits its whole dossier", next_round=True)])


def _write(unit: Unit, _facts: _Facts, plan: _Plan) -> None:
    move(unit, plan.moves)
    ask_to_screen(unit, [each.dossier for each in plan.moves])


def ask_to_screen(unit: Unit, which: Sequence[Dossier]) -> None:
    """Put down a job for each dossier that just began a round; the party, who is not to know, does not see it."""
    rounds = [(each.id, each.round + 1) for each in which]
    jobs.enqueue(
        unit,
        [NewJob(SCREEN, {"dossier_id": id, "round": number}, f"{SCREEN}/{id}/{number}") for id, number in rounds],
    )


SUBMIT = Command("onboarding.submit", ScopeKind.ORGANISATION, _load, _decide, _write, batch_max=1)
