"""What the nightly checks found, over HTTP: a funder's own books, all of them to who runs the platform."""

from typing import Any

from marshmallow import Schema, fields, validate
from sqlalchemy import Select, select

from scf.books.models import books
from scf.fields import Day, Id, Words
from scf.module import Permission
from scf.roles import Role
from scf.routes import Caller, Filter, ListRoute, Route
from scf.settlement.keep_findings import KEEP
from scf.settlement.models import findings

READ = "findings.read"
PERMISSIONS = (
    Permission(
        READ,
        "see what the nightly checks of books found",
        frozenset({Role.OPERATOR, Role.AUDITOR, Role.OPERATIONS, Role.CHECKER, Role.ADMINISTRATOR}),
    ),
    Permission(KEEP.name, "keep what a nightly check found"),
)


class KeptFindingSchema(Schema):
    """What a check of a book found: which rule does not hold, and where."""

    id = Id("fnd", required=True)
    book_id = Id("bok", required=True)
    rule = fields.String(required=True)
    words = fields.String(required=True)
    status = fields.String(required=True)
    found_on = Day(required=True)
    cleared_on = Day(required=True, allow_none=True)


def _readable(caller: Caller) -> Select[Any]:
    found = select(findings, books.c.ref.label("book_ref")).join(books, books.c.id == findings.c.book_id)
    return found if caller.actor.operates else found.where(books.c.funder_id == caller.organisation_id)


ROUTES: tuple[Route, ...] = (
    ListRoute(
        path="/findings",
        permission=READ,
        schema=KeptFindingSchema,
        prefix="fnd",
        select=_readable,
        key=findings.c.id,
        summary="What the nightly checks of the organisation's books found; of all books to who runs the platform.",
        filters={
            "status": Filter(fields.String(validate=[validate.OneOf(["open", "cleared"])]), findings.c.status.__eq__),
            "book_id": Filter(Id("bok"), findings.c.book_id.__eq__),
            "rule": Filter(Words(40), findings.c.rule.__eq__),
            "from": Filter(Day(), findings.c.found_on.__ge__),
            "to": Filter(Day(), findings.c.found_on.__le__),
        },
    ),
)
