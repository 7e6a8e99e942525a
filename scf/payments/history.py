"""The time lines of payouts and collections: money out from instructed to cleared, money in from the statement on."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from scf.db.bulk import among
from scf.ledger.history import Booked, booked, moment_of
from scf.payments.models import collections, payouts
from scf.routes import Caller
from scf.screens import History, Leads, Moment
from scf.web import formats
from scf.web.own import in_my_books, mine_or_in_my_books
from scf.web.words import N_, _

READ = "payments.read"
_READ_COLLECTIONS = "settlement.read"
# the moments of a payout: its column, what is said, and the journals that tell of it
_MOVES = (
    ("instructed_at", N_("Payout instructed"), frozenset({"claim set off"})),
    ("sent_at", N_("Payout sent"), frozenset({"payout sent"})),
    ("cleared_at", N_("Payout cleared"), frozenset({"payout cleared"})),
    ("returned_at", N_("Payout returned"), frozenset({"payout returned"})),
)
_RECEIVED = {
    "collection received": N_("Collection received"),
    "collection unidentified": N_("Collection received, payer unknown"),
    "collection identified": N_("Payer identified"),
    "collection disowned": N_("Payer corrected"),
    "collection taken": N_("Collection taken for what is owed"),
}


def _own(caller: Caller) -> ColumnElement[bool]:
    return mine_or_in_my_books(caller, payouts.c.book_id, payouts.c.beneficiary_id)


def _names(caller: Caller, connection: Connection, ids: Sequence[int]) -> Mapping[int, str]:
    asked = select(payouts.c.id, payouts.c.ref).where(among(connection, payouts.c.id, ids), _own(caller))
    return dict(connection.execute(asked).all())


def _moments(caller: Caller, connection: Connection, ids: Sequence[int]) -> Sequence[Moment]:
    rows = connection.execute(select(payouts).where(among(connection, payouts.c.id, ids), _own(caller))).all()
    journals = booked(caller, connection, [row.id for row in rows])
    return [moment for row in rows for moment in _of(row, journals.get(row.id, ()))]


def _of(row: Any, journals: Sequence[Booked]) -> list[Moment]:
    found = []
    for column, words, events in _MOVES:
        at = getattr(row, column)
        own = [each for each in journals if each.event in events]
        if at:
            by_id = own[-1].by_id if own else None
            said = formats.money(row.amount_minor, row.currency)
            found.append(Moment(at, words, by_id, said, tuple(each.id for each in own), row.id))
    return found


def _replaced(caller: Caller, connection: Connection, ids: Sequence[int]) -> Leads:
    earlier = select(payouts.c.replaces_id).where(
        among(connection, payouts.c.id, ids), payouts.c.replaces_id.is_not(None), _own(caller)
    )
    later = select(payouts.c.id).where(among(connection, payouts.c.replaces_id, ids), _own(caller))
    return {"pay": [id for asked in (earlier, later) for id in connection.execute(asked).scalars()]}


def _collection_names(caller: Caller, connection: Connection, ids: Sequence[int]) -> Mapping[int, str]:
    asked = select(collections.c.id, collections.c.reference, collections.c.bank_ref).where(
        among(connection, collections.c.id, ids), in_my_books(caller, collections.c.book_id)
    )
    return {row.id: row.reference or row.bank_ref for row in connection.execute(asked)}


def _collections(caller: Caller, connection: Connection, ids: Sequence[int]) -> Sequence[Moment]:
    rows = connection.execute(
        select(collections).where(among(connection, collections.c.id, ids), in_my_books(caller, collections.c.book_id))
    ).all()
    journals = booked(caller, connection, [row.id for row in rows])
    return [
        moment_of(each, _RECEIVED[each.event], _said(row))
        for row in rows
        for each in journals.get(row.id, ())
        if each.event in _RECEIVED
    ]


def _said(row: Any) -> str:
    amount = formats.money(row.amount_minor, row.currency)
    valued = _("value date %(day)s", day=formats.day(row.value_date))
    return " · ".join(filter(None, (amount, valued, row.reference or row.bank_ref)))


HISTORIES = (
    History("pay", READ, _moments, _replaced, N_("Payout"), _names),
    History("col", _READ_COLLECTIONS, _collections, words=N_("Collection"), names=_collection_names),
)
