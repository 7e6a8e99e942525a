"""`onboarding.decide`: what a hit means. One of the operator's people proposes, another accepts.

Cleared, the dossier goes on once no other hit is open; confirmed, it is declined, in words that say nothing of the hit.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from sqlalchemy import select

from scf.commands import Command, ScopeKind, Unit
from scf.db import bulk
from scf.identity.operator import is_operators, not_the_operator
from scf.onboarding import dossiers
from scf.onboarding.dossiers import Dossier, Move, Screened
from scf.onboarding.lifecycle import DECLINED, SCREENED, SCREENING
from scf.onboarding.models import screenings
from scf.onboarding.screen import onward
from scf.outcomes import Outcome, done, refused
from scf.proposals.four_eyes import four_eyes


@dataclass(frozen=True, slots=True)
class Decision:
    """A hit is cleared (somebody else is meant, say), or confirmed; and why. The proposer is written in."""

    screening_id: int
    cleared: bool
    words: str
    proposed_by_id: int = 0


class _Hit(NamedTuple):
    status: str
    dossier_id: int
    round: int


@dataclass(frozen=True, slots=True)
class _Facts:
    operates: bool
    found: dict[int, _Hit]
    by_id: dict[int, Dossier]
    screened: dict[int, Screened]


@dataclass(slots=True)
class _Plan:
    outcomes: list[Outcome] = field(default_factory=list)
    decided: dict[int, Decision] = field(default_factory=dict)
    moves: list[Move] = field(default_factory=list)


def _load(unit: Unit, batch: Sequence[Decision]) -> _Facts:
    ids = sorted({each.screening_id for each in batch})
    which = select(screenings.c.dossier_id).where(bulk.among(unit.connection, screenings.c.id, ids))
    by_id = dossiers.by_id(unit, unit.connection.execute(which).scalars())
    rows = unit.connection.execute(
        select(screenings.c.id, screenings.c.status, screenings.c.dossier_id, screenings.c.round)
        .where(bulk.among(unit.connection, screenings.c.id, ids))
        .order_by(screenings.c.id)
        .with_for_update(key_share=True)
    )
    found = {id: _Hit(*hit) for id, *hit in rows}
    return _Facts(is_operators(unit), found, by_id, dossiers.screened(unit, by_id))


def _decide(facts: _Facts, batch: Sequence[Decision]) -> _Plan:
    plan = _Plan()
    for each in batch:
        refusal = _refusal(facts, each, plan)
        plan.outcomes.append(refusal or done(each.screening_id))
        if refusal is None:
            plan.decided[each.screening_id] = each
    for id, dossier in facts.by_id.items():
        mine = [each for each in plan.decided.values() if facts.found[each.screening_id].dossier_id == id]
        now = any(facts.found[each.screening_id].round == dossier.round for each in mine)
        plan.moves += _moves(dossier, facts.screened[id], mine, now)
    return plan


def _moves(dossier: Dossier, screened: Screened, mine: list[Decision], now: bool) -> list[Move]:
    if any(not each.cleared for each in mine):
        return [Move(dossier, DECLINED, "the operator declines the application")]
    left = set(screened.open_hits) - {each.screening_id for each in mine}
    through = not left and (screened.clear or now)
    return [onward(dossier)] if mine and through and dossier.status == SCREENING else []


def _refusal(facts: _Facts, each: Decision, plan: _Plan) -> Outcome | None:
    id = each.screening_id
    if not facts.operates:
        return not_the_operator()
    if id not in facts.found:
        return refused("not_found", field="screening_id", id=id, remedy="give a screening of this platform")
    if id in plan.decided:
        return refused("twice_in_batch", field="screening_id", id=id, remedy="decide each hit once")
    hit = facts.found[id]
    dossier = facts.by_id[hit.dossier_id]
    if hit.status != "open":
        return refused("not_open", field="screening_id", value=hit.status, bound="open", id=id)
    return None if dossier.status in SCREENED else dossiers.wrong_state(dossier, SCREENED)


def _write(unit: Unit, _facts: _Facts, plan: _Plan) -> None:
    groups: dict[tuple[bool, str, int], list[int]] = {}
    for id, each in plan.decided.items():
        groups.setdefault((each.cleared, each.words, each.proposed_by_id), []).append(id)
    for (cleared, words, proposed_by_id), ids in groups.items():
        bulk.move(
            unit.connection, screenings, ids, "open", "cleared" if cleared else "confirmed", decision=words,
            proposed_by_id=proposed_by_id, decided_by_id=unit.actor.id, decided_at=unit.at,
        )  # fmt: skip
    if plan.moves:
        ended = {"ended_at": unit.at}
        dossiers.move(unit, [replace(each, values=ended) if each.target == DECLINED else each for each in plan.moves])


def _by(decision: Decision, maker_id: int) -> Decision:
    return replace(decision, proposed_by_id=maker_id)


DECIDE = Command("onboarding.decide", ScopeKind.ORGANISATION, _load, _decide, _write, batch_max=100, checked=True)
DECIDE_BY_PEOPLE = four_eyes(DECIDE, Decision, _by)
