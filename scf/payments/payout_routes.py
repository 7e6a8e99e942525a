"""Money out over HTTP: payouts, the files that carried them, and paying again what came back."""

from typing import Any

from flask import Response
from marshmallow import fields, validate
from sqlalchemy import Select, select
from werkzeug.exceptions import NotFound

from scf import files
from scf.commands import ScopeKind
from scf.fields import Day, Id, Words
from scf.module import Permission
from scf.payments.account_routes import READ
from scf.payments.lifecycle import PAYOUT_MOVES
from scf.payments.models import payment_files, payouts
from scf.payments.numbers import NUMBERS
from scf.payments.reinstruct import REINSTRUCT_BY_PEOPLE, Reinstruction
from scf.payments.schemas import PaymentFileSchema, PayoutIdSchema, PayoutSchema, ReinstructionSchema
from scf.payments.send import SEND
from scf.proposals.api import four_eyes_permissions, four_eyes_routes, proposals_list
from scf.roles import Role
from scf.routes import Caller, CommandRoute, Filter, ListRoute, Route, ViewRoute

_WHAT = "pay again what came back"

PERMISSIONS = (
    Permission(SEND.name, "send payouts before the day's step does", frozenset({Role.OPERATIONS})),
    *four_eyes_permissions(REINSTRUCT_BY_PEOPLE, _WHAT, frozenset({Role.OPERATIONS}), frozenset({Role.CHECKER})),
)

_FILTERS = {
    "status": Filter(fields.String(validate=[validate.OneOf(list(PAYOUT_MOVES))]), payouts.c.status.__eq__),
    "ref": Filter(Words(60), payouts.c.ref.__eq__),
    "pay_from": Filter(Day(), payouts.c.pay_on.__ge__),
    "pay_to": Filter(Day(), payouts.c.pay_on.__le__),
}


def _received(caller: Caller) -> Select[Any]:
    return select(payouts).where(payouts.c.beneficiary_id == caller.organisation_id)


def _paid(caller: Caller) -> Select[Any]:
    return select(payouts).where(payouts.c.book_id == caller.in_book().id)


def _handed_over(caller: Caller) -> Select[Any]:
    return select(payment_files).where(payment_files.c.book_id == caller.in_book().id)


def _content(caller: Caller, file_id: int) -> Response:
    with caller.reading() as connection:
        row = connection.execute(_handed_over(caller).where(payment_files.c.id == file_id)).one_or_none()
        if row is None:
            raise NotFound("there is no such payment file of this book")
        content = files.read(connection, row.sha256)
    response = Response(content, content_type="application/xml")
    response.headers["Content-Disposition"] = f'attachment; filename="{row.ref}.xml"'
    return response


ROUTES: tuple[Route, ...] = (
    ListRoute(
        path="/payouts",
        permission=READ,
        schema=PayoutSchema,
        prefix="pay",
        select=_received,
        key=payouts.c.id,
        summary="What is paid to the organisation.",
        filters={**_FILTERS, "book_id": Filter(Id("bok"), payouts.c.book_id.__eq__)},
    ),
    ListRoute(
        path="/payouts",
        permission=READ,
        schema=PayoutSchema,
        prefix="pay",
        select=_paid,
        key=payouts.c.id,
        summary="What the book pays out.",
        scope=ScopeKind.BOOK,
        filters={
            **_FILTERS,
            "beneficiary_id": Filter(Id("org"), payouts.c.beneficiary_id.__eq__),
            "file_id": Filter(Id("pmf"), payouts.c.file_id.__eq__),
        },
    ),
    CommandRoute("/payouts/send", SEND, PayoutIdSchema, "pay", "Send payouts that are due."),
    *four_eyes_routes("/payouts/reinstruct", REINSTRUCT_BY_PEOPLE, ReinstructionSchema, "pay", _WHAT, {}),
    proposals_list("/payouts/reinstruct", REINSTRUCT_BY_PEOPLE, Reinstruction, ReinstructionSchema, _WHAT, READ),
    ListRoute(
        path="/payment-files",
        permission=READ,
        schema=PaymentFileSchema,
        prefix="pmf",
        select=_handed_over,
        key=payment_files.c.id,
        summary="Files of payouts.",
        scope=ScopeKind.BOOK,
        filters={
            "from": Filter(Day(), payment_files.c.business_date.__ge__),
            "to": Filter(Day(), payment_files.c.business_date.__le__),
        },
    ),
    ViewRoute(
        method="GET",
        path="/payment-files/<id(pmf):file_id>/content",
        # it names every beneficiary's account
        permission=NUMBERS,
        view=_content,
        summary="A payment file, byte for byte: ISO 20022 pain.001.",
        produces="application/xml",
        scope=ScopeKind.BOOK,
    ),
)
