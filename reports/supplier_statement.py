"""A supplier's statement: opening position, every movement on its accounts with running balances, closing position,
and its advances. Positions and movements come from the ledger alone; nothing is reckoned from statuses.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, or_, select

from reports.supplier_ledger import Movement, Position, accounts_of, movements, opening
from reports.tabular import Cell, Column, Kind, Rank, Report, Row, Section, long_date
from scf.books.queries import Book
from scf.errors import FieldError
from scf.factoring.models import advances
from scf.money import Money
from scf.organisations.queries import names


@dataclass(frozen=True, slots=True)
class AdvanceLine:
    """One advance; face = net + discount + fee + vat + reserve, in minor units."""

    ref: str
    credited_on: date
    due_on: date
    currency: str
    face_minor: int
    net_minor: int
    discount_minor: int
    fee_minor: int
    vat_minor: int
    reserve_minor: int
    status: str


@dataclass(frozen=True, slots=True)
class Period:
    """Value dates, both included."""

    from_on: date
    to_on: date


CREDITED, OLDER = "Advances credited in the period", "Advances credited in the period or still funded"
_MOVEMENT_COLUMNS = (
    Column("value_date", "Value date", Kind.DATE, 58),
    Column("business_date", "Booked", Kind.DATE, 58),
    Column("event", "Event", Kind.TEXT, 85),
    Column("ref", "Reference", Kind.TEXT, 92),
    Column("currency", "Currency", Kind.TEXT, 45),
    Column("payable_change", "Payable to\nsupplier", Kind.AMOUNT, 72),
    Column("payable_balance", "Balance", Kind.AMOUNT, 72),
    Column("reserve_change", "Reserve", Kind.AMOUNT, 72),
    Column("reserve_balance", "Balance", Kind.AMOUNT, 72),
    Column("due_change", "Due from\nsupplier", Kind.AMOUNT, 72),
    Column("due_balance", "Balance", Kind.AMOUNT, 72),
)
_ADVANCE_COLUMNS = (
    Column("ref", "Reference", Kind.TEXT, 105),
    Column("credited_on", "Credited", Kind.DATE, 58),
    Column("due_on", "Due", Kind.DATE, 58),
    Column("status", "Status", Kind.TEXT, 60),
    Column("currency", "Currency", Kind.TEXT, 45),
    Column("face", "Face", Kind.AMOUNT, 76),
    Column("net", "Net", Kind.AMOUNT, 76),
    Column("discount", "Discount", Kind.AMOUNT, 70),
    Column("fee", "Fee", Kind.AMOUNT, 62),
    Column("vat", "VAT", Kind.AMOUNT, 62),
    Column("reserve", "Reserve", Kind.AMOUNT, 72),
)


def advance_lines(
    connection: Connection, book_id: int, supplier_id: int, period: Period, *, with_older: bool
) -> list[AdvanceLine]:
    """The supplier's advances credited in the period; `with_older`: and older ones that are funded still."""
    credited = advances.c.credited_on >= period.from_on
    rows = connection.execute(
        select(
            advances.c.ref,
            advances.c.credited_on,
            advances.c.due_on,
            advances.c.currency,
            advances.c.face_minor,
            advances.c.net_minor,
            advances.c.discount_minor,
            advances.c.fee_minor,
            advances.c.vat_minor,
            advances.c.reserve_minor,
            advances.c.status,
        )
        .where(advances.c.book_id == book_id, advances.c.supplier_id == supplier_id)
        .where(advances.c.credited_on <= period.to_on)
        .where(or_(credited, advances.c.status == "funded") if with_older else credited)
        .order_by(advances.c.currency, advances.c.credited_on, advances.c.id)
    )
    return [AdvanceLine(*row) for row in rows]


def statement(
    book: Book,
    supplier: str,
    period: Period,
    positions: Mapping[str, Position],
    moved: Sequence[Movement],
    lines: Sequence[AdvanceLine],
    heading: str = OLDER,
) -> Report:
    """The report of a supplier's opening positions a currency, movements in order, and advances."""
    subtitle = (
        supplier,
        f"Book {book.ref}, business date {long_date(book.business_date)}",
        f"Value dates {long_date(period.from_on)} to {long_date(period.to_on)}",
    )
    sections = (
        Section("Movements", _MOVEMENT_COLUMNS, tuple(_movement_rows(period, positions, moved))),
        Section(heading, _ADVANCE_COLUMNS, tuple(_advance_rows(lines))),
    )
    return Report("Supplier statement", subtitle, sections)


def build(
    connection: Connection, book: Book, *, supplier_id: int, from_on: date, to_on: date, with_older: bool = True
) -> Report:
    """The statement of one supplier, with the older advances that are funded still or without.

    Raises `FieldError` for an unknown supplier or a backward range.
    """
    if to_on < from_on:
        raise FieldError("to_on", f"{to_on} is before {from_on}; give a later day")
    name = names(connection, [supplier_id]).get(supplier_id)
    if name is None:
        raise FieldError("supplier_id", "there is no organisation with this id")
    period = Period(from_on, to_on)
    own = accounts_of(connection, book.id, supplier_id)
    positions = opening(connection, book.id, own, from_on)
    moved = movements(connection, book.id, own, from_on, to_on)
    lines = advance_lines(connection, book.id, supplier_id, period, with_older=with_older)
    return statement(book, name, period, positions, moved, lines, OLDER if with_older else CREDITED)


def _movement_rows(period: Period, positions: Mapping[str, Position], moved: Sequence[Movement]) -> Iterator[Row]:
    for currency in sorted(positions):
        standing = positions[currency]
        yield _position(period.from_on, "Opening position", currency, standing)
        for each in (movement for movement in moved if movement.currency == currency):
            standing = standing.moved_by(each.change)
            said = (each.value_date, each.business_date, each.event, each.ref, currency)
            yield Row((*said, *_amounts(each.change, standing, currency)))
        yield _position(period.to_on, "Closing position", currency, standing)


def _amounts(change: Position, standing: Position, currency: str) -> Iterator[Cell]:
    pairs = (
        (change.payable_minor, standing.payable_minor),
        (change.reserve_minor, standing.reserve_minor),
        (change.due_minor, standing.due_minor),
    )
    for moved, balance in pairs:
        yield Money(moved, currency) if moved else None
        yield Money(balance, currency)


def _position(on: date, label: str, currency: str, standing: Position) -> Row:
    return Row((on, None, label, None, currency, *_amounts(Position(), standing, currency)), Rank.POSITION)


def _advance_rows(lines: Sequence[AdvanceLine]) -> Iterator[Row]:
    for line in lines:
        said = (line.ref, line.credited_on, line.due_on, line.status.replace("_", " "), line.currency)
        yield Row((*said, *_parts([line])))
    for currency in sorted({line.currency for line in lines}):
        of_currency = [line for line in lines if line.currency == currency]
        yield Row(("Total", None, None, None, currency, *_parts(of_currency)), Rank.TOTAL)


def _parts(lines: list[AdvanceLine]) -> Iterator[Money]:
    parts = ((n.face_minor, n.net_minor, n.discount_minor, n.fee_minor, n.vat_minor, n.reserve_minor) for n in lines)
    return (Money(sum(column), lines[0].currency) for column in zip(*parts, strict=True))
