"""Questions about programmes, enrolments and the terms in force; cached where a document cannot change."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from sqlalchemy import ColumnElement, Connection, and_, exists, func, not_, select

from scf import encoding
from scf.books.models import books
from scf.books.queries import Book
from scf.db.bulk import among
from scf.programmes.models import (
    Answer,
    enrolment_terms,
    enrolments,
    standing_instructions,
    terms_answers,
    terms_documents,
)
from scf.programmes.terms import Terms

INSTRUCTED = (standing_instructions.c.enrolment_id == enrolments.c.id) & (standing_instructions.c.status == "given")


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A supplier in a programme, with the terms in force on the day asked about (0: none yet).

    `standing_from_on` is the day from which its standing instruction offers what is confirmed; None without one.
    """

    id: int
    book_id: int
    programme_id: int
    anchor_id: int
    supplier_id: int
    standing_from_on: date | None
    terms_id: int
    funder_id: int


def enrolments_in_force(
    connection: Connection,
    on: date,
    *,
    ids: Iterable[int] | None = None,
    supplier_id: int | None = None,
    book_id: int | None = None,
) -> list[Enrolment]:
    """Enrolments by id, supplier or book, by id, each with the latest terms from a day not after `on`.

    Terms that the supplier has not consented to do not count: the older ones stay in force.
    """
    latest = (
        select(enrolment_terms.c.enrolment_id, func.max(enrolment_terms.c.version).label("version"))
        .join(terms_answers, terms_answers.c.enrolment_terms_id == enrolment_terms.c.id)
        .where(enrolment_terms.c.from_on <= on, terms_answers.c.answer == Answer.CONSENTED.value)
        .group_by(enrolment_terms.c.enrolment_id)
        .subquery()
    )
    query = (
        select(
            enrolments.c.id,
            enrolments.c.book_id,
            enrolments.c.programme_id,
            enrolments.c.anchor_id,
            enrolments.c.supplier_id,
            standing_instructions.c.from_on,
            func.coalesce(enrolment_terms.c.terms_id, 0),
            books.c.funder_id,
        )
        .join(books, books.c.id == enrolments.c.book_id)
        .outerjoin(latest, latest.c.enrolment_id == enrolments.c.id)
        .outerjoin(
            enrolment_terms,
            (enrolment_terms.c.enrolment_id == enrolments.c.id) & (enrolment_terms.c.version == latest.c.version),
        )
        .outerjoin(standing_instructions, INSTRUCTED)
        .order_by(enrolments.c.id)
    )
    if ids is not None:
        query = query.where(among(connection, enrolments.c.id, sorted(set(ids))))
    if supplier_id is not None:
        query = query.where(enrolments.c.supplier_id == supplier_id)
    if book_id is not None:
        query = query.where(enrolments.c.book_id == book_id)
    return [Enrolment(*row) for row in connection.execute(query)]


_LATER, _LATER_ANSWER = enrolment_terms.alias("later"), terms_answers.alias("later_answer")


def counts(on: ColumnElement[date]) -> ColumnElement[bool]:
    """The condition that a version of terms is the one in force on a day; the query joins `terms_answers`."""
    replaced = exists().where(
        _LATER.c.enrolment_id == enrolment_terms.c.enrolment_id,
        _LATER.c.version > enrolment_terms.c.version,
        _LATER.c.from_on <= on,
        _LATER_ANSWER.c.enrolment_terms_id == _LATER.c.id,
        _LATER_ANSWER.c.answer == Answer.CONSENTED.value,
    )
    consented = func.coalesce(terms_answers.c.answer, "") == Answer.CONSENTED.value
    return and_(consented, enrolment_terms.c.from_on <= on, not_(replaced))


def instructed(on: date) -> ColumnElement[bool]:
    """The condition that an enrolment has a standing instruction on a day."""
    return exists().where(INSTRUCTED, standing_instructions.c.from_on <= on)


def terms_by_id(connection: Connection, ids: Iterable[int]) -> dict[int, Terms]:
    """Terms documents by id."""
    wanted = among(connection, terms_documents.c.id, sorted(set(ids)))
    rows = connection.execute(select(terms_documents.c.id, terms_documents.c.body).where(wanted))
    return {id: parsed(body) for id, body in rows}


@lru_cache(maxsize=4096)
def parsed(body: str) -> Terms:
    """The terms that a document holds."""
    return encoding.parse(Terms, body)


def parties_of(connection: Connection, book: Book) -> set[int]:
    """Everybody who takes part in a book: its funder, the anchors and the suppliers."""
    rows = connection.execute(
        select(enrolments.c.anchor_id, enrolments.c.supplier_id).where(enrolments.c.book_id == book.id)
    )
    return {book.funder_id, *(id for pair in rows for id in pair)}
