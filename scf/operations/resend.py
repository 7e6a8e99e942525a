"""`outbox.resend`: messages that wait, or were given up, are sent at once. What was delivered is never sent again."""

from collections.abc import Sequence
from dataclasses import dataclass

from scf import outbox
from scf.commands import Command, ScopeKind, Unit
from scf.identity.operator import is_operators, not_the_operator
from scf.outcomes import Outcome, done, refused


@dataclass(frozen=True, slots=True)
class _Facts:
    operates: bool
    # of those that were not delivered
    ids: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Plan:
    outcomes: list[Outcome]
    ids: list[int]


def _load(unit: Unit, batch: Sequence[int]) -> _Facts:
    return _Facts(is_operators(unit), outbox.lock_undelivered(unit.connection, batch))


def _decide(facts: _Facts, batch: Sequence[int]) -> _Plan:
    plan = _Plan([], [])
    for id in batch:
        if not facts.operates:
            plan.outcomes.append(not_the_operator())
        elif id not in facts.ids:
            remedy = "give a message that waits or was given up"
            plan.outcomes.append(refused("not_found", field="message_id", id=id, remedy=remedy))
        elif id in plan.ids:
            plan.outcomes.append(refused("twice_in_batch", field="message_id", id=id, remedy="name each message once"))
        else:
            plan.outcomes.append(done(id))
            plan.ids.append(id)
    return plan


def _write(unit: Unit, _facts: _Facts, plan: _Plan) -> None:
    if plan.ids:
        outbox.send_at_once(unit.connection, plan.ids, unit.at)


RESEND = Command("outbox.resend", ScopeKind.ORGANISATION, _load, _decide, _write, batch_max=500)
