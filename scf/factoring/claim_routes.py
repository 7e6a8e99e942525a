"""What suppliers and guarantors owe, over HTTP: dilutions, claims and guarantees called."""

from typing import Any

from marshmallow import fields, validate
from sqlalchemy import ColumnElement, Select, func, select

from scf.commands import ScopeKind
from scf.factoring.lifecycle import CLAIM_MOVES
from scf.factoring.models import claim_payments, claims, dilutions, guarantee_calls
from scf.factoring.queries import of_advances, payments_of_claims
from scf.factoring.request_routes import READ
from scf.factoring.schemas import ClaimSchema, DilutionSchema, GuaranteeSchema
from scf.fields import Day, Id
from scf.routes import Caller, Filter, ListRoute, Route

_CALL_STATUS = fields.String(validate=[validate.OneOf(["called", "paid"])])
# without the version: what was paid in part is not counted by it
_CLAIM = [column for column in claims.c if column.name != "version"]
_CLAIM_FILTERS = {
    "status": Filter(fields.String(validate=[validate.OneOf(list(CLAIM_MOVES))]), claims.c.status.__eq__),
    "reason": Filter(fields.String(validate=[validate.OneOf(["dilution", "recourse"])]), claims.c.reason.__eq__),
    "advance_id": Filter(Id("adv"), claims.c.advance_id.__eq__),
    "claimed_from": Filter(Day(), claims.c.claimed_on.__ge__),
    "claimed_to": Filter(Day(), claims.c.claimed_on.__le__),
}


def _claimed(whose: ColumnElement[bool], *paid_in: ColumnElement[bool]) -> Select[Any]:
    paid = (
        select(func.coalesce(func.sum(claim_payments.c.amount_minor), 0))
        .where(claim_payments.c.claim_id == claims.c.id, *paid_in)
        .scalar_subquery()
    )
    return select(*_CLAIM, (claims.c.amount_minor - paid).label("left_minor")).where(whose)


def _owed_by(caller: Caller) -> Select[Any]:
    return _claimed(claims.c.supplier_id == caller.organisation_id)


def _owed_to(caller: Caller) -> Select[Any]:
    book_id = caller.in_book().id
    return _claimed(claims.c.book_id == book_id, claim_payments.c.book_id == book_id)


def _diluted(caller: Caller) -> Select[Any]:
    return of_advances(dilutions, caller.in_book().id)


def _called(caller: Caller) -> Select[Any]:
    return of_advances(guarantee_calls, caller.in_book().id)


ROUTES: tuple[Route, ...] = (
    ListRoute(
        path="/claims",
        permission=READ,
        schema=ClaimSchema,
        prefix="clm",
        select=_owed_by,
        key=claims.c.id,
        summary="What the supplier owes its funders.",
        filters={**_CLAIM_FILTERS, "book_id": Filter(Id("bok"), claims.c.book_id.__eq__)},
        expand={"payments": payments_of_claims},
    ),
    ListRoute(
        path="/claims",
        permission=READ,
        schema=ClaimSchema,
        prefix="clm",
        select=_owed_to,
        key=claims.c.id,
        summary="What suppliers owe the funder.",
        scope=ScopeKind.BOOK,
        filters={**_CLAIM_FILTERS, "supplier_id": Filter(Id("org"), claims.c.supplier_id.__eq__)},
        expand={"payments": payments_of_claims},
    ),
    ListRoute(
        path="/dilutions",
        permission=READ,
        schema=DilutionSchema,
        prefix="dil",
        select=_diluted,
        key=dilutions.c.id,
        summary="Credit notes after funding, and who bore them.",
        scope=ScopeKind.BOOK,
        filters={
            "advance_id": Filter(Id("adv"), dilutions.c.advance_id.__eq__),
            "credit_note_id": Filter(Id("crn"), dilutions.c.credit_note_id.__eq__),
            "from": Filter(Day(), dilutions.c.business_date.__ge__),
            "to": Filter(Day(), dilutions.c.business_date.__le__),
        },
    ),
    ListRoute(
        path="/guarantees",
        permission=READ,
        schema=GuaranteeSchema,
        prefix="grc",
        select=_called,
        key=guarantee_calls.c.id,
        summary="Guarantees that were called.",
        scope=ScopeKind.BOOK,
        filters={
            "status": Filter(_CALL_STATUS, guarantee_calls.c.status.__eq__),
            "guarantor_id": Filter(Id("org"), guarantee_calls.c.guarantor_id.__eq__),
            "advance_id": Filter(Id("adv"), guarantee_calls.c.advance_id.__eq__),
        },
    ),
)
