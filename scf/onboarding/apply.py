"""`onboarding.apply`: a party opens its dossier, the one it has; after it was declined it may apply again."""

from collections.abc import Sequence
from dataclasses import dataclass

from scf.commands import Command, ScopeKind, Unit
from scf.db import bulk
from scf.onboarding.dossiers import Dossier, Move, move, own, trail
from scf.onboarding.lifecycle import APPLICATION, DECLINED
from scf.onboarding.models import dossiers
from scf.onboarding.requirements import LegalForm
from scf.outcomes import Outcome, done, refused

_COLUMNS = (
    "id", "organisation_id", "legal_form", "status", "nobody_owns", "round", "signature_id", "risk", "review_due_on",
    "version", "applied_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Application:
    """A party asks to take part."""

    legal_form: LegalForm


@dataclass(frozen=True, slots=True)
class _Facts:
    id: int
    organisation_id: int
    before: Dossier | None


@dataclass(frozen=True, slots=True)
class _Plan:
    outcomes: list[Outcome]
    new: list[Dossier]
    again: list[Move]


def _load(unit: Unit, _batch: Sequence[Application]) -> _Facts:
    return _Facts(unit.ids.one(), unit.scope.id, own(unit))


def _decide(facts: _Facts, batch: Sequence[Application]) -> _Plan:
    (asked,) = batch
    before = facts.before
    if before is None:
        new = Dossier(facts.id, facts.organisation_id, asked.legal_form, APPLICATION, False, 0, None, None, None, 1)
        return _Plan([done(new.id)], [new], [])
    if before.status != DECLINED:
        remedy = "an organisation has one dossier; go on with it"
        return _Plan([refused("already_applied", field="dossier", value=before.status, remedy=remedy)], [], [])
    # what was signed, the account and the risk belong to the relationship that ended
    values = {"legal_form": asked.legal_form.value, "ended_at": None, "signature_id": None, "risk": None}
    return _Plan([done(before.id)], [], [Move(before, APPLICATION, "the party applies again", values)])


def _write(unit: Unit, _facts: _Facts, plan: _Plan) -> None:
    rows = [
        (each.id, each.organisation_id, each.legal_form, each.status, False, 0, None, None, None, 1, unit.at)
        for each in plan.new
    ]
    bulk.insert(unit.connection, dossiers, _COLUMNS, rows)
    trail(unit, [(each, "", APPLICATION, "the party applies") for each in plan.new])
    move(unit, plan.again)


APPLY = Command("onboarding.apply", ScopeKind.ORGANISATION, _load, _decide, _write, batch_max=1)
