"""The time lines of advance requests, advances and claims: from the asking to the end, with the journals they made.

The supplier sees its own without who acted at the bank, the bank without who acted at the supplier.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from scf.actor import PLATFORM
from scf.db.bulk import among
from scf.factoring.models import advance_requests, advances, assignments, claim_payments, claims, declines, dilutions
from scf.ledger.history import Booked, booked
from scf.payments.models import payouts
from scf.routes import Caller
from scf.screens import History, Leads, Moment
from scf.web import formats
from scf.web.own import mine_or_in_my_books
from scf.web.status import status_words
from scf.web.words import N_, _

READ = "factoring.read"
_DECIDED = {"declined": N_("Request declined")}
_ENDED = {"withdrawn": N_("Request withdrawn"), "expired": N_("Request expired")}
_FUNDED = frozenset({"advance funded", "advance lent"})
_EARNED = "discount earned"
_ADVANCE_ENDS = {
    "settled": N_("Advance settled"),
    "repurchased": N_("Receivable repurchased"),
    "written_off": N_("Advance written off"),
}


def _own_requests(caller: Caller) -> ColumnElement[bool]:
    return mine_or_in_my_books(caller, advance_requests.c.book_id, advance_requests.c.supplier_id)


def _own_advances(caller: Caller) -> ColumnElement[bool]:
    return mine_or_in_my_books(caller, advances.c.book_id, advances.c.supplier_id)


def _own_claims(caller: Caller) -> ColumnElement[bool]:
    return mine_or_in_my_books(caller, claims.c.book_id, claims.c.supplier_id)


def _sells(caller: Caller, row: Any) -> bool:
    return bool(caller.actor.operates or row.supplier_id == caller.organisation_id)


def _lends(caller: Caller, row: Any) -> bool:
    """Whether the reader is of the bank: who reads a row that is not its own as a supplier reads it by its book."""
    return bool(caller.actor.operates or row.supplier_id != caller.organisation_id)


def _request_names(caller: Caller, connection: Connection, ids: Sequence[int]) -> Mapping[int, str]:
    asked = select(advance_requests.c.id, advance_requests.c.ref).where(
        among(connection, advance_requests.c.id, ids), _own_requests(caller)
    )
    return dict(connection.execute(asked).all())


def _requests(caller: Caller, connection: Connection, ids: Sequence[int]) -> Sequence[Moment]:
    whose = mine_or_in_my_books(caller, declines.c.book_id, declines.c.supplier_id)
    rows = connection.execute(
        select(advance_requests, declines.c.reason)
        .select_from(advance_requests)
        .outerjoin(declines, (declines.c.request_id == advance_requests.c.id) & whose)
        .where(among(connection, advance_requests.c.id, ids), _own_requests(caller))
    )
    return [moment for row in rows for moment in _of_request(caller, row)]


def _of_request(caller: Caller, row: Any) -> list[Moment]:
    sells, lends = _sells(caller, row), _lends(caller, row)
    found = []
    if row.requested_at:
        standing = _("By standing instruction") if row.origin == "standing" else ""
        said = " · ".join(filter(None, (formats.money(row.face_minor, row.currency), standing)))
        by_id = row.requested_by_id if sells or row.requested_by_id == PLATFORM.id else None
        found.append(Moment(row.requested_at, N_("Advance requested"), by_id, said, (), row.id))
    if row.decided_at:
        words = _DECIDED.get(row.status, N_("Request approved"))
        by_id = row.decided_by_id if lends or row.decided_by_id == PLATFORM.id else None
        found.append(Moment(row.decided_at, words, by_id, row.reason or "", (), row.id))
    if row.ended_at:
        by_id = row.withdrawn_by_id if sells else None
        found.append(Moment(row.ended_at, _ENDED[row.status], by_id, "", (), row.id))
    return found


def _advance_names(caller: Caller, connection: Connection, ids: Sequence[int]) -> Mapping[int, str]:
    asked = select(advances.c.id, advances.c.ref).where(among(connection, advances.c.id, ids), _own_advances(caller))
    return dict(connection.execute(asked).all())


def _advances(caller: Caller, connection: Connection, ids: Sequence[int]) -> Sequence[Moment]:
    rows = connection.execute(
        select(advances, assignments.c.agreed_at)
        .join(assignments, assignments.c.advance_id == advances.c.id)
        .where(among(connection, advances.c.id, ids), _own_advances(caller))
        .where(mine_or_in_my_books(caller, assignments.c.book_id, assignments.c.from_id))
    ).all()
    fallen = connection.execute(
        select(dilutions, advances.c.currency)
        .join(advances, advances.c.id == dilutions.c.advance_id)
        .where(among(connection, dilutions.c.advance_id, ids), _own_advances(caller))
    ).all()
    subjects = {each for row in rows for each in (row.id, row.receivable_id)} | {row.id for row in fallen}
    journals = booked(caller, connection, sorted(subjects))
    found = [moment for row in rows for moment in _of_advance(row, journals)]
    return found + [_diluted(row, journals.get(row.id, ())) for row in fallen if row.at]


def _of_advance(row: Any, journals: Mapping[int, Sequence[Booked]]) -> list[Moment]:
    own = journals.get(row.id, ())
    funding = [each for each in journals.get(row.receivable_id, ()) if each.event in _FUNDED]
    said = _(
        "Face %(face)s, net %(net)s, credited on %(day)s",
        face=formats.money(row.face_minor, row.currency), net=formats.money(row.net_minor, row.currency),
        day=formats.day(row.credited_on),
    )  # fmt: skip
    found = [Moment(row.agreed_at, N_("Advance funded"), _by(funding), said, _ids(funding), row.id)]
    earned = [each for each in own if each.event == _EARNED]
    if earned:
        until = _("up to %(day)s", day=formats.day(earned[-1].value_date))
        found.append(Moment(earned[-1].at, N_("Discount earned"), _by(earned), until, _ids(earned), row.id))
    rest = [each for each in own if each.event != _EARNED]
    if row.ended_at:
        said = formats.money(row.face_minor, row.currency)
        found.append(Moment(row.ended_at, _ADVANCE_ENDS[row.status], _by(rest), said, _ids(rest), row.id))
    return found


def _diluted(row: Any, journals: Sequence[Booked]) -> Moment:
    said = formats.money(row.amount_minor, row.currency)
    return Moment(row.at, N_("Diluted by a credit note"), _by(journals), said, _ids(journals), row.advance_id)


def _by(journals: Sequence[Booked]) -> int | None:
    return journals[-1].by_id if journals else None


def _ids(journals: Sequence[Booked]) -> tuple[int, ...]:
    return tuple(each.id for each in journals)


def _claim_names(caller: Caller, connection: Connection, ids: Sequence[int]) -> Mapping[int, str]:
    asked = (
        select(claims.c.id, advances.c.ref)
        .select_from(advances)
        .join(claims, claims.c.advance_id == advances.c.id)
        .where(among(connection, claims.c.id, ids), _own_claims(caller), _own_advances(caller))
    )
    return dict(connection.execute(asked).all())


def _claims(caller: Caller, connection: Connection, ids: Sequence[int]) -> Sequence[Moment]:
    rows = connection.execute(select(claims).where(among(connection, claims.c.id, ids), _own_claims(caller))).all()
    paid = connection.execute(
        select(claim_payments, claims.c.currency)
        .join(claims, claims.c.id == claim_payments.c.claim_id)
        .where(among(connection, claim_payments.c.claim_id, ids), _own_claims(caller))
    ).all()
    journals = booked(caller, connection, [row.id for row in rows])
    raised = [
        Moment(
            row.claimed_at,
            N_("Claim raised"),
            _by(journals.get(row.id, ())),
            f"{status_words(row.reason)} · {formats.money(row.amount_minor, row.currency)}",
            _ids(journals.get(row.id, ())),
            row.id,
        )
        for row in rows
        if row.claimed_at
    ]
    return raised + [
        Moment(
            row.paid_at,
            N_("Claim set off") if row.means == "set_off" else N_("Claim paid"),
            None,
            formats.money(row.amount_minor, row.currency),
            (),
            row.claim_id,
        )
        for row in paid
        if row.paid_at
    ]


def _of_receivables(caller: Caller, connection: Connection, ids: Sequence[int]) -> Leads:
    asked = select(advance_requests.c.id).where(
        among(connection, advance_requests.c.receivable_id, ids), _own_requests(caller)
    )
    given = select(advances.c.id).where(among(connection, advances.c.receivable_id, ids), _own_advances(caller))
    return {"req": _all(connection, asked), "adv": _all(connection, given)}


def _of_requests(caller: Caller, connection: Connection, ids: Sequence[int]) -> Leads:
    asked = select(advance_requests.c.receivable_id).where(
        among(connection, advance_requests.c.id, ids), _own_requests(caller)
    )
    return {"rcv": _all(connection, asked)}


def _of_advances(caller: Caller, connection: Connection, ids: Sequence[int]) -> Leads:
    """The receivable, the claims, and what was paid: payouts bear the advance's ref, by which they are found."""
    which = among(connection, advances.c.id, ids)
    funded = select(advances.c.receivable_id).where(which, _own_advances(caller))
    owed = (
        select(claims.c.id)
        .join(advances, advances.c.id == claims.c.advance_id)
        .where(which, claims.c.book_id == advances.c.book_id, claims.c.supplier_id == advances.c.supplier_id)
        .where(_own_claims(caller), _own_advances(caller))
    )
    same = (payouts.c.book_id == advances.c.book_id) & (payouts.c.ref == advances.c.ref)
    paid = (
        select(payouts.c.id)
        .join(advances, same & (payouts.c.for_id == advances.c.id))
        .where(which, _own_advances(caller))
        .where(mine_or_in_my_books(caller, payouts.c.book_id, payouts.c.beneficiary_id))
    )
    found = {"rcv": funded, "clm": owed, "pay": paid}
    return {prefix: _all(connection, asked) for prefix, asked in found.items()}


def _of_claims(caller: Caller, connection: Connection, ids: Sequence[int]) -> Leads:
    asked = select(claims.c.advance_id).where(among(connection, claims.c.id, ids), _own_claims(caller))
    return {"adv": _all(connection, asked)}


def _all(connection: Connection, asked: Any) -> list[int]:
    return list(connection.execute(asked).scalars())


HISTORIES = (
    History("rcv", READ, lambda *_given: (), _of_receivables),
    History("req", READ, _requests, _of_requests, N_("Advance request"), _request_names),
    History("adv", READ, _advances, _of_advances, N_("Advance"), _advance_names),
    History("clm", READ, _claims, _of_claims, N_("Claim"), _claim_names),
)
