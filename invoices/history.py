"""The time line of invoices: sent by whom and when, and how they ended on this desk."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from invoices.models import invoice_ends, invoices
from scf.db.bulk import among
from scf.routes import Caller
from scf.screens import History, Moment
from scf.web import formats
from scf.web.own import is_mine
from scf.web.words import N_, _

READ = "invoices.read"
_ENDS = {"rejected": N_("Invoice rejected"), "withdrawn": N_("Invoice withdrawn")}


def _names(caller: Caller, connection: Connection, ids: Sequence[int]) -> Mapping[int, str]:
    own = is_mine(caller, invoices.c.supplier_id, invoices.c.anchor_id)
    asked = select(invoices.c.id, invoices.c.number).where(among(connection, invoices.c.id, ids), own)
    return dict(connection.execute(asked).all())


def _moments(caller: Caller, connection: Connection, ids: Sequence[int]) -> Sequence[Moment]:
    rows = connection.execute(
        select(invoices, invoice_ends.c.status.label("end"), invoice_ends.c.reason, invoice_ends.c.words)
        .add_columns(invoice_ends.c.by_id, invoice_ends.c.at)
        .outerjoin(invoice_ends, invoice_ends.c.invoice_id == invoices.c.id)
        .where(among(connection, invoices.c.id, ids), is_mine(caller, invoices.c.supplier_id, invoices.c.anchor_id))
    )
    return [moment for row in rows for moment in _of(caller, row)]


def _of(caller: Caller, row: Any) -> list[Moment]:
    """Who acted for the other side is its own affair."""
    sends = caller.actor.operates or row.supplier_id == caller.organisation_id
    receives = caller.actor.operates or row.anchor_id == caller.organisation_id
    detail = _(
        "%(number)s, %(amount)s, due on %(day)s",
        number=row.number, amount=formats.money(row.amount_minor, row.currency), day=formats.day(row.due_on),
    )  # fmt: skip
    sent = Moment(row.submitted_at, N_("Invoice sent"), row.submitted_by_id if sends else None, detail, (), row.id)
    if row.end is None:
        return [sent]
    by_id = row.by_id if (sends if row.end == "withdrawn" else receives) else None
    why = " ".join(filter(None, (_(row.reason.replace("_", " ").capitalize()), row.words)))
    return [sent, Moment(row.at, _ENDS[row.end], by_id, why, (), row.id)]


HISTORIES = (History("inv", READ, _moments, words=N_("Invoice"), names=_names),)
