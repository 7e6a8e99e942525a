"""Announcements: what happened, told to those whom it concerns, as outbox rows of the transaction in which it happened.

An announcement names things by id and says nothing about them: who is told reads them with the rights it has. What may
not even be known of (a supplier's financing, to its anchor) is not announced: the commands name whom they tell.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from scf import outbox
from scf.commands import Unit
from scf.ids import Ids
from scf.outbox import Message

OUTBOX_KIND = "announcement"
_IDS_A_MESSAGE = 1000


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of announcement: what happened, in words, and the prefix of the ids it names."""

    words: str
    prefix: str


KINDS: Mapping[str, Kind] = {
    "invoice.submitted": Kind("A supplier sent invoices: told to the anchor that is to confirm them.", "inv"),
    "invoice.confirmed": Kind("The anchor confirmed invoices: told to their supplier.", "inv"),
    "invoice.rejected": Kind("The anchor rejected invoices: told to their supplier.", "inv"),
    "invoice.disputed": Kind("The anchor disputed invoices: told to anchor and supplier.", "inv"),
    "invoice.settled": Kind("The anchor settled disputes, invoices may be confirmed: told to both.", "inv"),
    "dispute.answered": Kind("One side wrote about disputes: told to anchor and supplier.", "dsp"),
    "invoice.withdrawn": Kind("The supplier took invoices back: told to their anchor.", "inv"),
    "receivable.registered": Kind("Confirmations made receivables: told to their anchor and supplier.", "rcv"),
    "receivable.credited": Kind("Credit notes came for receivables: told to their anchor and supplier.", "crn"),
    "receivable.closed": Kind("Receivables were paid without funding: told to their anchor and supplier.", "rcv"),
    "advance_request.requested": Kind("Advances were asked for: told to supplier and funder.", "req"),
    "advance_request.approved": Kind("Requests were approved: told to supplier and funder.", "req"),
    "advance_request.declined": Kind("Requests were declined: told to supplier and funder.", "req"),
    "advance_request.withdrawn": Kind("The supplier withdrew requests: told to supplier and funder.", "req"),
    "advance_request.expired": Kind("Requests ended unfunded at the due date: told to supplier and funder.", "req"),
    "advance.funded": Kind("Advances were funded: told to supplier and funder.", "adv"),
    "advance.diluted": Kind("Credit notes lowered funded receivables: told to supplier and funder.", "adv"),
    "advance.settled": Kind("Receivables were collected in full, reserves released: supplier and funder.", "adv"),
    "advance.repurchased": Kind("Receivables went back to their supplier by recourse: supplier and funder.", "adv"),
    "advance.written_off": Kind("Advances were given up as lost: told to the funder.", "adv"),
    "claim.opened": Kind("The supplier owes the funder, by dilution or recourse: supplier and funder.", "clm"),
    "claim.paid": Kind("Claims were paid in full: told to supplier and funder.", "clm"),
    "payout.sent": Kind("Payouts went to the bank: told to beneficiary and funder.", "pay"),
    "payout.cleared": Kind("Payouts left the funder's account: told to beneficiary and funder.", "pay"),
    "payout.returned": Kind("Payouts came back: told to beneficiary and funder.", "pay"),
    "collection.received": Kind("Money came in: told to the funder.", "col"),
    "limit.changed": Kind("Limits were set, suspended or released: told to the funder.", "lim"),
    "enrolment.made": Kind("Suppliers were taken into a programme: told to supplier and funder.", "enr"),
    "terms.offered": Kind("Terms wait for the supplier's answer: told to supplier and funder.", "etm"),
    "terms.consented": Kind("The supplier consented to terms: told to supplier and funder.", "etm"),
    "terms.refused": Kind("The supplier refused terms: told to supplier and funder.", "etm"),
    "account.agreed": Kind("Accounts to pay to were agreed: told to their holder and the funder.", "bac"),
    "dossier.moved": Kind("A dossier went to another state: told to the party and the operator.", "dos"),
    "dossier.review_due": Kind("A dossier's periodic review began: told to the party and the operator.", "dos"),
    "proposal.made": Kind("Something waits for its checker: told to the organisation that must check.", "pro"),
    "proposal.decided": Kind("A checker accepted or declined: told to the organisation that checked.", "pro"),
    "proposal.withdrawn": Kind("A maker took back what nobody had decided: told to its organisation.", "pro"),
    "job.ended": Kind("Jobs ended, done, failed or cancelled: told to the organisation they are for.", "job"),
}


class Announcement(NamedTuple):
    """Tell an organisation that something of a kind happened to these things."""

    organisation_id: int
    kind: str
    ids: Sequence[int]


def announce(unit: Unit, announcements: Iterable[Announcement], *, also: Sequence[Message] = ()) -> None:
    """Put down announcements in the caller's transaction, one message an organisation and kind; one statement.

    `also` are other messages of the command, written by the same statement. A kind that is not declared is a
    `KeyError`. An organisation of id 0 is nobody's: what it would be told is not written.
    """
    outbox.write(unit, [*also, *_messages(unit.ids, unit.at, announcements)])


def add(connection: Connection, ids: Ids, scope_id: int, announcements: Iterable[Announcement], at: datetime) -> None:
    """The same where no command runs: what the platform's own bookkeeping brings about."""
    outbox.add(connection, ids, scope_id, _messages(ids, at, announcements), at)


def tell(kind: str, told: Iterable[tuple[int, int]], *, all_to: int = 0) -> Iterator[Announcement]:
    """Announcements of one kind out of (organisation, id) pairs; `all_to` is told of every id."""
    by_organisation: dict[int, list[int]] = {}
    for organisation_id, id in told:
        by_organisation.setdefault(organisation_id, []).append(id)
        by_organisation.setdefault(all_to, []).append(id)
    for organisation_id, ids in by_organisation.items():
        yield Announcement(organisation_id, kind, ids)


def _messages(ids: Ids, at: datetime, announcements: Iterable[Announcement]) -> list[Message]:
    merged: dict[tuple[int, str], dict[int, None]] = {}
    for organisation_id, kind, named in announcements:
        KINDS[kind]
        if organisation_id and named:
            merged.setdefault((organisation_id, kind), {}).update(dict.fromkeys(named))
    chunks = [
        (*key, listed[start : start + _IDS_A_MESSAGE])
        for key, each in merged.items()
        for listed in [list(each)]
        for start in range(0, len(listed), _IDS_A_MESSAGE)
    ]
    happened = at.isoformat(timespec="milliseconds")
    return [
        Message(
            OUTBOX_KIND,
            {"id": id, "organisation_id": organisation_id, "kind": kind, "ids": listed, "at": happened},
        )
        for id, (organisation_id, kind, listed) in zip(ids.take(len(chunks)), chunks, strict=True)
    ]
