"""The time line of receivables and of the credit notes against them.

How a receivable ended that nobody funded is its creditor's to see: a debtor could tell the others by it.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, Connection, select

from scf.db.bulk import among
from scf.receivables.lifecycle import CANCELLED, CLOSED
from scf.receivables.models import credit_notes, receivables
from scf.routes import Caller
from scf.screens import History, Leads, Moment
from scf.web import formats
from scf.web.own import is_mine
from scf.web.words import N_, _

READ = "receivables.read"
_ENDS = {CANCELLED: N_("Receivable cancelled by credit notes"), CLOSED: N_("Receivable paid without funding")}


def _own(caller: Caller) -> ColumnElement[bool]:
    return is_mine(caller, receivables.c.debtor_id, receivables.c.creditor_id)


def _names(caller: Caller, connection: Connection, ids: Sequence[int]) -> Mapping[int, str]:
    asked = select(receivables.c.id, receivables.c.ref).where(among(connection, receivables.c.id, ids), _own(caller))
    return dict(connection.execute(asked).all())


def _moments(caller: Caller, connection: Connection, ids: Sequence[int]) -> Sequence[Moment]:
    of_creditor = is_mine(caller, receivables.c.creditor_id)
    ended = receivables.c.ended_at.is_not(None)
    rows = connection.execute(
        select(receivables.c.id, receivables.c.status, receivables.c.ended_at, receivables.c.face_minor)
        .add_columns(receivables.c.currency)
        .where(among(connection, receivables.c.id, ids), of_creditor, ended)
    )
    return [
        Moment(row.ended_at, _ENDS[row.status], None, formats.money(row.face_minor, row.currency), (), row.id)
        for row in rows
        if row.status in _ENDS
    ]


def _to_notes(caller: Caller, connection: Connection, ids: Sequence[int]) -> Leads:
    rows = connection.execute(
        select(credit_notes.c.id)
        .join(receivables, receivables.c.id == credit_notes.c.receivable_id)
        .where(among(connection, credit_notes.c.receivable_id, ids), _own(caller))
    )
    return {"crn": list(rows.scalars())}


def _note_names(caller: Caller, connection: Connection, ids: Sequence[int]) -> Mapping[int, str]:
    asked = (
        select(credit_notes.c.id, credit_notes.c.ref)
        .join(receivables, receivables.c.id == credit_notes.c.receivable_id)
        .where(among(connection, credit_notes.c.id, ids), _own(caller))
    )
    return dict(connection.execute(asked).all())


def _note_moments(caller: Caller, connection: Connection, ids: Sequence[int]) -> Sequence[Moment]:
    rows = connection.execute(
        select(credit_notes, receivables.c.currency)
        .join(receivables, receivables.c.id == credit_notes.c.receivable_id)
        .where(among(connection, credit_notes.c.id, ids), _own(caller))
    )
    return [
        Moment(
            row.received_at,
            N_("Credit note received"),
            None,
            _("%(number)s, %(amount)s", number=row.ref, amount=formats.money(row.amount_minor, row.currency)),
            (),
            row.id,
        )
        for row in rows
    ]


HISTORIES = (
    History("rcv", READ, _moments, _to_notes, N_("Receivable"), _names),
    History("crn", READ, _note_moments, words=N_("Credit note"), names=_note_names),
)
