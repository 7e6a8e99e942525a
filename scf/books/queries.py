"""Questions about books; and the one move of the business date."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import Connection, insert, select, update

from scf.books.models import books
from scf.errors import FieldError, StaleWrite


@dataclass(frozen=True, slots=True)
class Book:
    """A funder's book as it stands."""

    id: int
    ref: str
    funder_id: int
    calendar: str
    business_date: date
    previous_on: date


_BOOK = select(books.c.id, books.c.ref, books.c.funder_id, books.c.calendar, books.c.business_date, books.c.previous_on)


def find(connection: Connection, book_id: int) -> Book | None:
    """The book, or None."""
    row = connection.execute(_BOOK.where(books.c.id == book_id)).one_or_none()
    return Book(*row) if row else None


def by_ref(connection: Connection, ref: str) -> Book:
    """The book people call `ref`. Raises `FieldError` naming the books there are."""
    row = connection.execute(_BOOK.where(books.c.ref == ref)).one_or_none()
    if row is None:
        refs = connection.execute(select(books.c.ref).order_by(books.c.ref)).scalars()
        raise FieldError("book", f"there is no book {ref!r}; there are: {', '.join(refs) or 'none yet'}")
    return Book(*row)


def every(connection: Connection) -> list[Book]:
    """All books, by ref."""
    return [Book(*row) for row in connection.execute(_BOOK.order_by(books.c.ref))]


def of_funder(connection: Connection, funder_id: int) -> list[Book]:
    """The books of a funder, by ref."""
    return [Book(*row) for row in connection.execute(_BOOK.where(books.c.funder_id == funder_id).order_by(books.c.ref))]


def add(connection: Connection, rows: Sequence[Book], at: datetime) -> None:
    """Add books; a part for the operator's command."""
    connection.execute(insert(books), [asdict(row) | {"created_at": at} for row in rows])


def set_calendar(connection: Connection, book: Book, calendar: str) -> None:
    """Give a book another calendar; a part for the command that holds the book exclusively."""
    connection.execute(update(books).where(books.c.id == book.id).values(calendar=calendar))


def move_date(connection: Connection, book: Book, to: date) -> None:
    """Move a book's business date on; a part for the close, which holds the book exclusively."""
    statement = (
        update(books)
        .where(books.c.id == book.id, books.c.business_date == book.business_date)
        .values(business_date=to, previous_on=book.business_date)
    )
    if connection.execute(statement).rowcount != 1:
        raise StaleWrite(f"book {book.ref} was no longer on {book.business_date}")
