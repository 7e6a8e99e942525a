"""A panel of a receivable: what its invoice said as it was confirmed, and the confirmation: by whom, when, how strong.

The file itself is its supplier's alone, for a list names other anchors too.
"""

from flask import render_template
from sqlalchemy import Connection, select

from anchors.models import confirmations
from scf.organisations import queries as organisations
from scf.people import queries as people
from scf.receivables.models import receivables
from scf.routes import Caller

_CLAIM = receivables.c


def show(_caller: Caller, connection: Connection, receivable_id: int) -> str:
    """The panel; empty when no anchor confirmed the receivable here, or the reader may not see that."""
    fields = (_CLAIM.ref, _CLAIM.currency, _CLAIM.face_minor, _CLAIM.open_minor, _CLAIM.issued_on, _CLAIM.creditor_id)
    row = connection.execute(
        select(confirmations, *fields)
        .join(receivables, _CLAIM.id == confirmations.c.receivable_id)
        .where(confirmations.c.receivable_id == receivable_id)
    ).one_or_none()
    if row is None:
        return ""
    return render_template(
        "bank/undertaken.html",
        claim=row,
        names=organisations.names(connection, {row.anchor_id, row.creditor_id}),
        who=people.names(connection, {row.maker_id, row.checker_id}),
    )
