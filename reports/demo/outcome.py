"""What the demo came to, read from the database: per book, requests by who decided, journals by event, what is open."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, func, select

from reports.demo.desks import Confirmed
from reports.demo.uploads import Sent
from scf.actor import PLATFORM
from scf.audit.chain import broken
from scf.books.queries import Book
from scf.factoring.models import advance_requests, advances, assignments, claims
from scf.ledger import checks
from scf.ledger.chart import CHART
from scf.ledger.models import journals, postings
from scf.ledger.queries import balances
from scf.payments.models import collections, payouts, statement_entries
from scf.receivables.models import receivables


@dataclass(frozen=True, slots=True)
class Sum:
    """How many, and how much in minor units."""

    count: int = 0
    amount_minor: int = 0


@dataclass(frozen=True, slots=True)
class BookOutcome:
    """What became of one book: everything counted from its own rows."""

    ref: str
    requests: Mapping[str, Sum]
    events: Mapping[str, Sum]
    advances: Mapping[str, Sum]
    assignment_count: int
    payouts: Mapping[str, Sum]
    balances: Mapping[str, int]
    unreconciled_count: int
    unapplied_count: int
    open_claim_count: int
    debit_minor: int
    credit_minor: int
    findings: Sequence[checks.Finding]
    broken_links: Sequence[int]

    @property
    def in_balance(self) -> bool:
        """Debits equal credits, the ledger's own checks find nothing, and the audit chain holds."""
        return self.debit_minor == self.credit_minor and not self.findings and not self.broken_links


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of all."""

    sent: Sent
    confirmed: Confirmed
    receivables: Mapping[str, Sum]
    books: Sequence[BookOutcome]


def outcome(connection: Connection, sent: Sent, confirmed: Confirmed, books: Sequence[Book]) -> Outcome:
    """Everything, at the end."""
    rows = connection.execute(
        select(receivables.c.status, func.count(), func.sum(receivables.c.face_minor)).group_by(receivables.c.status)
    )
    return Outcome(sent, confirmed, _sums(rows), [_book(connection, book) for book in books])


def _sums(rows: Iterable[Any]) -> dict[str, Sum]:
    found = {str(row[0]): Sum(int(row[1]), int(row[2] or 0)) for row in rows}
    return dict(sorted(found.items()))


def _book(connection: Connection, book: Book) -> BookOutcome:
    found = [each for each in balances(connection, book.id) if not CHART[each.code].memorandum]
    codes = sorted({each.code for each in found})
    return BookOutcome(
        ref=book.ref,
        requests=_requests(connection, book.id),
        events=_events(connection, book.id),
        advances=_advances(connection, book.id),
        assignment_count=_count(connection, assignments, book.id),
        payouts=_payouts(connection, book.id),
        balances={code: sum(each.net_minor for each in found if each.code == code) for code in codes},
        unreconciled_count=_count(connection, statement_entries, book.id, ~_reconciled()),
        unapplied_count=_count(connection, collections, book.id, collections.c.status != "applied"),
        open_claim_count=_count(connection, claims, book.id, claims.c.status == "open"),
        debit_minor=sum(max(each.net_minor, 0) for each in found),
        credit_minor=sum(max(-each.net_minor, 0) for each in found),
        findings=checks.findings(connection, book.id),
        broken_links=broken(connection, book.id),
    )


def _reconciled() -> ColumnElement[bool]:
    return statement_entries.c.reconciled | (statement_entries.c.meaning == "seen")


def _count(connection: Connection, table: Table, book_id: int, *which: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(table).where(table.c.book_id == book_id, *which)
    return int(connection.execute(query).scalar_one())


def _requests(connection: Connection, book_id: int) -> dict[str, Sum]:
    """Asked by whom, and decided by whom."""
    column, by_rule = advance_requests.c, advance_requests.c.decided_by_id == PLATFORM.id
    query = (
        select(column.origin, column.status, by_rule, func.count(), func.sum(receivables.c.face_minor))
        .join(receivables, receivables.c.id == column.receivable_id)
        .where(column.book_id == book_id)
        .group_by(column.origin, column.status, by_rule)
    )
    found: dict[str, Sum] = {}
    for origin, status, ruled, count, face in connection.execute(query):
        decided = status if status != "funded" else "approved by rule" if ruled else "approved by people"
        for name in (f"asked, {origin}", decided):
            before = found.get(name, Sum())
            found[name] = Sum(before.count + count, before.amount_minor + int(face))
    return dict(sorted(found.items()))


def _events(connection: Connection, book_id: int) -> dict[str, Sum]:
    """The book's journals by event: how many, and what they posted."""
    query = (
        select(journals.c.event, func.count(journals.c.id.distinct()), func.sum(postings.c.amount_minor))
        .join(postings, postings.c.journal_id == journals.c.id)
        .where(journals.c.book_id == book_id, journals.c.event != "limit moved")
        .group_by(journals.c.event)
    )
    return _sums(connection.execute(query))


def _advances(connection: Connection, book_id: int) -> dict[str, Sum]:
    """The advances by status, and the parts of their price."""
    column = advances.c
    by_status = select(column.status, func.count(), func.sum(column.face_minor)).where(column.book_id == book_id)
    found = _sums(connection.execute(by_status.group_by(column.status)))
    for name in ("face", "advance", "reserve", "discount", "fee", "vat", "net"):
        part = column[f"{name}_minor"]
        query = select(func.count(), func.coalesce(func.sum(part), 0)).where(column.book_id == book_id, part > 0)
        count, amount = connection.execute(query).one()
        found[name] = Sum(int(count), int(amount))
    return found


def _payouts(connection: Connection, book_id: int) -> dict[str, Sum]:
    column = payouts.c
    query = select(column.status, func.count(), func.sum(column.amount_minor)).where(column.book_id == book_id)
    return _sums(connection.execute(query.group_by(column.status)))
