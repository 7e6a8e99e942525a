"""The thread of a dispute on the page of its invoice, for both its sides: each writes, the anchor settles."""

from collections.abc import Sequence
from typing import Any

from flask import Response, render_template
from sqlalchemy import Connection, select

from anchors import dispute_queries
from anchors.dispute_routes import READ
from anchors.models import disputes
from anchors.pages.told import tell
from anchors.schemas import MessageSchema, SettlementSchema
from anchors.settle_dispute import ANSWER_DISPUTE, SETTLE_DISPUTE
from scf.commands import Command
from scf.fields import ItemSchema
from scf.ids import text
from scf.organisations import queries as organisations
from scf.people import queries as people
from scf.routes import Caller, PageRoute
from scf.screens import Panel
from scf.web.forms import Form, ran, read
from scf.web.pages import see
from scf.web.problems import Problem
from scf.web.said import say
from scf.web.words import N_, _

_DESKS = ("anchor", "supplier")


def thread(caller: Caller, connection: Connection, invoice_id: int) -> str:
    """The disputes of an invoice with what was written; nothing when there was none."""
    found: Sequence[Any] = dispute_queries.of_invoice(connection, caller, invoice_id)
    if not found:
        return ""
    said = dispute_queries.said(connection, [each.id for each in found])
    mine = caller.organisation_id
    parties = {id for each in found for id in (each.anchor_id, each.supplier_id)}
    # people are named to their own side alone
    own = {each.written_by_id for messages in said.values() for each in messages if each.organisation_id == mine}
    own |= {each.opened_by_id for each in found if each.anchor_id == mine}
    is_anchor = found[0].anchor_id == mine
    return render_template(
        "anchor/disputes_panel.html",
        disputes=found,
        said=said,
        names=organisations.names(connection, parties),
        people=people.names(connection, own),
        mine=mine,
        desk=_DESKS[0] if is_anchor else _DESKS[1],
        form=Form({"words": ""}),
        may_answer=caller.actor.may(ANSWER_DISPUTE.name),
        may_settle=is_anchor and caller.actor.may(SETTLE_DISPUTE.name),
    )


def answer(caller: Caller) -> Response:
    """Write to the other side."""
    said = N_("Your answer is sent to the other side.")
    return _sent(caller, MessageSchema, ANSWER_DISPUTE, said)


def settle(caller: Caller) -> Response:
    """Settle a dispute: its invoice may be confirmed again."""
    said = N_("The dispute is settled; the invoice waits for your confirmation again.")
    return _sent(caller, SettlementSchema, SETTLE_DISPUTE, said)


def _sent(caller: Caller, schema: type[ItemSchema], command: Command[Any, Any, Any], said: str) -> Response:
    form = read(schema)
    if "dispute_id" in form.errors or not form.typed.get("dispute_id"):
        raise Problem(422, "invalid", "the form is not one of this site; load the page again")
    if form.errors:
        say(_("Say in words what the other side should know."), look="danger")
        return see(_page_of(caller, SettlementSchema().load({"dispute_id": form.typed["dispute_id"]}).dispute_id))
    tell(ran(caller, command, [form.loaded], form.key), said, said)
    return see(_page_of(caller, form.loaded.dispute_id))


def _page_of(caller: Caller, id: int) -> str:
    with caller.reading() as connection:
        row = connection.execute(
            select(disputes.c.invoice_id, disputes.c.anchor_id, disputes.c.supplier_id).where(disputes.c.id == id)
        ).one_or_none()
    if row is None or caller.organisation_id not in (row.anchor_id, row.supplier_id):
        raise Problem(404, "not_found", "there is no such dispute of yours")
    desk = _DESKS[0] if row.anchor_id == caller.organisation_id else _DESKS[1]
    return f"/{desk}/invoices/{text('inv', row.invoice_id)}"


PANELS = (Panel("payable", READ, thread), Panel("invoice", READ, thread))
PAGES = (
    *(PageRoute(f"/{desk}/disputes/answer", ANSWER_DISPUTE.name, answer, ("POST",)) for desk in _DESKS),
    PageRoute("/anchor/disputes/settle", SETTLE_DISPUTE.name, settle, ("POST",)),
)
