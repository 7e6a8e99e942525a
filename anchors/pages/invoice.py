"""One invoice as its anchor sees it: what was submitted, how it stands, and what may be done: confirm, reject, dispute.

The file it came from is not shown: a list may hold the invoices of others. Nor is how it is financed.
"""

from collections.abc import Mapping
from typing import Any

from flask import Response
from sqlalchemy import Connection, Row, select

from anchors.api import READ
from anchors.confirm import CONFIRM, CONFIRM_BY_PEOPLE
from anchors.confirmation import Confirmation
from anchors.dispute import DISPUTE, Objection
from anchors.models import confirmations
from anchors.pages.told import tell
from anchors.reject import REJECT, Reason, Rejection
from anchors.schemas import NewConfirmationSchema, ObjectionSchema, RejectionSchema
from invoices.lifecycle import SUBMITTED, UNDECIDED
from invoices.models import invoice_ends, invoices
from scf import encoding
from scf.commands import Command
from scf.fields import ItemSchema
from scf.ids import text
from scf.money import decimal_string
from scf.organisations import queries as organisations
from scf.people import queries as people
from scf.programmes.terms import Undertaking
from scf.proposals.models import proposals
from scf.routes import Caller, PageRoute
from scf.web.forms import Form, again, ran, read, sentence
from scf.web.pages import see
from scf.web.panels import panels
from scf.web.problems import Problem
from scf.web.said import Undo
from scf.web.status import status_words
from scf.web.words import N_, _

PATH = "/anchor/invoices"
_PROPOSE, _WITHDRAW = CONFIRM_BY_PEOPLE.propose, CONFIRM_BY_PEOPLE.withdraw


def show(caller: Caller, id: int) -> Response:
    """The invoice."""
    return _page(caller, id, Form({"reason": "", "words": ""}))


def propose(caller: Caller, id: int) -> Response:
    """Propose to confirm it, or a part of it."""
    may = caller.actor.may(_WITHDRAW.name)
    said = N_("%(count)s confirmation is proposed; another person checks it.")
    return _sent(caller, id, NewConfirmationSchema, _PROPOSE, said, can_undo=may)


def reject(caller: Caller, id: int) -> Response:
    """Reject it."""
    return _sent(caller, id, RejectionSchema, REJECT, N_("%(count)s invoice is rejected; its supplier reads why."))


def dispute(caller: Caller, id: int) -> Response:
    """Dispute it."""
    said = N_("%(count)s invoice is disputed; its supplier is asked to answer.")
    return _sent(caller, id, ObjectionSchema, DISPUTE, said)


def _sent(
    caller: Caller,
    id: int,
    schema: type[ItemSchema],
    command: Command[Any, Any, Any],
    said: str,
    *,
    can_undo: bool = False,
) -> Response:
    form = read(schema)
    if "invoice_id" in form.errors:
        raise Problem(422, "invalid", "the form is not one of this site; load the page again")
    if form.errors:
        return _page(caller, id, form)
    item: Confirmation | Rejection | Objection = form.loaded
    if item.invoice_id != id:
        raise Problem(422, "invalid", "the form is not one of this site; load the page again")
    (outcome,) = ran(caller, command, [item], form.key)
    if outcome.refusal is not None:
        form.say(sentence(outcome.refusal), status=409)
        return _page(caller, id, form)
    undo = Undo(_("Take it back"), "/anchor/proposals/undo", {"proposed_by": form.key}) if can_undo else None
    tell([outcome], said, said, undo)
    return see(f"{PATH}/{text('inv', id)}")


def _page(caller: Caller, id: int, form: Form) -> Response:
    with caller.reading() as connection:
        row = _row(connection, caller, id)
        waits = _proposal(connection, caller, id)
        shown = panels(caller, connection, "payable", id)
        names = organisations.names(connection, [row.supplier_id])
        signed = {each for each in (row.maker_id, row.checker_id, waits and waits.maker_id) if each}
        makers = people.names(connection, signed)
    form.typed = {**_filled(row), **form.typed}
    return again(
        "anchor/invoice.html",
        form,
        invoice=row,
        names=names,
        makers=makers,
        proposal=waits,
        asked=encoding.parse(Confirmation, waits.payload) if waits else None,
        panels=shown,
        today=caller.database.clock.now().date(),
        undertakings=[(each.value, status_words(each.value)) for each in Undertaking],
        reasons=[(each.value, status_words(each.value)) for each in Reason],
        may=_may(caller, row, is_proposed=waits is not None),
    )


def _may(caller: Caller, row: Row[Any], *, is_proposed: bool) -> Mapping[str, bool]:
    """What the reader can do with it as it stands."""
    may, is_submitted = caller.actor.may, row.status == SUBMITTED
    return {
        "propose": is_submitted and not is_proposed and may(_PROPOSE.name),
        "reject": row.status in UNDECIDED and may(REJECT.name),
        "dispute": is_submitted and may(DISPUTE.name),
    }


def _filled(row: Row[Any]) -> Mapping[str, str]:
    """The form to confirm as it stands at first: all of it, when it is due."""
    return {
        "amount": decimal_string(row.amount_minor, row.currency),
        "due_on": row.due_on.isoformat(),
        "undertaking": Undertaking.CONDITIONAL.value,
    }


def _row(connection: Connection, caller: Caller, id: int) -> Row[Any]:
    given = (
        confirmations.c.maker_id,
        confirmations.c.checker_id,
        confirmations.c.confirmed_at,
        confirmations.c.undertaking,
        confirmations.c.receivable_id,
        confirmations.c.due_on.label("pays_on"),
        confirmations.c.amount_minor.label("confirmed_minor"),
    )
    row = connection.execute(
        select(invoices, *given, invoice_ends.c.reason, invoice_ends.c.words)
        .outerjoin(confirmations, confirmations.c.invoice_id == invoices.c.id)
        .outerjoin(invoice_ends, invoice_ends.c.invoice_id == invoices.c.id)
        .where(invoices.c.anchor_id == caller.organisation_id, invoices.c.id == id)
    ).one_or_none()
    if row is None:
        raise Problem(404, "not_found", "there is no such invoice of yours")
    return row


def _proposal(connection: Connection, caller: Caller, id: int) -> Row[Any] | None:
    each = proposals.c
    return connection.execute(
        select(proposals).where(
            each.scope_id == caller.organisation_id,
            each.command == CONFIRM.name,
            each.about_id == id,
            each.status == "proposed",
        )
    ).one_or_none()


_ONE = f"{PATH}/<id(inv):id>"
PAGES = (
    PageRoute(_ONE, READ, show),
    PageRoute(f"{_ONE}/propose", _PROPOSE.name, propose, ("POST",)),
    PageRoute(f"{_ONE}/reject", REJECT.name, reject, ("POST",)),
    PageRoute(f"{_ONE}/dispute", DISPUTE.name, dispute, ("POST",)),
)
