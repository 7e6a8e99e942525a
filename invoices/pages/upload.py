"""Uploading on a page: a file is read and shown, then submitted; a long one by a job whose progress is shown.

A file that cannot be read at all leaves nothing behind. What is shown before is a preview: each row is judged again
when it is submitted, once, under the upload's own key.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, render_template, request
from marshmallow import Schema

from invoices import prepare
from invoices.canonical import LIMIT_BYTES, ParsedInvoice, RowError
from invoices.intake import RowResult, UploadReport, in_order, results, upload_file
from invoices.outcomes_file import outcomes_csv
from invoices.prepare import PREPARE, ReadFile, Upload
from invoices.preview import preview
from invoices.reader import ReadResult, read_file
from invoices.trade import find_supplier
from invoices.upload import UPLOAD, InvoiceFile
from invoices.upload_later import UPLOAD_LATER
from scf import files
from scf.commands import in_organisation, run
from scf.errors import FileRefused
from scf.ids import text
from scf.outcomes import Outcome
from scf.people import queries as people
from scf.routes import Caller, PageRoute
from scf.scheduling import queries as jobs
from scf.web.batches import accepted
from scf.web.forms import Form, again, ran, read, sentence
from scf.web.pages import page, see
from scf.web.problems import Problem
from scf.web.said import say
from scf.web.words import _, ngettext

PATH = UPLOADS = "/supplier/upload"
# a file of more rows is submitted by a job
AT_ONCE_ROWS = 1_000
SHOWN_ROWS = 100
_LATEST = 10


class NoFieldsSchema(Schema):
    """A form of nothing but a file."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An upload with what its file holds."""

    upload: Upload
    payload: bytes
    read: ReadResult
    rows: Sequence[ParsedInvoice | RowError]


def ask(caller: Caller) -> Response:
    """Ask for a file."""
    return _form(caller, Form({"file": ""}))


def receive(caller: Caller) -> Response:
    """Read a file and keep it, to be looked at."""
    form = read(NoFieldsSchema)
    form.typed = {**form.typed, "file": ""}
    file = _received(form)
    rows = _row_count(caller, form, file) if file else 0
    if file is None or form.errors:
        return _form(caller, form)
    # a form that is sent again with another file brings another file
    key = f"{form.key}/{file.sha256[:16]}"
    (outcome,) = ran(caller, PREPARE, [ReadFile(file, rows)], key)
    return see(f"{UPLOADS}/{text('upl', accepted(outcome).id or 0)}")


def _received(form: Form) -> InvoiceFile | None:
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        form.say(_("Choose a file."), "file")
        return None
    content = sent.stream.read(LIMIT_BYTES + 1)
    if len(content) > LIMIT_BYTES:
        form.say(_("The file is larger than %(most)s MB. Split it.", most=LIMIT_BYTES // 1024**2), "file")
        return None
    return InvoiceFile.of(sent.filename[:200], content)


def _row_count(caller: Caller, form: Form, file: InvoiceFile) -> int:
    try:
        return len(in_order(_read(caller, file.name, file.payload)))
    except FileRefused as refusal:
        told = str(refusal).removeprefix(f"{file.name}: ")
        words = f"{told[:1].upper()}{told[1:]}."
        form.say(_(words), "file", 409)
        return 0


def _read(caller: Caller, name: str, payload: bytes) -> ReadResult:
    with caller.reading() as connection:
        own = find_supplier(connection, caller.organisation_id)
    return read_file(name, payload, seller_id=own.registration_ref, seller_name=own.name)


def _form(caller: Caller, form: Form) -> Response:
    with caller.reading() as connection:
        latest = prepare.latest(connection, caller.organisation_id, _LATEST)
        names = people.names(connection, {each.sent_by_id for each in latest})
    return again("supplier/upload.html", form, latest=latest, names=names, most=LIMIT_BYTES // 1024**2)


def show(caller: Caller, id: int) -> Response:
    """An upload: its preview, its progress, or what became of its rows."""
    with caller.reading() as connection:
        upload = _found(prepare.find(connection, caller.organisation_id, id))
        outcomes = prepare.submitted(connection, upload)
        job_id = None if outcomes is not None else prepare.job_of(connection, upload)
        job = jobs.find(connection, job_id, caller.organisation_id) if job_id else None
    if job is not None:
        given: dict[str, Any] = {"upload": upload, "job": job, "result": job.outcome()}
        if request.headers.get("HX-Target") == "progress":
            return Response(render_template("supplier/upload_progress.html", **given))
        return page("supplier/upload_job.html", **given)
    kept = _kept(caller, upload)
    return _preview(caller, kept) if outcomes is None else _outcomes(kept, outcomes)


def _found(upload: Upload | None) -> Upload:
    if upload is None:
        raise Problem(404, "not_found", "there is no such upload of yours")
    return upload


def _kept(caller: Caller, upload: Upload) -> Kept:
    with caller.reading() as connection:
        payload = files.read(connection, upload.file_sha256)
    found = _read(caller, upload.name, payload)
    return Kept(upload, payload, found, in_order(found))


def _preview(caller: Caller, kept: Kept) -> Response:
    with caller.reading() as connection:
        supplier = find_supplier(connection, caller.organisation_id)
        found = preview(connection, supplier, caller.database.clock.now().date(), kept.rows)
    may = caller.actor.may(UPLOAD.name)
    return page(
        "supplier/upload_preview.html",
        kept=kept,
        found=found,
        form=Form(),
        sentence=sentence,
        may_submit=may,
        most=SHOWN_ROWS,
        later=len(kept.rows) > AT_ONCE_ROWS,
    )


def _outcomes(kept: Kept, outcomes: Sequence[Outcome]) -> Response:
    report = _report(kept, outcomes)
    return page("supplier/upload_outcomes.html", upload=kept.upload, report=report, most=SHOWN_ROWS, sentence=sentence)


def _report(kept: Kept, outcomes: Sequence[Outcome]) -> UploadReport:
    found: list[RowResult] = list(results(kept.rows, outcomes))
    return UploadReport(kept.upload.name, kept.upload.file_sha256, found)


def submit(caller: Caller, id: int) -> Response:
    """Submit what was shown, at once or by a job."""
    with caller.reading() as connection:
        upload = _found(prepare.find(connection, caller.organisation_id, id))
        payload = files.read(connection, upload.file_sha256)
    if upload.row_count > AT_ONCE_ROWS:
        _later(caller, upload, payload)
    else:
        report = upload_file(
            caller.database, caller.actor, caller.organisation_id, upload.name, payload, key=upload.key
        )
        _say(report)
    return see(f"{UPLOADS}/{text('upl', id)}")


def _later(caller: Caller, upload: Upload, payload: bytes) -> None:
    file, scope = InvoiceFile(upload.name, upload.file_sha256, payload), in_organisation(caller.organisation_id)
    (outcome,) = run(caller.database, UPLOAD_LATER, [file], key=upload.key, actor=caller.actor, scope=scope)
    accepted(outcome)


def _say(report: UploadReport) -> None:
    taken, refused = len(report.submitted), len(report.refused)
    words = ngettext("%(count)s invoice is submitted.", "%(count)s invoices are submitted.", taken)
    if refused:
        many = ngettext(
            "%(count)s row was refused; why stands below.", "%(count)s rows were refused; why stands below.", refused
        )
        words = f"{words} {many}"
    say(words, look="warning" if refused else "success")


def outcomes_file(caller: Caller, id: int) -> Response:
    """What became of each row, as a CSV file."""
    with caller.reading() as connection:
        upload = _found(prepare.find(connection, caller.organisation_id, id))
        outcomes = prepare.submitted(connection, upload)
    if outcomes is None:
        raise Problem(404, "not_found", "nothing of this file is submitted yet")
    content = outcomes_csv(_report(_kept(caller, upload), outcomes).results)
    response = Response(content, content_type="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{text("upl", id)}-outcomes.csv"'
    return response


_ONE = f"{UPLOADS}/<id(upl):id>"
PAGES = (
    PageRoute(PATH, PREPARE.name, ask),
    PageRoute(PATH, PREPARE.name, receive, ("POST",)),
    PageRoute(_ONE, PREPARE.name, show),
    PageRoute(f"{_ONE}/submit", UPLOAD.name, submit, ("POST",)),
    PageRoute(f"{_ONE}/outcomes.csv", PREPARE.name, outcomes_file),
)
