"""Credit notes by how their number begins, for who gave them."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from scf import ids
from scf.db.prefixes import beginning
from scf.receivables.models import credit_notes
from scf.routes import Caller
from scf.screens import Hit, Search
from scf.web.words import N_

_MAX = 10


def _notes(caller: Caller, connection: Connection, typed: str) -> Sequence[Hit]:
    own = select(credit_notes.c.id, credit_notes.c.ref).where(credit_notes.c.creditor_id == caller.organisation_id)
    rows = connection.execute(beginning(connection, own, [credit_notes.c.ref], typed, _MAX))
    return [Hit(row.ref, N_("Credit note"), f"/things/{ids.text('crn', row.id)}") for row in rows]


SEARCHES = (Search("receivables.read", _notes),)
