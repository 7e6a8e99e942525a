"""What can be chosen in the filters of lists: books, and the parties one deals with in programmes, by name."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, select

from scf import ids
from scf.books.models import books
from scf.organisations.models import organisations
from scf.programmes.models import enrolments, programmes
from scf.routes import Caller

# beyond that a list to choose from is no help
_MOST = 500

Choices = Sequence[tuple[str, str]]


def readable_books(caller: Caller, connection: Connection) -> Choices:
    """The books of the caller's organisation; all of them to who runs the platform."""
    query = select(books.c.id, books.c.ref).order_by(books.c.ref).limit(_MOST)
    own = query if caller.actor.operates else query.where(books.c.funder_id == caller.organisation_id)
    return [(ids.text("bok", row.id), row.ref) for row in connection.execute(own)]


def suppliers_of_book(caller: Caller, connection: Connection) -> Choices:
    """The suppliers enrolled in the book's programmes."""
    return _named(connection, enrolments.c.supplier_id, enrolments.c.book_id == caller.in_book().id)


def anchors_of_book(caller: Caller, connection: Connection) -> Choices:
    """The anchors of the book's programmes."""
    return _named(connection, programmes.c.anchor_id, programmes.c.book_id == caller.in_book().id)


def anchors_of_supplier(caller: Caller, connection: Connection) -> Choices:
    """The anchors in whose programmes the caller's organisation takes part."""
    return _named(connection, enrolments.c.anchor_id, enrolments.c.supplier_id == caller.organisation_id)


def suppliers_of_anchor(caller: Caller, connection: Connection) -> Choices:
    """The suppliers who take part in the programmes of the caller's organisation."""
    return _named(connection, enrolments.c.supplier_id, enrolments.c.anchor_id == caller.organisation_id)


def parties_of_book(caller: Caller, connection: Connection) -> Choices:
    """Everybody who takes part in the book's programmes, by name."""
    book_id = caller.in_book().id
    enrolled = select(enrolments.c.supplier_id).where(enrolments.c.book_id == book_id)
    anchors = select(programmes.c.anchor_id).where(programmes.c.book_id == book_id)
    return _chosen(connection, organisations.c.id.in_(enrolled) | organisations.c.id.in_(anchors))


def programmes_of_book(caller: Caller, connection: Connection) -> Choices:
    """The book's programmes."""
    rows = connection.execute(
        select(programmes.c.id, programmes.c.name)
        .where(programmes.c.book_id == caller.in_book().id)
        .order_by(programmes.c.name)
        .limit(_MOST)
    )
    return [(ids.text("prg", row.id), row.name) for row in rows]


def _named(connection: Connection, party: ColumnElement[int], whose: ColumnElement[bool]) -> Choices:
    return _chosen(connection, organisations.c.id.in_(select(party).where(whose)))


def _chosen(connection: Connection, whom: ColumnElement[bool]) -> Choices:
    rows = connection.execute(
        select(organisations.c.id, organisations.c.name)
        .where(whom)
        .order_by(organisations.c.name, organisations.c.id)
        .limit(_MOST)
    )
    return [(ids.text("org", row.id), row.name) for row in rows]
