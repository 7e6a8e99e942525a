"""The ledger over HTTP: journals with their postings, accounts, balances by value date, the trial balance; entries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from marshmallow import fields, validate
from sqlalchemy import Connection, Select, select

from scf import paging
from scf.commands import ScopeKind
from scf.db.bulk import among
from scf.fields import Day, Id, Words
from scf.ids import text
from scf.ledger import schemas
from scf.ledger.chart import CHART, Owner, full_name
from scf.ledger.manual import ENTER_BY_PEOPLE, ManualJournal
from scf.ledger.models import accounts, journals, postings
from scf.ledger.queries import by_kind, totals_of
from scf.ledger.rules import POSTING_RULES
from scf.module import Permission
from scf.money import decimal_string
from scf.paging import Order
from scf.proposals.api import four_eyes_permissions, four_eyes_routes, proposals_list
from scf.roles import Role
from scf.routes import Caller, Filter, ListRoute, Route, ViewRoute

READ = "ledger.read"
_WHAT = "enter journals by hand"

PERMISSIONS = (
    Permission(READ, "see the journals and accounts of a book", frozenset(Role)),
    *four_eyes_permissions(ENTER_BY_PEOPLE, _WHAT, frozenset({Role.OPERATIONS}), frozenset({Role.CHECKER})),
)

_NONE = (0, 0)


@dataclass(frozen=True, slots=True)
class _Standing:
    """An account, or a kind of account, with its two sides."""

    id: int
    code: str
    owner_id: int
    currency: str
    debit_minor: int
    credit_minor: int


@dataclass(frozen=True, slots=True)
class _Sides:
    """Two sides of a currency."""

    account: str
    currency: str
    debit_minor: int
    credit_minor: int


def _booked(caller: Caller) -> Select[Any]:
    return select(journals).where(journals.c.book_id == caller.in_book().id)


def _kept(caller: Caller) -> Select[Any]:
    return select(accounts.c.id, accounts.c.code, accounts.c.owner_id, accounts.c.currency).where(
        accounts.c.book_id == caller.in_book().id
    )


def postings_of(
    caller: Caller, connection: Connection, journal_ids: Sequence[int]
) -> Mapping[int, list[dict[str, Any]]]:
    """The postings of each journal, in their order."""
    book_id = caller.in_book().id
    debit, credit = accounts.alias("debit"), accounts.alias("credit")
    rows = connection.execute(
        select(postings, debit.c.code.label("debit"), credit.c.code.label("credit"))
        .join(debit, debit.c.id == postings.c.debit_account_id)
        .join(credit, credit.c.id == postings.c.credit_account_id)
        .where(among(connection, postings.c.journal_id, journal_ids), postings.c.book_id == book_id)
        .where(debit.c.book_id == book_id, credit.c.book_id == book_id)
        .order_by(postings.c.journal_id, postings.c.line)
    )
    found: dict[int, list[dict[str, Any]]] = {id: [] for id in journal_ids}
    for row in rows:
        sides = {
            "debit": {"account_id": text("acc", row.debit_account_id), "name": full_name(row.debit)},
            "credit": {"account_id": text("acc", row.credit_account_id), "name": full_name(row.credit)},
        }
        amount = {"amount": decimal_string(row.amount_minor, row.currency), "currency": row.currency}
        found[row.journal_id].append({**sides, **amount})
    return found


def _balances(
    caller: Caller, value_to: date | None, code: str, organisation_id: int | None, limit: int, after: str
) -> dict[str, Any]:
    query = _kept(caller)
    if code:
        query = query.where(accounts.c.code == code)
    if organisation_id is not None:
        owned = [code for code, line in CHART.items() if line.owner not in (Owner.BOOK, Owner.LIMIT)]
        query = query.where(accounts.c.owner_id == organisation_id, accounts.c.code.in_(owned))
    with caller.reading() as connection:
        page = paging.read(connection, query, Order(accounts.c.id, accounts.c.id), after, limit)
        totals = totals_of(connection, caller.in_book().id, [row.id for row in page.rows], value_to)
    items = [_Standing(row.id, row.code, row.owner_id, row.currency, *totals.get(row.id, _NONE)) for row in page.rows]
    return {"items": items, "next": page.next or None}


def _trial_balance(caller: Caller, value_to: date | None) -> dict[str, Any]:
    with caller.reading() as connection:
        nets = by_kind(connection, caller.in_book().id, value_to)
    lines = [
        _Sides(full_name(code), currency, max(net, 0), max(-net, 0))
        for (code, currency), net in nets
        if net and not CHART[code].memorandum
    ]
    totals = [_total(lines, currency) for currency in sorted({line.currency for line in lines})]
    return {"lines": lines, "totals": totals, "equal": all(each.debit_minor == each.credit_minor for each in totals)}


def _total(lines: Sequence[_Sides], currency: str) -> _Sides:
    mine = [line for line in lines if line.currency == currency]
    return _Sides("", currency, sum(line.debit_minor for line in mine), sum(line.credit_minor for line in mine))


ROUTES: tuple[Route, ...] = (
    ListRoute(
        path="/journals",
        permission=READ,
        schema=schemas.JournalSchema,
        prefix="jrn",
        select=_booked,
        key=journals.c.id,
        summary="What was posted.",
        scope=ScopeKind.BOOK,
        sorts={"business_date": journals.c.business_date},
        filters={
            "event": Filter(fields.String(validate=[validate.OneOf(list(POSTING_RULES))]), journals.c.event.__eq__),
            "ref": Filter(Words(60), journals.c.ref.__eq__),
            "command_id": Filter(Id("cmd"), journals.c.command_id.__eq__),
            "business_from": Filter(Day(), journals.c.business_date.__ge__),
            "business_to": Filter(Day(), journals.c.business_date.__le__),
            "value_from": Filter(Day(), journals.c.value_date.__ge__),
            "value_to": Filter(Day(), journals.c.value_date.__le__),
        },
        expand={"postings": postings_of},
    ),
    ListRoute(
        path="/accounts",
        permission=READ,
        schema=schemas.AccountSchema,
        prefix="acc",
        select=_kept,
        key=accounts.c.id,
        summary="The accounts of the book.",
        scope=ScopeKind.BOOK,
        filters={
            "code": Filter(schemas.CODE, accounts.c.code.__eq__),
            "currency": Filter(Words(3, 3), accounts.c.currency.__eq__),
        },
    ),
    ViewRoute(
        method="GET",
        path="/balances",
        permission=READ,
        view=_balances,
        summary="The balances of accounts, up to a value date.",
        query=schemas.BalancesQuery,
        answers=schemas.BalancesSchema,
        scope=ScopeKind.BOOK,
    ),
    ViewRoute(
        method="GET",
        path="/trial-balance",
        permission=READ,
        view=_trial_balance,
        summary="The trial balance by kind of account, up to a value date.",
        query=schemas.TrialBalanceQuery,
        answers=schemas.TrialBalanceSchema,
        scope=ScopeKind.BOOK,
    ),
    *four_eyes_routes("/journals/enter", ENTER_BY_PEOPLE, schemas.ManualJournalSchema, "mnj", _WHAT, {}),
    proposals_list("/journals/enter", ENTER_BY_PEOPLE, ManualJournal, schemas.ManualJournalSchema, _WHAT, READ),
)
