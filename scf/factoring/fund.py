"""Funding approved requests: price, draw the limits, take the receivable over, owe the supplier the net.

The journal's subject is the receivable and its occurrence 1: a receivable cannot be funded twice even if all of this
were wrong (DESIGN §5). What the supplier owes is set off before money goes out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from scf.announcements import announce, tell
from scf.books.queries import Book
from scf.commands import Command, ScopeKind, Unit
from scf.db import bulk
from scf.factoring import cases, claims, eligibility, pricing
from scf.factoring.cases import Ask, Parties
from scf.factoring.claims import OpenClaim, Payments
from scf.factoring.models import advance_requests, advances, assignments
from scf.factoring.pricing import Price, Pricing
from scf.factoring.schedule import Schedule, schedule
from scf.ledger import accounts as ledger_accounts
from scf.ledger.accounts import Accounts
from scf.ledger.chart import Owner
from scf.ledger.journal import Journal, account_keys
from scf.ledger.write import write as post
from scf.limits import parts as limits
from scf.limits.positions import LimitKey, Position, Positions
from scf.outcomes import Outcome, Refusal
from scf.payments.payouts import NewPayout, instruct
from scf.programmes import queries as programmes
from scf.programmes.terms import Recourse, Severity, Terms
from scf.receivables import parts as receivables

_EVENTS = ("advance funded", "advance lent", "claim set off")
_ADVANCE = (
    "id", "book_id", "request_id", "receivable_id", "enrolment_id", "anchor_id", "supplier_id", "terms_id", "ref",
    "kind", "currency", "face_minor", "advance_minor", "reserve_minor", "discount_minor", "fee_minor", "vat_minor",
    "net_minor", "credited_on", "due_on", "tenor_days", "earns_to_on", "proof", "status", "version",
)  # fmt: skip
_SUPPLIER = _ADVANCE.index("supplier_id")
_ASSIGNMENT = (
    "id", "book_id", "advance_id", "from_id", "to_id", "purpose", "agreement_id", "agreed_at", "status", "version",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Facts:
    book: Book
    on: date
    at: datetime
    ids: list[int]
    asks: dict[int, Ask]
    terms: dict[int, Terms]
    parties: Parties
    claims: Mapping[int, list[OpenClaim]]
    found: dict[LimitKey, int]
    accounts: Accounts


class _Deal(NamedTuple):
    """What all requests of one enrolment have in common that were made under the same terms."""

    terms: Terms
    pricing: Pricing
    lent: bool
    overdue_days: int
    affiliated: bool
    positions: list[Position]
    owner: Mapping[Owner, int]
    claims: list[OpenClaim] | None


@dataclass(slots=True)
class _Plan:
    positions: Positions
    outcomes: list[Outcome] = field(default_factory=list)
    requests: list[int] = field(default_factory=list)
    receivables: list[int] = field(default_factory=list)
    advances: list[tuple[Any, ...]] = field(default_factory=list)
    assignments: list[tuple[Any, ...]] = field(default_factory=list)
    journals: list[Journal] = field(default_factory=list)
    payouts: list[NewPayout] = field(default_factory=list)
    payments: Payments = field(default_factory=Payments)


def _load(unit: Unit, batch: Sequence[int]) -> _Facts:
    connection, book = unit.connection, unit.in_book()
    asks = cases.lock_asks(unit, sorted(set(batch)))
    groups = {(ask.programme_id, ask.anchor_id, ask.supplier_id, ask.currency) for ask in asks.values()}
    known = cases.parties(connection, unit.business_date, {group[1:3] for group in groups}, book.id)
    terms = programmes.terms_by_id(connection, {ask.terms_id for ask in asks.values()})
    open_claims = claims.load_open(unit, {supplier for _, _, supplier, _ in groups})
    wanted = {key for group in groups for key in cases.limit_keys(*group, known)} | set(claims.limit_keys(open_claims))
    found = limits.find(unit, wanted)
    keys = limits.keys_of(found)
    for _, _, supplier, currency in groups:
        keys += account_keys(_EVENTS, {Owner.SUPPLIER: supplier}, currency)
    return _Facts(
        book,
        unit.business_date,
        unit.at,
        unit.ids.take(3 * len(batch)),
        asks,
        terms,
        known,
        claims.by_supplier(open_claims),
        found,
        ledger_accounts.load(unit, keys),
    )


def _decide(facts: _Facts, batch: Sequence[int]) -> _Plan:
    plan = _Plan(limits.positions(facts.found, facts.accounts))
    seen: set[int] = set()
    deals: dict[tuple[int, int, str], _Deal] = {}
    # an advance, its assignment and its payout each
    ids = zip(*[iter(facts.ids)] * 3, strict=True)
    for request_id, own_ids in zip(batch, ids, strict=True):
        ask = facts.asks.get(request_id)
        if ask is None or request_id in seen or ask.status != "approved":
            plan.outcomes.append(Outcome(request_id, _not_waiting(ask, request_id in seen)))
            continue
        seen.add(request_id)
        key = (ask.enrolment_id, ask.terms_id, ask.currency)
        deal = deals.get(key)
        if deal is None:
            deal = deals[key] = _deal(facts, plan.positions, ask)
        _decide_one(facts, plan, deal, ask, own_ids)
    return plan


def _deal(facts: _Facts, positions: Positions, ask: Ask) -> _Deal:
    terms, parties = facts.terms[ask.terms_id], facts.parties
    keys = cases.limit_keys(ask.programme_id, ask.anchor_id, ask.supplier_id, ask.currency, parties)
    return _Deal(
        terms,
        pricing.of_terms(terms),
        terms.recourse is Recourse.FULL,
        parties.overdue_days.get(ask.anchor_id, 0),
        parties.affiliated(ask.anchor_id, ask.supplier_id),
        positions.of(keys),
        {Owner.SUPPLIER: ask.supplier_id},
        facts.claims.get(ask.supplier_id),
    )


def _decide_one(facts: _Facts, plan: _Plan, deal: _Deal, ask: Ask, ids: Sequence[int]) -> None:
    times = schedule(deal.terms, facts.on, ask.due_on)
    refusal = _refusal(deal, ask, times)
    if refusal is not None:
        plan.outcomes.append(Outcome(ask.id, refusal))
        return
    price = pricing.price(deal.pricing, ask.face_minor, times.numerator, times.denominator)
    if price.net <= 0:
        remedy = "discount and fees would take all of the advance; fund a larger or longer-dated claim"
        plan.outcomes.append(Outcome(ask.id, Refusal("nothing_left", "net", str(price.net), "more than 0", remedy)))
        return
    for position in deal.positions:
        position.draw(ask.face_minor)
        if ask.reserved_minor > ask.face_minor:
            position.free(ask.reserved_minor - ask.face_minor)
    advance_id, assignment_id, payout_id = ids
    plan.requests.append(ask.id)
    plan.receivables.append(ask.receivable_id)
    plan.advances.append(_advance(facts.book, deal, ask, advance_id, price, times))
    plan.assignments.append(_assignment(facts, deal, ask, assignment_id, advance_id))
    plan.journals.append(_journal(deal, ask, price, times.credited_on))
    _pay(plan, deal, ask, (payout_id, advance_id), price.net, times.credited_on)
    plan.outcomes.append(Outcome(advance_id))


def _not_waiting(ask: Ask | None, twice: bool) -> Refusal:
    if ask is None:
        return Refusal("not_found", "request_id", remedy="give a request of this book")
    return Refusal("not_approved", "request_id", "funded" if twice else ask.status, "approved")


def _refusal(deal: _Deal, ask: Ask, times: Schedule) -> Refusal | None:
    for position in deal.positions:
        if position.hold:
            remedy = "passes when the funder lifts the suspension"
            return Refusal("limit_suspended", "anchor", position.hold, f"{position.kind} limit", remedy)
    case = cases.case_of(
        ask.face_minor, ask.currency, ask.undertaking, ask.receivable_status, times, deal.overdue_days, deal.affiliated
    )
    failed = eligibility.first_failed(case, deal.terms, Severity.REFUSE)
    return Refusal(failed.rule, "receivable", failed.value, failed.bound, failed.remedy) if failed else None


def _advance(book: Book, deal: _Deal, ask: Ask, id: int, price: Price, times: Schedule) -> tuple[Any, ...]:
    proof = pricing.proof_text(deal.pricing, ask.face_minor, times.numerator, times.denominator, price)
    return (
        id, book.id, ask.id, ask.receivable_id, ask.enrolment_id, ask.anchor_id, ask.supplier_id, ask.terms_id,
        ask.ref, "lent" if deal.lent else "bought", ask.currency, ask.face_minor, price.advance, price.reserve,
        price.discount, price.fee, price.vat, price.net, times.credited_on, times.due_on, times.tenor_days,
        times.due_on, proof, "funded", 1,
    )  # fmt: skip


def _assignment(facts: _Facts, deal: _Deal, ask: Ask, id: int, advance_id: int) -> tuple[Any, ...]:
    purpose = "security" if deal.lent else "sale"
    book = facts.book
    return id, book.id, advance_id, ask.supplier_id, book.funder_id, purpose, ask.terms_id, facts.at, "agreed", 1


def _journal(deal: _Deal, ask: Ask, price: Price, value_date: date) -> Journal:
    amounts = {"net": price.net, "discount": price.discount, "fee": price.fee, "vat": price.vat}
    if not deal.lent:
        amounts["reserve"] = price.reserve
    event = "advance lent" if deal.lent else "advance funded"
    return Journal(event, ask.receivable_id, 1, value_date, ask.currency, ask.ref, ((deal.owner, amounts),))


def _pay(plan: _Plan, deal: _Deal, ask: Ask, ids: tuple[int, int], net: int, on: date) -> None:
    """Owe the supplier the net, less what it owes; the ids are of the payout and of the advance."""
    payout_id, advance_id = ids
    taken = claims.set_off(plan.payments, deal.claims, ask.currency, net, on, plan.positions) if deal.claims else 0
    if taken:
        plan.journals.append(claims.set_off_journal(payout_id, ask.currency, ask.ref, ask.supplier_id, taken, on))
    if net > taken:
        plan.payouts.append(NewPayout(payout_id, ask.supplier_id, ask.ref, ask.currency, net - taken, on, advance_id))


def _write(unit: Unit, facts: _Facts, plan: _Plan) -> None:
    bulk.move(unit.connection, advance_requests, plan.requests, "approved", "funded")
    receivables.move(unit, plan.receivables, "open", "funded")
    bulk.insert(unit.connection, advances, _ADVANCE, plan.advances)
    bulk.insert(unit.connection, assignments, _ASSIGNMENT, plan.assignments)
    claims.write_payments(unit, plan.payments)
    instruct(unit, plan.payouts)
    post(unit, facts.accounts, [*plan.journals, *limits.journals(unit, plan.positions)])
    funded = ((row[_SUPPLIER], row[0]) for row in plan.advances)
    told = tell("advance.funded", funded, all_to=facts.book.funder_id)
    announce(unit, [*told, *claims.tell_paid(unit, plan.payments)])


FUND = Command("factoring.fund", ScopeKind.BOOK, _load, _decide, _write)
