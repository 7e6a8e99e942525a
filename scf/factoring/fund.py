"""Funding approved requests: price, draw the limits, take the receivable over, owe the supplier the net.

The journal's subject is the receivable and its occurrence 1: a receivable cannot be funded twice even if all of this
were wrong (DESIGN §5). What the supplier owes is set off before money goes out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

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
from scf.outbox import Message
from scf.outbox import write as put_out
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
_ASSIGNMENT = (
    "id", "book_id", "advance_id", "from_id", "to_id", "purpose", "agreement_id", "agreed_at", "status", "version",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Facts:
    book_id: int
    on: date
    ids: list[int]
    asks: dict[int, Ask]
    terms: dict[int, Terms]
    pricings: dict[int, Pricing]
    parties: Parties
    claims: Mapping[int, list[OpenClaim]]
    found: dict[LimitKey, int]
    accounts: Accounts


class _Funded(NamedTuple):
    ask: Ask
    advance_id: int
    price: Price
    times: Schedule
    lent: bool
    proof: str


@dataclass(slots=True)
class _Plan:
    positions: Positions
    outcomes: list[Outcome] = field(default_factory=list)
    funded: list[_Funded] = field(default_factory=list)
    journals: list[Journal] = field(default_factory=list)
    payouts: list[NewPayout] = field(default_factory=list)
    payments: Payments = field(default_factory=Payments)


def _load(unit: Unit, batch: Sequence[int]) -> _Facts:
    connection, book = unit.connection, unit.in_book()
    asks = cases.lock_asks(unit, sorted(set(batch)))
    pairs = {(ask.anchor_id, ask.supplier_id) for ask in asks.values()}
    known = cases.parties(connection, unit.business_date, pairs, book.id)
    terms = programmes.terms_by_id(connection, {ask.terms_id for ask in asks.values()})
    open_claims = claims.load_open(unit, {supplier for _, supplier in pairs})
    wanted = {key for ask in asks.values() for key in _limit_keys(ask, known)} | set(claims.limit_keys(open_claims))
    found = limits.find(unit, wanted)
    keys = limits.keys_of(found)
    for supplier, currency in {(ask.supplier_id, ask.currency) for ask in asks.values()}:
        keys += account_keys(_EVENTS, {Owner.SUPPLIER: supplier}, currency)
    return _Facts(
        book.id,
        unit.business_date,
        unit.ids.take(2 * len(batch)),
        asks,
        terms,
        {id: pricing.of_terms(each) for id, each in terms.items()},
        known,
        claims.by_supplier(open_claims),
        found,
        ledger_accounts.load(unit, keys),
    )


def _limit_keys(ask: Ask, known: Parties) -> list[LimitKey]:
    return cases.limit_keys(ask.programme_id, ask.anchor_id, ask.supplier_id, ask.currency, known)


def _decide(facts: _Facts, batch: Sequence[int]) -> _Plan:
    plan = _Plan(limits.positions(facts.found, facts.accounts))
    seen: set[int] = set()
    touched: dict[tuple[int, int, str], list[Position]] = {}
    for n, request_id in enumerate(batch):
        ask = facts.asks.get(request_id)
        if ask is None or request_id in seen or ask.status != "approved":
            plan.outcomes.append(Outcome(request_id, _not_waiting(ask, request_id in seen)))
            continue
        seen.add(request_id)
        key = (ask.programme_id, ask.supplier_id, ask.currency)
        if key not in touched:
            touched[key] = plan.positions.of(_limit_keys(ask, facts.parties))
        _decide_one(facts, plan, ask, facts.ids[2 * n], facts.ids[2 * n + 1], touched[key])
    return plan


def _decide_one(
    facts: _Facts, plan: _Plan, ask: Ask, advance_id: int, payout_id: int, positions: list[Position]
) -> None:
    terms = facts.terms[ask.terms_id]
    times = schedule(terms, facts.on, ask.due_on)
    refusal = _refusal(facts, ask, terms, times, positions)
    if refusal is not None:
        plan.outcomes.append(Outcome(ask.id, refusal))
        return
    price = pricing.price(facts.pricings[ask.terms_id], ask.face_minor, times.numerator, times.denominator)
    if price.net <= 0:
        remedy = "discount and fees would take all of the advance; fund a larger or longer-dated claim"
        plan.outcomes.append(Outcome(ask.id, Refusal("nothing_left", "net", str(price.net), "more than 0", remedy)))
        return
    for position in positions:
        position.draw(ask.face_minor)
        if ask.reserved_minor > ask.face_minor:
            position.free(ask.reserved_minor - ask.face_minor)
    lent = terms.recourse is Recourse.FULL
    proof = pricing.proof_text(facts.pricings[ask.terms_id], ask.face_minor, times.numerator, times.denominator, price)
    plan.funded.append(_Funded(ask, advance_id, price, times, lent, proof))
    plan.journals.append(_journal(ask, price, times.credited_on, lent))
    _pay(facts, plan, ask, payout_id, price.net, times.credited_on)
    plan.outcomes.append(Outcome(advance_id))


def _not_waiting(ask: Ask | None, twice: bool) -> Refusal:
    if ask is None:
        return Refusal("not_found", "request_id", remedy="give a request of this book")
    return Refusal("not_approved", "request_id", "funded" if twice else ask.status, "approved")


def _refusal(facts: _Facts, ask: Ask, terms: Terms, times: Schedule, positions: list[Position]) -> Refusal | None:
    for position in positions:
        if position.hold:
            remedy = "passes when the funder lifts the suspension"
            return Refusal("limit_suspended", "anchor", position.hold, f"{position.kind} limit", remedy)
    case = cases.case_of(
        ask.face_minor, ask.currency, ask.undertaking, ask.receivable_status, times,
        facts.parties.overdue_days.get(ask.anchor_id, 0), facts.parties.affiliated(ask.anchor_id, ask.supplier_id),
    )  # fmt: skip
    failed = eligibility.first_failed(case, terms, Severity.REFUSE)
    return Refusal(failed.rule, "receivable", failed.value, failed.bound, failed.remedy) if failed else None


def _journal(ask: Ask, price: Price, value_date: date, lent: bool) -> Journal:
    amounts = {"net": price.net, "discount": price.discount, "fee": price.fee, "vat": price.vat}
    if not lent:
        amounts["reserve"] = price.reserve
    event = "advance lent" if lent else "advance funded"
    parties = {Owner.SUPPLIER: ask.supplier_id}
    return Journal(event, ask.receivable_id, 1, value_date, ask.currency, ask.ref, [(parties, amounts)])


def _pay(facts: _Facts, plan: _Plan, ask: Ask, payout_id: int, net: int, on: date) -> None:
    """Owe the supplier the net, less what it owes."""
    owed = facts.claims.get(ask.supplier_id)
    taken = claims.set_off(plan.payments, owed, ask.currency, net, on, plan.positions) if owed else 0
    if taken:
        plan.journals.append(claims.set_off_journal(payout_id, ask.currency, ask.ref, ask.supplier_id, taken, on))
    if net > taken:
        plan.payouts.append(NewPayout(payout_id, ask.supplier_id, ask.ref, ask.currency, net - taken))


def _write(unit: Unit, facts: _Facts, plan: _Plan) -> None:
    requests = [funded.ask.id for funded in plan.funded]
    bulk.move(unit.connection, advance_requests, requests, "approved", "funded")
    receivables.move(unit, [funded.ask.receivable_id for funded in plan.funded], "open", "funded")
    bulk.insert(unit.connection, advances, _ADVANCE, _advance_rows(facts.book_id, plan.funded))
    bulk.insert(unit.connection, assignments, _ASSIGNMENT, _assignment_rows(unit, plan.funded))
    claims.write_payments(unit, plan.payments)
    instruct(unit, plan.payouts)
    post(unit, facts.accounts, [*plan.journals, *limits.journals(unit, plan.positions)])
    if plan.funded:
        put_out(unit, [Message("advances funded", {"book_id": facts.book_id, "command_id": unit.command_id})])


def _advance_rows(book_id: int, funded: Sequence[_Funded]) -> list[tuple[Any, ...]]:
    return [
        (
            id, book_id, ask.id, ask.receivable_id, ask.enrolment_id, ask.anchor_id, ask.supplier_id, ask.terms_id,
            ask.ref, "lent" if lent else "bought", ask.currency, ask.face_minor, price.advance, price.reserve,
            price.discount, price.fee, price.vat, price.net, times.credited_on, times.due_on, times.tenor_days,
            times.due_on, proof, "funded", 1,
        )
        for ask, id, price, times, lent, proof in funded
    ]  # fmt: skip


def _assignment_rows(unit: Unit, funded: Sequence[_Funded]) -> list[tuple[Any, ...]]:
    book, at = unit.in_book(), unit.at
    return [
        (
            id, book.id, each.advance_id, each.ask.supplier_id, book.funder_id, "security" if each.lent else "sale",
            each.ask.terms_id, at, "agreed", 1,
        )
        for id, each in zip(unit.ids.take(len(funded)), funded, strict=True)
    ]  # fmt: skip


FUND = Command("factoring.fund", ScopeKind.BOOK, _load, _decide, _write)
