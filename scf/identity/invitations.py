"""What becomes of an open invitation: sent again, with a new week and a new link, or withdrawn."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import select, update

from scf import outbox
from scf.commands import Command, ScopeKind, Unit
from scf.db import bulk
from scf.identity import invitation_rows
from scf.identity.invitation_rows import OPEN_FOR
from scf.identity.letters import letter
from scf.identity.models_members import invitations
from scf.outcomes import Outcome, done, refused


@dataclass(frozen=True, slots=True)
class _Plan:
    outcomes: list[Outcome]
    ids: list[int]


def _load(unit: Unit, batch: Sequence[int]) -> dict[int, str]:
    rows = unit.connection.execute(
        select(invitations.c.id, invitations.c.status)
        .where(bulk.among(unit.connection, invitations.c.id, sorted(set(batch))))
        .where(invitations.c.organisation_id == unit.scope.id)
        .order_by(invitations.c.id)
        .with_for_update(key_share=True)
    )
    return {row.id: row.status for row in rows}


def _decide(facts: dict[int, str], batch: Sequence[int]) -> _Plan:
    plan = _Plan([], [])
    for id in batch:
        status = facts.get(id)
        if status is None:
            plan.outcomes.append(refused("not_found", field="invitation", id=id, remedy="give one of yours"))
        elif status != "open":
            refusal = refused("not_open", field="invitation", value=status, bound="open", id=id, remedy="invite again")
            plan.outcomes.append(refusal)
        elif id in plan.ids:
            plan.outcomes.append(refused("twice_in_batch", field="invitation", id=id, remedy="name each once"))
        else:
            plan.outcomes.append(done(id))
            plan.ids.append(id)
    return plan


def _resend(unit: Unit, _facts: dict[int, str], plan: _Plan) -> None:
    invitation_rows.end_tokens(unit.connection, "invitation", plan.ids, unit.at)
    values = {"expires_at": unit.at + OPEN_FOR, "version": invitations.c.version + 1}
    again = bulk.among(unit.connection, invitations.c.id, plan.ids)
    unit.connection.execute(update(invitations).where(again).values(values))
    outbox.write(unit, [letter("invitation", invitation_id=id) for id in plan.ids])


def _withdraw(unit: Unit, _facts: dict[int, str], plan: _Plan) -> None:
    invitation_rows.end_tokens(unit.connection, "invitation", plan.ids, unit.at)
    bulk.move(unit.connection, invitations, plan.ids, "open", "withdrawn", ended_at=unit.at)


Write = Callable[[Unit, dict[int, str], _Plan], None]


def _command(name: str, write: Write) -> Command[int, dict[int, str], _Plan]:
    return Command(name, ScopeKind.ORGANISATION, _load, _decide, write, batch_max=200)


RESEND = _command("invitations.resend", _resend)
WITHDRAW = _command("invitations.withdraw", _withdraw)
