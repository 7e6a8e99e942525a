"""What the database itself refuses, row by row, however the code above it errs: on SQLite and on PostgreSQL."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from conftest import DATABASES, opened
from first_rows import open_book, register
from posting import journal, post
from sqlalchemy import Executable, Table, delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from scf.command_log import command_logs
from scf.db import bulk
from scf.db.engine import Database
from scf.factoring.models import advance_requests, advances, assignments, claims, dilutions
from scf.files import files
from scf.ledger.chart import Owner
from scf.ledger.close import write_account_days
from scf.ledger.models import account_days, accounts, journals, postings
from scf.payments.models import bank_accounts, collections, payouts, statement_entries
from scf.payments.models import statements as bank_statements
from scf.programmes.models import enrolments, programmes, terms_documents
from scf.proposals.models import proposals
from scf.receivables.models import credit_notes, receivables
from scf.settlement.models import losses

ON = date(2026, 1, 5)
AT = datetime(2026, 1, 5, tzinfo=UTC)
ANY: dict[type, Any] = {int: 1, str: "x", bool: False, bytes: b"x", date: ON, datetime: AT}


@dataclass(frozen=True, slots=True)
class Rows:
    """Two books with a posting each: ids by what they are."""

    book: int
    other_book: int
    supplier: int
    anchor: int
    journal: int
    other_journal: int
    cash: int
    receivable_account: int
    dollars: int
    other_cash: int
    enrolment: int
    receivable: int


def new(table: Table, **values: Any) -> Executable:
    """An INSERT of one row; columns that must have a value and were not given one get any."""
    filled = {column.name: ANY[column.type.python_type] for column in table.c if not column.nullable}
    return insert(table).values(filled | values)


@pytest.fixture(scope="module", params=DATABASES)
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """One of each kind for the whole file: nothing here is committed once `rows` are there."""
    with opened(request) as database:
        yield database


@pytest.fixture(scope="module")
def rows(database: Database) -> Rows:
    """The rows every test begins with, written as commands write them, and sound."""
    funder, other_funder, supplier, anchor = register(database, "Northbank", "Southbank", "Ash", "Halberd")
    book, other = open_book(database, funder), open_book(database, other_funder, "south")
    event = ("collection received", {Owner.ANCHOR: anchor}, {"amount": 900})
    funded = ("advance funded", {Owner.SUPPLIER: supplier}, {"net": 500})
    post(database, book, [journal(*event), journal(*funded, subject_id=2)])
    post(database, other, [journal(*event, subject_id=3)])
    in_dollars = journal(*event, subject_id=4)._replace(currency="USD")
    post(database, book, [in_dollars])
    made = {"id": 71, "book_id": book, "anchor_id": anchor}
    with database.engine.begin() as connection:
        write_account_days(connection, book, ON)
        connection.execute(new(programmes, **made))
        connection.execute(new(enrolments, **made, programme_id=71, supplier_id=supplier))
        due = {"debtor_id": anchor, "creditor_id": supplier, "fingerprint": "f"}
        connection.execute(new(receivables, id=71, status="open", **due))
        account = dict(connection.execute(select(accounts.c.code + accounts.c.currency, accounts.c.id).where(
            accounts.c.book_id == book)).all())  # fmt: skip
        written = dict(connection.execute(select(journals.c.subject_id, journals.c.id)).all())
        other_cash = connection.scalars(
            select(accounts.c.id).where(accounts.c.book_id == other, accounts.c.code == "cash")
        ).one()
    return Rows(
        book, other, supplier, anchor, written[2], written[3], account["cashEUR"],
        account["purchased receivablesEUR"], account["cashUSD"], other_cash, 71, 71,
    )  # fmt: skip


@pytest.fixture
def refuses(database: Database) -> Callable[..., None]:
    """Run statements in one transaction; the last must be refused with a text that holds one of the words."""

    def check(*statements: Executable, words: tuple[str, ...]) -> None:
        *ground, last = statements
        with database.engine.connect() as connection:
            for statement in ground:
                connection.execute(statement)
            with pytest.raises(DBAPIError) as caught:
                connection.execute(last)
        assert any(word in str(caught.value.orig) for word in words), caught.value

    return check


def posting(rows: Rows, **values: Any) -> dict[str, Any]:
    """A sound posting of the first book, with some of it changed."""
    sound = {
        "journal_id": rows.journal,
        "line": 9,
        "book_id": rows.book,
        "currency": "EUR",
        "debit_account_id": rows.cash,
        "credit_account_id": rows.receivable_account,
        "amount_minor": 1,
    }
    return sound | values


MISPLACED = ("another book or currency", "FOREIGN KEY")
BAD_POSTINGS: dict[str, tuple[Callable[[Rows], dict[str, Any]], tuple[str, ...]]] = {
    "nothing": (lambda w: posting(w, amount_minor=0), ("ck_posting_positive",)),
    "negative": (lambda w: posting(w, amount_minor=-1), ("ck_posting_positive",)),
    "one account": (lambda w: posting(w, credit_account_id=w.cash), ("ck_posting_two_accounts",)),
    "debit of another book": (lambda w: posting(w, debit_account_id=w.other_cash), MISPLACED),
    "credit of another book": (lambda w: posting(w, credit_account_id=w.other_cash), MISPLACED),
    "debit in dollars": (lambda w: posting(w, debit_account_id=w.dollars), MISPLACED),
    "credit in dollars": (lambda w: posting(w, credit_account_id=w.dollars), MISPLACED),
    "in another currency than both": (lambda w: posting(w, currency="USD"), MISPLACED),
    "journal of another book": (lambda w: posting(w, journal_id=w.other_journal), MISPLACED),
    "no such journal": (lambda w: posting(w, journal_id=5), MISPLACED),
    "no such debit account": (lambda w: posting(w, debit_account_id=5), MISPLACED),
    "no such credit account": (lambda w: posting(w, credit_account_id=5), MISPLACED),
    "no such book": (lambda w: posting(w, book_id=5), MISPLACED),
    "the same line again": (lambda w: posting(w, line=1), ("pk_posting", "posting.journal_id, posting.line")),
}


@pytest.mark.parametrize("case", BAD_POSTINGS)
def test_a_bad_posting_is_refused_by_insert(rows: Rows, refuses: Callable[..., None], case: str) -> None:
    bad, words = BAD_POSTINGS[case]
    refuses(insert(postings).values(bad(rows)), words=words)


@pytest.mark.parametrize("case", BAD_POSTINGS)
def test_one_bad_posting_among_many_refuses_the_bulk(rows: Rows, database: Database, case: str) -> None:
    bad, words = BAD_POSTINGS[case]
    lines = [posting(rows, line=line) for line in range(100, 160)] + [bad(rows)]
    columns = tuple(lines[0])
    with pytest.raises(IntegrityError) as caught, database.engine.begin() as connection:
        bulk.insert(connection, postings, columns, [tuple(line.values()) for line in lines])
    assert any(word in str(caught.value.orig) for word in words)
    with database.reading() as connection:
        assert connection.scalar(select(postings.c.line).where(postings.c.line >= 100)) is None


def test_a_sound_posting_is_taken(rows: Rows, database: Database) -> None:
    with database.engine.connect() as connection:
        connection.execute(insert(postings).values(posting(rows)))
        connection.rollback()


APPEND_ONLY = [postings, journals, account_days, command_logs]
KEPT = ("append-only",)


@pytest.mark.parametrize("table", APPEND_ONLY, ids=str)
def test_what_was_written_can_be_neither_changed_nor_deleted(
    rows: Rows, database: Database, refuses: Callable[..., None], table: Table
) -> None:
    with database.reading() as connection:
        assert connection.execute(select(table)).first(), "there must be a row to change"
    same = next(column for column in table.c if not column.primary_key)
    refuses(update(table).values({same.name: same}), words=KEPT)
    refuses(delete(table), words=KEPT)
    if database.engine.dialect.name == "postgresql":
        refuses(text(f"TRUNCATE {table.name} CASCADE"), words=KEPT)
    else:
        refuses(text(f"INSERT OR REPLACE INTO {table.name} SELECT * FROM {table.name}"), words=KEPT)


KEYS = ["id", "book_id", "code", "owner_id", "currency", "debit_normal", "floored"]


@pytest.mark.parametrize("key", KEYS)
def test_an_account_keeps_its_keys(rows: Rows, refuses: Callable[..., None], key: str) -> None:
    refuses(update(accounts).values({key: accounts.c[key]}), words=KEPT)


def test_an_account_stays(rows: Rows, database: Database, refuses: Callable[..., None]) -> None:
    refuses(delete(accounts), words=KEPT)
    if database.engine.dialect.name == "postgresql":
        refuses(text("TRUNCATE account CASCADE"), words=KEPT)


def changed(rows: Rows, account_id: int, **values: Any) -> Executable:
    return update(accounts).where(accounts.c.id == account_id).values(**values)


def advance(rows: Rows, **values: Any) -> Executable:
    """An advance of 100 on the receivable, 10 of it discount."""
    ids = {"book_id": rows.book, "receivable_id": rows.receivable, "enrolment_id": rows.enrolment}
    parties = {"anchor_id": rows.anchor, "supplier_id": rows.supplier, "request_id": 81, "terms_id": 81}
    sums = {"face_minor": 120, "advance_minor": 100, "reserve_minor": 20, "net_minor": 90, "discount_minor": 10}
    rest = {"fee_minor": 0, "vat_minor": 0, "kind": "bought", "status": "funded"}
    return new(advances, **(ids | parties | sums | rest | values))


def request(rows: Rows, **values: Any) -> Executable:
    ids = {"book_id": rows.book, "receivable_id": rows.receivable, "enrolment_id": rows.enrolment, "terms_id": 81}
    own = {"supplier_id": rows.supplier, "anchor_id": rows.anchor, "status": "requested"}
    return new(advance_requests, **(ids | own | values))


def ground(rows: Rows) -> list[Executable]:
    """Terms and a request, to which advances refer."""
    return [new(terms_documents, id=81), request(rows, id=81)]


def receivable(rows: Rows, **values: Any) -> Executable:
    return new(
        receivables,
        **({"debtor_id": rows.anchor, "creditor_id": rows.supplier, "fingerprint": "g", "status": "open"} | values),
    )


def payout(rows: Rows, **values: Any) -> Executable:
    return new(payouts, **({"book_id": rows.book, "beneficiary_id": rows.supplier, "status": "sent"} | values))


def collection(rows: Rows, **values: Any) -> Executable:
    return new(collections, **({"book_id": rows.book, "entry_id": 91, "status": "received"} | values))


def entry(rows: Rows) -> list[Executable]:
    """A line of a bank statement, to which collections refer."""
    statement = new(bank_statements, id=91, book_id=rows.book)
    return [new(files), statement, new(statement_entries, id=91, statement_id=91, book_id=rows.book)]


def account(rows: Rows, **values: Any) -> Executable:
    zero = {"debit_minor": 0, "credit_minor": 0, "floored": True, "debit_normal": True}
    return new(accounts, **({"book_id": rows.book, "owner_id": 5} | zero | values))


# by what is refused: the statements, of which the last is the one, and a word of the refusal on either database
BAD_ROWS: dict[str, tuple[Callable[[Rows], list[Executable]], tuple[str, ...]]] = {
    "a floor broken on the debit side": (
        lambda w: [changed(w, w.receivable_account, credit_minor=501)],
        ("ck_account_floor",),
    ),
    "a floor broken by a debit taken back": (
        lambda w: [changed(w, w.receivable_account, debit_minor=-1)],
        ("ck_account_floor",),
    ),
    "a floor broken on the credit side": (
        lambda w: [account(w, debit_normal=False), changed(w, 1, debit_minor=1)],
        ("ck_account_floor",),
    ),
    "running totals on an account without a floor": (
        lambda w: [changed(w, w.cash, debit_minor=1)],
        ("ck_account_unfloored_keeps_no_totals",),
    ),
    "an account twice": (lambda w: [account(w), account(w, id=2)], ("uq_account_book_id", "account.book_id")),
    "an account of no book": (lambda w: [account(w, book_id=5)], ("fk_account_book_id", "FOREIGN KEY")),
    "an event twice for one subject": (
        lambda w: [new(journals, book_id=w.book, event="advance funded", subject_id=2, occurrence=1)],
        ("uq_journal_subject_id", "journal.subject_id"),
    ),
    "an event twice, the second time in another book": (
        lambda w: [new(journals, book_id=w.other_book, event="advance funded", subject_id=2, occurrence=1)],
        ("uq_journal_subject_id", "journal.subject_id"),
    ),
    "an advance on a receivable that has one": (
        lambda w: [*ground(w), advance(w), advance(w, id=2)],
        ("uq_advance_receivable_id", "advance.receivable_id"),
    ),
    "an advance in another book on a receivable that has one": (
        lambda w: [*ground(w), advance(w), advance(w, id=2, book_id=w.other_book)],
        ("uq_advance_receivable_id", "advance.receivable_id"),
    ),
    "an advance whose parts do not add up": (
        lambda w: [*ground(w), advance(w, net_minor=91)],
        ("ck_advance_adds_up",),
    ),
    "an advance beyond the face": (lambda w: [*ground(w), advance(w, face_minor=119)], ("ck_advance_adds_up",)),
    "an advance of nothing": (
        lambda w: [*ground(w), advance(w, net_minor=0, discount_minor=100)],
        ("ck_advance_adds_up",),
    ),
    "an advance in a status there is not": (
        lambda w: [*ground(w), advance(w, status="lost")],
        ("ck_advance_status",),
    ),
    "two live requests on one receivable": (
        lambda w: [*ground(w), request(w, id=82, status="approved")],
        ("uq_advance_request_live", "advance_request.receivable_id"),
    ),
    "the same claim of a debtor twice": (
        lambda w: [receivable(w, fingerprint="f")],
        ("uq_receivable_debtor_id", "receivable.debtor_id"),
    ),
    "a receivable of nothing": (lambda w: [receivable(w, face_minor=0)], ("ck_receivable_open_within_face",)),
    "more open than the face": (lambda w: [receivable(w, open_minor=2)], ("ck_receivable_open_within_face",)),
    "less open than nothing": (lambda w: [receivable(w, open_minor=-1)], ("ck_receivable_open_within_face",)),
    "a receivable of nobody": (lambda w: [receivable(w, debtor_id=5)], ("refers to what is not there", "FOREIGN KEY")),
    "a credit note of nothing": (
        lambda w: [
            new(credit_notes, receivable_id=w.receivable, creditor_id=w.supplier, amount_minor=0, status="received")
        ],
        ("ck_credit_note_positive",),
    ),
    "a credit note twice": (
        lambda w: [
            new(credit_notes, receivable_id=w.receivable, creditor_id=w.supplier, status="received"),
            new(credit_notes, receivable_id=w.receivable, creditor_id=w.supplier, status="received", id=2),
        ],
        ("uq_credit_note_receivable_id", "credit_note.receivable_id"),
    ),
    "a dilution twice": (
        lambda w: [
            *ground(w),
            advance(w),
            new(credit_notes, receivable_id=w.receivable, creditor_id=w.supplier, status="received"),
            new(dilutions, book_id=w.book),
            new(dilutions, book_id=w.book, id=2),
        ],
        ("uq_dilution_credit_note_id", "dilution.credit_note_id"),
    ),
    "an assignment twice": (
        lambda w: [
            *ground(w),
            advance(w),
            new(assignments, book_id=w.book, from_id=w.supplier, to_id=w.anchor, agreement_id=81, status="agreed"),
            new(
                assignments, id=2, book_id=w.book, from_id=w.supplier, to_id=w.anchor, agreement_id=81, status="agreed"
            ),
        ],
        ("uq_assignment_advance_id", "assignment.advance_id"),
    ),
    "a claim of nothing": (
        lambda w: [
            *ground(w),
            advance(w),
            new(claims, book_id=w.book, supplier_id=w.supplier, reason="recourse", status="open", amount_minor=0),
        ],
        ("ck_claim_positive",),
    ),
    "a loss of which the guarantor gets more than all": (
        lambda w: [
            *ground(w),
            advance(w),
            new(losses, book_id=w.book, kind="recovered", amount_minor=1, guarantor_minor=2),
        ],
        ("ck_loss_amounts",),
    ),
    "a payout of nothing": (lambda w: [payout(w, amount_minor=0)], ("ck_payout_positive",)),
    "a negative payout": (lambda w: [payout(w, amount_minor=-5)], ("ck_payout_positive",)),
    "a payout replaced twice": (
        lambda w: [payout(w), payout(w, id=2, replaces_id=1), payout(w, id=3, replaces_id=1)],
        ("uq_payout_replaces_id", "payout.replaces_id"),
    ),
    "two active accounts to pay to": (
        lambda w: [
            new(bank_accounts, book_id=w.book, organisation_id=w.supplier, status="active"),
            new(bank_accounts, book_id=w.book, organisation_id=w.supplier, status="active", id=2),
        ],
        ("uq_bank_account_active", "bank_account.book_id"),
    ),
    "a collection of nothing": (
        lambda w: [*entry(w), collection(w, amount_minor=0)],
        ("ck_collection_positive",),
    ),
    "the same money received twice": (
        lambda w: [*entry(w), collection(w), collection(w, id=2)],
        ("uq_collection_book_id", "collection.book_id"),
    ),
    "a proposal checked by its maker": (
        lambda w: [new(proposals, status="accepted", decided_at=ANY[datetime], maker_id=7, checker_id=7)],
        ("ck_proposal_four_eyes",),
    ),
}


@pytest.mark.parametrize("case", BAD_ROWS)
def test_a_bad_row_is_refused(rows: Rows, refuses: Callable[..., None], case: str) -> None:
    statements, words = BAD_ROWS[case]
    refuses(*statements(rows), words=words)


def test_text_in_a_money_column_is_refused(rows: Rows, refuses: Callable[..., None]) -> None:
    refuses(
        text(f"UPDATE account SET debit_minor = 'much' WHERE id = {rows.receivable_account}"),
        words=("cannot store TEXT", "invalid input syntax"),
    )
