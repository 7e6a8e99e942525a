"""Accounts to pay to and from over HTTP: each party's own, and those of a book, agreed by two."""

from typing import Any

from marshmallow import fields, validate
from sqlalchemy import Select, select

from scf.commands import ScopeKind
from scf.fields import Id, Words
from scf.module import Permission
from scf.payments.accounts import AGREE_ACCOUNT, NewAccount
from scf.payments.models import bank_accounts
from scf.payments.numbers import NUMBERS, shown
from scf.payments.schemas import BankAccountSchema, NewAccountSchema
from scf.proposals.api import four_eyes_permissions, four_eyes_routes, proposals_list
from scf.roles import Role
from scf.routes import Caller, Filter, ListRoute, Route

READ = "payments.read"
_WHAT = "agree bank accounts"
_NEEDING = frozenset({Role.OPERATIONS, Role.CHECKER, Role.ADMINISTRATOR, Role.AUDITOR})

PERMISSIONS = (
    Permission(NUMBERS, "see the account numbers of others in full", _NEEDING),
    *four_eyes_permissions(AGREE_ACCOUNT, _WHAT, frozenset({Role.OPERATIONS}), frozenset({Role.CHECKER})),
)

_REST = [column for column in bank_accounts.c if column.name != "iban"]
_FILTERS = {
    "status": Filter(fields.String(validate=[validate.OneOf(["active", "closed"])]), bank_accounts.c.status.__eq__),
    "currency": Filter(Words(3, 3), bank_accounts.c.currency.__eq__),
}


def _own(caller: Caller) -> Select[Any]:
    return select(bank_accounts).where(bank_accounts.c.organisation_id == caller.organisation_id)


def _of_book(caller: Caller) -> Select[Any]:
    iban = shown(caller, bank_accounts.c.iban)
    return select(*_REST, iban).where(bank_accounts.c.book_id == caller.in_book().id)


ROUTES: tuple[Route, ...] = (
    ListRoute(
        path="/bank-accounts",
        permission=READ,
        schema=BankAccountSchema,
        prefix="bac",
        select=_own,
        key=bank_accounts.c.id,
        summary="The organisation's own accounts, in each funder's book.",
        filters={**_FILTERS, "book_id": Filter(Id("bok"), bank_accounts.c.book_id.__eq__)},
    ),
    ListRoute(
        path="/bank-accounts",
        permission=READ,
        schema=BankAccountSchema,
        prefix="bac",
        select=_of_book,
        key=bank_accounts.c.id,
        summary="Accounts that were agreed in the book.",
        scope=ScopeKind.BOOK,
        filters={**_FILTERS, "organisation_id": Filter(Id("org"), bank_accounts.c.organisation_id.__eq__)},
    ),
    *four_eyes_routes("/bank-accounts", AGREE_ACCOUNT, NewAccountSchema, "bac", _WHAT, {}),
    proposals_list("/bank-accounts", AGREE_ACCOUNT, NewAccount, NewAccountSchema, _WHAT, NUMBERS),
)
