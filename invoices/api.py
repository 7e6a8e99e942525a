"""The supplier's routes over HTTP, and who may do what at its desk."""

from typing import Any

from marshmallow import fields, validate
from sqlalchemy import Select, select

from invoices.lifecycle import MOVES
from invoices.models import invoice_ends, invoices
from invoices.prepare import PREPARE
from invoices.schemas import InvoiceSchema, WithdrawalSchema
from invoices.upload import UPLOAD
from invoices.upload_later import UPLOAD_LATER
from invoices.upload_view import (
    FILE_TYPES,
    FileQuery,
    NewInvoicesSchema,
    PreferHeader,
    UploadSchema,
    submit,
    upload,
)
from invoices.withdraw import WITHDRAW
from scf.fields import Day, Id, Words
from scf.module import Permission
from scf.roles import EVERYWHERE, Role
from scf.routes import Caller, CommandRoute, Filter, ListRoute, Route, ViewRoute
from scf.web.schemas import OutcomesSchema

READ = "invoices.read"

PERMISSIONS = (
    Permission(READ, "see the invoices it sent and what became of them", EVERYWHERE),
    Permission(UPLOAD.name, "send invoices and credit notes", frozenset({Role.MAKER})),
    Permission(PREPARE.name, "send a file and look at it before it is submitted", frozenset({Role.MAKER})),
    Permission(UPLOAD_LATER.name, "send a file and follow the job that submits it", frozenset({Role.MAKER})),
    Permission(WITHDRAW.name, "take an invoice back that is not confirmed yet", frozenset({Role.MAKER})),
)


def _sent(caller: Caller) -> Select[Any]:
    """The invoices that the caller's organisation sent."""
    return (
        select(invoices, invoice_ends.c.reason, invoice_ends.c.words)
        .outerjoin(invoice_ends, invoice_ends.c.invoice_id == invoices.c.id)
        .where(invoices.c.supplier_id == caller.organisation_id)
    )


_STATUS = fields.String(validate=[validate.OneOf(list(MOVES))])

ROUTES: tuple[Route, ...] = (
    ListRoute(
        path="/invoices",
        permission=READ,
        schema=InvoiceSchema,
        prefix="inv",
        select=_sent,
        key=invoices.c.id,
        summary="Invoices sent.",
        sorts={"due_on": invoices.c.due_on, "issue_on": invoices.c.issue_on, "number": invoices.c.number},
        filters={
            "status": Filter(_STATUS, lambda value: invoices.c.status == value),
            "anchor_id": Filter(Id("org"), lambda value: invoices.c.anchor_id == value),
            "number": Filter(Words(60), lambda value: invoices.c.number == value),
            "due_from": Filter(Day(), lambda value: invoices.c.due_on >= value),
            "due_to": Filter(Day(), lambda value: invoices.c.due_on <= value),
        },
    ),
    ViewRoute(
        method="POST",
        path="/invoices",
        permission=UPLOAD.name,
        view=submit,
        summary="Send invoices and credit notes as JSON.",
        takes=NewInvoicesSchema,
        answers=OutcomesSchema,
        keyed=True,
    ),
    ViewRoute(
        method="POST",
        path="/invoices/files",
        permission=UPLOAD.name,
        view=upload,
        summary="Send a file: UBL 2.1, CSV or NDJSON.",
        query=FileQuery,
        headers=PreferHeader,
        also=(202,),
        consumes=FILE_TYPES,
        answers=UploadSchema,
        keyed=True,
    ),
    CommandRoute("/invoices/withdraw", WITHDRAW, WithdrawalSchema, "inv", "Take invoices back."),
)
