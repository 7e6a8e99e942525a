"""The demo's reports as files: the maturity ladder when it is full, statements and trial balances at the end."""

from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from reports.run import FORMS, build, render
from scf.books.queries import Book


def write_ladder(connection: Connection, book: Book, folder: Path) -> list[Path]:
    """The maturity ladder of a book as it stands."""
    return _write(connection, book, folder, f"{book.ref.lower()}-maturity-ladder", "ladder")


def write_statement(
    connection: Connection, book: Book, folder: Path, supplier_id: int, place: int, from_on: date, to_on: date
) -> list[Path]:
    """A supplier's statement; `place` is its place among the demo's suppliers, from 1."""
    name = f"{book.ref.lower()}-supplier-{place}-statement"
    params = {"supplier_id": supplier_id, "from_on": from_on, "to_on": to_on}
    return _write(connection, book, folder, name, "supplier-statement", **params)


def write_trial_balance(connection: Connection, book: Book, folder: Path, name: str) -> list[Path]:
    """The trial balance of a book by all value dates."""
    return _write(connection, book, folder, f"{book.ref.lower()}-trial-balance-{name}", "trial-balance")


def _write(connection: Connection, book: Book, folder: Path, name: str, report: str, **params: Any) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    built = build(connection, report, book, **params)
    paths = []
    for form in sorted(FORMS):
        path = folder / f"{name}.{form}"
        path.write_bytes(render(built, form))
        paths.append(path)
    return paths
