"""Receivables over HTTP: what a supplier is owed and what an anchor owes; credit notes; closing what was paid."""

from typing import Any

from marshmallow import fields, validate
from sqlalchemy import Select

from scf.fields import Day, Id, Words
from scf.module import Permission
from scf.receivables.close import CLOSE
from scf.receivables.credit import CREDIT
from scf.receivables.lifecycle import MOVES, NOTE_MOVES
from scf.receivables.models import credit_notes, receivables
from scf.receivables.queries import STATUS_FOR_DEBTOR, credited, notes_of, of_creditor, of_debtor
from scf.receivables.schemas import (
    CreditNoteSchema,
    NewCreditNoteSchema,
    OwedSchema,
    ReceivableIdSchema,
    ReceivableSchema,
)
from scf.roles import EVERYWHERE, Role
from scf.routes import Caller, CommandRoute, Filter, ListRoute, Route

READ = "receivables.read"

PERMISSIONS = (
    Permission(READ, "see what the organisation is owed, and what it owes", EVERYWHERE),
    Permission(CREDIT.name, "bring credit notes", frozenset({Role.MAKER})),
    Permission(CLOSE.name, "say that the anchor has paid what nobody funded", frozenset({Role.MAKER})),
)

_FILTERS = {
    "ref": Filter(Words(60), receivables.c.ref.__eq__),
    "due_from": Filter(Day(), receivables.c.due_on.__ge__),
    "due_to": Filter(Day(), receivables.c.due_on.__le__),
}
_STATUS = fields.String(validate=[validate.OneOf(list(MOVES))])


def _as_creditor(caller: Caller) -> Select[Any]:
    return of_creditor(caller.organisation_id)


def _as_debtor(caller: Caller) -> Select[Any]:
    return of_debtor(caller.organisation_id)


def _notes(caller: Caller) -> Select[Any]:
    return credited(caller.organisation_id)


ROUTES: tuple[Route, ...] = (
    ListRoute(
        path="/receivables",
        permission=READ,
        schema=ReceivableSchema,
        prefix="rcv",
        select=_as_creditor,
        key=receivables.c.id,
        summary="What the organisation is owed.",
        sorts={"due_on": receivables.c.due_on},
        filters={
            **_FILTERS,
            "status": Filter(_STATUS, receivables.c.status.__eq__),
            "debtor_id": Filter(Id("org"), receivables.c.debtor_id.__eq__),
        },
        expand={"credit_notes": notes_of},
    ),
    ListRoute(
        path="/receivables/owed",
        permission=READ,
        schema=OwedSchema,
        prefix="rcv",
        select=_as_debtor,
        key=receivables.c.id,
        summary="What the organisation owes.",
        sorts={"due_on": receivables.c.due_on},
        filters={
            **_FILTERS,
            "status": Filter(_STATUS, STATUS_FOR_DEBTOR.__eq__),
            "creditor_id": Filter(Id("org"), receivables.c.creditor_id.__eq__),
        },
        expand={"credit_notes": notes_of},
    ),
    ListRoute(
        path="/credit-notes",
        permission=READ,
        schema=CreditNoteSchema,
        prefix="crn",
        select=_notes,
        key=credit_notes.c.id,
        summary="Credit notes against what the organisation is owed.",
        filters={
            "status": Filter(fields.String(validate=[validate.OneOf(list(NOTE_MOVES))]), credit_notes.c.status.__eq__),
            "receivable_id": Filter(Id("rcv"), credit_notes.c.receivable_id.__eq__),
            "issued_from": Filter(Day(), credit_notes.c.issued_on.__ge__),
            "issued_to": Filter(Day(), credit_notes.c.issued_on.__le__),
        },
    ),
    CommandRoute("/receivables/credit", CREDIT, NewCreditNoteSchema, "crn", "Bring credit notes."),
    CommandRoute("/receivables/close", CLOSE, ReceivableIdSchema, "rcv", "Close what the anchor paid its supplier."),
)
