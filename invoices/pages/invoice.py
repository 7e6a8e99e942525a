"""One invoice: what was read beside the file it came from, how it stands, what happens next; taking it back."""

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from flask import Response
from sqlalchemy import Connection, Row, select

from invoices import next_steps
from invoices.api import READ
from invoices.lifecycle import SUBMITTED
from invoices.models import invoices
from invoices.next_steps import Step
from invoices.queries import Standing, one_of_supplier
from invoices.schemas import WithdrawalSchema
from invoices.source import source
from invoices.withdraw import WITHDRAW
from scf import files
from scf.ids import text
from scf.routes import Caller, PageRoute
from scf.signatures.documents import served
from scf.web.forms import Form, again, ran, read, sentence
from scf.web.pages import see
from scf.web.panels import panels
from scf.web.problems import Problem
from scf.web.said import say
from scf.web.words import N_, _

_FILE = files.files.c
# what has no place in the name of a download: quotation marks, line ends, letters that headers do not carry
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


class Stage(NamedTuple):
    """How one of the things that an invoice became stands: what it is, its status, and the words for that."""

    words: str
    status: str
    step: Step


def show(caller: Caller, id: int) -> Response:
    """The invoice."""
    return _page(caller, id, Form({"words": ""}))


def withdraw(caller: Caller) -> Response:
    """Take an invoice back that is not confirmed yet."""
    form = read(WithdrawalSchema)
    if form.errors and "words" not in form.errors:
        raise Problem(422, "invalid", "the form is not one of this site; load the page again")
    if form.errors:
        return _page(caller, _id_of(form), form)
    invoice_id = form.loaded.invoice_id
    (outcome,) = ran(caller, WITHDRAW, [form.loaded], form.key)
    if outcome.refusal is not None:
        form.say(sentence(outcome.refusal), status=409)
        return _page(caller, invoice_id, form)
    say(_("The invoice is withdrawn."))
    return see(f"/supplier/invoices/{text('inv', invoice_id)}")


def _id_of(form: Form) -> int:
    loaded: int = WithdrawalSchema().load({"invoice_id": form.typed["invoice_id"]}).invoice_id
    return loaded


def original(caller: Caller, id: int) -> Response:
    """The file it came from, byte for byte."""
    with caller.reading() as connection:
        row = _row(connection, caller, id)
        content = files.read(connection, row.file_sha256)
    return served(content, f"{text('inv', id)}-{_UNSAFE.sub('_', row.file_name)}")


def _page(caller: Caller, id: int, form: Form) -> Response:
    with caller.reading() as connection:
        row = _row(connection, caller, id)
        stands = one_of_supplier(connection, caller.organisation_id, id)
        sent = source(connection, row.file_sha256, row.file_size, row.file_row)
        shown = panels(caller, connection, "invoice", id)
    if stands is None:
        raise Problem(404, "not_found", "there is no such invoice of yours")
    return again(
        "supplier/invoice.html",
        form,
        invoice=row,
        stands=stands,
        stages=stages(stands),
        source=sent,
        panels=shown,
        may_withdraw=stands.status == SUBMITTED and caller.actor.may(WITHDRAW.name),
    )


def _row(connection: Connection, caller: Caller, id: int) -> Row[Any]:
    row = connection.execute(
        select(invoices, _FILE.name.label("file_name"), _FILE.size.label("file_size"))
        .join(files.files, _FILE.sha256 == invoices.c.file_sha256)
        .where(invoices.c.supplier_id == caller.organisation_id, invoices.c.id == id)
    ).one_or_none()
    if row is None:
        raise Problem(404, "not_found", "there is no such invoice of yours")
    return row


def stages(stands: Standing) -> Sequence[Stage]:
    """What it is and became, the furthest last."""
    became = (
        (N_("Invoice"), stands.status, next_steps.INVOICE),
        (N_("Receivable"), stands.receivable_status, next_steps.RECEIVABLE),
        (N_("Advance request"), stands.request_status, next_steps.REQUEST),
        (N_("Advance"), stands.advance_status, next_steps.ADVANCE),
    )
    return [Stage(words, status, steps[status]) for words, status, steps in became if status is not None]


PAGES = (
    PageRoute("/supplier/invoices/<id(inv):id>", READ, show),
    PageRoute("/supplier/invoices/<id(inv):id>/file", READ, original),
    PageRoute("/supplier/invoices/withdraw", WITHDRAW.name, withdraw, ("POST",)),
)
