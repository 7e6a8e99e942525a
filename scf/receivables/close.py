"""Closing receivables that nobody funded and the anchor has paid to its supplier: said by either, without a journal."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from scf.announcements import announce, tell
from scf.commands import Command, ScopeKind, Unit
from scf.outcomes import Outcome, done, refused
from scf.receivables import parts
from scf.receivables.lifecycle import CLOSED, OPEN
from scf.receivables.parts import Receivable
from scf.signatures.queries import seen
from scf.signatures.words import Subject


@dataclass(frozen=True, slots=True)
class _Facts:
    organisation_id: int
    receivables: dict[int, Receivable]
    # creditors whose financing the organisation may see
    shown: set[int]


@dataclass(slots=True)
class _Plan:
    outcomes: list[Outcome] = field(default_factory=list)
    closed: list[int] = field(default_factory=list)


def _load(unit: Unit, batch: Sequence[int]) -> _Facts:
    shown = seen(unit.connection, unit.scope.id, Subject.FINANCING)
    return _Facts(unit.scope.id, parts.lock(unit, batch), shown | {unit.scope.id})


def _decide(facts: _Facts, batch: Sequence[int]) -> _Plan:
    plan = _Plan()
    left = dict(facts.receivables)
    for id in batch:
        receivable = left.get(id)
        if receivable is None or facts.organisation_id not in (receivable.debtor_id, receivable.creditor_id):
            remedy = "give a receivable of yours, once"
            plan.outcomes.append(refused("not_found", field="receivable_id", remedy=remedy, id=id))
        elif receivable.status != OPEN:
            plan.outcomes.append(_not_open(receivable, receivable.creditor_id in facts.shown))
        else:
            del left[id]
            plan.closed.append(id)
            plan.outcomes.append(done(id))
    return plan


def _not_open(receivable: Receivable, shown: bool) -> Outcome:
    """A debtor that may see no financing is not told why: whom to pay is for its supplier to say."""
    value = receivable.status if shown else ""
    remedy = "what a funder has bought is settled in its book" if shown else "ask your supplier whom to pay"
    return refused("not_open", field="receivable_id", value=value, bound=OPEN, remedy=remedy, id=receivable.id)


def _write(unit: Unit, facts: _Facts, plan: _Plan) -> None:
    parts.move(unit, plan.closed, OPEN, CLOSED)
    closed = [facts.receivables[id] for id in plan.closed]
    told = [(party, each.id) for each in closed for party in (each.debtor_id, each.creditor_id)]
    announce(unit, tell("receivable.closed", told))


CLOSE = Command("receivables.close", ScopeKind.ORGANISATION, _load, _decide, _write)
