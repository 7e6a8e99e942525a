"""Applying collections to receivables: late charge recognised, waterfall, limits released; the rest stays unapplied."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import func, select

from scf.commands import Command, ScopeKind, Unit
from scf.db import bulk
from scf.factoring import cases, standing
from scf.factoring.cases import Parties
from scf.factoring.standing import Diluted, Standing
from scf.ledger import accounts as ledger_accounts
from scf.ledger.accounts import Accounts
from scf.ledger.chart import Owner
from scf.ledger.journal import Journal, account_keys
from scf.ledger.write import write as post
from scf.limits import parts as limits
from scf.limits.positions import LimitKey, Positions
from scf.money import decimal_string
from scf.outcomes import Outcome, Refusal, done
from scf.payments import parts as payments
from scf.payments.parts import Collection
from scf.programmes import queries as programmes
from scf.programmes.terms import Terms
from scf.receivables import parts as receivables
from scf.settlement import charges
from scf.settlement.charges import Charged
from scf.settlement.models import applications, late_charges
from scf.settlement.waterfall import Parts, spread

_EVENTS = ("collection applied", "late charged", "late charge collected")
_APPLICATION = (
    "id", "collection_id", "advance_id", "face_minor", "lent_minor", "guarantor_minor", "late_minor", "value_date",
    "book_id", "applied_at",
)  # fmt: skip
_CHARGE = ("id", "advance_id", "from_on", "to_on", "open_minor", "amount_minor", "book_id")
_NONE = Charged(0, None, 0)


@dataclass(frozen=True, slots=True)
class Application:
    """What is left of a collection, to be applied to one advance's receivable."""

    collection_id: int
    advance_id: int


@dataclass(frozen=True, slots=True)
class _Facts:
    ids: list[int]
    charge_ids: list[int]
    collections: dict[int, Collection]
    applied: Mapping[int, int]
    standings: dict[int, Standing]
    terms: dict[int, Terms]
    diluted: Mapping[int, Diluted]
    charged: Mapping[int, Charged]
    parties: Parties
    found: dict[LimitKey, int]
    accounts: Accounts


@dataclass(slots=True)
class _Plan:
    positions: Positions
    left: dict[int, int]
    standings: dict[int, Standing]
    charged: dict[int, Charged]
    outcomes: list[Outcome] = field(default_factory=list)
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    charges: list[tuple[Any, ...]] = field(default_factory=list)
    journals: list[Journal] = field(default_factory=list)
    touched: set[int] = field(default_factory=set)


def _load(unit: Unit, batch: Sequence[Application]) -> _Facts:
    connection = unit.connection
    held = payments.lock(unit, [each.collection_id for each in batch])
    applied = connection.execute(
        select(applications.c.collection_id, func.sum(applications.c.face_minor + applications.c.late_minor))
        .where(bulk.among(connection, applications.c.collection_id, sorted(held)))
        .group_by(applications.c.collection_id)
    )
    standings = standing.lock(unit, advance_ids=[each.advance_id for each in batch])
    pairs = {(each.anchor_id, each.supplier_id) for each in standings.values()}
    known = cases.parties(connection, unit.business_date, pairs, unit.in_book().id)
    found = limits.find(unit, {key for each in standings.values() for key in standing.limit_keys(each, known)})
    keys = limits.keys_of(found)
    for each in standings.values():
        keys += account_keys(_EVENTS, _parties(each), each.currency)
    return _Facts(
        unit.ids.take(len(batch)),
        unit.ids.take(len(batch)),
        held,
        {id: int(amount) for id, amount in applied},
        standings,
        programmes.terms_by_id(connection, {each.terms_id for each in standings.values()}),
        standing.diluted(unit, standings),
        charges.charged(unit, standings),
        known,
        found,
        ledger_accounts.load(unit, keys),
    )


def _decide(facts: _Facts, batch: Sequence[Application]) -> _Plan:
    plan = _Plan(
        limits.positions(facts.found, facts.accounts),
        {
            id: 0 if each.status == "applied" else each.amount_minor - facts.applied.get(id, 0)
            for id, each in facts.collections.items()
        },
        dict(facts.standings),
        dict(facts.charged),
    )
    for id, charge_id, each in zip(facts.ids, facts.charge_ids, batch, strict=True):
        collection, advance = facts.collections.get(each.collection_id), plan.standings.get(each.advance_id)
        refusal = _refusal(plan, collection, advance)
        if refusal is not None or collection is None or advance is None:
            plan.outcomes.append(Outcome(each.collection_id, refusal))
            continue
        plan.outcomes.append(_apply(facts, plan, collection, advance, id, charge_id))
    return plan


def _refusal(plan: _Plan, collection: Collection | None, advance: Standing | None) -> Refusal | None:
    if collection is None or not plan.left[collection.id]:
        return Refusal("nothing_left", "collection_id", remedy="give a collection of this book with money left")
    if advance is None or advance.status not in ("funded", "settled"):
        status = advance.status if advance else "not there"
        return Refusal("not_open", "advance_id", status, "funded or settled", "the money stays unapplied, and visible")
    if collection.payer_id != advance.anchor_id:
        remedy = "say who paid, then apply"
        return Refusal("other_payer", "collection_id", str(collection.payer_id), str(advance.anchor_id), remedy)
    if collection.currency != advance.currency:
        return Refusal("other_currency", "collection_id", collection.currency, advance.currency)
    return None


def _apply(facts: _Facts, plan: _Plan, collection: Collection, advance: Standing, id: int, charge_id: int) -> Outcome:
    terms = facts.terms[advance.terms_id]
    before = plan.charged.get(advance.id, _NONE)
    charge = charges.running(advance, terms, before.to_on, collection.value_date)
    # as long as the guarantor has not paid what he was called for, what comes for it stays unapplied, for people
    guarantors = advance.called_minor if advance.call and advance.call.status == "paid" else 0
    face = advance.held_minor + guarantors
    parts = spread(plan.left[collection.id], face, before.owed_minor + charge, terms.waterfall)
    if not parts.face and not parts.late:
        return Outcome(collection.id, Refusal("nothing_owed", "advance_id", advance.ref, remedy="it is paid already"))
    if charge:
        _charge(plan, advance, before, charge, charge_id, collection)
    lent = min(standing.lent_left(advance, facts.diluted.get(advance.id, Diluted())), parts.face)
    # the funder's part comes first
    given = max(0, parts.face - advance.held_minor)
    plan.rows.append((id, collection.id, advance.id, parts.face, lent, given, parts.late, collection.value_date))
    plan.journals += _journals(advance, collection, parts, lent, given, id)
    for position in plan.positions.of(standing.limit_keys(advance, facts.parties)):
        position.release(parts.face - given)
    plan.left[collection.id] -= parts.face + parts.late
    plan.standings[advance.id] = replace(advance, open_minor=advance.open_minor - parts.face)
    now = plan.charged.get(advance.id, before)
    plan.charged[advance.id] = replace(now, owed_minor=now.owed_minor - parts.late)
    plan.touched.add(collection.id)
    return done(id, left=decimal_string(plan.left[collection.id], collection.currency))


def _charge(
    plan: _Plan, advance: Standing, before: Charged, charge: int, charge_id: int, collection: Collection
) -> None:
    from_on = max(before.to_on or advance.due_on, advance.due_on)
    to_on = collection.value_date
    plan.charges.append((charge_id, advance.id, from_on, to_on, advance.open_minor, charge))
    plan.charged[advance.id] = Charged(before.owed_minor + charge, to_on, before.count + 1)
    parties = {Owner.ANCHOR: advance.anchor_id}
    plan.journals.append(
        Journal("late charged", charge_id, 1, to_on, advance.currency, advance.ref, [(parties, {"amount": charge})])
    )


def _parties(advance: Standing) -> dict[Owner, int]:
    parties = {Owner.ANCHOR: advance.anchor_id, Owner.SUPPLIER: advance.supplier_id}
    return parties | ({Owner.GUARANTOR: advance.call.guarantor_id} if advance.call else {})


def _journals(advance: Standing, collection: Collection, parts: Parts, lent: int, given: int, id: int) -> list[Journal]:
    amounts = {"lent": lent, "surplus": parts.face - lent} if advance.lent else {"bought": parts.face - given}
    if given:
        amounts["guarantor"] = given
    on, currency, ref = collection.value_date, advance.currency, advance.ref
    return [
        Journal("collection applied", id, 1, on, currency, ref, [(_parties(advance), amounts)]),
        Journal(
            "late charge collected", id, 1, on, currency, ref,
            [({Owner.ANCHOR: advance.anchor_id}, {"amount": parts.late})],
        ),
    ]  # fmt: skip


def _write(unit: Unit, facts: _Facts, plan: _Plan) -> None:
    book_id = unit.in_book().id
    bulk.insert(unit.connection, applications, _APPLICATION, [(*row, book_id, unit.at) for row in plan.rows])
    bulk.insert(unit.connection, late_charges, _CHARGE, [(*row, book_id) for row in plan.charges])
    changed = {
        each.receivable_id: each.open_minor
        for id, each in plan.standings.items()
        if each.open_minor != facts.standings[id].open_minor
    }
    receivables.set_open(unit, changed)
    after = {id: "part_applied" if plan.left[id] else "applied" for id in sorted(plan.touched)}
    payments.move(unit, facts.collections, after)
    post(unit, facts.accounts, [*plan.journals, *limits.journals(unit, plan.positions)])


APPLY = Command("settlement.apply", ScopeKind.BOOK, _load, _decide, _write)
