"""Notifications as people read them: what happened in words, by day, and where to go for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from scf import ids
from scf.announcements import KINDS
from scf.notifications.queries import Notification
from scf.routes import Caller
from scf.web.words import N_
from scf.workplace.places import place_of

# every kind: a test counts
WORDS: Mapping[str, str] = {
    "invoice.submitted": N_("Invoices came to be confirmed"),
    "invoice.confirmed": N_("Invoices confirmed"),
    "invoice.rejected": N_("Invoices rejected"),
    "invoice.withdrawn": N_("Invoices withdrawn"),
    "receivable.registered": N_("Receivables registered"),
    "receivable.credited": N_("Credit notes received"),
    "receivable.closed": N_("Receivables paid without funding"),
    "advance_request.requested": N_("Advances requested"),
    "advance_request.approved": N_("Requests approved"),
    "advance_request.declined": N_("Requests declined"),
    "advance_request.withdrawn": N_("Requests withdrawn"),
    "advance_request.expired": N_("Requests expired"),
    "advance.funded": N_("Advances funded"),
    "advance.diluted": N_("Advances diluted by credit notes"),
    "advance.settled": N_("Advances settled"),
    "advance.repurchased": N_("Receivables repurchased"),
    "advance.written_off": N_("Advances written off"),
    "claim.opened": N_("Claims raised"),
    "claim.paid": N_("Claims paid in full"),
    "payout.sent": N_("Payouts sent"),
    "payout.cleared": N_("Payouts cleared"),
    "payout.returned": N_("Payouts returned"),
    "collection.received": N_("Collections received"),
    "limit.changed": N_("Limits changed"),
    "enrolment.made": N_("Suppliers enrolled"),
    "terms.offered": N_("Terms offered"),
    "terms.consented": N_("Terms consented to"),
    "terms.refused": N_("Terms refused"),
    "account.agreed": N_("Bank accounts agreed"),
    "dossier.moved": N_("Dossier moved"),
    "dossier.review_due": N_("A dossier's review is due"),
    "proposal.made": N_("Proposals wait for a checker"),
    "proposal.decided": N_("Proposals decided"),
    "job.ended": N_("Jobs ended"),
}


@dataclass(frozen=True, slots=True)
class Item:
    """A notification on the screen; `href` is where to go, empty when nothing is named any more."""

    at: datetime
    words: str
    count: int
    href: str
    unread: bool


@dataclass(frozen=True, slots=True)
class DayOf:
    """What was told on one day."""

    on: date
    entries: Sequence[Item]


def by_day(caller: Caller, told: Sequence[Notification], seen_id: int) -> Sequence[DayOf]:
    """Notifications, the newest first, by the day they happened on."""
    shown = [(each.at.date(), _item(caller, each, seen_id)) for each in told]
    return [DayOf(on, [item for _, item in items]) for on, items in groupby(shown, key=lambda pair: pair[0])]


def _item(caller: Caller, each: Notification, seen_id: int) -> Item:
    if len(each.ids) == 1:
        href = place_of(caller, KINDS[each.kind].prefix, each.ids[0])
    else:
        href = f"/notifications/{ids.text('ntf', each.id)}" if each.ids else ""
    return Item(each.at, WORDS[each.kind], each.id_count, href, each.id > seen_id)
