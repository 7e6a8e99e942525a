"""What the operator's people do with dossiers: activate, send back, decline, review; the platform begins reviews."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import select

from scf.announcements import announce
from scf.commands import Command, ScopeKind, Unit
from scf.db import bulk
from scf.identity.operator import is_operators, not_the_operator
from scf.onboarding import dossiers
from scf.onboarding.dossiers import Dossier, Move, Screened
from scf.onboarding.lifecycle import ACCOUNT, ACTIVE, DECLINED, DOCUMENTS, OWNERS, REVIEW
from scf.onboarding.models import documents
from scf.onboarding.requirements import Named, Risk, missing, review_due
from scf.onboarding.submit import ask_to_screen
from scf.outcomes import Outcome, done, refused

_BATCH_MAX = 500


@dataclass(frozen=True, slots=True)
class Activation:
    """A dossier to activate, and how closely the party is to be watched."""

    dossier_id: int
    risk: Risk
    reason: str


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A periodic review that found nothing to correct, and the risk from now on."""

    dossier_id: int
    risk: Risk
    reason: str


@dataclass(frozen=True, slots=True)
class SentBack:
    """A dossier to correct: its documents or its people, which documents do not do, and why; the party reads it."""

    dossier_id: int
    to: str
    reason: str
    document_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Declined:
    """A dossier to end, and why; the party reads it."""

    dossier_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class DueReview:
    """A dossier whose review is due."""

    dossier_id: int


_Item = TypeVar("_Item", Activation, Reviewed, SentBack, Declined, DueReview)


@dataclass(frozen=True, slots=True)
class _Facts:
    operates: bool
    on: date
    at: Any
    by_id: Mapping[int, Dossier]
    screened: Mapping[int, Screened] = field(default_factory=dict)
    kinds: Mapping[int, list[str]] = field(default_factory=dict)
    people: Mapping[int, list[Named]] = field(default_factory=dict)
    accounts: Mapping[int, str] = field(default_factory=dict)
    # the dossier of each document that may be sent back
    documents: Mapping[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class _Plan:
    outcomes: list[Outcome] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    sent_back: list[int] = field(default_factory=list)


def _load(unit: Unit, batch: Sequence[Any]) -> _Facts:
    by_id = dossiers.by_id(unit, [each.dossier_id for each in batch])
    return _Facts(is_operators(unit), unit.business_date, unit.at, by_id)


def _load_whole(unit: Unit, batch: Sequence[Activation | Reviewed]) -> _Facts:
    by_id = dossiers.by_id(unit, [each.dossier_id for each in batch])
    return _Facts(
        is_operators(unit), unit.business_date, unit.at, by_id, dossiers.screened(unit, by_id),
        dossiers.standing_kinds(unit, by_id), dossiers.named(unit, by_id), dossiers.checked_accounts(unit, by_id),
    )  # fmt: skip


def _load_documents(unit: Unit, batch: Sequence[SentBack]) -> _Facts:
    by_id = dossiers.by_id(unit, [each.dossier_id for each in batch])
    ids = sorted({id for each in batch for id in each.document_ids})
    rows = unit.connection.execute(
        select(documents.c.id, documents.c.dossier_id)
        .where(bulk.among(unit.connection, documents.c.id, ids), documents.c.status == "standing")
        .order_by(documents.c.id)
        .with_for_update(key_share=True)
    )
    return _Facts(is_operators(unit), unit.business_date, unit.at, by_id, documents=dict(rows.all()))


# what an item makes of its dossier: a move, or the refusal
_Rule = Callable[[_Facts, Dossier, _Item], Move | Outcome]


def _deciding(rule: "_Rule[_Item]") -> Callable[[_Facts, Sequence[_Item]], _Plan]:
    def decide(facts: _Facts, batch: Sequence[_Item]) -> _Plan:
        plan = _Plan()
        seen: set[int] = set()
        for each in batch:
            dossier = facts.by_id.get(each.dossier_id)
            found = _unknown(facts, each.dossier_id, seen)
            if found is None and dossier is not None:
                made = rule(facts, dossier, each)
                if isinstance(made, Move):
                    seen.add(dossier.id)
                    plan.moves.append(made)
                    plan.sent_back += each.document_ids if isinstance(each, SentBack) else ()
                    made = done(dossier.id)
                found = made
            plan.outcomes.append(found or dossiers.not_found(each.dossier_id))
        return plan

    return decide


def _unknown(facts: _Facts, id: int, seen: set[int]) -> Outcome | None:
    if not facts.operates:
        return not_the_operator()
    return dossiers.only_once(id) if id in seen else None


def _activate(facts: _Facts, dossier: Dossier, each: Activation) -> Move | Outcome:
    return _to_active(facts, dossier, ACCOUNT, each.risk, each.reason)


def _review(facts: _Facts, dossier: Dossier, each: Reviewed) -> Move | Outcome:
    return _to_active(facts, dossier, REVIEW, each.risk, each.reason)


def _to_active(facts: _Facts, dossier: Dossier, source: str, risk: Risk, reason: str) -> Move | Outcome:
    if dossier.status != source:
        return dossiers.wrong_state(dossier, {source})
    lacks = _unfinished(facts, dossier)
    if lacks:
        remedy = "passes when every earlier step stands"
        return refused(
            "incomplete", field="dossier", value="missing", bound=", ".join(lacks), remedy=remedy, id=dossier.id
        )
    values = {"risk": risk.value, "review_due_on": review_due(facts.on, risk)}
    return Move(dossier, ACTIVE, reason, values)


def _unfinished(facts: _Facts, dossier: Dossier) -> list[str]:
    found = missing(
        dossier.legal_form, facts.kinds.get(dossier.id, []), facts.people.get(dossier.id, []), dossier.nobody_owns
    )
    if not facts.screened[dossier.id].through:
        found.append("a screening of this round that is clear, without an open hit")
    if dossier.signature_id is None:
        found.append("the signed agreement")
    if facts.accounts.get(dossier.id) != "matched":
        found.append("an account that matched its holder")
    return found


def _send_back(facts: _Facts, dossier: Dossier, each: SentBack) -> Move | Outcome:
    refusal = dossiers.unmovable(dossier, each.to) if each.to in (DOCUMENTS, OWNERS) else _no_way_back(each)
    if refusal is not None:
        return refusal
    if any(facts.documents.get(id) != dossier.id for id in each.document_ids):
        remedy = "give documents of this dossier that stand"
        return refused("not_found", field="document_ids", id=dossier.id, remedy=remedy)
    return Move(dossier, each.to, each.reason)


def _no_way_back(each: SentBack) -> Outcome:
    return refused("wrong_state", field="to", value=each.to, bound=f"{DOCUMENTS} or {OWNERS}", id=each.dossier_id)


def _decline(facts: _Facts, dossier: Dossier, each: Declined) -> Move | Outcome:
    return dossiers.unmovable(dossier, DECLINED) or Move(dossier, DECLINED, each.reason, {"ended_at": facts.at})


def _begin_review(facts: _Facts, dossier: Dossier, _each: DueReview) -> Move | Outcome:
    due = dossier.review_due_on
    if dossier.status != ACTIVE or due is None:
        return dossiers.wrong_state(dossier, {ACTIVE})
    if due > facts.on:
        return refused("not_due", field="dossier", value=str(facts.on), bound=str(due), id=dossier.id)
    return Move(dossier, REVIEW, f"the periodic review was due on {due}", next_round=True)


def _write(unit: Unit, _facts: _Facts, plan: _Plan) -> None:
    bulk.move(unit.connection, documents, plan.sent_back, "standing", "sent_back")
    dossiers.move(unit, plan.moves)


def _write_reviews(unit: Unit, _facts: _Facts, plan: _Plan) -> None:
    dossiers.move(unit, plan.moves)
    due = [each.dossier for each in plan.moves]
    ask_to_screen(unit, due)
    announce(unit, dossiers.told(unit, "dossier.review_due", due))


_HERE = ScopeKind.ORGANISATION
ACTIVATE = Command("onboarding.activate", _HERE, _load_whole, _deciding(_activate), _write, _BATCH_MAX)
REVIEW_DONE = Command("onboarding.review", _HERE, _load_whole, _deciding(_review), _write, _BATCH_MAX)
SEND_BACK = Command("onboarding.send_back", _HERE, _load_documents, _deciding(_send_back), _write, _BATCH_MAX)
DECLINE = Command("onboarding.decline", _HERE, _load, _deciding(_decline), _write, _BATCH_MAX)
# the platform's own: a job finds the dossiers that are due
BEGIN_REVIEW = Command("onboarding.begin_review", _HERE, _load, _deciding(_begin_review), _write_reviews, _BATCH_MAX)
