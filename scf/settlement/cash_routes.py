"""Cash over HTTP: what came in, who paid it, what it is applied to; receivables settled; the book checked."""

from collections.abc import Mapping, Sequence
from typing import Any

from marshmallow import fields, validate
from sqlalchemy import ColumnElement, Connection, Select, func, not_, select

from scf.commands import ScopeKind
from scf.db.bulk import among
from scf.fields import Day, Id, Words
from scf.ids import text
from scf.ledger import checks as ledger
from scf.module import Permission
from scf.money import decimal_string
from scf.payments.lifecycle import COLLECTION_MOVES
from scf.payments.models import collections
from scf.roles import Role
from scf.routes import Caller, CommandRoute, Filter, ListRoute, Route, ViewRoute
from scf.settlement.apply import APPLY
from scf.settlement.checks import findings
from scf.settlement.identify import IDENTIFY
from scf.settlement.models import applications
from scf.settlement.schemas import (
    AdvanceIdSchema,
    ApplicationSchema,
    CollectionSchema,
    FindingsSchema,
    IdentificationSchema,
)
from scf.settlement.settle import SETTLE

READ, CHECK = "settlement.read", "settlement.check"
_OPERATIONS = frozenset({Role.OPERATIONS})
_CHECKING = frozenset({Role.OPERATIONS, Role.ADMINISTRATOR, Role.AUDITOR, Role.OPERATOR})

PERMISSIONS = (
    Permission(READ, "see collections, losses and late charges", frozenset(Role)),
    Permission(CHECK, "recompute a book and see what does not hold", _CHECKING),
    Permission(IDENTIFY.name, "say who paid", _OPERATIONS),
    Permission(APPLY.name, "apply money to what it pays", _OPERATIONS),
    Permission(SETTLE.name, "settle what is collected before the day's step does", _OPERATIONS),
)

_PAID = applications.c.face_minor + applications.c.late_minor
_LEFT = collections.c.status.in_(["received", "part_applied"])


def _came(caller: Caller) -> Select[Any]:
    book_id = caller.in_book().id
    applied = (
        select(func.coalesce(func.sum(_PAID), 0))
        .where(applications.c.collection_id == collections.c.id, applications.c.book_id == book_id)
        .scalar_subquery()
    )
    left = (collections.c.amount_minor - applied).label("left_minor")
    return select(collections, left).where(collections.c.book_id == book_id)


def _applied(
    caller: Caller, connection: Connection, collection_ids: Sequence[int]
) -> Mapping[int, list[dict[str, Any]]]:
    """What each collection paid, in the order in which it did."""
    rows = connection.execute(
        select(applications, collections.c.currency)
        .join(collections, collections.c.id == applications.c.collection_id)
        .where(among(connection, collections.c.id, collection_ids), applications.c.book_id == caller.in_book().id)
        .order_by(applications.c.id)
    )
    found: dict[int, list[dict[str, Any]]] = {id: [] for id in collection_ids}
    for row in rows:
        amounts = {
            name: decimal_string(getattr(row, f"{name}_minor"), row.currency)
            for name in ("face", "lent", "guarantor", "late")
        }
        named = {"id": text("apl", row.id), "advance_id": text("adv", row.advance_id)}
        found[row.collection_id].append({**named, **amounts, "value_date": row.value_date.isoformat()})
    return found


def _unapplied(wanted: bool) -> ColumnElement[bool]:
    return _LEFT if wanted else not_(_LEFT)


def _identified(wanted: bool) -> ColumnElement[bool]:
    return collections.c.payer_id.is_not(None) if wanted else collections.c.payer_id.is_(None)


def _check(caller: Caller) -> dict[str, Any]:
    book_id = caller.in_book().id
    with caller.reading() as connection:
        return {"findings": [*ledger.findings(connection, book_id), *findings(connection, book_id)]}


ROUTES: tuple[Route, ...] = (
    ListRoute(
        path="/collections",
        permission=READ,
        schema=CollectionSchema,
        prefix="col",
        select=_came,
        key=collections.c.id,
        summary="Money that came in; `unapplied` is what people have to look at.",
        scope=ScopeKind.BOOK,
        filters={
            "status": Filter(
                fields.String(validate=[validate.OneOf(list(COLLECTION_MOVES))]), collections.c.status.__eq__
            ),
            "unapplied": Filter(fields.Boolean(), _unapplied),
            "identified": Filter(fields.Boolean(), _identified),
            "payer_id": Filter(Id("org"), collections.c.payer_id.__eq__),
            "bank_ref": Filter(Words(80), collections.c.bank_ref.__eq__),
            "value_from": Filter(Day(), collections.c.value_date.__ge__),
            "value_to": Filter(Day(), collections.c.value_date.__le__),
        },
        expand={"applications": _applied},
    ),
    CommandRoute("/collections/identify", IDENTIFY, IdentificationSchema, "col", "Say who paid."),
    CommandRoute("/collections/apply", APPLY, ApplicationSchema, "apl", "Apply money to what it pays."),
    CommandRoute("/advances/settle", SETTLE, AdvanceIdSchema, "adv", "Settle what is collected in full."),
    ViewRoute(
        method="GET",
        path="/check",
        permission=CHECK,
        view=_check,
        summary="Recompute the book, ledger and rows: it takes longer the larger the book is.",
        answers=FindingsSchema,
        scope=ScopeKind.BOOK,
    ),
)
