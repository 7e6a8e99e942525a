"""Agreeing terms: a new version for an enrolment, by four eyes, in force once its supplier consents (see `consent`).

Changed terms need the notice that the terms in force promise. What was priced before keeps its own version.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select

from scf import encoding
from scf.announcements import announce, tell
from scf.commands import Command, ScopeKind, Unit
from scf.db import bulk
from scf.organisations.queries import names
from scf.outcomes import Outcome, done, refused
from scf.programmes.models import enrolment_terms, enrolments, terms_documents
from scf.programmes.queries import enrolments_in_force, terms_by_id
from scf.programmes.terms import Terms, faults
from scf.proposals.four_eyes import four_eyes


@dataclass(frozen=True, slots=True)
class NewTerms:
    """Terms for an enrolment from a day on, not before the business date."""

    enrolment_id: int
    from_on: date
    terms: Terms


@dataclass(frozen=True, slots=True)
class _Facts:
    ids: list[int]
    business_date: date
    versions: dict[int, int]
    suppliers: dict[int, int]
    notice_days: dict[int, int]
    documents: dict[str, int]
    document_ids: list[int]
    guarantors: set[int]


@dataclass(frozen=True, slots=True)
class _Plan:
    outcomes: list[Outcome]
    documents: list[tuple[Any, ...]]
    rows: list[tuple[Any, ...]]


def _load(unit: Unit, batch: Sequence[NewTerms]) -> _Facts:
    wanted = bulk.among(unit.connection, enrolments.c.id, sorted({new.enrolment_id for new in batch}))
    versions = unit.connection.execute(
        select(enrolments.c.id, enrolments.c.supplier_id, func.coalesce(func.max(enrolment_terms.c.version), 0))
        .outerjoin(enrolment_terms, enrolment_terms.c.enrolment_id == enrolments.c.id)
        .where(wanted, enrolments.c.book_id == unit.in_book().id)
        .group_by(enrolments.c.id, enrolments.c.supplier_id)
    ).all()
    hashes = sorted({encoding.digest(new.terms) for new in batch})
    documents = unit.connection.execute(
        select(terms_documents.c.hash, terms_documents.c.id).where(
            bulk.among(unit.connection, terms_documents.c.hash, hashes)
        )
    )
    ids = unit.ids.take(2 * len(batch))
    return _Facts(
        ids[: len(batch)],
        unit.business_date,
        {id: version for id, _, version in versions},
        {id: supplier for id, supplier, _ in versions},
        _notice_days(unit, batch),
        dict(documents.all()),
        ids[len(batch) :],
        set(names(unit.connection, {new.terms.guarantor_id for new in batch})),
    )


def _notice_days(unit: Unit, batch: Sequence[NewTerms]) -> dict[int, int]:
    """How many days of notice the terms in force promise, by enrolment; none where none are in force."""
    found = enrolments_in_force(unit.connection, unit.business_date, ids=[new.enrolment_id for new in batch])
    terms = terms_by_id(unit.connection, [each.terms_id for each in found])
    return {each.id: terms[each.terms_id].notice_days for each in found if each.terms_id}


def _decide(facts: _Facts, batch: Sequence[NewTerms]) -> _Plan:
    plan = _Plan([], [], [])
    versions, documents = dict(facts.versions), dict(facts.documents)
    for id, document_id, new in zip(facts.ids, facts.document_ids, batch, strict=True):
        refusal = _refusal(facts, new)
        plan.outcomes.append(refusal or done(id))
        if refusal is not None:
            continue
        digest = encoding.digest(new.terms)
        if digest not in documents:
            documents[digest] = document_id
            plan.documents.append((document_id, digest, encoding.canonical(new.terms)))
        versions[new.enrolment_id] += 1
        plan.rows.append((id, new.enrolment_id, versions[new.enrolment_id], documents[digest], new.from_on))
    return plan


def _refusal(facts: _Facts, new: NewTerms) -> Outcome | None:
    if new.enrolment_id not in facts.versions:
        return refused("not_found", field="enrolment_id", remedy="give an enrolment of this book")
    if new.from_on < facts.business_date:
        return refused(
            "in_the_past",
            field="from_on",
            value=str(new.from_on),
            bound=str(facts.business_date),
            remedy="terms start on the business date or later",
        )
    earliest = facts.business_date + timedelta(days=facts.notice_days.get(new.enrolment_id, 0))
    if new.from_on < earliest:
        remedy = f"the terms in force promise {facts.notice_days[new.enrolment_id]} days of notice"
        return refused("notice_too_short", field="from_on", value=str(new.from_on), bound=str(earliest), remedy=remedy)
    wrong = faults(new.terms)
    if wrong:
        return refused("terms_invalid", field=wrong[0].field, remedy=wrong[0].message)
    if new.terms.guarantor_id and new.terms.guarantor_id not in facts.guarantors:
        return refused("not_found", field="guarantor_id", remedy="give an organisation that is registered")
    return None


def _write(unit: Unit, facts: _Facts, plan: _Plan) -> None:
    documents = [(*row, unit.at) for row in plan.documents]
    bulk.insert(unit.connection, terms_documents, ("id", "hash", "body", "created_at"), documents)
    columns = ("id", "enrolment_id", "version", "terms_id", "from_on")
    bulk.insert(unit.connection, enrolment_terms, columns, plan.rows)
    agreed = ((facts.suppliers[enrolment_id], id) for id, enrolment_id, *_ in plan.rows)
    announce(unit, tell("terms.offered", agreed, all_to=unit.in_book().funder_id))


AGREE = Command("programmes.agree", ScopeKind.BOOK, _load, _decide, _write, checked=True)
AGREE_TERMS = four_eyes(AGREE, NewTerms)
