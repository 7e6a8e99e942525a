"""The anchor's own list of payables beside what its suppliers sent: what is equal is proposed, the rest is looked at.

The list is read and compared, and not kept. What is proposed is what the anchor's invoices say, not what the file said:
they were equal when the page was made.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, request
from marshmallow import Schema

from anchors import compare, payables_csv, payables_file
from anchors.compare import Found
from anchors.confirm import CONFIRM_BY_PEOPLE
from anchors.payables_csv import Payables
from scf.currencies import exponent
from scf.errors import FileRefused
from scf.organisations import queries as organisations
from scf.programmes.terms import Undertaking
from scf.routes import Caller, PageRoute
from scf.web import formats
from scf.web.forms import Form, again, read
from scf.web.status import status_words
from scf.web.words import N_, _

PATH = "/anchor/file"
# of each kind; a form proposes at most so many at once
_EQUAL_MAX = 1_000
_SHOWN = 200
_SECTIONS: Mapping[Found, tuple[str, str]] = {
    Found.AMOUNT_DIFFERS: (N_("The amount differs"), N_("Confirm a part, or dispute it, on its page.")),
    Found.DUE_DATE_DIFFERS: (N_("The due date differs"), N_("Confirm it for your day on its page, or dispute it.")),
    Found.NOT_RECEIVED: (
        N_("Not received"),
        N_("No supplier of yours submitted it: ask for it, or check the number."),
    ),
    Found.NOT_IN_FILE: (N_("Not in your list"), N_("Submitted to you, and not in the file.")),
    Found.DECIDED: (N_("Decided or proposed already"), N_("Nothing to do here.")),
    Found.TWICE: (N_("Twice in your list"), N_("Another line of the file is the same invoice.")),
}


class FileSchema(Schema):
    """A form of nothing but a file."""


def ask(caller: Caller) -> Response:
    """Ask for a list."""
    del caller
    return _form(Form({"file": ""}))


def receive(caller: Caller) -> Response:
    """Compare a list with what was received."""
    form = read(FileSchema)
    form.typed = {**form.typed, "file": ""}
    name, payables = _received(form)
    if payables is None:
        return _form(form)
    with caller.reading() as connection:
        found = payables_file.compared(connection, caller.organisation_id, payables.lines)
        suppliers = {line.supplier_id for line in found.lines if line.supplier_id}
        names = organisations.names(connection, suppliers)
    by_kind = {kind: [line for line in found.lines if line.found is kind] for kind in Found}
    sums = compare.sums(found.lines)
    return again(
        "anchor/compared.html",
        Form({"undertaking": Undertaking.CONDITIONAL.value}),
        name=name,
        faults=payables.faults,
        is_all=found.is_all,
        equal=by_kind[Found.EQUAL],
        equal_max=_EQUAL_MAX,
        shown_max=_SHOWN,
        sections=[(kind, *words, by_kind[kind]) for kind, words in _SECTIONS.items() if by_kind[kind]],
        equal_sums=_written(sums[Found.EQUAL]),
        counts={kind: len(lines) for kind, lines in by_kind.items()},
        differ=len(by_kind[Found.AMOUNT_DIFFERS]) + len(by_kind[Found.DUE_DATE_DIFFERS]),
        missing_sums=_written(sums[Found.NOT_IN_FILE]),
        lacking_sums=_written(sums[Found.NOT_RECEIVED]),
        names=names,
        today=caller.database.clock.now().date(),
        digits=exponent,
        undertakings=[(each.value, status_words(each.value)) for each in Undertaking],
    )


def _received(form: Form) -> tuple[str, Payables | None]:
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        form.say(_("Choose a file."), "file")
        return "", None
    try:
        return sent.filename[:200], payables_csv.read_payables(sent.stream.read(payables_csv.LIMIT_BYTES + 1))
    except FileRefused as refusal:
        told = str(refusal)
        form.say(_(f"{told[:1].upper()}{told[1:]}."), "file", 409)
        return "", None


def _written(sums: Mapping[str, tuple[int, int]]) -> str:
    written: Sequence[Any] = [formats.money(minor, currency) for currency, (_count, minor) in sums.items()]
    return " · ".join(written) or formats.NOTHING


def _form(form: Form) -> Response:
    return again(
        "anchor/file.html",
        form,
        columns=payables_csv.COLUMNS,
        most=payables_csv.LIMIT_BYTES // 1024**2,
        rows=payables_csv.ROWS_MAX,
    )


_PROPOSE = CONFIRM_BY_PEOPLE.propose.name
PAGES = (PageRoute(PATH, _PROPOSE, ask), PageRoute(PATH, _PROPOSE, receive, ("POST",)))
