"""Invoices of a supplier that still stand and may be the same as others: what duplicates are looked for among."""

from collections.abc import Iterable

from sqlalchemy import Connection, select

from invoices.canonical import ParsedInvoice
from invoices.duplicates import Known
from invoices.lifecycle import LIVE
from invoices.models import invoices
from scf import files
from scf.db import bulk

_THIS_FILE = "this file"


def load(connection: Connection, supplier_id: int, disguises: Iterable[str]) -> dict[str, list[Known]]:
    """Invoices of the supplier that still stand, by disguise key; one statement."""
    rows = connection.execute(
        select(
            invoices.c.disguise,
            invoices.c.number,
            invoices.c.issue_on,
            invoices.c.currency,
            invoices.c.amount_minor,
            invoices.c.fingerprint,
            invoices.c.file_row,
            files.files.c.name,
        )
        .join(files.files, files.files.c.sha256 == invoices.c.file_sha256)
        .where(
            invoices.c.supplier_id == supplier_id,
            bulk.among(connection, invoices.c.disguise, sorted(set(disguises))),
            invoices.c.status.in_(LIVE),
        )
        .order_by(invoices.c.id)
    )
    found: dict[str, list[Known]] = {}
    for key, *values in rows:
        found.setdefault(key, []).append(Known._make(values))
    return found


def of_row(row: ParsedInvoice, fingerprint: str) -> Known:
    """A row of the file at hand, for the rows after it."""
    return Known(row.number, row.issue_on, row.currency, row.payable_minor, fingerprint, row.row, _THIS_FILE)
