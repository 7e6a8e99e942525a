"""A panel of a receivable: its invoice as it was sent beside what was read, and who confirmed it and how strongly.

Who may see the confirmation may see the document it was given on. Of a list only the invoice's own row is shown: the
others, and the file as such, are its supplier's alone.
"""

from flask import render_template
from sqlalchemy import Connection, select

from anchors.models import confirmations
from invoices.models import invoices
from invoices.source import source
from scf import files
from scf.organisations import queries as organisations
from scf.people import queries as people
from scf.receivables.models import receivables
from scf.routes import Caller

_CLAIM = receivables.c
_READ = ("order_ref", "due_on", "amount_minor", "warnings", "file_row")
_FILE = files.files.c
_SENT = select(*(invoices.c[name] for name in _READ), _FILE.name.label("file_name"), _FILE.size, _FILE.sha256).join(
    files.files, _FILE.sha256 == invoices.c.file_sha256
)


def show(caller: Caller, connection: Connection, receivable_id: int) -> str:
    """The panel; empty when no anchor confirmed the receivable here, or the reader may not see that."""
    fields = (_CLAIM.ref, _CLAIM.currency, _CLAIM.face_minor, _CLAIM.open_minor, _CLAIM.issued_on, _CLAIM.creditor_id)
    row = connection.execute(
        select(confirmations, *fields)
        .join(receivables, _CLAIM.id == confirmations.c.receivable_id)
        .where(confirmations.c.receivable_id == receivable_id)
    ).one_or_none()
    if row is None:
        return ""
    # the confirmation was found under the reader's own eyes; the document behind it is read by the platform
    with caller.database.reading() as platform:
        sent = platform.execute(_SENT.where(invoices.c.id == row.invoice_id)).one_or_none()
        shown = "" if sent is None else source(platform, sent.sha256, sent.size, sent.file_row, around=0)
    if row.ref not in shown:
        # rather nothing than a line that may be of another invoice
        shown = ""
    return render_template(
        "bank/undertaken.html",
        claim=row,
        sent=sent,
        source=shown,
        names=organisations.names(connection, {row.anchor_id, row.creditor_id}),
        who=people.names(connection, {row.maker_id, row.checker_id}),
    )
