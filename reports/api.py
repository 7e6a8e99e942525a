"""The reports of a book over HTTP, as the files they are."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from reports.run import FORMS, build, render
from scf.commands import ScopeKind
from scf.fields import Day, Id
from scf.module import Permission
from scf.roles import AT_A_FUNDER, AT_THE_OPERATOR, EVERYWHERE
from scf.routes import Caller, Route, ViewRoute

READ = "reports.read"
PERMISSIONS = (Permission(READ, "read the reports of a book", EVERYWHERE | AT_A_FUNDER | AT_THE_OPERATOR),)

_TYPES: Mapping[str, str] = {"pdf": "application/pdf", "csv": "text/csv"}


class FormQuery(Schema):
    """In which form a report is wanted."""

    format = fields.String(load_default="pdf", validate=[validate.OneOf(sorted(FORMS))])


class StatementQuery(FormQuery):
    """Whose statement, over which value dates."""

    supplier_id = Id("org", required=True)
    from_on = Day(required=True)
    to_on = Day(required=True)


class BalanceQuery(FormQuery):
    """Up to which value date."""

    value_to = Day()


def _ladder(caller: Caller, format: str) -> Response:
    return _file(caller, "ladder", format)


def _statement(caller: Caller, format: str, supplier_id: int, from_on: date, to_on: date) -> Response:
    return _file(caller, "supplier-statement", format, supplier_id=supplier_id, from_on=from_on, to_on=to_on)


def _balance(caller: Caller, format: str, value_to: date | None = None) -> Response:
    params = {} if value_to is None else {"value_to": value_to}
    return _file(caller, "trial-balance", format, **params)


def _file(caller: Caller, name: str, form: str, **params: Any) -> Response:
    book = caller.in_book()
    with caller.reading() as connection:
        content = render(build(connection, name, book, **params), form)
    response = Response(content, content_type=_TYPES[form])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}-{book.business_date}.{form}"'
    return response


def _report(name: str, view: Any, query: type[Schema], summary: str) -> ViewRoute:
    return ViewRoute(
        "GET", f"/reports/{name}", READ, view, summary, query=query, produces="application/pdf", scope=ScopeKind.BOOK
    )


ROUTES: tuple[Route, ...] = (
    _report("ladder", _ladder, FormQuery, "The maturity ladder."),
    _report("supplier-statement", _statement, StatementQuery, "A supplier's statement."),
    _report("trial-balance", _balance, BalanceQuery, "The trial balance."),
)
