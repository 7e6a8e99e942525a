"""Saying who paid: money of an unknown payer, or of one recognised wrongly, becomes a party's unapplied collection.

Refuses collections of which anything is applied already.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from scf.commands import Command, ScopeKind, Unit
from scf.db.bulk import among
from scf.ledger import accounts as ledger_accounts
from scf.ledger.accounts import Accounts
from scf.ledger.chart import Owner
from scf.ledger.journal import Journal, account_keys
from scf.ledger.write import write as post
from scf.organisations.models import organisations
from scf.outcomes import Outcome, done, refused
from scf.payments import parts as payments
from scf.payments.parts import Collection

_IDENTIFIED, _DISOWNED = "collection identified", "collection disowned"


@dataclass(frozen=True, slots=True)
class Identification:
    """A collection of which nothing is applied, and the party who paid it."""

    collection_id: int
    payer_id: int


@dataclass(frozen=True, slots=True)
class _Facts:
    collections: dict[int, Collection]
    known: set[int]
    accounts: Accounts


@dataclass(slots=True)
class _Plan:
    outcomes: list[Outcome] = field(default_factory=list)
    payers: dict[int, int] = field(default_factory=dict)
    journals: list[Journal] = field(default_factory=list)


def _load(unit: Unit, batch: Sequence[Identification]) -> _Facts:
    held = payments.lock(unit, [each.collection_id for each in batch])
    payers = among(unit.connection, organisations.c.id, sorted({each.payer_id for each in batch}))
    known = set(unit.connection.execute(select(organisations.c.id).where(payers)).scalars())
    keys = [
        key
        for each in batch
        if each.collection_id in held and each.payer_id in known
        for payer in {each.payer_id, held[each.collection_id].payer_id} - {0}
        for key in account_keys([_IDENTIFIED], {Owner.ANCHOR: payer}, held[each.collection_id].currency)
    ]
    return _Facts(held, known, ledger_accounts.load(unit, keys))


def _decide(facts: _Facts, batch: Sequence[Identification]) -> _Plan:
    plan = _Plan()
    for each in batch:
        collection = facts.collections.get(each.collection_id)
        refusal = _refusal(plan, collection, each)
        if refusal is not None or collection is None:
            plan.outcomes.append(refusal or refused("not_found"))
            continue
        if each.payer_id not in facts.known:
            remedy = "give a registered organisation"
            plan.outcomes.append(refused("not_found", field="payer_id", value=str(each.payer_id), remedy=remedy))
            continue
        plan.payers[collection.id] = each.payer_id
        if collection.payer_id:
            plan.journals.append(_journal(_DISOWNED, collection, collection.payer_id))
        plan.journals.append(_journal(_IDENTIFIED, collection, each.payer_id))
        plan.outcomes.append(done(collection.id))
    return plan


def _refusal(plan: _Plan, collection: Collection | None, each: Identification) -> Outcome | None:
    if collection is None or collection.id in plan.payers or collection.payer_id == each.payer_id:
        value, bound = "not there" if collection is None else "known", "another payer, or none yet"
        return refused("payer_known", field="collection_id", value=value, bound=bound)
    if collection.status != "received":
        remedy = "what is applied of it was its payer's"
        return refused("applied", field="collection_id", value=collection.status, bound="received", remedy=remedy)
    return None


def _journal(event: str, collection: Collection, payer_id: int) -> Journal:
    parts = [({Owner.ANCHOR: payer_id}, {"amount": collection.amount_minor})]
    on, ref, occurrence = collection.value_date, collection.bank_ref[:60], collection.version
    return Journal(event, collection.id, occurrence, on, collection.currency, ref, parts)


def _write(unit: Unit, facts: _Facts, plan: _Plan) -> None:
    payments.set_payers(unit, facts.collections, plan.payers)
    post(unit, facts.accounts, plan.journals)


IDENTIFY = Command("settlement.identify", ScopeKind.BOOK, _load, _decide, _write)
