"""Parts that the commands on dossiers share: reading them under lock, and moving them with their trail."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, select

from scf.announcements import Announcement, announce, tell
from scf.commands import Unit
from scf.db import bulk
from scf.identity import members_queries
from scf.onboarding.lifecycle import may_move
from scf.onboarding.models import account_checks, documents, dossiers, people, screenings, steps
from scf.onboarding.requirements import Named
from scf.outcomes import Outcome, refused

_COLUMNS = (
    "id", "organisation_id", "legal_form", "status", "nobody_owns", "round", "signature_id", "risk", "review_due_on",
    "version",
)  # fmt: skip
_STEP_COLUMNS = ("id", "organisation_id", "dossier_id", "from_status", "to_status", "actor_id", "at", "reason")


@dataclass(frozen=True, slots=True)
class Dossier:
    """A dossier as it stands, locked."""

    id: int
    organisation_id: int
    legal_form: str
    status: str
    nobody_owns: bool
    round: int
    signature_id: int | None
    risk: str | None
    review_due_on: date | None
    version: int


@dataclass(frozen=True, slots=True)
class Move:
    """A dossier on its way to another state, why, and what changes with it; `next_round` asks for a new screening."""

    dossier: Dossier
    target: str
    reason: str
    values: Mapping[str, Any] = field(default_factory=dict)
    next_round: bool = False


def by_id(unit: Unit, ids: Iterable[int]) -> dict[int, Dossier]:
    """Dossiers by id, locked."""
    return {each.id: each for each in _locked(unit, bulk.among(unit.connection, dossiers.c.id, sorted(set(ids))))}


def own(unit: Unit) -> Dossier | None:
    """The dossier of the organisation that the command acts in, locked; None when it never applied."""
    return next(iter(_locked(unit, dossiers.c.organisation_id == unit.scope.id)), None)


def _locked(unit: Unit, which: ColumnElement[bool]) -> list[Dossier]:
    rows = unit.connection.execute(
        select(*(dossiers.c[name] for name in _COLUMNS))
        .where(which)
        .order_by(dossiers.c.id)
        .with_for_update(key_share=True)
    )
    return [Dossier(*row) for row in rows]


def standing_kinds(unit: Unit, ids: Iterable[int]) -> dict[int, list[str]]:
    """The kinds of the documents that stand, by dossier."""
    found: dict[int, list[str]] = {}
    rows = unit.connection.execute(
        select(documents.c.dossier_id, documents.c.kind)
        .where(bulk.among(unit.connection, documents.c.dossier_id, sorted(set(ids))), documents.c.status == "standing")
        .where(documents.c.sha256.is_not(None))
        .order_by(documents.c.id)
    )
    for dossier_id, kind in rows:
        found.setdefault(dossier_id, []).append(kind)
    return found


def named(unit: Unit, ids: Iterable[int]) -> dict[int, list[Named]]:
    """The people that dossiers name now, by dossier."""
    found: dict[int, list[Named]] = {}
    rows = unit.connection.execute(
        select(
            people.c.dossier_id, people.c.role, people.c.name, people.c.born_on, people.c.country, people.c.share_ppm
        )
        .where(bulk.among(unit.connection, people.c.dossier_id, sorted(set(ids))), people.c.status == "named")
        .where(people.c.erased_at.is_(None))
        .order_by(people.c.id)
    )
    for dossier_id, *rest in rows:
        found.setdefault(dossier_id, []).append(Named(*rest))
    return found


@dataclass(frozen=True, slots=True)
class Screened:
    """What a dossier's screenings come to: the open hits of all rounds, and whether this round found it clear."""

    open_hits: tuple[int, ...] = ()
    clear: bool = False

    @property
    def through(self) -> bool:
        """True when the dossier may go on."""
        return self.clear and not self.open_hits


def screened(unit: Unit, found: Mapping[int, Dossier]) -> dict[int, Screened]:
    """How the screening of each dossier stands. A hit stays open, also when the dossier is submitted anew."""
    rows = unit.connection.execute(
        select(screenings.c.id, screenings.c.dossier_id, screenings.c.round, screenings.c.outcome, screenings.c.status)
        .where(bulk.among(unit.connection, screenings.c.dossier_id, sorted(found)))
        .order_by(screenings.c.id)
    ).all()
    answer = {}
    for id, dossier in found.items():
        mine = [row for row in rows if row.dossier_id == id]
        hits = tuple(row.id for row in mine if row.status == "open")
        now = [row for row in mine if row.round == dossier.round]
        answer[id] = Screened(hits, any(row.outcome == "clear" or row.status == "cleared" for row in now))
    return answer


def checked_accounts(unit: Unit, ids: Iterable[int]) -> dict[int, str]:
    """The outcome of the check of each dossier's current account; none without an account."""
    rows = unit.connection.execute(
        select(account_checks.c.dossier_id, account_checks.c.outcome).where(
            bulk.among(unit.connection, account_checks.c.dossier_id, sorted(set(ids))),
            account_checks.c.status == "current",
        )
    )
    return dict(rows.all())


def not_found(id: int | None = None) -> Outcome:
    """The refusal where there is no such dossier."""
    if id is None:
        return refused("not_applied", field="dossier", remedy="apply first (onboarding.apply)")
    return refused("not_found", field="dossier_id", id=id, remedy="give a dossier of this platform")


def wrong_state(dossier: Dossier, allowed: Collection[str]) -> Outcome:
    """The refusal of what does not fit the dossier's state."""
    bound = " or ".join(sorted(allowed))
    remedy = f"passes when the dossier is in {bound}"
    return refused("wrong_state", field="dossier", value=dossier.status, bound=bound, remedy=remedy, id=dossier.id)


def only_once(id: int) -> Outcome:
    """The refusal of a second item on one dossier."""
    return refused("twice_in_batch", field="dossier_id", id=id, remedy="name each dossier once")


def unmovable(dossier: Dossier, target: str) -> Outcome | None:
    """The refusal of a move that the table of moves does not have."""
    if may_move(dossier.status, target):
        return None
    remedy = f"a dossier in {dossier.status} does not go to {target}"
    return refused("wrong_state", field="dossier", value=dossier.status, bound=target, remedy=remedy, id=dossier.id)


def move(unit: Unit, moves: Sequence[Move]) -> None:
    """Move dossiers, write their trail, and tell the parties and the operator; a few statements a kind of move."""
    groups: dict[tuple[Any, ...], list[int]] = {}
    for each in moves:
        key = (each.dossier.status, each.target, tuple(sorted(each.values.items())))
        groups.setdefault(key, []).append(each.dossier.id)
    for (source, target, values), ids in groups.items():
        bulk.move(unit.connection, dossiers, ids, source, target, **dict(values))
    anew = [(each.dossier.id, each.dossier.round + 1) for each in moves if each.next_round]
    bulk.set_each(unit.connection, dossiers, ("round",), anew)
    trail(unit, [(each.dossier, each.dossier.status, each.target, each.reason) for each in moves])


def trail(unit: Unit, moved: Sequence[tuple[Dossier, str, str, str]]) -> None:
    """Write steps, given as (dossier, from, to, reason), and tell of them."""
    if not moved:
        return
    rows = [
        (id, each.organisation_id, each.id, source, target, unit.actor.id, unit.at, reason)
        for id, (each, source, target, reason) in zip(unit.ids.take(len(moved)), moved, strict=True)
    ]
    bulk.insert(unit.connection, steps, _STEP_COLUMNS, rows)
    announce(unit, told(unit, "dossier.moved", [dossier for dossier, *_ in moved]))


def told(unit: Unit, kind: str, which: Sequence[Dossier]) -> Iterable[Announcement]:
    """Announcements of a kind to the parties and to the operator."""
    operator_id = members_queries.operator_id(unit.connection) or 0
    return tell(kind, [(each.organisation_id, each.id) for each in which], all_to=operator_id)
