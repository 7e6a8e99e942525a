"""The time line of invoices and receivables as far as an anchor's confirmation tells it; it joins the two."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, select

from anchors.models import confirmations
from scf.db.bulk import among
from scf.factoring.models import advances
from scf.people import queries as people
from scf.receivables.models import receivables
from scf.routes import Caller
from scf.screens import History, Leads, Moment
from scf.web import formats
from scf.web.own import in_my_books, is_mine
from scf.web.status import status_words
from scf.web.words import N_, _

READ = "invoices.read"
_OF_RECEIVABLES = "factoring.read"


def _to_receivables(caller: Caller, connection: Connection, ids: Sequence[int]) -> Leads:
    asked = _own(caller, confirmations.c.receivable_id).where(among(connection, confirmations.c.invoice_id, ids))
    return {"rcv": list(connection.execute(asked).scalars())}


def _to_invoices(caller: Caller, connection: Connection, ids: Sequence[int]) -> Leads:
    asked = _own(caller, confirmations.c.invoice_id).where(among(connection, confirmations.c.receivable_id, ids))
    return {"inv": list(connection.execute(asked).scalars())}


def _own(caller: Caller, column: ColumnElement[Any]) -> Select[Any]:
    """Of confirmations of invoices that the caller sent or received."""
    return (
        select(column)
        .select_from(confirmations)
        .join(receivables, receivables.c.id == confirmations.c.receivable_id)
        .where(is_mine(caller, receivables.c.debtor_id, receivables.c.creditor_id))
    )


def _moments(caller: Caller, connection: Connection, ids: Sequence[int]) -> Sequence[Moment]:
    """Confirmations of receivables: of one's own, or of those that one's books funded."""
    if caller.actor.operates:
        asked = [_given(connection, ids)]
    else:
        asked = [
            _given(connection, ids).where(is_mine(caller, receivables.c.debtor_id, receivables.c.creditor_id)),
            _given(connection, ids)
            .join(advances, advances.c.receivable_id == receivables.c.id)
            .where(in_my_books(caller, advances.c.book_id)),
        ]
    rows = {row.id: row for query in asked for row in connection.execute(query)}
    makers = people.names(connection, [row.maker_id for row in rows.values() if _signs(caller, row)])
    return [_moment(caller, row, makers.get(row.maker_id or 0, "")) for row in rows.values()]


def _given(connection: Connection, ids: Sequence[int]) -> Select[Any]:
    which: ColumnElement[bool] = among(connection, confirmations.c.receivable_id, ids)
    return (
        select(confirmations, receivables.c.currency)
        .join(receivables, receivables.c.id == confirmations.c.receivable_id)
        .where(which)
    )


def _signs(caller: Caller, row: Any) -> bool:
    return bool(caller.actor.operates or row.anchor_id == caller.organisation_id)


def _moment(caller: Caller, row: Any, maker: str) -> Moment:
    said = _(
        "%(amount)s to be paid on %(day)s: %(undertaking)s",
        amount=formats.money(row.amount_minor, row.currency), day=formats.day(row.due_on),
        undertaking=status_words(row.undertaking),
    )  # fmt: skip
    if not _signs(caller, row):
        return Moment(row.confirmed_at, N_("Invoice confirmed"), None, said, (), row.receivable_id)
    if row.maker_id:
        said = f"{said} · " + _("proposed by %(name)s", name=maker)
    return Moment(row.confirmed_at, N_("Invoice confirmed"), row.checker_id, said, (), row.receivable_id)


HISTORIES = (
    History("inv", READ, lambda *_given: (), _to_receivables),
    History("rcv", READ, lambda *_given: (), _to_invoices),
    History("rcv", _OF_RECEIVABLES, _moments),
)
