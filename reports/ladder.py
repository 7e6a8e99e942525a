"""The maturity ladder: what falls due from which anchor on which day, of the advances that are funded now.

It speaks of the present: the open amount is what the receivables say today, so there is no ladder of a past day.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from sqlalchemy import Connection, func, select

from reports.tabular import Bar, Chart, Column, Kind, Rank, Report, Row, Section, long_date, short_date
from scf.books.queries import Book
from scf.factoring.models import advances
from scf.money import Money
from scf.organisations.models import organisations
from scf.receivables.models import receivables

WEEKS = 12


@dataclass(frozen=True, slots=True)
class Rung:
    """What one anchor must pay on one day in one currency."""

    anchor_id: int
    anchor: str
    due_on: date
    currency: str
    receivable_count: int
    face_minor: int
    open_minor: int


_COLUMNS = (
    Column("anchor", "Anchor", Kind.TEXT, 170),
    Column("due_on", "Due", Kind.DATE, 65),
    Column("currency", "Currency", Kind.TEXT, 50),
    Column("receivable_count", "Receivables", Kind.COUNT, 60),
    Column("face", "Face", Kind.AMOUNT, 85),
    Column("open", "Open", Kind.AMOUNT, 85),
)


def rungs(connection: Connection, book_id: int) -> list[Rung]:
    """The funded advances of a book by anchor, due date and currency, in one SELECT."""
    rows = connection.execute(
        select(
            organisations.c.id,
            organisations.c.name,
            advances.c.due_on,
            advances.c.currency,
            func.count(),
            func.sum(advances.c.face_minor),
            func.sum(receivables.c.open_minor),
        )
        .select_from(advances)
        .join(receivables, receivables.c.id == advances.c.receivable_id)
        .join(organisations, organisations.c.id == advances.c.anchor_id)
        .where(advances.c.book_id == book_id, advances.c.status == "funded")
        .group_by(organisations.c.id, organisations.c.name, advances.c.due_on, advances.c.currency)
        .order_by(organisations.c.name, organisations.c.id, advances.c.due_on, advances.c.currency)
    )
    return [
        Rung(anchor_id, anchor, due_on, currency, count, int(face), int(still_open))
        for anchor_id, anchor, due_on, currency, count, face, still_open in rows
    ]


def ladder(book: Book, found: Sequence[Rung]) -> Report:
    """The report of rungs that stand together by anchor."""
    subtitle = (f"Book {book.ref}", f"Business date {long_date(book.business_date)}")
    section = Section("Funded advances by anchor and day", _COLUMNS, tuple(_rows(found)))
    return Report("Maturity ladder", subtitle, (section,), _chart(book.business_date, found))


def build(connection: Connection, book: Book) -> Report:
    """The maturity ladder of a book as it stands."""
    return ladder(book, rungs(connection, book.id))


def _rows(found: Sequence[Rung]) -> Iterator[Row]:
    for _, group in groupby(found, lambda rung: rung.anchor_id):
        of_anchor = list(group)
        yield from (_row(rung.anchor, rung.due_on, [rung], Rank.DETAIL) for rung in of_anchor)
        yield from _sums(f"Subtotal {of_anchor[0].anchor}", of_anchor, Rank.SUBTOTAL)
    yield from _sums("Total", found, Rank.TOTAL)


def _sums(label: str, found: Iterable[Rung], rank: Rank) -> Iterator[Row]:
    """One sum a currency: amounts of different currencies are never added up."""
    by_currency: dict[str, list[Rung]] = {}
    for rung in found:
        by_currency.setdefault(rung.currency, []).append(rung)
    return (_row(label, None, by_currency[currency], rank) for currency in sorted(by_currency))


def _row(label: str, due_on: date | None, of: list[Rung], rank: Rank) -> Row:
    currency = of[0].currency
    face = Money(sum(rung.face_minor for rung in of), currency)
    still_open = Money(sum(rung.open_minor for rung in of), currency)
    return Row((label, due_on, currency, sum(rung.receivable_count for rung in of), face, still_open), rank)


def _chart(business_date: date, found: Sequence[Rung]) -> Chart | None:
    """The open amounts by due week, in the currency that most receivables are in; None when nothing is funded."""
    if not found:
        return None
    counts: Counter[str] = Counter()
    for rung in found:
        counts[rung.currency] += rung.receivable_count
    currency = min(counts, key=lambda code: (-counts[code], code))
    monday = business_date - timedelta(days=business_date.weekday())
    labels = [short_date(monday + timedelta(weeks=week)) for week in range(WEEKS)]
    heights = dict.fromkeys(["overdue", *labels, "later"], 0)
    for rung in found:
        if rung.currency == currency:
            heights[_label(rung.due_on, business_date, monday, labels)] += rung.open_minor
    shown = [Bar(label, height) for label, height in heights.items() if height or label in labels]
    return Chart(f"Open amount by due week, {currency}", currency, tuple(shown))


def _label(due_on: date, business_date: date, monday: date, labels: list[str]) -> str:
    if due_on < business_date:
        return "overdue"
    week = (due_on - monday).days // 7
    return labels[week] if week < len(labels) else "later"
