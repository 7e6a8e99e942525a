"""Which bank a book is worked with: the development bank, kept in a folder, until an adapter for a real one comes."""

from pathlib import Path

from sqlalchemy import select

from scf import calendars
from scf.books.queries import Book
from scf.db.engine import Database
from scf.payments.models import bank_accounts
from scf.payments.null_rail import NullRail


def null_bank(database: Database, folder: Path, book: Book) -> NullRail | None:
    """The development bank of a book's own account; None until that account is agreed."""
    with database.reading() as connection:
        own = connection.execute(
            select(bank_accounts.c.iban, bank_accounts.c.currency)
            .where(
                bank_accounts.c.book_id == book.id,
                bank_accounts.c.organisation_id == book.funder_id,
                bank_accounts.c.status == "active",
            )
            .order_by(bank_accounts.c.id)
            .limit(1)
        ).one_or_none()
    if own is None:
        return None
    return NullRail(folder / book.ref, own.iban, own.currency, lambda on: calendars.is_open(book.calendar, on))
