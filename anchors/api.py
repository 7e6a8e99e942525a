"""The anchor's routes over HTTP, and who may do what at its desk."""

from typing import Any

from marshmallow import fields, validate
from sqlalchemy import Select, select

from anchors.confirm import CONFIRM_BY_PEOPLE
from anchors.models import confirmations
from anchors.reject import REJECT
from anchors.schemas import ConfirmationSchema, NewConfirmationSchema, PayableSchema, RejectionSchema
from invoices.lifecycle import MOVES
from invoices.models import invoices
from scf.fields import Day, Id
from scf.module import Permission
from scf.proposals.api import four_eyes_permissions, four_eyes_routes
from scf.roles import EVERYWHERE, Role
from scf.routes import Caller, CommandRoute, Filter, ListRoute, Route

READ = "anchors.read"
_WHAT = "confirm invoices"

PERMISSIONS = (
    Permission(READ, "see the invoices sent to it and what it confirmed", EVERYWHERE),
    *four_eyes_permissions(CONFIRM_BY_PEOPLE, _WHAT, frozenset({Role.MAKER}), frozenset({Role.CHECKER})),
    Permission(REJECT.name, "reject invoices", frozenset({Role.MAKER, Role.CHECKER})),
)


def _received(caller: Caller) -> Select[Any]:
    """The invoices that were sent to the caller's organisation."""
    return select(invoices).where(invoices.c.anchor_id == caller.organisation_id)


def _given(caller: Caller) -> Select[Any]:
    """The confirmations that the caller's organisation gave."""
    return (
        select(confirmations, invoices.c.supplier_id, invoices.c.number, invoices.c.currency)
        .join(invoices, invoices.c.id == confirmations.c.invoice_id)
        .where(confirmations.c.anchor_id == caller.organisation_id)
    )


_STATUS = fields.String(validate=[validate.OneOf(list(MOVES))])

ROUTES: tuple[Route, ...] = (
    ListRoute(
        path="/payables",
        permission=READ,
        schema=PayableSchema,
        prefix="inv",
        select=_received,
        key=invoices.c.id,
        summary="Invoices received.",
        sorts={"due_on": invoices.c.due_on},
        filters={
            "status": Filter(_STATUS, lambda value: invoices.c.status == value),
            "supplier_id": Filter(Id("org"), lambda value: invoices.c.supplier_id == value),
            "due_from": Filter(Day(), lambda value: invoices.c.due_on >= value),
            "due_to": Filter(Day(), lambda value: invoices.c.due_on <= value),
        },
    ),
    CommandRoute("/payables/reject", REJECT, RejectionSchema, "inv", "Reject invoices; their suppliers see why."),
    ListRoute(
        path="/confirmations",
        permission=READ,
        schema=ConfirmationSchema,
        prefix="cnf",
        select=_given,
        key=confirmations.c.id,
        summary="Confirmations given.",
        sorts={"due_on": confirmations.c.due_on},
        filters={
            "supplier_id": Filter(Id("org"), lambda value: invoices.c.supplier_id == value),
            "due_from": Filter(Day(), lambda value: confirmations.c.due_on >= value),
            "due_to": Filter(Day(), lambda value: confirmations.c.due_on <= value),
        },
    ),
    *four_eyes_routes(
        "/confirmations", CONFIRM_BY_PEOPLE, NewConfirmationSchema, "cnf", _WHAT, {"receivable_id": "rcv"}
    ),
)
