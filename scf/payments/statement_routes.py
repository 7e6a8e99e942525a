"""What banks tell, over HTTP: bringing a bank file, the statements that came, and their lines."""

from typing import Any

from marshmallow import fields, validate
from sqlalchemy import ColumnElement, Select, not_, or_, select

from scf.commands import ScopeKind
from scf.errors import FileRefused
from scf.fields import Day, Id, Words
from scf.files import sha256_of
from scf.module import Permission
from scf.payments.account_routes import READ
from scf.payments.models import statement_entries, statements
from scf.payments.numbers import shown
from scf.payments.receive import RECEIVE
from scf.payments.schemas import EntrySchema, ImportedSchema, StatementSchema
from scf.payments.steps import take_in
from scf.roles import Role
from scf.routes import Caller, Filter, ListRoute, Route, ViewRoute

PERMISSIONS = (
    Permission(READ, "see payouts, bank accounts and what banks told", frozenset(Role)),
    Permission(RECEIVE.name, "bring a bank's file", frozenset({Role.OPERATIONS})),
)

_MEANINGS = ["collection", "payout", "return", "seen", "waiting", "unmatched"]
_REST = [column for column in statement_entries.c if column.name != "counter_account"]
_FOR_PEOPLE = or_(
    statement_entries.c.meaning == "unmatched",
    (statement_entries.c.meaning == "waiting") & ~statement_entries.c.reconciled,
)


def bring(caller: Caller, content: bytes, content_type: str) -> dict[str, Any]:
    """Import a bank file; the same bytes a second time give the same answer."""
    book = caller.in_book()
    name = f"statement-{book.ref}-{book.business_date}-uploaded.{content_type.rpartition('/')[2]}"
    outcome = take_in(caller.database, book.id, name, content, caller.actor)
    if outcome.refusal is not None:
        raise FileRefused(outcome.refusal.words())
    return {"sha256": sha256_of(content), "line_count": outcome.facts["count"]}


def _told(caller: Caller) -> Select[Any]:
    account = shown(caller, statements.c.account)
    rest = [column for column in statements.c if column.name != "account"]
    return select(*rest, account).where(statements.c.book_id == caller.in_book().id)


def _lines(caller: Caller) -> Select[Any]:
    account = shown(caller, statement_entries.c.counter_account)
    return select(*_REST, account).where(statement_entries.c.book_id == caller.in_book().id)


def _for_people(wanted: bool) -> ColumnElement[bool]:
    return _FOR_PEOPLE if wanted else not_(_FOR_PEOPLE)


ROUTES: tuple[Route, ...] = (
    ViewRoute(
        method="POST",
        path="/statements",
        permission=RECEIVE.name,
        view=bring,
        summary="Import a bank's file, camt.053 or camt.054. By its bytes: a second time changes nothing.",
        consumes=("application/xml", "text/xml"),
        answers=ImportedSchema,
        scope=ScopeKind.BOOK,
    ),
    ListRoute(
        path="/statements",
        permission=READ,
        schema=StatementSchema,
        prefix="stm",
        select=_told,
        key=statements.c.id,
        summary="What banks told.",
        scope=ScopeKind.BOOK,
        filters={
            "kind": Filter(fields.String(validate=[validate.OneOf(["053", "054"])]), statements.c.kind.__eq__),
            "from": Filter(Day(), statements.c.business_date.__ge__),
            "to": Filter(Day(), statements.c.business_date.__le__),
        },
    ),
    ListRoute(
        path="/statement-entries",
        permission=READ,
        schema=EntrySchema,
        prefix="ent",
        select=_lines,
        key=statement_entries.c.id,
        summary="Lines of what banks told; `for_people` are those that nobody has understood.",
        scope=ScopeKind.BOOK,
        filters={
            "statement_id": Filter(Id("stm"), statement_entries.c.statement_id.__eq__),
            "meaning": Filter(fields.String(validate=[validate.OneOf(_MEANINGS)]), statement_entries.c.meaning.__eq__),
            "for_people": Filter(fields.Boolean(), _for_people),
            "bank_ref": Filter(Words(80), statement_entries.c.bank_ref.__eq__),
            "booked_from": Filter(Day(), statement_entries.c.booked_on.__ge__),
            "booked_to": Filter(Day(), statement_entries.c.booked_on.__le__),
        },
    ),
)
