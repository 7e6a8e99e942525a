"""The watch over queries: one that forgets for whom it reads fails a test, on both databases; a proper one does not."""

from typing import Any

import pytest
from desks import Desks, open_desks, promise
from sqlalchemy import and_, bindparam, exists, func, or_, select, text, union_all
from walls import watched

from anchors.models import confirmations
from invoices.models import invoice_ends, invoices
from scf.books.models import books
from scf.db import bulk
from scf.db.engine import Database
from scf.factoring.models import advances, dilutions
from scf.files import files
from scf.ledger.models import journals, postings
from scf.organisations.models import organisations
from scf.payments.models import payment_files, payouts
from scf.programmes.models import enrolment_terms, enrolments, programmes
from scf.receivables.models import credit_notes, receivables
from scf.scheduling.models import ticks

ME, RIVAL, BOOK, FOREIGN_BOOK = 101, 102, 201, 202
near = enrolments.alias("near")
mine = select(advances.c.id).where(advances.c.supplier_id == ME)
summed = select(dilutions.c.advance_id, func.sum(dilutions.c.amount_minor).label("total")).group_by(
    dilutions.c.advance_id
)
sums, cut = summed.subquery("sums"), summed.limit(5).subquery("cut")

# statements that read for organisation 101, whose book is 201
PROPER: dict[str, Any] = {
    "a column holds the reader": select(invoices).where(invoices.c.supplier_id == ME),
    "among other conditions": select(invoices).where(invoices.c.status == "submitted", invoices.c.anchor_id == ME),
    "either of two": select(receivables).where(or_(receivables.c.debtor_id == ME, receivables.c.creditor_id == ME)),
    "a book of the reader": select(func.count()).select_from(advances).where(advances.c.book_id == BOOK),
    "books of the reader": select(advances).where(advances.c.book_id.in_([BOOK])),
    "the book by its funder": select(advances)
    .join(books, books.c.id == advances.c.book_id)
    .where(books.c.funder_id == ME),
    "a child by its walled parent": (
        select(invoice_ends.c.reason)
        .join(invoices, invoices.c.id == invoice_ends.c.invoice_id)
        .where(invoices.c.anchor_id == ME)
    ),
    "a parent by its walled child": (
        select(receivables)
        .join(advances, advances.c.receivable_id == receivables.c.id)
        .where(advances.c.book_id == BOOK)
    ),
    "by another name": select(near).where(near.c.supplier_id == ME),
    "terms of the supplier's own enrolment": (
        select(enrolment_terms).join(near, near.c.id == enrolment_terms.c.enrolment_id).where(near.c.supplier_id == ME)
    ),
    "within a SELECT in WHERE": select(dilutions).where(dilutions.c.advance_id.in_(mine)),
    "by existence": select(dilutions).where(
        exists().where(advances.c.id == dilutions.c.advance_id, advances.c.supplier_id == ME)
    ),
    "a name beside what is seen": (
        select(organisations.c.name)
        .join(invoices, invoices.c.anchor_id == organisations.c.id)
        .where(invoices.c.supplier_id == ME)
    ),
    "an outer join by a rule": (
        select(invoices.c.id, invoice_ends.c.reason)
        .outerjoin(invoice_ends, invoice_ends.c.invoice_id == invoices.c.id)
        .where(invoices.c.supplier_id == ME)
    ),
    "inside a SELECT in FROM": select(func.count()).select_from(
        select(invoices.c.id).where(invoices.c.supplier_id == ME).subquery()
    ),
    "in every part of a union": union_all(
        select(invoices.c.id).where(invoices.c.supplier_id == ME),
        select(receivables.c.id).where(receivables.c.creditor_id == ME),
    ),
    "in a column's SELECT too": select(
        advances.c.id,
        select(func.count()).select_from(dilutions).where(dilutions.c.advance_id == advances.c.id).scalar_subquery(),
    ).where(advances.c.supplier_id == ME),
    "a child that is of the same book": (
        select(postings.c.amount_minor)
        .join(journals, journals.c.id == postings.c.journal_id)
        .where(journals.c.book_id == BOOK)
    ),
    "the same book as a walled row's": (
        select(advances.c.id)
        .join(programmes, programmes.c.book_id == advances.c.book_id)
        .where(programmes.c.book_id == BOOK)
    ),
    "a sum joined by what it is grouped by": (
        select(advances.c.id, sums.c.total)
        .outerjoin(sums, sums.c.advance_id == advances.c.id)
        .where(advances.c.book_id == BOOK)
    ),
    "a union in FROM": select(func.count()).select_from(
        union_all(
            select(invoices.c.id).where(invoices.c.supplier_id == ME),
            select(receivables.c.id).where(receivables.c.creditor_id == ME),
        ).subquery()
    ),
    "a table before the walls": select(ticks),
}

FORGETFUL: dict[str, Any] = {
    "no condition": select(invoices),
    "a foreign organisation": select(invoices).where(invoices.c.supplier_id == RIVAL),
    "a foreign book": select(advances).where(advances.c.book_id == FOREIGN_BOOK),
    "one foreign book among the reader's": select(advances).where(advances.c.book_id.in_([BOOK, FOREIGN_BOOK])),
    "a column that is no party's": select(advances).where(advances.c.anchor_id == ME),
    "not the reader": select(invoices).where(invoices.c.supplier_id != ME),
    "or anything else": select(invoices).where(or_(invoices.c.supplier_id == ME, invoices.c.status == "submitted")),
    "an id that was never read": select(invoices).where(invoices.c.id == 5),
    "the other table of a join": (
        select(advances)
        .join(receivables, receivables.c.id == advances.c.receivable_id)
        .where(receivables.c.debtor_id == ME)
    ),
    "a join by something else": (
        select(journals).join(invoices, invoices.c.number == journals.c.ref).where(invoices.c.supplier_id == ME)
    ),
    "terms of a supplier, read by its anchor": (
        select(enrolment_terms).join(near, near.c.id == enrolment_terms.c.enrolment_id).where(near.c.anchor_id == ME)
    ),
    "terms read by either": (
        select(enrolment_terms)
        .join(near, near.c.id == enrolment_terms.c.enrolment_id)
        .where(or_(near.c.supplier_id == ME, near.c.anchor_id == ME))
    ),
    "the condition stands on the side that may be empty": (
        select(invoices.c.id).outerjoin(
            invoice_ends, and_(invoice_ends.c.invoice_id == invoices.c.id, invoices.c.supplier_id == ME)
        )
    ),
    "only a SELECT in WHERE is walled": select(dilutions).where(dilutions.c.credit_note_id.in_(mine)),
    "the SELECT in WHERE forgets": select(dilutions).where(dilutions.c.advance_id.in_(select(advances.c.id))),
    "by absence": select(dilutions).where(
        ~exists().where(advances.c.id == dilutions.c.advance_id, advances.c.supplier_id == ME)
    ),
    "one part of a union": union_all(
        select(invoices.c.id).where(invoices.c.supplier_id == ME), select(receivables.c.id)
    ),
    "a SELECT in FROM": select(func.count()).select_from(select(invoices.c.id).subquery()),
    "a column's SELECT": select(enrolments.c.id, select(func.count()).select_from(journals).scalar_subquery()).where(
        enrolments.c.supplier_id == ME
    ),
    "a file of the bank, reached from a payout": (
        select(payment_files)
        .join(payouts, payouts.c.file_id == payment_files.c.id)
        .where(payouts.c.beneficiary_id == ME)
    ),
    "a partner's rows, reached by its name": (
        select(receivables)
        .join(organisations, organisations.c.id == receivables.c.creditor_id)
        .join(near, near.c.supplier_id == organisations.c.id)
        .where(near.c.anchor_id == ME)
    ),
    "a sum joined by something else": (
        select(advances.c.id, sums.c.total)
        .join(sums, sums.c.total == advances.c.face_minor)
        .where(advances.c.book_id == BOOK)
    ),
    "a sum cut off before it is joined": (
        select(advances.c.id).join(cut, cut.c.advance_id == advances.c.id).where(advances.c.book_id == BOOK)
    ),
    "a union in FROM, one part": select(func.count()).select_from(
        union_all(select(invoices.c.id).where(invoices.c.supplier_id == ME), select(receivables.c.id)).subquery()
    ),
    "the same book as a row's that is seen as an anchor": (
        select(advances.c.id)
        .join(programmes, programmes.c.book_id == advances.c.book_id)
        .where(programmes.c.anchor_id == ME)
    ),
    "a receivable's advance, read by its debtor": (
        select(advances.c.id)
        .join(receivables, receivables.c.id == advances.c.receivable_id)
        .where(receivables.c.debtor_id == ME)
    ),
    "text": text("SELECT count(*) FROM invoice WHERE supplier_id = 101"),
}


def read(database: Database, statement: Any) -> None:
    with database.reading(ME) as connection:
        connection.execute(statement).all()


@pytest.mark.parametrize("statement", PROPER.values(), ids=PROPER)
def test_a_query_that_says_for_whom_it_reads_passes(database: Database, statement: Any) -> None:
    with watched(database, ME, [BOOK]) as watch:
        read(database, statement)
    assert watch.judged == 1


@pytest.mark.parametrize("statement", FORGETFUL.values(), ids=FORGETFUL)
def test_a_query_that_forgets_fails(database: Database, statement: Any) -> None:
    with (
        pytest.raises(AssertionError, match=r"nothing walls it|cannot be judged|only a SELECT"),
        watched(database, ME, [BOOK]),
    ):
        read(database, statement)


def test_what_the_driver_is_sent_as_text_fails(database: Database) -> None:
    with (
        pytest.raises(AssertionError, match="text cannot be judged"),
        watched(database, ME),
        database.reading(ME) as connection,
    ):
        connection.exec_driver_sql("SELECT count(*) FROM invoice").all()


def test_values_are_those_sent_along(database: Database) -> None:
    which = select(invoices).where(invoices.c.supplier_id == bindparam("who"))
    with watched(database, ME), database.reading(ME) as connection:
        connection.execute(which, {"who": ME}).all()
    with (
        pytest.raises(AssertionError, match="nothing walls it"),
        watched(database, ME),
        database.reading(ME) as connection,
    ):
        connection.execute(which, {"who": RIVAL}).all()


@pytest.fixture
def desks(database: Database) -> Desks:
    desks = open_desks(database)
    desks.confirm(promise(desks.invoice("INV-1")))
    return desks


def test_ids_that_were_read_lead_on(desks: Desks) -> None:
    """As a page and what is expanded from it: the ids of one statement go into the next, as an array."""
    with watched(desks.database, desks.supplier) as watch, desks.database.reading(desks.supplier) as connection:
        owed = receivables.c.creditor_id == desks.supplier
        rows = connection.execute(select(receivables.c.id, receivables.c.debtor_id).where(owed)).all()
        assert len(rows) == 1, "what is watched is given on"
        ids = [row.id for row in rows]
        promised = select(confirmations.c.invoice_id).where(bulk.among(connection, confirmations.c.receivable_id, ids))
        invoice_ids = connection.scalars(promised).all()
        assert connection.scalars(select(receivables.c.ref).where(receivables.c.id == ids[0])).all() == ["INV-1"]
        connection.execute(select(credit_notes).where(bulk.among(connection, credit_notes.c.receivable_id, ids))).all()
        anchors = bulk.among(connection, organisations.c.id, [row.debtor_id for row in rows])
        assert connection.scalars(select(organisations.c.name).where(anchors)).all() == ["Halberd"]
        sha256 = connection.scalars(
            select(invoices.c.file_sha256).where(invoices.c.supplier_id == desks.supplier)
        ).all()
        connection.execute(select(files.c.name).where(files.c.sha256 == sha256[0])).all()
    assert watch.judged == 7
    with (
        pytest.raises(AssertionError, match="invoice: nothing walls it"),
        watched(desks.database, desks.supplier),
        desks.database.reading(desks.supplier) as connection,
    ):
        connection.execute(select(invoices).where(bulk.among(connection, invoices.c.id, invoice_ids))).all()


def test_ids_read_as_an_anchor_do_not_lead_to_the_terms(desks: Desks) -> None:
    with (
        pytest.raises(AssertionError, match="enrolment_terms: nothing walls it"),
        watched(desks.database, desks.anchor),
        desks.database.reading(desks.anchor) as connection,
    ):
        ids = connection.scalars(select(enrolments.c.id).where(enrolments.c.anchor_id == desks.anchor)).all()
        assert ids
        connection.execute(
            select(enrolment_terms).where(bulk.among(connection, enrolment_terms.c.enrolment_id, ids))
        ).all()


def test_what_the_platform_reads_is_not_judged(desks: Desks) -> None:
    with watched(desks.database, desks.supplier) as watch:
        desks.invoice("INV-2")
        with desks.database.reading() as connection:
            connection.execute(select(invoices)).all()
    assert watch.judged == 0
