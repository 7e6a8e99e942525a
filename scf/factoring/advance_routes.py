"""Advances over HTTP, for their supplier and their bank: with the price, its proof, and what was assigned."""

import json
from typing import Any

from marshmallow import fields, validate
from sqlalchemy import ColumnElement, Select, select
from werkzeug.exceptions import NotFound

from scf.commands import ScopeKind
from scf.factoring.lifecycle import ADVANCE_MOVES, ASSIGNMENT_MOVES
from scf.factoring.models import advances, assignments
from scf.factoring.pricing import difference
from scf.factoring.queries import parties_of_advances
from scf.factoring.request_routes import READ
from scf.factoring.schemas import AdvanceSchema, AssignmentSchema, ProofSchema
from scf.fields import Day, Id, Words
from scf.receivables.models import receivables
from scf.routes import Caller, Filter, ListRoute, Route, ViewRoute

_COLUMNS = [column for column in advances.c if column.name not in ("proof", "version")]
_PRICE = ("advance", "reserve", "discount", "fee", "vat", "net")
_FILTERS = {
    "status": Filter(fields.String(validate=[validate.OneOf(list(ADVANCE_MOVES))]), advances.c.status.__eq__),
    "kind": Filter(fields.String(validate=[validate.OneOf(["bought", "lent"])]), advances.c.kind.__eq__),
    "anchor_id": Filter(Id("org"), advances.c.anchor_id.__eq__),
    "receivable_id": Filter(Id("rcv"), advances.c.receivable_id.__eq__),
    "request_id": Filter(Id("req"), advances.c.request_id.__eq__),
    "ref": Filter(Words(60), advances.c.ref.__eq__),
    "credited_from": Filter(Day(), advances.c.credited_on.__ge__),
    "credited_to": Filter(Day(), advances.c.credited_on.__le__),
    "due_from": Filter(Day(), advances.c.due_on.__ge__),
    "due_to": Filter(Day(), advances.c.due_on.__le__),
}


def _own(caller: Caller) -> Select[Any]:
    return _funded(_of_supplier(caller), receivables.c.creditor_id == caller.organisation_id)


def _funded_in(caller: Caller) -> Select[Any]:
    return _funded(_of_book(caller))


def _funded(*whose: ColumnElement[bool]) -> Select[Any]:
    # the version is of both rows, so that it counts on when either has changed
    version = (advances.c.version + receivables.c.version).label("version")
    return (
        select(*_COLUMNS, receivables.c.open_minor, version)
        .join(receivables, receivables.c.id == advances.c.receivable_id)
        .where(*whose)
    )


def _of_supplier(caller: Caller) -> ColumnElement[bool]:
    return advances.c.supplier_id == caller.organisation_id


def _of_book(caller: Caller) -> ColumnElement[bool]:
    return advances.c.book_id == caller.in_book().id


def _assigned(caller: Caller) -> Select[Any]:
    return select(assignments).where(assignments.c.book_id == caller.in_book().id)


def _proof(caller: Caller, advance_id: int) -> dict[str, Any]:
    return _recomputed(caller, advance_id, _of_supplier(caller))


def _proof_of_book(caller: Caller, advance_id: int) -> dict[str, Any]:
    return _recomputed(caller, advance_id, _of_book(caller))


def _recomputed(caller: Caller, advance_id: int, whose: ColumnElement[bool]) -> dict[str, Any]:
    with caller.reading() as connection:
        row = connection.execute(select(advances).where(advances.c.id == advance_id, whose)).one_or_none()
    if row is None:
        raise NotFound("there is no such advance that you may see")
    proof: dict[str, str] = json.loads(row.proof)
    differs = difference(proof, tuple(getattr(row, f"{name}_minor") for name in _PRICE))
    return {"id": row.id, "holds": not differs, "difference": differs, "proof": proof}


ROUTES: tuple[Route, ...] = (
    ListRoute(
        path="/advances",
        permission=READ,
        schema=AdvanceSchema,
        prefix="adv",
        select=_own,
        key=advances.c.id,
        summary="Advances taken.",
        filters={**_FILTERS, "book_id": Filter(Id("bok"), advances.c.book_id.__eq__)},
    ),
    ListRoute(
        path="/advances",
        permission=READ,
        schema=AdvanceSchema,
        prefix="adv",
        select=_funded_in,
        key=advances.c.id,
        summary="Advances of the book.",
        scope=ScopeKind.BOOK,
        filters={**_FILTERS, "supplier_id": Filter(Id("org"), advances.c.supplier_id.__eq__)},
        expand={"parties": parties_of_advances},
    ),
    *(
        ViewRoute(
            method="GET",
            path="/advances/<id(adv):advance_id>/proof",
            permission=READ,
            view=view,
            summary="The proof of an advance's price, recomputed.",
            answers=ProofSchema,
            scope=scope,
        )
        for scope, view in ((ScopeKind.ORGANISATION, _proof), (ScopeKind.BOOK, _proof_of_book))
    ),
    ListRoute(
        path="/assignments",
        permission=READ,
        schema=AssignmentSchema,
        prefix="asg",
        select=_assigned,
        key=assignments.c.id,
        summary="What was assigned to the funder.",
        scope=ScopeKind.BOOK,
        filters={
            "status": Filter(
                fields.String(validate=[validate.OneOf(list(ASSIGNMENT_MOVES))]), assignments.c.status.__eq__
            ),
            "advance_id": Filter(Id("adv"), assignments.c.advance_id.__eq__),
        },
    ),
)
