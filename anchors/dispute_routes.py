"""The routes of disputes over HTTP: each side lists its own, both write, the anchor opens and settles."""

from collections.abc import Callable
from typing import Any

from marshmallow import fields, validate
from sqlalchemy import Select

from anchors.dispute import DISPUTE
from anchors.dispute_queries import STATUS, STATUSES, messages_of, of_anchor, of_supplier
from anchors.models import disputes
from anchors.reject import Reason
from anchors.schemas import DisputeSchema, MessageSchema, ObjectionSchema, SettlementSchema
from anchors.settle_dispute import ANSWER_DISPUTE, SETTLE_DISPUTE
from scf.fields import Id
from scf.module import Permission
from scf.roles import EVERYWHERE, Role
from scf.routes import Caller, CommandRoute, Filter, ListRoute, Route

READ = "disputes.read"
_TWO_SIDES = frozenset({Role.MAKER, Role.CHECKER})
_STATUS = fields.String(validate=[validate.OneOf(STATUSES)])
_REASON = fields.String(validate=[validate.OneOf([reason.value for reason in Reason])])

PERMISSIONS = (
    Permission(READ, "see disputes about invoices it sent or received, and what both sides wrote", EVERYWHERE),
    Permission(DISPUTE.name, "dispute invoices", _TWO_SIDES),
    Permission(ANSWER_DISPUTE.name, "write about disputes to the other side", _TWO_SIDES),
    Permission(SETTLE_DISPUTE.name, "settle disputes", _TWO_SIDES),
)


def _listed(path: str, select: Callable[[Caller], Select[Any]], other: Any, summary: str) -> ListRoute:
    return ListRoute(
        path=path,
        permission=READ,
        schema=DisputeSchema,
        prefix="dsp",
        select=select,
        key=disputes.c.id,
        summary=summary,
        filters={
            "status": Filter(_STATUS, STATUS.__eq__),
            "reason": Filter(_REASON, disputes.c.reason.__eq__),
            other.name: Filter(Id("org"), other.__eq__),
            "invoice_id": Filter(Id("inv"), disputes.c.invoice_id.__eq__),
        },
        expand={"messages": messages_of},
    )


ROUTES: tuple[Route, ...] = (
    _listed("/payables/disputes", of_anchor, disputes.c.supplier_id, "What the organisation disputes."),
    _listed("/invoices/disputes", of_supplier, disputes.c.anchor_id, "What anchors dispute of what it sent."),
    CommandRoute("/payables/dispute", DISPUTE, ObjectionSchema, "dsp", "Dispute invoices; their suppliers answer."),
    CommandRoute("/disputes/answer", ANSWER_DISPUTE, MessageSchema, "dsm", "Write to the other side of disputes."),
    CommandRoute("/disputes/settle", SETTLE_DISPUTE, SettlementSchema, "dsp", "Settle disputes: back to submitted."),
)
