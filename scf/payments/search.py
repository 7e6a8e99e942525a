"""Payouts by how their reference begins, and lines of bank statements by theirs or the bank's, in one's books."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from scf import ids
from scf.db.prefixes import beginning
from scf.payments.models import collections, payouts, statement_entries
from scf.routes import Caller
from scf.screens import Hit, Search
from scf.web.own import among_my_books
from scf.web.words import N_

_MAX = 10


def _payouts(caller: Caller, connection: Connection, typed: str) -> Sequence[Hit]:
    asked = select(payouts.c.id, payouts.c.ref).where(among_my_books(caller, payouts.c.book_id))
    rows = connection.execute(beginning(connection, asked, [payouts.c.ref], typed, _MAX))
    return [Hit(row.ref, N_("Payout"), f"/things/{ids.text('pay', row.id)}") for row in rows]


def _entries(caller: Caller, connection: Connection, typed: str) -> Sequence[Hit]:
    """A line that is a collection leads to it, another to its statement."""
    entry = statement_entries.c
    same = (collections.c.book_id == entry.book_id) & (collections.c.bank_ref == entry.bank_ref)
    asked = (
        select(entry.book_id, entry.statement_id, entry.bank_ref, entry.reference)
        .add_columns(collections.c.id.label("collection_id"))
        .outerjoin(collections, same & (collections.c.entry_id == entry.id))
        .where(among_my_books(caller, entry.book_id))
    )
    rows = connection.execute(beginning(connection, asked, [entry.reference, entry.bank_ref], typed, _MAX))
    return [
        Hit(row.reference or row.bank_ref, N_("Collection"), f"/things/{ids.text('col', row.collection_id)}")
        if row.collection_id
        else Hit(
            row.reference or row.bank_ref,
            N_("Statement entry"),
            f"/books/{ids.text('bok', row.book_id)}/statement-entries?statement_id={ids.text('stm', row.statement_id)}",
        )
        for row in rows
    ]


SEARCHES = (Search("payments.read", _payouts), Search("payments.read", _entries))
