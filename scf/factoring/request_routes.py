"""Requests over HTTP: a supplier asks and takes back, its bank approves, declines, funds."""

from typing import Any

from marshmallow import fields, validate
from sqlalchemy import ColumnElement, Select, select

from scf.commands import ScopeKind
from scf.factoring.approve import APPROVE_BY_PEOPLE, DECLINE, Approval
from scf.factoring.expire import EXPIRE, WITHDRAW
from scf.factoring.fund import FUND
from scf.factoring.lifecycle import REQUEST_MOVES
from scf.factoring.models import advance_requests, declines
from scf.factoring.queries import parties_of_requests, prices_today
from scf.factoring.request import REQUEST
from scf.factoring.schemas import ApprovalSchema, DeclineSchema, NewRequestSchema, RequestIdSchema, RequestSchema
from scf.fields import Day, Id
from scf.module import Permission
from scf.proposals.api import four_eyes_permissions, four_eyes_routes, proposals_list
from scf.roles import Role
from scf.routes import Caller, CommandRoute, Filter, ListRoute, Route

READ = "factoring.read"
_WHAT = "approve requests"

PERMISSIONS = (
    Permission(READ, "see requests, advances, assignments, dilutions and claims", frozenset(Role)),
    Permission(REQUEST.name, "ask for an advance", frozenset({Role.MAKER})),
    Permission(WITHDRAW.name, "take back a request that is not approved yet", frozenset({Role.MAKER})),
    Permission("factoring.offer", "ask by the supplier's standing instruction"),
    *four_eyes_permissions(APPROVE_BY_PEOPLE, _WHAT, frozenset({Role.CREDIT_OFFICER}), frozenset({Role.CHECKER})),
    Permission(DECLINE.name, "decline requests", frozenset({Role.CREDIT_OFFICER})),
    Permission(EXPIRE.name, "end requests whose time is over", frozenset({Role.OPERATIONS})),
    Permission(FUND.name, "fund approved requests before the day's step does", frozenset({Role.OPERATIONS})),
)

_STATUS = fields.String(validate=[validate.OneOf(list(REQUEST_MOVES))])
_FILTERS = {
    "status": Filter(_STATUS, advance_requests.c.status.__eq__),
    "anchor_id": Filter(Id("org"), advance_requests.c.anchor_id.__eq__),
    "receivable_id": Filter(Id("rcv"), advance_requests.c.receivable_id.__eq__),
    "enrolment_id": Filter(Id("enr"), advance_requests.c.enrolment_id.__eq__),
    "requested_from": Filter(Day(), advance_requests.c.requested_on.__ge__),
    "requested_to": Filter(Day(), advance_requests.c.requested_on.__le__),
    "due_from": Filter(Day(), advance_requests.c.due_on.__ge__),
    "due_to": Filter(Day(), advance_requests.c.due_on.__le__),
}


def _own(caller: Caller) -> Select[Any]:
    mine = caller.organisation_id
    return _with_reason(declines.c.supplier_id == mine).where(advance_requests.c.supplier_id == mine)


def _of_book(caller: Caller) -> Select[Any]:
    book_id = caller.in_book().id
    return _with_reason(declines.c.book_id == book_id).where(advance_requests.c.book_id == book_id)


def _with_reason(whose: ColumnElement[bool]) -> Select[Any]:
    why = (declines.c.request_id == advance_requests.c.id) & whose
    return select(advance_requests, declines.c.reason).outerjoin(declines, why)


ROUTES: tuple[Route, ...] = (
    ListRoute(
        path="/requests",
        permission=READ,
        schema=RequestSchema,
        prefix="req",
        select=_own,
        key=advance_requests.c.id,
        summary="Advances asked for.",
        filters={**_FILTERS, "book_id": Filter(Id("bok"), advance_requests.c.book_id.__eq__)},
        expand={"price": prices_today},
    ),
    CommandRoute("/requests", REQUEST, NewRequestSchema, "req", "Ask for advances."),
    CommandRoute("/requests/withdraw", WITHDRAW, RequestIdSchema, "req", "Take requests back."),
    ListRoute(
        path="/requests",
        permission=READ,
        schema=RequestSchema,
        prefix="req",
        select=_of_book,
        key=advance_requests.c.id,
        summary="Requests made to the book.",
        scope=ScopeKind.BOOK,
        filters={**_FILTERS, "supplier_id": Filter(Id("org"), advance_requests.c.supplier_id.__eq__)},
        expand={"price": prices_today, "parties": parties_of_requests},
    ),
    *four_eyes_routes("/requests/approve", APPROVE_BY_PEOPLE, ApprovalSchema, "req", _WHAT, {}),
    proposals_list("/requests/approve", APPROVE_BY_PEOPLE, Approval, ApprovalSchema, _WHAT, READ),
    CommandRoute("/requests/decline", DECLINE, DeclineSchema, "req", "Decline requests."),
    CommandRoute("/requests/expire", EXPIRE, RequestIdSchema, "req", "End requests whose time is over."),
    CommandRoute("/requests/fund", FUND, RequestIdSchema, "adv", "Fund approved requests."),
)
