"""The bank's lists of what it was asked, what it advanced, and what is owed to it for that."""

from scf.commands import ScopeKind
from scf.factoring import advance_routes, claim_routes, request_routes
from scf.programmes.choices import anchors_of_book, suppliers_of_book
from scf.screens import Column, Desk, Kind, MenuEntry, TablePage, list_at
from scf.web.words import N_

_BOOK = ScopeKind.BOOK
_PARTIES = {"supplier_id": suppliers_of_book, "anchor_id": anchors_of_book}
_REF = Column("ref", N_("Invoice"), link="/things/{id}")
_SUPPLIER = Column("supplier_id", N_("Supplier"), Kind.ORGANISATION)
_ANCHOR = Column("anchor_id", N_("Anchor"), Kind.ORGANISATION)
_FACE = Column("face_minor", N_("Face"), Kind.MONEY)
_DUE = Column("due_on", N_("Due"), Kind.DAY)
_STATUS = Column("status", N_("Status"), Kind.STATUS)
_OF_ADVANCE = Column("ref", N_("Invoice"), link="/things/{advance_id:adv}")

TABLES = (
    TablePage(
        "/requests",
        N_("Requests"),
        list_at(request_routes.ROUTES, "/requests", _BOOK),
        (
            Column("ref", N_("Invoice"), link="/books/{book_id:bok}/cases/{id}"),
            _SUPPLIER,
            _ANCHOR,
            Column("requested_on", N_("Requested"), Kind.DAY),
            _DUE,
            _FACE,
            Column("origin", N_("Asked by"), Kind.STATUS),
            _STATUS,
        ),
        N_("Nobody has asked for an advance yet. Suppliers ask once an anchor has confirmed their invoices."),
        choices=_PARTIES,
        total=True,
    ),
    TablePage(
        "/advances",
        N_("Advances"),
        list_at(advance_routes.ROUTES, "/advances", _BOOK),
        (
            _REF,
            _SUPPLIER,
            _ANCHOR,
            Column("credited_on", N_("Credited"), Kind.DAY),
            _DUE,
            _FACE,
            Column("advance_minor", N_("Advance"), Kind.MONEY),
            Column("net_minor", N_("Net paid"), Kind.MONEY),
            Column("open_minor", N_("Open"), Kind.MONEY),
            _STATUS,
        ),
        N_("No advance is funded yet. Approved requests are funded by the day's step."),
        choices=_PARTIES,
        total=True,
    ),
    TablePage(
        "/assignments",
        N_("Assignments"),
        list_at(advance_routes.ROUTES, "/assignments", _BOOK),
        (
            Column("advance_id", N_("Advance"), Kind.ID, link="/things/{advance_id:adv}", prefix="adv"),
            Column("from_id", N_("From"), Kind.ORGANISATION),
            Column("to_id", N_("To"), Kind.ORGANISATION),
            Column("purpose", N_("Purpose"), Kind.STATUS),
            Column("agreed_at", N_("Agreed"), Kind.MOMENT),
            _STATUS,
        ),
        N_("Nothing was assigned yet. Each advance that is funded brings an assignment."),
    ),
    TablePage(
        "/claims",
        N_("Claims"),
        list_at(claim_routes.ROUTES, "/claims", _BOOK),
        (
            Column("id", N_("Claim"), Kind.ID, link="/things/{id}", prefix="clm"),
            _SUPPLIER,
            Column("reason", N_("Reason"), Kind.STATUS),
            Column("claimed_on", N_("Claimed"), Kind.DAY),
            Column("amount_minor", N_("Amount"), Kind.MONEY),
            Column("left_minor", N_("Left to pay"), Kind.MONEY),
            _STATUS,
        ),
        N_("No supplier owes anything: there was neither dilution nor recourse."),
        choices={"supplier_id": suppliers_of_book},
        total=True,
    ),
    TablePage(
        "/dilutions",
        N_("Dilutions"),
        list_at(claim_routes.ROUTES, "/dilutions", _BOOK),
        (
            _OF_ADVANCE,
            Column("business_date", N_("Booked"), Kind.DAY),
            Column("amount_minor", N_("Amount"), Kind.MONEY),
            Column("reserve_minor", N_("Out of the reserve"), Kind.MONEY),
            Column("claim_minor", N_("Claimed from the supplier"), Kind.MONEY),
        ),
        N_("No funded receivable was lowered by a credit note."),
        total=True,
    ),
    TablePage(
        "/guarantees",
        N_("Guarantees called"),
        list_at(claim_routes.ROUTES, "/guarantees", _BOOK),
        (
            _OF_ADVANCE,
            Column("guarantor_id", N_("Guarantor"), Kind.ORGANISATION),
            Column("called_on", N_("Called"), Kind.DAY),
            Column("amount_minor", N_("Amount"), Kind.MONEY),
            _STATUS,
        ),
        N_("No guarantee was called."),
        total=True,
    ),
)

MENU = (
    MenuEntry(Desk.BANK, N_("Requests"), "/requests", request_routes.READ, "list-ul", _BOOK),
    MenuEntry(Desk.BANK, N_("Advances"), "/advances", request_routes.READ, "bank", _BOOK),
    MenuEntry(Desk.BANK, N_("Claims"), "/claims", request_routes.READ, "arrow-return-left", _BOOK),
)
