"""Setting the ceiling of a limit, by four eyes; a new limit starts with what its holder already uses drawn.

It holds the whole book still: a command in flight that did not see the new limit would otherwise release from it what
it never drew.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select

from scf.announcements import Announcement, announce
from scf.commands import Command, ScopeKind, Unit
from scf.db.bulk import among
from scf.factoring import standing
from scf.factoring.claims import load_open
from scf.factoring.models import advance_requests, advances, guarantee_calls
from scf.ledger import accounts as ledger_accounts
from scf.ledger.accounts import Accounts
from scf.ledger.write import write as post
from scf.limits import parts
from scf.limits.positions import LimitKey, LimitKind, Positions
from scf.organisations.models import organisations
from scf.outcomes import Outcome, done, refused
from scf.programmes.models import enrolments, programmes
from scf.proposals.four_eyes import four_eyes
from scf.receivables.models import receivables


@dataclass(frozen=True, slots=True)
class Ceiling:
    """A limit of the book: its kind, holder (an organisation, or a programme), currency and ceiling in minor units."""

    kind: LimitKind
    holder_id: int
    currency: str
    ceiling_minor: int

    @property
    def key(self) -> LimitKey:
        """What makes the limit one."""
        return self.kind, self.holder_id, self.currency


@dataclass(frozen=True, slots=True)
class _Facts:
    found: dict[LimitKey, int]
    accounts: Accounts
    known: set[tuple[LimitKind, int]]
    in_use: dict[LimitKey, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class _Plan:
    outcomes: list[Outcome]
    positions: Positions


def _load(unit: Unit, batch: Sequence[Ceiling]) -> _Facts:
    known = _known(unit, batch)
    wanted = {each.key for each in batch if each.ceiling_minor >= 0 and each.key[:2] in known}
    found = parts.find(unit, wanted)
    new = wanted - found.keys()
    found |= parts.add(unit, new)
    in_use = {key: _in_use(unit, key) for key in sorted(new)}
    return _Facts(found, ledger_accounts.load(unit, parts.keys_of(found)), known, in_use)


def _known(unit: Unit, batch: Sequence[Ceiling]) -> set[tuple[LimitKind, int]]:
    """The holders that there are: registered organisations, and programmes of this book."""
    ids = sorted({each.holder_id for each in batch})
    parties = unit.connection.execute(
        select(organisations.c.id).where(among(unit.connection, organisations.c.id, ids))
    ).scalars()
    own = unit.connection.execute(
        select(programmes.c.id).where(
            programmes.c.book_id == unit.in_book().id, among(unit.connection, programmes.c.id, ids)
        )
    ).scalars()
    found = {(kind, id) for id in parties for kind in LimitKind if kind is not LimitKind.PROGRAMME}
    return found | {(LimitKind.PROGRAMME, id) for id in own}


def _in_use(unit: Unit, key: LimitKey) -> tuple[int, int]:
    """What a holder has reserved and drawn before there was a limit."""
    kind, holder, currency = key
    if kind is LimitKind.GUARANTOR:
        return 0, _called(unit, holder, currency)
    which = _holder(kind, holder)
    drawn = (
        select(func.coalesce(func.sum(standing.held_minor()), 0))
        .select_from(advances)
        .join(enrolments, enrolments.c.id == advances.c.enrolment_id)
        .join(receivables, receivables.c.id == advances.c.receivable_id)
        .join(organisations, organisations.c.id == enrolments.c.anchor_id)
        .outerjoin(guarantee_calls, guarantee_calls.c.advance_id == advances.c.id)
        .where(which, advances.c.book_id == unit.in_book().id, advances.c.currency == currency)
        # a write-off frees no limit
        .where(advances.c.status.in_(["funded", "written_off"]))
    )
    reserved = (
        select(func.coalesce(func.sum(advance_requests.c.reserved_minor), 0))
        .join(enrolments, enrolments.c.id == advance_requests.c.enrolment_id)
        .join(receivables, receivables.c.id == advance_requests.c.receivable_id)
        .join(organisations, organisations.c.id == enrolments.c.anchor_id)
        .where(which, advance_requests.c.book_id == unit.in_book().id, receivables.c.currency == currency)
        .where(advance_requests.c.status == "approved")
    )
    connection = unit.connection
    claimed = _claimed(unit, holder, currency) if kind is LimitKind.SUPPLIER else 0
    return int(connection.execute(reserved).scalar_one()), int(connection.execute(drawn).scalar_one()) + claimed


def _claimed(unit: Unit, supplier_id: int, currency: str) -> int:
    """What a supplier owes by recourse."""
    mine = [claim for claim in load_open(unit, [supplier_id]) if claim.currency == currency]
    return sum(claim.left_minor for claim in mine if claim.reason == "recourse")


def _called(unit: Unit, guarantor_id: int, currency: str) -> int:
    """What a guarantor was called for and has not paid."""
    called = (
        select(func.coalesce(func.sum(guarantee_calls.c.amount_minor), 0))
        .join(advances, advances.c.id == guarantee_calls.c.advance_id)
        .where(guarantee_calls.c.guarantor_id == guarantor_id, guarantee_calls.c.status == "called")
        .where(guarantee_calls.c.book_id == unit.in_book().id, advances.c.currency == currency)
    )
    return int(unit.connection.execute(called).scalar_one())


def _holder(kind: LimitKind, holder: int) -> ColumnElement[bool]:
    which: dict[LimitKind, ColumnElement[bool]] = {
        LimitKind.ANCHOR: enrolments.c.anchor_id == holder,
        LimitKind.SUPPLIER: enrolments.c.supplier_id == holder,
        LimitKind.PROGRAMME: enrolments.c.programme_id == holder,
        LimitKind.OBLIGOR_GROUP: func.coalesce(organisations.c.group_id, organisations.c.id) == holder,
    }
    return which[kind]


def _decide(facts: _Facts, batch: Sequence[Ceiling]) -> _Plan:
    plan = _Plan([], parts.positions(facts.found, facts.accounts))
    for key, (reserved, drawn) in facts.in_use.items():
        position = plan.positions.by_key[key]
        position.set_ceiling(reserved)
        position.reserve(reserved)
        position.force(drawn)
    for each in batch:
        if each.ceiling_minor < 0:
            plan.outcomes.append(refused("negative", field="ceiling", value=str(each.ceiling_minor), bound="0 or more"))
            continue
        if each.key[:2] not in facts.known:
            remedy = "give a registered organisation, or a programme of this book"
            plan.outcomes.append(refused("not_found", field="holder_id", value=each.kind, remedy=remedy))
            continue
        plan.positions.by_key[each.key].set_ceiling(each.ceiling_minor)
        plan.outcomes.append(done(facts.found[each.key]))
    return plan


def _write(unit: Unit, facts: _Facts, plan: _Plan) -> None:
    post(unit, facts.accounts, parts.journals(unit, plan.positions))
    changed = [outcome.id for outcome in plan.outcomes if outcome.accepted and outcome.id]
    announce(unit, [Announcement(unit.in_book().funder_id, "limit.changed", changed)])


SET: Command[Ceiling, Any, Any] = Command(
    "limits.set", ScopeKind.BOOK, _load, _decide, _write, exclusive=True, checked=True
)
SET_LIMIT = four_eyes(SET, Ceiling)
