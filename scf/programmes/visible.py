"""Who sees what of programmes: the rows that a caller is shown.

A funder sees what is in its book; a supplier its own enrolments and terms; an anchor its programmes and who takes part
in them, and nothing of the terms.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Select, case, exists, null, or_, select

from scf.books.models import books
from scf.programmes.models import (
    enrolment_terms,
    enrolments,
    master_agreements,
    programmes,
    standing_instructions,
    terms_answers,
    terms_documents,
)
from scf.programmes.queries import INSTRUCTED, counts
from scf.routes import Caller
from scf.signatures.models import signatures

Rows = Callable[[Caller], Select[Any]]


def in_book(rows: Select[Any], book_id: ColumnElement[int]) -> Rows:
    """The rows of the caller's book."""
    return lambda caller: rows.where(book_id == caller.in_book().id)


_PROGRAMMES = select(programmes, books.c.funder_id).join(books, books.c.id == programmes.c.book_id)


BOOKS_PROGRAMMES = in_book(_PROGRAMMES, programmes.c.book_id)


def own_programmes(caller: Caller) -> Select[Any]:
    """Those whose anchor the caller's organisation is, and those in which it takes part."""
    mine = caller.organisation_id
    enrolled = exists().where(enrolments.c.programme_id == programmes.c.id, enrolments.c.supplier_id == mine)
    return _PROGRAMMES.where(or_(programmes.c.anchor_id == mine, enrolled))


_ENROLMENTS = select(enrolments).outerjoin(standing_instructions, INSTRUCTED)
_FROM_ON = standing_instructions.c.from_on


BOOKS_ENROLMENTS = in_book(_ENROLMENTS.add_columns(_FROM_ON.label("standing_from_on")), enrolments.c.book_id)


def own_enrolments(caller: Caller) -> Select[Any]:
    """The caller's own, and those in its programmes, without the standing instructions of others."""
    mine = caller.organisation_id
    standing = case((enrolments.c.supplier_id == mine, _FROM_ON), else_=null()).label("standing_from_on")
    return _ENROLMENTS.add_columns(standing).where(
        or_(enrolments.c.supplier_id == mine, enrolments.c.anchor_id == mine)
    )


IN_FORCE = counts(books.c.business_date)
_VERSIONS = (
    select(
        enrolment_terms.c.id,
        enrolment_terms.c.enrolment_id,
        enrolments.c.programme_id,
        enrolments.c.anchor_id,
        enrolments.c.supplier_id,
        enrolment_terms.c.version.label("number"),
        enrolment_terms.c.from_on,
        IN_FORCE.label("in_force"),
        terms_answers.c.answer,
        terms_answers.c.answered_at,
        terms_answers.c.words,
        terms_answers.c.signature_id,
        terms_documents.c.hash.label("document_sha256"),
        terms_documents.c.body,
    )
    .join(enrolments, enrolments.c.id == enrolment_terms.c.enrolment_id)
    .join(books, books.c.id == enrolments.c.book_id)
    .join(terms_documents, terms_documents.c.id == enrolment_terms.c.terms_id)
    .outerjoin(terms_answers, terms_answers.c.enrolment_terms_id == enrolment_terms.c.id)
)
BOOKS_VERSIONS = in_book(_VERSIONS, enrolments.c.book_id)


def own_versions(caller: Caller) -> Select[Any]:
    """What was offered to the caller's organisation."""
    return _VERSIONS.where(enrolments.c.supplier_id == caller.organisation_id)


_AGREEMENTS = select(master_agreements)
BOOKS_AGREEMENTS = in_book(_AGREEMENTS, master_agreements.c.book_id)


def own_agreements(caller: Caller) -> Select[Any]:
    """What the caller's organisation was asked to sign."""
    return _AGREEMENTS.where(master_agreements.c.organisation_id == caller.organisation_id)


def books_signatures(caller: Caller) -> Select[Any]:
    """What parties signed to the funder of the caller's book: terms, standing instructions, agreements."""
    book_id = caller.in_book().id
    to_terms = (
        select(terms_answers.c.signature_id)
        .join(enrolment_terms, enrolment_terms.c.id == terms_answers.c.enrolment_terms_id)
        .join(enrolments, enrolments.c.id == enrolment_terms.c.enrolment_id)
        .where(enrolments.c.book_id == book_id, terms_answers.c.signature_id.is_not(None))
    )
    to_instruct = (
        select(standing_instructions.c.signature_id)
        .join(enrolments, enrolments.c.id == standing_instructions.c.enrolment_id)
        .where(enrolments.c.book_id == book_id)
    )
    to_agree = select(master_agreements.c.signature_id).where(
        master_agreements.c.book_id == book_id, master_agreements.c.signature_id.is_not(None)
    )
    return select(signatures).where(or_(*(signatures.c.id.in_(each) for each in (to_terms, to_instruct, to_agree))))
