"""What is one's own, for the queries of time lines and searches; the operator reads every book, and is not narrowed."""

from typing import Any

from sqlalchemy import ColumnElement, or_, select, true

from scf.books.models import books
from scf.routes import Caller


def is_mine(caller: Caller, *holders: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether any of these columns holds the caller's organisation."""
    if caller.actor.operates:
        return true()
    return or_(*[column == caller.organisation_id for column in holders])


def in_my_books(caller: Caller, book: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether the column holds a book of which the caller's organisation is the funder."""
    if caller.actor.operates:
        return true()
    return book.in_(select(books.c.id).where(books.c.funder_id == caller.organisation_id))


def mine_or_in_my_books(caller: Caller, book: ColumnElement[Any], *holders: ColumnElement[Any]) -> ColumnElement[bool]:
    """Either."""
    return or_(in_my_books(caller, book), is_mine(caller, *holders))


def among_my_books(caller: Caller, book: ColumnElement[Any]) -> ColumnElement[bool]:
    """The same for what is looked for by an index that begins with the book; the operator's books are all there are."""
    own = select(books.c.id)
    return book.in_(own if caller.actor.operates else own.where(books.c.funder_id == caller.organisation_id))
