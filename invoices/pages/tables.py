"""The supplier's lists as pages, over the API's own lists."""

from collections.abc import Sequence
from dataclasses import replace

from invoices.api import ROUTES as INVOICES
from invoices.pages.parties import anchors, funders
from scf.commands import ScopeKind
from scf.factoring.advance_routes import ROUTES as ADVANCES
from scf.factoring.claim_routes import ROUTES as CLAIMS
from scf.factoring.request_routes import ROUTES as REQUESTS
from scf.payments.account_routes import ROUTES as ACCOUNTS
from scf.payments.payout_routes import ROUTES as PAYOUTS
from scf.proposals.api import ROUTES as PROPOSALS
from scf.receivables.api import ROUTES as RECEIVABLES
from scf.routes import ListRoute, Route
from scf.screens import Column, Kind, TablePage
from scf.web.words import N_

_DUE = {"due_from": N_("Due from"), "due_to": N_("Due to")}


def _list(routes: Sequence[Route], path: str, *without: str) -> ListRoute:
    """The API's list, without filters that people have no use for."""
    found = next(
        route
        for route in routes
        if isinstance(route, ListRoute) and route.path == path and route.scope is ScopeKind.ORGANISATION
    )
    return replace(found, filters={name: each for name, each in found.filters.items() if name not in without})


SENT = TablePage(
    path="/supplier/invoices",
    title=N_("Invoices"),
    route=_list(INVOICES, "/invoices"),
    columns=(
        Column("number", N_("Number"), link="/supplier/invoices/{id}"),
        Column("anchor_id", N_("Anchor"), Kind.ORGANISATION),
        Column("issue_on", N_("Issued"), Kind.DAY),
        Column("due_on", N_("Due"), Kind.DAY),
        Column("amount_minor", N_("Amount"), Kind.MONEY),
        Column("status", N_("Status"), Kind.STATUS),
    ),
    empty=N_("No invoices yet. Upload the first ones, and your anchors are asked to confirm them."),
    choices={"anchor_id": anchors},
    labels={"anchor_id": N_("Anchor"), "number": N_("Number"), "status": N_("Status"), **_DUE},
    act=(N_("Upload invoices"), "/supplier/upload"),
    total=True,
)
OWED = TablePage(
    path="/supplier/receivables",
    title=N_("Receivables"),
    route=_list(RECEIVABLES, "/receivables"),
    columns=(
        Column("ref", N_("Invoice"), link="/things/{id}"),
        Column("debtor_id", N_("Anchor"), Kind.ORGANISATION),
        Column("due_on", N_("Due"), Kind.DAY),
        Column("face_minor", N_("Face"), Kind.MONEY),
        Column("open_minor", N_("Open"), Kind.MONEY),
        Column("undertaking", N_("Undertaking"), Kind.STATUS),
        Column("status", N_("Status"), Kind.STATUS),
    ),
    empty=N_("Nothing is confirmed yet. What your anchors confirm stands here, and can be paid early."),
    choices={"debtor_id": anchors},
    labels={"debtor_id": N_("Anchor"), "ref": N_("Invoice"), "status": N_("Status"), **_DUE},
    act=(N_("See the offers"), "/supplier"),
    total=True,
)
ASKED = TablePage(
    path="/supplier/requests",
    title=N_("Advance requests"),
    route=_list(REQUESTS, "/requests", "receivable_id", "enrolment_id"),
    columns=(
        Column("ref", N_("Invoice"), link="/supplier/requests/{id}"),
        Column("anchor_id", N_("Anchor"), Kind.ORGANISATION),
        Column("requested_on", N_("Asked on"), Kind.DAY),
        Column("due_on", N_("Due"), Kind.DAY),
        Column("face_minor", N_("Face"), Kind.MONEY),
        Column("origin", N_("Asked by"), Kind.STATUS),
        Column("status", N_("Status"), Kind.STATUS),
        Column("reason", N_("Reason")),
    ),
    empty=N_("You have not asked for an advance yet. See what you can be paid today."),
    choices={"anchor_id": anchors, "book_id": funders},
    labels={
        "anchor_id": N_("Anchor"),
        "book_id": N_("Funder"),
        "status": N_("Status"),
        "requested_from": N_("Asked from"),
        "requested_to": N_("Asked to"),
        **_DUE,
    },
    act=(N_("See the offers"), "/supplier"),
    total=True,
)
TAKEN = TablePage(
    path="/supplier/advances",
    title=N_("Advances"),
    route=_list(ADVANCES, "/advances", "receivable_id", "request_id", "kind"),
    columns=(
        Column("ref", N_("Invoice"), link="/things/{id}"),
        Column("anchor_id", N_("Anchor"), Kind.ORGANISATION),
        Column("credited_on", N_("Paid out"), Kind.DAY),
        Column("due_on", N_("Due"), Kind.DAY),
        Column("face_minor", N_("Face"), Kind.MONEY),
        Column("net_minor", N_("Net"), Kind.MONEY),
        Column("discount_minor", N_("Discount"), Kind.MONEY),
        Column("fee_minor", N_("Fee"), Kind.MONEY),
        Column("reserve_minor", N_("Reserve"), Kind.MONEY),
        Column("status", N_("Status"), Kind.STATUS),
    ),
    empty=N_("No advance has been made yet. Take an offer, and it stands here once the bank has paid."),
    choices={"anchor_id": anchors, "book_id": funders},
    labels={
        "anchor_id": N_("Anchor"),
        "book_id": N_("Funder"),
        "status": N_("Status"),
        "ref": N_("Invoice"),
        "credited_from": N_("Paid out from"),
        "credited_to": N_("Paid out to"),
        **_DUE,
    },
    total=True,
)
PAID = TablePage(
    path="/supplier/payouts",
    title=N_("Payouts"),
    route=_list(PAYOUTS, "/payouts"),
    columns=(
        Column("ref", N_("Reference"), link="/things/{id}"),
        Column("instructed_on", N_("Instructed"), Kind.DAY),
        Column("pay_on", N_("Paid on"), Kind.DAY),
        Column("amount_minor", N_("Amount"), Kind.MONEY),
        Column("status", N_("Status"), Kind.STATUS),
    ),
    empty=N_("Nothing has been paid out yet."),
    choices={"book_id": funders},
    labels={
        "book_id": N_("Funder"),
        "status": N_("Status"),
        "ref": N_("Reference"),
        "pay_from": N_("Paid from"),
        "pay_to": N_("Paid to"),
    },
    total=True,
)
CLAIMED = TablePage(
    path="/supplier/claims",
    title=N_("Claims"),
    route=_list(CLAIMS, "/claims", "advance_id"),
    columns=(
        Column("advance_id", N_("Advance"), Kind.ID, link="/things/{advance_id:adv}", prefix="adv"),
        Column("reason", N_("Reason"), Kind.STATUS),
        Column("claimed_on", N_("Claimed on"), Kind.DAY),
        Column("amount_minor", N_("Amount"), Kind.MONEY),
        Column("left_minor", N_("Left"), Kind.MONEY),
        Column("status", N_("Status"), Kind.STATUS),
    ),
    empty=N_("You owe your funders nothing."),
    choices={"book_id": funders},
    labels={
        "book_id": N_("Funder"),
        "status": N_("Status"),
        "reason": N_("Reason"),
        "claimed_from": N_("Claimed from"),
        "claimed_to": N_("Claimed to"),
    },
    total=True,
)
CREDITED = TablePage(
    path="/supplier/credit-notes",
    title=N_("Credit notes"),
    route=_list(RECEIVABLES, "/credit-notes", "receivable_id"),
    columns=(
        Column("ref", N_("Number"), link="/things/{id}"),
        Column("receivable_id", N_("Receivable"), Kind.ID, link="/things/{receivable_id:rcv}", prefix="rcv"),
        Column("issued_on", N_("Issued"), Kind.DAY),
        Column("received_at", N_("Received"), Kind.MOMENT),
        Column("amount_minor", N_("Amount"), Kind.MONEY),
        Column("status", N_("Status"), Kind.STATUS),
    ),
    empty=N_("No credit notes yet. They are uploaded like invoices, and lower what they name."),
    labels={
        "status": N_("Status"),
        "issued_from": N_("Issued from"),
        "issued_to": N_("Issued to"),
    },
    act=(N_("Upload"), "/supplier/upload"),
    total=True,
)
BANK_ACCOUNTS = TablePage(
    path="/supplier/bank-accounts",
    title=N_("Bank accounts"),
    route=_list(ACCOUNTS, "/bank-accounts"),
    columns=(
        Column("iban", N_("Account")),
        Column("name", N_("Name")),
        Column("currency", N_("Currency")),
        Column("usable_from_on", N_("Used from"), Kind.DAY),
        Column("status", N_("Status"), Kind.STATUS),
    ),
    empty=N_("No account of yours is agreed yet. Your funder agrees one with you before it pays."),
    choices={"book_id": funders},
    labels={"book_id": N_("Funder"), "status": N_("Status"), "currency": N_("Currency")},
)
PROPOSED = TablePage(
    path="/supplier/proposals",
    title=N_("Proposals"),
    route=_list(PROPOSALS, "/proposals", "maker_id", "command"),
    columns=(
        Column("command", N_("What")),
        Column("maker_id", N_("Proposed by"), Kind.PERSON),
        Column("proposed_at", N_("Proposed"), Kind.MOMENT),
        Column("checker_id", N_("Decided by"), Kind.PERSON),
        Column("decided_at", N_("Decided"), Kind.MOMENT),
        Column("status", N_("Status"), Kind.STATUS),
    ),
    empty=N_("Nobody in your organisation has proposed anything."),
    labels={"status": N_("Status")},
)

TABLES = (SENT, OWED, ASKED, TAKEN, PAID, CLAIMED, CREDITED, BANK_ACCOUNTS, PROPOSED)
