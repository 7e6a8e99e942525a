"""Uploading over HTTP: a JSON batch with an outcome an item, or a file with an outcome a row."""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from flask import Response, jsonify
from marshmallow import EXCLUDE, Schema, fields, validate

from invoices.intake import RowResult, UploadReport, upload_file
from invoices.upload import InvoiceFile
from invoices.upload_later import UPLOAD_LATER
from scf import ids
from scf.commands import in_organisation, run
from scf.fields import AMOUNT_PATTERN, Day, Words
from scf.money import decimal_string
from scf.outcomes import Outcome
from scf.routes import Caller
from scf.web.batches import accepted
from scf.web.schemas import BATCH_MAX, RefusalSchema, shown

# the types a file may be sent as; what it is, is found out by reading it
FILE_TYPES = ("text/csv", "application/xml", "text/xml", "application/x-ndjson", "application/octet-stream")


class NewInvoiceSchema(Schema):
    """An invoice or a credit note to send; a negative amount makes a credit note too."""

    number = Words(60, 1, required=True)
    buyer_id = Words(60, 1, required=True, metadata={"description": "the anchor's registration number"})
    issue_on = Day(required=True)
    due_on = Day()
    currency = fields.String(required=True, validate=[validate.Regexp(r"^[A-Z]{3}\Z")], metadata={"example": "EUR"})
    amount = fields.String(
        required=True,
        validate=[validate.Regexp(AMOUNT_PATTERN.replace("^", "^-?").replace("$", r"\Z"))],
        metadata={"example": "1234.50"},
    )
    kind = fields.String(validate=[validate.OneOf(["invoice", "credit_note"])])
    credited_number = Words(60, metadata={"description": "of a credit note: the invoice that it lowers"})
    buyer_name = Words(140)
    order_ref = Words(140)
    due_text = Words(400)
    note = Words(1000)


class NewInvoicesSchema(Schema):
    """A batch of invoices to send."""

    items = fields.List(fields.Nested(NewInvoiceSchema), required=True, validate=[validate.Length(1, BATCH_MAX)])


class FileQuery(Schema):
    """What a file is called."""

    name = Words(200, 1, load_default="upload")


class PreferHeader(Schema):
    """Whether the caller rather follows a job than waits."""

    class Meta:
        """Other headers are none of its business."""

        unknown = EXCLUDE

    prefer = fields.String(
        data_key="Prefer",
        load_default="",
        metadata={"example": "respond-async", "description": "respond-async: 202 with a job to follow (RFC 7240)"},
    )


class RowSchema(Schema):
    """What became of a row; row 0 is the file itself."""

    row = fields.Integer(required=True)
    kind = fields.String(required=True)
    number = fields.String(required=True)
    currency = fields.String(required=True)
    amount = fields.String(required=True, allow_none=True)
    accepted = fields.Boolean(required=True)
    id = fields.String(required=True, allow_none=True)
    refusal = fields.Nested(RefusalSchema, required=True, allow_none=True)
    facts = fields.Dict(required=True)


class UploadSchema(Schema):
    """What became of a file."""

    name = fields.String(required=True)
    sha256 = fields.String(required=True)
    submitted_count = fields.Integer(required=True)
    refused_count = fields.Integer(required=True)
    totals = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    rows = fields.List(fields.Nested(RowSchema), required=True)


def submit(caller: Caller, key: str, items: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Send a JSON batch; it is kept as the NDJSON file that it is."""
    lines = [json.dumps({name: str(value) for name, value in item.items()}, sort_keys=True) for item in items]
    report = _upload(caller, "batch.ndjson", "\n".join(lines).encode(), key)
    by_row: dict[int, Outcome] = {}
    for result in report.results:
        by_row.setdefault(result.row, result.outcome)
    outcomes = [by_row[row] for row in range(1, len(items) + 1)]
    accepted = sum(outcome.accepted for outcome in outcomes)
    return {
        "accepted_count": accepted,
        "refused_count": len(outcomes) - accepted,
        "outcomes": [shown(outcome, "inv", {}) for outcome in outcomes],
    }


def upload(
    caller: Caller, content: bytes, content_type: str, name: str, key: str, prefer: str
) -> dict[str, Any] | Response:
    """Send a file and wait for what becomes of its rows, or rather follow the job that submits them."""
    if "respond-async" not in prefer:
        return report_shown(_upload(caller, name, content, key))
    file = InvoiceFile(name, sha256(content).hexdigest(), content)
    scope = in_organisation(caller.organisation_id)
    (outcome,) = run(caller.database, UPLOAD_LATER, [file], key=f"api/{key}", actor=caller.actor, scope=scope)
    job_id = ids.text("job", accepted(outcome).id or 0)
    response = jsonify(job_id=job_id)
    response.status_code = 202
    response.headers["Location"] = f"/api/v1/jobs/{job_id}"
    response.headers["Preference-Applied"] = "respond-async"
    return response


def _upload(caller: Caller, name: str, content: bytes, key: str) -> UploadReport:
    # 100 characters of the caller's key, and the chunk's number behind it
    return upload_file(caller.database, caller.actor, caller.organisation_id, name, content, key=f"api/{key}")


def report_shown(report: UploadReport) -> dict[str, Any]:
    """A report as the API gives it."""
    return {
        "name": report.name,
        "sha256": report.sha256,
        "submitted_count": len(report.submitted),
        "refused_count": len(report.refused),
        "totals": {currency: decimal_string(minor, currency) for currency, minor in sorted(report.totals().items())},
        "rows": [_row(result) for result in report.results],
    }


def _row(result: RowResult) -> dict[str, Any]:
    known = {"row": result.row, "kind": result.kind, "number": result.number, "currency": result.currency}
    amount = decimal_string(result.amount_minor, result.currency) if result.currency else None
    prefix = "crn" if result.kind == "credit_note" else "inv"
    return {**known, "amount": amount, **shown(result.outcome, prefix, {})}
