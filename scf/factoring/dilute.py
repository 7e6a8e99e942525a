"""Dilution: a credit note after funding. Reserve first, then the supplier owes the rest; the discount stays.

The supplier always answers for dilution: "no recourse" means the anchor's credit only. A loan is diluted only as far
as the face that is left no longer covers it. A credit note that comes when nothing is open here any more is refused for
good: supplier and anchor settle it between them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import select

from scf.announcements import announce, tell
from scf.commands import Command, ScopeKind, Unit
from scf.db import bulk
from scf.factoring import cases, claims, standing
from scf.factoring.cases import Parties
from scf.factoring.models import advances, dilutions
from scf.factoring.standing import Diluted, Standing
from scf.ledger import accounts as ledger_accounts
from scf.ledger.accounts import Accounts
from scf.ledger.chart import Owner
from scf.ledger.journal import Journal, account_keys
from scf.ledger.write import write as post
from scf.limits import parts as limits
from scf.limits.positions import LimitKey, Positions
from scf.money import readable
from scf.outcomes import Outcome, done, refused
from scf.receivables import credit
from scf.receivables import parts as receivables
from scf.receivables.models import credit_notes

_COLUMNS = (
    "id", "book_id", "advance_id", "credit_note_id", "amount_minor", "reserve_minor", "claim_minor", "business_date",
    "at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Note:
    id: int
    advance_id: int
    amount_minor: int
    status: str


@dataclass(frozen=True, slots=True)
class _Facts:
    ids: list[int]
    claim_ids: list[int]
    notes: dict[int, _Note]
    standings: dict[int, Standing]
    diluted: Mapping[int, Diluted]
    parties: Parties
    found: dict[LimitKey, int]
    accounts: Accounts
    on: date


@dataclass(slots=True)
class _Plan:
    positions: Positions
    outcomes: list[Outcome] = field(default_factory=list)
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    claims: list[tuple[Any, ...]] = field(default_factory=list)
    journals: list[Journal] = field(default_factory=list)
    open_minor: dict[int, int] = field(default_factory=dict)
    applied: list[int] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)


def _load(unit: Unit, batch: Sequence[int]) -> _Facts:
    connection = unit.connection
    rows = connection.execute(
        select(credit_notes.c.id, advances.c.id, credit_notes.c.amount_minor, credit_notes.c.status)
        .join(advances, advances.c.receivable_id == credit_notes.c.receivable_id)
        .where(bulk.among(connection, credit_notes.c.id, sorted(set(batch))), advances.c.book_id == unit.in_book().id)
        .order_by(credit_notes.c.id)
    )
    notes = {row[0]: _Note(*row) for row in rows}
    standings = standing.lock(unit, advance_ids={note.advance_id for note in notes.values()})
    pairs = {(each.anchor_id, each.supplier_id) for each in standings.values()}
    known = cases.parties(connection, unit.business_date, pairs, unit.in_book().id)
    found = limits.find(unit, {key for each in standings.values() for key in standing.limit_keys(each, known)})
    keys = limits.keys_of(found)
    for each in standings.values():
        keys += account_keys(["diluted"], {Owner.SUPPLIER: each.supplier_id}, each.currency)
    return _Facts(
        unit.ids.take(len(batch)),
        unit.ids.take(len(batch)),
        notes,
        standings,
        standing.diluted(unit, standings),
        known,
        found,
        ledger_accounts.load(unit, keys),
        unit.business_date,
    )


def _decide(facts: _Facts, batch: Sequence[int]) -> _Plan:
    plan = _Plan(limits.positions(facts.found, facts.accounts))
    standings, taken = dict(facts.standings), dict(facts.diluted)
    for id, claim_id, note_id in zip(facts.ids, facts.claim_ids, batch, strict=True):
        note = facts.notes.get(note_id)
        if note is None or note.status != "received" or note_id in (*plan.applied, *plan.refused):
            status = note.status if note else "not there"
            plan.outcomes.append(refused("not_waiting", field="credit_note", value=status, bound="received"))
            continue
        each = standings[note.advance_id]
        if each.status != "funded" or note.amount_minor > each.held_minor:
            plan.refused.append(note.id)
            plan.outcomes.append(_too_late(each, note))
            continue
        _dilute(facts, plan, each, note, taken.get(each.id, Diluted()), (id, claim_id))
        standings[each.id] = replace(each, open_minor=each.open_minor - note.amount_minor)
        taken[each.id] = _more(taken.get(each.id, Diluted()), plan.rows[-1])
        plan.outcomes.append(done(id))
    return plan


def _too_late(each: Standing, note: _Note) -> Outcome:
    """An accepted item, so that its job ends: the note's end is written, and trying it anew would change nothing."""
    held = f"{readable(each.held_minor, each.currency)}, {each.status}"
    return done(note.id, status="refused", reason="nothing_open", held=held)


def _dilute(facts: _Facts, plan: _Plan, each: Standing, note: _Note, taken: Diluted, ids: tuple[int, int]) -> None:
    amounts = _split(each, note.amount_minor, taken)
    claim = amounts["claim"] + amounts["lent"]
    plan.rows.append((ids[0], each.id, note.id, note.amount_minor, amounts["reserve"], claim))
    if claim:
        plan.claims.append((ids[1], each.supplier_id, each.id, "dilution", each.currency, claim))
    parties = {Owner.SUPPLIER: each.supplier_id}
    plan.journals.append(Journal("diluted", ids[0], 1, facts.on, each.currency, each.ref, [(parties, amounts)]))
    for position in plan.positions.of(standing.limit_keys(each, facts.parties)):
        position.release(note.amount_minor)
    plan.open_minor[each.receivable_id] = each.open_minor - note.amount_minor
    plan.applied.append(note.id)


def _split(each: Standing, amount: int, taken: Diluted) -> dict[str, int]:
    """Who bears a dilution: the reserve, then the supplier; of a loan only what the face no longer covers."""
    if each.lent:
        uncovered = standing.lent_left(each, taken) - (each.open_minor - amount)
        return {"reserve": 0, "claim": 0, "lent": max(0, uncovered)}
    reserve = min(standing.reserve_left(each, taken), amount)
    return {"reserve": reserve, "claim": amount - reserve, "lent": 0}


def _more(taken: Diluted, row: tuple[Any, ...]) -> Diluted:
    return Diluted(taken.amount_minor + row[3], taken.reserve_minor + row[4], taken.claim_minor + row[5])


def _write(unit: Unit, facts: _Facts, plan: _Plan) -> None:
    book_id, on = unit.in_book().id, unit.business_date
    rows = [(id, book_id, advance, note, *amounts, on, unit.at) for id, advance, note, *amounts in plan.rows]
    bulk.insert(unit.connection, dilutions, _COLUMNS, rows)
    claims.raise_claims(unit, plan.claims)
    receivables.set_open(unit, plan.open_minor)
    credit.mark(unit, plan.applied, "applied")
    credit.mark(unit, plan.refused, "refused")
    post(unit, facts.accounts, [*plan.journals, *limits.journals(unit, plan.positions)])
    diluted = ((facts.standings[advance].supplier_id, advance) for _, advance, *_ in plan.rows)
    told = tell("advance.diluted", diluted, all_to=unit.in_book().funder_id)
    announce(unit, [*told, *claims.tell_opened(unit, plan.claims)])


DILUTE = Command("factoring.dilute", ScopeKind.BOOK, _load, _decide, _write)
