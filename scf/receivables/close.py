"""Closing receivables that nobody funded and the anchor has paid to its supplier: said by either, without a journal."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from scf.commands import Command, ScopeKind, Unit
from scf.outcomes import Outcome, done, refused
from scf.receivables import parts
from scf.receivables.lifecycle import CLOSED, OPEN
from scf.receivables.parts import Receivable


@dataclass(frozen=True, slots=True)
class _Facts:
    organisation_id: int
    receivables: dict[int, Receivable]


@dataclass(slots=True)
class _Plan:
    outcomes: list[Outcome] = field(default_factory=list)
    closed: list[int] = field(default_factory=list)


def _load(unit: Unit, batch: Sequence[int]) -> _Facts:
    return _Facts(unit.scope.id, parts.lock(unit, batch))


def _decide(facts: _Facts, batch: Sequence[int]) -> _Plan:
    plan = _Plan()
    left = dict(facts.receivables)
    for id in batch:
        receivable = left.get(id)
        if receivable is None or facts.organisation_id not in (receivable.debtor_id, receivable.creditor_id):
            remedy = "give a receivable of yours, once"
            plan.outcomes.append(refused("not_found", field="receivable_id", remedy=remedy, id=id))
        elif receivable.status != OPEN:
            # an anchor is not told whether its supplier has financed it
            value = "" if facts.organisation_id == receivable.debtor_id else receivable.status
            remedy = "what a funder has bought is settled in its book, and what is paid is closed already"
            plan.outcomes.append(
                refused("not_open", field="receivable_id", value=value, bound=OPEN, remedy=remedy, id=id)
            )
        else:
            del left[id]
            plan.closed.append(id)
            plan.outcomes.append(done(id))
    return plan


def _write(unit: Unit, _facts: _Facts, plan: _Plan) -> None:
    parts.move(unit, plan.closed, OPEN, CLOSED)


CLOSE = Command("receivables.close", ScopeKind.ORGANISATION, _load, _decide, _write)
