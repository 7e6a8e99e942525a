"""Setting the ceiling of a limit, by four eyes; a new limit starts with what its holder already uses drawn.

It holds the whole book still: a command in flight that did not see the new limit would otherwise release from it what
it never drew.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from scf.announcements import Announcement, announce
from scf.commands import Command, ScopeKind, Unit
from scf.db.bulk import among
from scf.factoring import standing
from scf.factoring.models import advance_requests, advances, claim_payments, claims, guarantee_calls
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
class Facts:
    """What setting limits needs: those there are, who may hold one, and what holders of new ones use already."""

    found: dict[LimitKey, int]
    accounts: Accounts
    known: set[tuple[LimitKind, int]]
    in_use: dict[LimitKey, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Plan:
    """What became of each item, and where the limits then stand."""

    outcomes: list[Outcome]
    positions: Positions


def _load(unit: Unit, batch: Sequence[Ceiling]) -> Facts:
    book_id = unit.in_book().id
    known = _known(unit.connection, book_id, batch)
    wanted = {each.key for each in batch if each.ceiling_minor >= 0 and each.key[:2] in known}
    found = parts.find(unit, wanted)
    new = wanted - found.keys()
    found |= parts.add(unit, new)
    in_use = {key: _in_use(unit.connection, book_id, key) for key in sorted(new)}
    return Facts(found, ledger_accounts.load(unit, parts.keys_of(found)), known, in_use)


def look(connection: Connection, book_id: int, batch: Sequence[Ceiling]) -> Facts:
    """The same facts as they stand now, for who asks what would be decided: nothing is locked, no limit is made.

    New limits bear ids that no limit has.
    """
    known = _known(connection, book_id, batch)
    wanted = {each.key for each in batch if each.ceiling_minor >= 0 and each.key[:2] in known}
    found = parts.found_in(connection, book_id, wanted)
    new = sorted(wanted - found.keys())
    in_use = {key: _in_use(connection, book_id, key) for key in new}
    accounts = ledger_accounts.read(connection, book_id, parts.keys_of(found))
    return Facts(found | {key: -n for n, key in enumerate(new, start=1)}, accounts, known, in_use)


def _known(connection: Connection, book_id: int, batch: Sequence[Ceiling]) -> set[tuple[LimitKind, int]]:
    """The holders that there are: registered organisations, and programmes of this book."""
    ids = sorted({each.holder_id for each in batch})
    parties = connection.execute(select(organisations.c.id).where(among(connection, organisations.c.id, ids))).scalars()
    own = connection.execute(
        select(programmes.c.id).where(programmes.c.book_id == book_id, among(connection, programmes.c.id, ids))
    ).scalars()
    found = {(kind, id) for id in parties for kind in LimitKind if kind is not LimitKind.PROGRAMME}
    return found | {(LimitKind.PROGRAMME, id) for id in own}


def _in_use(connection: Connection, book_id: int, key: LimitKey) -> tuple[int, int]:
    """What a holder has reserved and drawn before there was a limit."""
    kind, holder, currency = key
    if kind is LimitKind.GUARANTOR:
        return 0, _called(connection, book_id, holder, currency)
    which = held_by(kind, holder)
    drawn = (
        select(func.coalesce(func.sum(standing.held_minor()), 0))
        .select_from(advances)
        .join(enrolments, enrolments.c.id == advances.c.enrolment_id)
        .join(receivables, receivables.c.id == advances.c.receivable_id)
        .join(organisations, organisations.c.id == enrolments.c.anchor_id)
        .outerjoin(guarantee_calls, guarantee_calls.c.advance_id == advances.c.id)
        .where(which, advances.c.book_id == book_id, advances.c.currency == currency)
        # a write-off frees no limit
        .where(advances.c.status.in_(["funded", "written_off"]))
    )
    reserved = (
        select(func.coalesce(func.sum(advance_requests.c.reserved_minor), 0))
        .join(enrolments, enrolments.c.id == advance_requests.c.enrolment_id)
        .join(receivables, receivables.c.id == advance_requests.c.receivable_id)
        .join(organisations, organisations.c.id == enrolments.c.anchor_id)
        .where(which, advance_requests.c.book_id == book_id, receivables.c.currency == currency)
        .where(advance_requests.c.status == "approved")
    )
    claimed = _claimed(connection, book_id, holder, currency) if kind is LimitKind.SUPPLIER else 0
    return int(connection.execute(reserved).scalar_one()), int(connection.execute(drawn).scalar_one()) + claimed


def _claimed(connection: Connection, book_id: int, supplier_id: int, currency: str) -> int:
    """What a supplier owes by recourse."""
    mine = (
        (claims.c.book_id == book_id)
        & (claims.c.supplier_id == supplier_id)
        & (claims.c.currency == currency)
        & (claims.c.reason == "recourse")
        & (claims.c.status == "open")
    )
    claimed = select(func.coalesce(func.sum(claims.c.amount_minor), 0)).where(mine)
    paid = select(func.coalesce(func.sum(claim_payments.c.amount_minor), 0)).join(
        claims, claims.c.id == claim_payments.c.claim_id
    )
    return int(connection.execute(claimed).scalar_one()) - int(connection.execute(paid.where(mine)).scalar_one())


def _called(connection: Connection, book_id: int, guarantor_id: int, currency: str) -> int:
    """What a guarantor was called for and has not paid."""
    called = (
        select(func.coalesce(func.sum(guarantee_calls.c.amount_minor), 0))
        .join(advances, advances.c.id == guarantee_calls.c.advance_id)
        .where(guarantee_calls.c.guarantor_id == guarantor_id, guarantee_calls.c.status == "called")
        .where(guarantee_calls.c.book_id == book_id, advances.c.currency == currency)
    )
    return int(connection.execute(called).scalar_one())


def held_by(kind: LimitKind, holder: int) -> ColumnElement[bool]:
    """Whether what an enrolment brings counts against a limit; the query joins enrolments and their anchors."""
    which: dict[LimitKind, ColumnElement[bool]] = {
        LimitKind.ANCHOR: enrolments.c.anchor_id == holder,
        LimitKind.SUPPLIER: enrolments.c.supplier_id == holder,
        LimitKind.PROGRAMME: enrolments.c.programme_id == holder,
        LimitKind.OBLIGOR_GROUP: func.coalesce(organisations.c.group_id, organisations.c.id) == holder,
    }
    return which[kind]


def decided(facts: Facts, batch: Sequence[Ceiling]) -> Plan:
    """What setting the limits comes to."""
    plan = Plan([], parts.positions(facts.found, facts.accounts))
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


def _write(unit: Unit, facts: Facts, plan: Plan) -> None:
    post(unit, facts.accounts, parts.journals(unit, plan.positions))
    changed = [outcome.id for outcome in plan.outcomes if outcome.accepted and outcome.id]
    announce(unit, [Announcement(unit.in_book().funder_id, "limit.changed", changed)])


SET: Command[Ceiling, Any, Any] = Command(
    "limits.set", ScopeKind.BOOK, _load, decided, _write, exclusive=True, checked=True
)
SET_LIMIT = four_eyes(SET, Ceiling)
