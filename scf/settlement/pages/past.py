"""A panel of a case: what was funded before of the same supplier on the same anchor, how late it came, how diluted."""

from flask import render_template
from sqlalchemy import Connection, select

from scf.factoring.models import advance_requests
from scf.routes import Caller
from scf.settlement.past import LOOKED_AT, history

_LISTED = 8


def show(caller: Caller, connection: Connection, request_id: int) -> str:
    """The panel."""
    book = caller.in_book()
    columns = advance_requests.c
    asked = connection.execute(
        select(columns.supplier_id, columns.anchor_id, columns.currency).where(
            columns.id == request_id, columns.book_id == book.id
        )
    ).one()
    found = history(connection, book.id, asked.supplier_id, asked.anchor_id, asked.currency, book.business_date)
    return render_template(
        "bank/past.html", past=found, latest=found.past[:_LISTED], looked_at=LOOKED_AT, today=book.business_date
    )
