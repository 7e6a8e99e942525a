"""Approving and declining requests: the bank's answer, in its book. Approval reserves the face on every limit.

By rule only what no rule refers to people; by people always with four eyes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from scf.announcements import announce, tell
from scf.books.queries import Book
from scf.commands import Command, ScopeKind, Unit
from scf.db import bulk
from scf.factoring import cases, eligibility
from scf.factoring.cases import Ask, Parties
from scf.factoring.eligibility import Case
from scf.factoring.models import advance_requests, declines
from scf.factoring.schedule import schedule
from scf.ledger import accounts as ledger_accounts
from scf.ledger.accounts import Accounts
from scf.ledger.write import write as post
from scf.limits import parts as limits
from scf.limits.positions import LimitKey, LimitKind, Positions, shortfall
from scf.outcomes import Outcome, Refusal, done, refused
from scf.programmes import queries as programmes
from scf.programmes.terms import Severity, Terms
from scf.proposals.four_eyes import four_eyes


@dataclass(frozen=True, slots=True)
class Approval:
    """A request to approve; `by_rule` when no person looks at it, so that what a rule refers stays with people."""

    request_id: int
    by_rule: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What deciding on requests needs, locked or only read."""

    on: date
    asks: dict[int, Ask]
    terms: dict[int, Terms]
    parties: Parties
    found: dict[LimitKey, int]
    accounts: Accounts


@dataclass(frozen=True, slots=True)
class Plan:
    """What became of each item, what is reserved by request, and where the limits then stand."""

    outcomes: list[Outcome]
    reserved: dict[int, int]
    positions: Positions


def _load(unit: Unit, batch: Sequence[Approval]) -> Facts:
    asks = cases.lock_asks(unit, sorted({each.request_id for each in batch}))
    known = cases.parties(
        unit.connection,
        unit.business_date,
        {(ask.anchor_id, ask.supplier_id) for ask in asks.values()},
        unit.in_book().id,
    )
    terms = programmes.terms_by_id(unit.connection, {ask.terms_id for ask in asks.values()})
    found = limits.find(unit, {key for ask in asks.values() for key in keys_of(ask, known)})
    accounts = ledger_accounts.load(unit, limits.keys_of(found))
    return Facts(unit.business_date, asks, terms, known, found, accounts)


def look(connection: Connection, book: Book, request_ids: Sequence[int]) -> Facts:
    """The same facts as they stand now, for who asks what would be decided; six statements, nothing is locked."""
    asks = cases.read_asks(connection, book.id, sorted(request_ids))
    pairs = {(ask.anchor_id, ask.supplier_id) for ask in asks.values()}
    known = cases.parties(connection, book.business_date, pairs, book.id)
    terms = programmes.terms_by_id(connection, {ask.terms_id for ask in asks.values()})
    found = limits.found_in(connection, book.id, {key for ask in asks.values() for key in keys_of(ask, known)})
    accounts = ledger_accounts.read(connection, book.id, limits.keys_of(found))
    return Facts(book.business_date, asks, terms, known, found, accounts)


def keys_of(ask: Ask, known: Parties) -> list[LimitKey]:
    """The limits that a request counts against."""
    return cases.limit_keys(ask.programme_id, ask.anchor_id, ask.supplier_id, ask.currency, known)


def _decide(facts: Facts, batch: Sequence[Approval]) -> Plan:
    return decided(facts, batch, limits.positions(facts.found, facts.accounts))


def decided(facts: Facts, batch: Sequence[Approval], positions: Positions) -> Plan:
    """What approving comes to, one after the other, with the limits where `positions` has them."""
    plan = Plan([], {}, positions)
    for each in batch:
        ask = facts.asks.get(each.request_id)
        refusal = _refusal(facts, plan, each, ask)
        if refusal is not None or ask is None:
            plan.outcomes.append(Outcome(each.request_id, refusal))
            continue
        for position in plan.positions.of(keys_of(ask, facts.parties)):
            position.reserve(ask.face_minor)
        plan.reserved[ask.id] = ask.face_minor
        plan.outcomes.append(done(ask.id))
    return plan


def _refusal(facts: Facts, plan: Plan, each: Approval, ask: Ask | None) -> Refusal | None:
    if ask is None:
        return Refusal("not_found", "request_id", remedy="give a request of this book")
    if ask.status != "requested" or ask.id in plan.reserved:
        status = "approved" if ask.id in plan.reserved else ask.status
        return Refusal("already_decided", "request_id", status, "requested")
    case, terms = case_of(facts, ask), facts.terms[ask.terms_id]
    failed = eligibility.first_failed(case, terms, Severity.REFUSE)
    if failed is not None:
        return Refusal(failed.rule, "receivable", failed.value, failed.bound, failed.remedy)
    referred = eligibility.first_failed(case, terms, Severity.REFER) if each.by_rule else None
    if referred is not None:
        remedy = "waits for a credit officer and a second pair of eyes"
        return Refusal("needs_people", "receivable", f"{referred.rule}: {referred.value}", referred.bound, remedy)
    keys = keys_of(ask, facts.parties)
    positions = plan.positions.of(keys)
    if not any(position.kind is LimitKind.ANCHOR for position in positions):
        return Refusal("limit_missing", "anchor", remedy="passes when the funder sets a limit for this anchor")
    return shortfall(positions, ask.face_minor)


def case_of(facts: Facts, ask: Ask) -> Case:
    """A request as the rules of eligibility see it."""
    return cases.case_of(
        ask.face_minor,
        ask.currency,
        ask.undertaking,
        ask.receivable_status,
        schedule(facts.terms[ask.terms_id], facts.on, ask.due_on),
        facts.parties.overdue_days.get(ask.anchor_id, 0),
        facts.parties.affiliated(ask.anchor_id, ask.supplier_id),
    )


def _write(unit: Unit, facts: Facts, plan: Plan) -> None:
    bulk.set_each(unit.connection, advance_requests, ("reserved_minor",), sorted(plan.reserved.items()))
    ids = sorted(plan.reserved)
    decided = {"decided_by_id": unit.actor.id, "decided_at": unit.at}
    bulk.move(unit.connection, advance_requests, ids, "requested", "approved", **decided)
    post(unit, facts.accounts, limits.journals(unit, plan.positions))
    _tell(unit, "approved", facts.asks, ids)


def _tell(unit: Unit, decision: str, asks: Mapping[int, Ask], ids: Sequence[int]) -> None:
    told = ((asks[id].supplier_id, id) for id in ids)
    announce(unit, tell(f"advance_request.{decision}", told, all_to=unit.in_book().funder_id))


REASON_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Decline:
    """A request to decline, with the reason the supplier will read, of at most `REASON_LENGTH` characters."""

    request_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class _Declined:
    outcomes: list[Outcome]
    reasons: dict[int, str]


def _load_asks(unit: Unit, batch: Sequence[Decline]) -> dict[int, Ask]:
    return cases.lock_asks(unit, sorted({each.request_id for each in batch}))


def _decide_decline(asks: dict[int, Ask], batch: Sequence[Decline]) -> _Declined:
    plan = _Declined([], {})
    for each in batch:
        ask = asks.get(each.request_id)
        reason = each.reason.strip()
        if ask is None or ask.status != "requested" or ask.id in plan.reasons:
            status = ask.status if ask else "not there"
            plan.outcomes.append(refused("not_waiting", field="request_id", value=status, bound="requested"))
        elif not 1 <= len(reason) <= REASON_LENGTH:
            value, bound = f"{len(reason)} characters", f"1 to {REASON_LENGTH}"
            remedy = "say why in a sentence; the supplier will read it"
            plan.outcomes.append(refused("no_reason", field="reason", value=value, bound=bound, remedy=remedy))
        else:
            plan.reasons[ask.id] = reason
            plan.outcomes.append(done(ask.id))
    return plan


def _write_decline(unit: Unit, asks: dict[int, Ask], plan: _Declined) -> None:
    ids, book_id = sorted(plan.reasons), unit.in_book().id
    decided = {"decided_by_id": unit.actor.id, "decided_at": unit.at}
    bulk.move(unit.connection, advance_requests, ids, "requested", "declined", **decided)
    rows = [(id, book_id, asks[id].supplier_id, plan.reasons[id]) for id in ids]
    bulk.insert(unit.connection, declines, ("request_id", "book_id", "supplier_id", "reason"), rows)
    _tell(unit, "declined", asks, ids)


APPROVE = Command("factoring.approve", ScopeKind.BOOK, _load, _decide, _write, checked=True)
APPROVE_BY_PEOPLE = four_eyes(APPROVE, Approval)
DECLINE = Command("factoring.decline", ScopeKind.BOOK, _load_asks, _decide_decline, _write_decline)
