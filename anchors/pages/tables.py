"""The anchor's lists as pages, over the API's own lists; and what is disputed, for both its sides."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection, select

from anchors import api, dispute_routes
from scf.ids import text
from scf.organisations.models import organisations
from scf.programmes.models import enrolments
from scf.receivables.api import ROUTES as RECEIVABLES
from scf.routes import Caller, ListRoute, Route
from scf.screens import Column, Kind, TablePage, list_at
from scf.web.words import N_

_DUE = {"due_from": N_("Due from"), "due_to": N_("Due to")}


def _list(routes: Sequence[Route], path: str, *without: str) -> ListRoute:
    """The API's list, without filters that people have no use for."""
    found = list_at(routes, path)
    return replace(found, filters={name: each for name, each in found.filters.items() if name not in without})


def suppliers(caller: Caller, connection: Connection) -> Sequence[tuple[str, str]]:
    """Those who take part in the anchor's programmes, by name."""
    enrolled = select(enrolments.c.supplier_id).where(enrolments.c.anchor_id == caller.organisation_id)
    return _named(connection, organisations.c.id.in_(enrolled))


def anchors(caller: Caller, connection: Connection) -> Sequence[tuple[str, str]]:
    """The anchors in whose programmes the supplier takes part, by name."""
    enrolled = select(enrolments.c.anchor_id).where(enrolments.c.supplier_id == caller.organisation_id)
    return _named(connection, organisations.c.id.in_(enrolled))


def _named(connection: Connection, which: object) -> Sequence[tuple[str, str]]:
    query = select(organisations.c.id, organisations.c.name).where(which)  # type: ignore[arg-type]
    return [(text("org", row.id), row.name) for row in connection.execute(query.order_by(organisations.c.name))]


PAYABLES = TablePage(
    path="/anchor/payables",
    title=N_("Invoices received"),
    route=_list(api.ROUTES, "/payables"),
    columns=(
        Column("number", N_("Number"), link="/anchor/invoices/{id}"),
        Column("supplier_id", N_("Supplier"), Kind.ORGANISATION),
        Column("order_ref", N_("Order")),
        Column("issue_on", N_("Issued"), Kind.DAY),
        Column("due_on", N_("Due"), Kind.DAY),
        Column("amount_minor", N_("Amount"), Kind.MONEY),
        Column("status", N_("Status"), Kind.STATUS),
    ),
    empty=N_("No supplier has sent you an invoice yet."),
    choices={"supplier_id": suppliers},
    labels={"supplier_id": N_("Supplier"), "status": N_("Status"), **_DUE},
    act=(N_("To confirm"), "/anchor/confirm"),
    total=True,
)
CONFIRMED = TablePage(
    path="/anchor/confirmations",
    title=N_("Confirmations"),
    route=_list(api.ROUTES, "/confirmations"),
    columns=(
        Column("number", N_("Invoice"), link="/anchor/invoices/{invoice_id:inv}"),
        Column("supplier_id", N_("Supplier"), Kind.ORGANISATION),
        Column("amount_minor", N_("Amount"), Kind.MONEY),
        Column("due_on", N_("Pays on"), Kind.DAY),
        Column("undertaking", N_("Promise"), Kind.STATUS),
        Column("maker_id", N_("Proposed by"), Kind.PERSON),
        Column("checker_id", N_("Confirmed by"), Kind.PERSON),
        Column("confirmed_at", N_("Confirmed"), Kind.MOMENT),
    ),
    empty=N_("Nothing is confirmed yet. What waits stands under To confirm."),
    choices={"supplier_id": suppliers},
    labels={"supplier_id": N_("Supplier"), **_DUE},
    act=(N_("To confirm"), "/anchor/confirm"),
    total=True,
)
OWED = TablePage(
    path="/anchor/owed",
    title=N_("What you owe"),
    route=_list(RECEIVABLES, "/receivables/owed"),
    columns=(
        Column("ref", N_("Invoice"), link="/things/{id}"),
        Column("creditor_id", N_("Supplier"), Kind.ORGANISATION),
        Column("due_on", N_("Due"), Kind.DAY),
        Column("face_minor", N_("Face"), Kind.MONEY),
        Column("open_minor", N_("Open"), Kind.MONEY),
        Column("undertaking", N_("Promise"), Kind.STATUS),
        Column("status", N_("Status"), Kind.STATUS),
    ),
    empty=N_("You owe nothing yet: nothing is confirmed."),
    choices={"creditor_id": suppliers},
    labels={"creditor_id": N_("Supplier"), "ref": N_("Invoice"), "status": N_("Status"), **_DUE},
    total=True,
)
_DISPUTED = (
    Column("reason", N_("Reason"), Kind.STATUS),
    Column("words", N_("What is said")),
    Column("amount_minor", N_("Amount"), Kind.MONEY),
    Column("due_on", N_("Due"), Kind.DAY),
    Column("opened_at", N_("Opened"), Kind.MOMENT),
    Column("status", N_("Status"), Kind.STATUS),
)
_DISPUTE_LABELS = {"status": N_("Status"), "reason": N_("Reason")}
DISPUTED = TablePage(
    path="/anchor/disputes",
    title=N_("Disputes"),
    route=_list(dispute_routes.ROUTES, "/payables/disputes", "invoice_id"),
    columns=(
        Column("number", N_("Invoice"), link="/anchor/invoices/{invoice_id:inv}"),
        Column("supplier_id", N_("Supplier"), Kind.ORGANISATION),
        *_DISPUTED,
    ),
    empty=N_("You dispute nothing. An invoice that waits is disputed on its page, or by ticking it under To confirm."),
    choices={"supplier_id": suppliers},
    labels={"supplier_id": N_("Supplier"), **_DISPUTE_LABELS},
    act=(N_("To confirm"), "/anchor/confirm"),
)
DISPUTED_OF_SUPPLIER = TablePage(
    path="/supplier/disputes",
    title=N_("Disputes"),
    route=_list(dispute_routes.ROUTES, "/invoices/disputes", "invoice_id"),
    columns=(
        Column("number", N_("Invoice"), link="/supplier/invoices/{invoice_id:inv}"),
        Column("anchor_id", N_("Anchor"), Kind.ORGANISATION),
        *_DISPUTED,
    ),
    empty=N_("No anchor disputes an invoice of yours."),
    choices={"anchor_id": anchors},
    labels={"anchor_id": N_("Anchor"), **_DISPUTE_LABELS},
)

TABLES = (PAYABLES, CONFIRMED, OWED, DISPUTED, DISPUTED_OF_SUPPLIER)
