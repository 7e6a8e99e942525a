"""Requests and advances by how the number of their invoice begins, in one's books."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from scf import ids
from scf.db.prefixes import beginning
from scf.factoring.models import advance_requests, advances
from scf.routes import Caller
from scf.screens import Hit, Search
from scf.web.own import among_my_books
from scf.web.words import N_

_MAX = 10


def _refs(caller: Caller, connection: Connection, typed: str) -> Sequence[Hit]:
    """An advance stands for its request, once there is one."""
    same = (advances.c.request_id == advance_requests.c.id) & (advances.c.book_id == advance_requests.c.book_id)
    asked = (
        select(advance_requests.c.id, advance_requests.c.ref, advances.c.id.label("advance_id"))
        .outerjoin(advances, (advances.c.receivable_id == advance_requests.c.receivable_id) & same)
        .where(among_my_books(caller, advance_requests.c.book_id))
    )
    rows = connection.execute(beginning(connection, asked, [advance_requests.c.ref], typed, _MAX))
    return [
        Hit(row.ref, N_("Advance"), f"/things/{ids.text('adv', row.advance_id)}")
        if row.advance_id
        else Hit(row.ref, N_("Advance request"), f"/things/{ids.text('req', row.id)}")
        for row in rows
    ]


SEARCHES = (Search("factoring.read", _refs),)
