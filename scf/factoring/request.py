"""Asking for an advance: the supplier's command in its organisation, the standing instruction's in the book.

A request reserves nothing and posts nothing; it is refused when no approval could make it pass.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from scf.announcements import announce, tell
from scf.commands import Command, ScopeKind, Unit
from scf.db import bulk
from scf.factoring import cases, eligibility
from scf.factoring.cases import Parties
from scf.factoring.models import advance_requests
from scf.factoring.schedule import schedule
from scf.outcomes import Outcome, done, refused
from scf.programmes import queries as programmes
from scf.programmes.queries import Enrolment
from scf.programmes.terms import Severity, Terms
from scf.receivables import parts as receivables
from scf.receivables.parts import Receivable


@dataclass(frozen=True, slots=True)
class NewRequest:
    """An ask for an advance on a receivable, under an enrolment of its creditor."""

    receivable_id: int
    enrolment_id: int


@dataclass(frozen=True, slots=True)
class _Facts:
    ids: list[int]
    on: date
    receivables: dict[int, Receivable]
    enrolments: dict[int, Enrolment]
    terms: dict[int, Terms]
    asked: set[int]
    parties: dict[int, Parties]


@dataclass(frozen=True, slots=True)
class _Plan:
    outcomes: list[Outcome]
    rows: list[tuple[Any, ...]]


def _load(unit: Unit, batch: Sequence[NewRequest], mine: Callable[[Unit, Enrolment], bool]) -> _Facts:
    connection = unit.connection
    found = programmes.enrolments_in_force(connection, unit.business_date, ids=[new.enrolment_id for new in batch])
    own = {each.id: each for each in found if mine(unit, each)}
    receivable_ids = sorted({new.receivable_id for new in batch})
    held = receivables.lock(unit, receivable_ids)
    asked = connection.execute(
        select(advance_requests.c.receivable_id).where(
            bulk.among(connection, advance_requests.c.receivable_id, receivable_ids),
            advance_requests.c.status.in_(["requested", "approved"]),
        )
    ).scalars()
    books = {each.book_id for each in own.values()}
    return _Facts(
        unit.ids.take(len(batch)),
        unit.business_date,
        held,
        own,
        programmes.terms_by_id(connection, [each.terms_id for each in own.values()]),
        set(asked),
        {book: cases.parties(connection, unit.business_date, _pairs(own, book), book) for book in sorted(books)},
    )


def _pairs(own: dict[int, Enrolment], book_id: int) -> list[tuple[int, int]]:
    return [(each.anchor_id, each.supplier_id) for each in own.values() if each.book_id == book_id]


def _decide(facts: _Facts, batch: Sequence[NewRequest]) -> _Plan:
    plan = _Plan([], [])
    asked = set(facts.asked)
    for id, new in zip(facts.ids, batch, strict=True):
        refusal = _refusal(facts, new, asked)
        plan.outcomes.append(refusal or done(id))
        if refusal is None:
            asked.add(new.receivable_id)
            asked_on = _asked_on(facts.receivables[new.receivable_id])
            plan.rows.append((id, *_under(facts.enrolments[new.enrolment_id]), *asked_on, facts.on))
    return plan


def _under(enrolment: Enrolment) -> tuple[int, int, int, int]:
    return enrolment.book_id, enrolment.id, enrolment.supplier_id, enrolment.terms_id


def _asked_on(what: Receivable) -> tuple[Any, ...]:
    return what.id, what.debtor_id, what.ref, what.currency, what.open_minor, what.due_on, what.undertaking


def _refusal(facts: _Facts, new: NewRequest, asked: set[int]) -> Outcome | None:
    enrolment, receivable = facts.enrolments.get(new.enrolment_id), facts.receivables.get(new.receivable_id)
    if enrolment is None:
        return refused("not_enrolled", field="enrolment_id", remedy="give an enrolment of yours")
    pair = (receivable.creditor_id, receivable.debtor_id) if receivable else None
    if receivable is None or pair != (enrolment.supplier_id, enrolment.anchor_id):
        remedy = "give a receivable of this supplier on this programme's anchor"
        return refused("not_found", field="receivable_id", remedy=remedy)
    terms = facts.terms.get(enrolment.terms_id)
    if terms is None:
        return refused("no_terms", field="enrolment_id", remedy="passes when terms are agreed for this enrolment")
    if receivable.id in asked:
        remedy = "wait for the answer, or withdraw the request that is there"
        return refused("already_requested", field="receivable_id", value=receivable.ref, remedy=remedy)
    return _ineligible(facts, enrolment, receivable, terms)


def _ineligible(facts: _Facts, enrolment: Enrolment, receivable: Receivable, terms: Terms) -> Outcome | None:
    known = facts.parties[enrolment.book_id]
    case = cases.case_of(
        receivable.open_minor,
        receivable.currency,
        receivable.undertaking,
        receivable.status,
        schedule(terms, facts.on, receivable.due_on),
        known.overdue_days.get(enrolment.anchor_id, 0),
        known.affiliated(enrolment.anchor_id, enrolment.supplier_id),
    )
    failed = eligibility.first_failed(case, terms, Severity.REFUSE)
    if failed is None:
        return None
    return refused(failed.rule, field="receivable_id", value=failed.value, bound=failed.bound, remedy=failed.remedy)


def _writer(origin: str) -> Callable[[Unit, _Facts, _Plan], None]:
    columns = (
        "id", "book_id", "enrolment_id", "supplier_id", "terms_id", "receivable_id", "anchor_id", "ref", "currency",
        "face_minor", "due_on", "undertaking", "requested_on", "origin", "reserved_minor", "status", "version",
        "requested_by_id", "requested_at",
    )  # fmt: skip

    def write(unit: Unit, facts: _Facts, plan: _Plan) -> None:
        rows = [(*row, origin, 0, "requested", 1, unit.actor.id, unit.at) for row in plan.rows]
        bulk.insert(unit.connection, advance_requests, columns, rows)
        asked = [(facts.enrolments[enrolment_id], id) for id, _book, enrolment_id, *_ in plan.rows]
        told = [(party, id) for each, id in asked for party in (each.supplier_id, each.funder_id)]
        announce(unit, tell("advance_request.requested", told))

    return write


def _of_supplier(unit: Unit, enrolment: Enrolment) -> bool:
    return enrolment.supplier_id == unit.scope.id


def _standing(unit: Unit, enrolment: Enrolment) -> bool:
    since = enrolment.standing_from_on
    return enrolment.book_id == unit.scope.id and since is not None and since <= unit.business_date


REQUEST = Command(
    "factoring.request",
    ScopeKind.ORGANISATION,
    lambda unit, batch: _load(unit, batch, _of_supplier),
    _decide,
    _writer("supplier"),
)
OFFER = Command(
    "factoring.offer",
    ScopeKind.BOOK,
    lambda unit, batch: _load(unit, batch, _standing),
    _decide,
    _writer("standing"),
)
