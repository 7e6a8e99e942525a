"""What the commands on troubled advances share: one load, one write; each verb is a decision in a file of its own.

Recourse, guarantee, impairment, write-off and recovery all ask the same: what is open, held, called and allowed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol, TypeVar

from scf.announcements import Announcement, announce, tell
from scf.commands import Command, ScopeKind, Unit
from scf.db import bulk
from scf.factoring import cases, claims, standing
from scf.factoring import write as factoring
from scf.factoring.cases import Parties
from scf.factoring.claims import OpenClaim, Payments
from scf.factoring.standing import Call, Diluted, Standing
from scf.ledger import accounts as ledger_accounts
from scf.ledger.accounts import Accounts
from scf.ledger.chart import Owner
from scf.ledger.journal import Journal, account_keys
from scf.ledger.write import write as post
from scf.limits import parts as limits
from scf.limits.positions import LimitKey, LimitKind, Positions
from scf.outcomes import Outcome, refused
from scf.payments import parts as payments
from scf.payments.payouts import NewPayout, instruct
from scf.programmes import queries as programmes
from scf.programmes.terms import Terms
from scf.receivables import parts as receivables
from scf.settlement import allowance, charges, take
from scf.settlement.charges import Charged
from scf.settlement.models import late_charges, losses
from scf.settlement.take import Waiting

_EVENTS = (
    "recourse claimed", "late charge waived", "claim paid", "impaired", "impairment released", "guarantee called",
    "guarantee paid", "written off", "recovered", "guarantor paid", "reserve released", "claim set off",
)  # fmt: skip
_LOSS = ("id", "advance_id", "kind", "amount_minor", "guarantor_minor", "value_date", "book_id")
_CHARGE = ("id", "advance_id", "from_on", "to_on", "open_minor", "amount_minor", "book_id")


class OfAdvance(Protocol):
    """An item that names the advance it is about."""

    @property
    def advance_id(self) -> int:
        """The advance."""
        ...


Item = TypeVar("Item", bound=OfAdvance)


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything known about the troubled advances of a batch."""

    on: date
    ids: list[int]
    payout_ids: list[int]
    standings: dict[int, Standing]
    terms: dict[int, Terms]
    diluted: Mapping[int, Diluted]
    charged: Mapping[int, Charged]
    losses: Mapping[tuple[int, str], int]
    calls: Mapping[int, Call]
    claims: list[OpenClaim]
    parties: Parties
    found: dict[LimitKey, int]
    waiting: Waiting
    accounts: Accounts

    def lost(self, advance_id: int, kind: str) -> int:
        """What was booked of a kind of loss, in minor units."""
        return self.losses.get((advance_id, kind), 0)

    def allowance(self, advance_id: int) -> int:
        """What is left of the loss allowance of an advance, in minor units."""
        return allowance.left(self.losses, advance_id)

    def funded_loss(self, advance: Standing) -> int:
        """What the funder has at risk: what it holds of the open face less what it holds back, in minor units ≥ 0."""
        return max(0, advance.held_minor - self.reserve_left(advance))

    def reserve_left(self, advance: Standing) -> int:
        """What is left of an advance's reserve, in minor units."""
        return standing.reserve_left(advance, self.taken(advance))

    def taken(self, advance: Standing) -> Diluted:
        """What dilutions have taken from an advance."""
        return self.diluted.get(advance.id, Diluted())

    def payout_id(self, id: int) -> int:
        """The id of the payout that goes with the id of what an item makes."""
        return self.payout_ids[self.ids.index(id)]


@dataclass(slots=True)
class Plan:
    """What is to be written."""

    positions: Positions
    outcomes: list[Outcome] = field(default_factory=list)
    journals: list[Journal] = field(default_factory=list)
    taken: dict[int, str] = field(default_factory=dict)
    claims: list[tuple[Any, ...]] = field(default_factory=list)
    losses: list[tuple[Any, ...]] = field(default_factory=list)
    calls: list[tuple[Any, ...]] = field(default_factory=list)
    paid_calls: list[int] = field(default_factory=list)
    waived: list[tuple[Any, ...]] = field(default_factory=list)
    repurchased: list[int] = field(default_factory=list)
    written_off: list[Standing] = field(default_factory=list)
    returned: list[int] = field(default_factory=list)
    payouts: list[NewPayout] = field(default_factory=list)
    payments: Payments = field(default_factory=Payments)
    guarantors_paid: dict[tuple[int, str], int] = field(default_factory=dict)

    def post(
        self, event: str, subject_id: int, on: date, advance: Standing, parties: Mapping[Owner, int], **amounts: int
    ) -> None:
        """Add a journal about an advance."""
        journal = Journal(event, subject_id, 1, on, advance.currency, advance.ref, [(parties, amounts)])
        self.journals.append(journal)


Decide = Callable[[Facts, Plan, Item, Standing, int], Outcome]


def trouble(name: str, decide_one: Decide[Item], *, checked: bool = False) -> Command[Item, Facts, Plan]:
    """A book-scoped command about troubled advances; `decide_one` gets an id for what it makes."""

    def decide(facts: Facts, batch: Sequence[Item]) -> Plan:
        plan = Plan(limits.positions(facts.found, facts.accounts))
        seen: set[int] = set()
        for id, each in zip(facts.ids, batch, strict=True):
            advance = facts.standings.get(each.advance_id)
            if advance is None or advance.id in seen:
                remedy = "give an advance of this book, once"
                plan.outcomes.append(refused("not_found", field="advance_id", remedy=remedy))
                continue
            seen.add(advance.id)
            plan.outcomes.append(decide_one(facts, plan, each, advance, id))
        return plan

    return Command(name, ScopeKind.BOOK, _load, decide, _write, 10_000, checked=checked)


class OfCurrency(Protocol):
    """An item that names an amount of a currency."""

    @property
    def currency(self) -> str:
        """ISO 4217."""
        ...


def other_currency(each: OfCurrency, advance: Standing) -> Outcome | None:
    """The refusal of an amount that is not in the advance's currency."""
    if each.currency == advance.currency:
        return None
    value, bound, remedy = each.currency, advance.currency, "give the amount in the advance's currency"
    return refused("currency_differs", field="currency", value=value, bound=bound, id=advance.id, remedy=remedy)


def waive(facts: Facts, plan: Plan, advance: Standing, id: int) -> None:
    """Waive late charges that were recognised and not paid: so it is on recourse, guarantee and write-off.

    A row is written where nothing was recognised, too: what ran up to here is waived with it.
    """
    charged = facts.charged.get(advance.id)
    owed = charged.owed_minor if charged else 0
    plan.waived.append((id, advance.id, facts.on, facts.on, advance.open_minor, -owed))
    plan.post("late charge waived", id, facts.on, advance, {Owner.ANCHOR: advance.anchor_id}, amount=owed)


def _load(unit: Unit, batch: Sequence[OfAdvance]) -> Facts:
    connection, book = unit.connection, unit.in_book()
    waiting = take.load(unit, batch)
    standings = standing.lock(unit, advance_ids=[each.advance_id for each in batch])
    pairs = {(each.anchor_id, each.supplier_id) for each in standings.values()}
    known = cases.parties(connection, unit.business_date, pairs, book.id)
    terms = programmes.terms_by_id(connection, {each.terms_id for each in standings.values()})
    found = limits.find(unit, _limit_keys(standings, terms, known))
    facts = Facts(
        unit.business_date,
        unit.ids.take(len(batch)),
        unit.ids.take(len(batch)),
        standings,
        terms,
        standing.diluted(unit, standings),
        charges.charged(unit, standings),
        allowance.booked(unit, standings),
        {id: each.call for id, each in standings.items() if each.call},
        claims.load_open(unit, {supplier for _, supplier in pairs}),
        known,
        found,
        waiting,
        ledger_accounts.load(unit, [*limits.keys_of(found), *waiting.account_keys(), *_account_keys(standings, terms)]),
    )
    return facts


def _limit_keys(standings: Mapping[int, Standing], terms: Mapping[int, Terms], known: Parties) -> set[LimitKey]:
    keys: set[LimitKey] = set()
    for each in standings.values():
        keys |= set(standing.limit_keys(each, known))
        keys.add((LimitKind.GUARANTOR, terms[each.terms_id].guarantor_id, each.currency))
    return keys


def _account_keys(standings: Mapping[int, Standing], terms: Mapping[int, Terms]) -> set[Any]:
    keys: set[Any] = set()
    for each in standings.values():
        parties = {Owner.ANCHOR: each.anchor_id, Owner.SUPPLIER: each.supplier_id}
        guarantor = terms[each.terms_id].guarantor_id
        if guarantor:
            parties[Owner.GUARANTOR] = guarantor
        keys |= set(account_keys(_EVENTS, parties, each.currency))
    return keys


def _write(unit: Unit, facts: Facts, plan: Plan) -> None:
    connection, book_id = unit.connection, unit.in_book().id
    factoring.release(unit, plan.repurchased, "repurchased")
    factoring.write_off(unit, [advance.id for advance in plan.written_off])
    receivables.move(unit, [advance.receivable_id for advance in plan.written_off], "funded", "written_off")
    receivables.move(unit, plan.returned, "funded", "returned")
    claims.raise_claims(unit, plan.claims)
    claims.write_payments(unit, plan.payments)
    bulk.insert(connection, losses, _LOSS, [(*row, book_id) for row in plan.losses])
    factoring.call_guarantees(unit, plan.calls)
    factoring.mark_guarantees_paid(unit, plan.paid_calls)
    instruct(unit, plan.payouts)
    payments.move(unit, facts.waiting.collections, plan.taken)
    bulk.insert(connection, late_charges, _CHARGE, [(*row, book_id) for row in plan.waived])
    post(unit, facts.accounts, [*plan.journals, *limits.journals(unit, plan.positions)])
    _tell(unit, facts, plan)


def _tell(unit: Unit, facts: Facts, plan: Plan) -> None:
    funder_id = unit.in_book().funder_id
    repurchased = ((facts.standings[id].supplier_id, id) for id in plan.repurchased)
    announce(
        unit,
        [
            *tell("advance.repurchased", repurchased, all_to=funder_id),
            Announcement(funder_id, "advance.written_off", [advance.id for advance in plan.written_off]),
            *claims.tell_opened(unit, plan.claims),
            *claims.tell_paid(unit, plan.payments),
        ],
    )
