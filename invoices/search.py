"""Invoices by how their number begins: for who sent them, and for who received them."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from invoices.models import invoices
from scf import ids
from scf.db.prefixes import beginning
from scf.routes import Caller
from scf.screens import Hit, Search
from scf.web.words import N_

_MAX = 10


def _numbers(caller: Caller, connection: Connection, typed: str) -> Sequence[Hit]:
    asked = select(invoices.c.id, invoices.c.number)
    rows = [
        row
        for side in (invoices.c.supplier_id, invoices.c.anchor_id)
        for row in connection.execute(
            beginning(connection, asked.where(side == caller.organisation_id), [invoices.c.number], typed, _MAX)
        )
    ]
    return [Hit(row.number, N_("Invoice"), f"/things/{ids.text('inv', row.id)}") for row in rows]


SEARCHES = (Search("invoices.read", _numbers),)
