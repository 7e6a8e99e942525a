"""Whom a supplier deals with, by name: for choosing in filters, and for reading in rows."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from scf.books.models import books
from scf.ids import text
from scf.organisations.models import organisations
from scf.programmes.models import enrolments
from scf.routes import Caller

Options = Sequence[tuple[str, str]]


def anchors(caller: Caller, connection: Connection) -> Options:
    """The anchors in whose programmes the supplier takes part."""
    enrolled = select(enrolments.c.anchor_id).where(enrolments.c.supplier_id == caller.organisation_id)
    rows = connection.execute(
        select(organisations.c.id, organisations.c.name)
        .where(organisations.c.id.in_(enrolled))
        .order_by(organisations.c.name)
    )
    return [(text("org", row.id), row.name) for row in rows]


def funders(caller: Caller, connection: Connection) -> Options:
    """The books in which the supplier takes part, by the names of their funders."""
    enrolled = select(enrolments.c.book_id).where(enrolments.c.supplier_id == caller.organisation_id)
    rows = connection.execute(
        select(books.c.id, books.c.ref, organisations.c.name)
        .join(organisations, organisations.c.id == books.c.funder_id)
        .where(books.c.id.in_(enrolled))
        .order_by(organisations.c.name, books.c.ref)
    )
    return [(text("bok", row.id), f"{row.name} · {row.ref}") for row in rows]
