"""Reads any invoice file that is taken, by what it holds and not by its name, into rows and row errors.

Refuses, as a whole, what is neither UBL XML nor a CSV list nor NDJSON, and says which formats are taken.
"""

from dataclasses import dataclass
from typing import Literal

from invoices.canonical import LIMIT_BYTES, ParsedInvoice, RowError
from invoices.csv_file import read_csv
from invoices.ndjson_file import read_ndjson
from invoices.ubl import read_ubl
from scf.errors import FieldError, FileRefused

_TAKEN = "send invoices as UBL 2.1 XML, one a file, or as a CSV list, or as NDJSON"
_SNIFFED_BYTES = 1024
# How files begin that people send by mistake.
_FOREIGN = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive or an XLSX workbook"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file"),
    (b"{\\rtf", "a text document (RTF)"),
    (b"\x1f\x8b", "a compressed file (gzip)"),
    (b"7z\xbc\xaf", "a compressed file (7z)"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"II*\x00", "a picture"),
)
_BLANKS_AND_MARKS = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"


@dataclass(frozen=True, slots=True)
class ReadResult:
    """What a file holds; `encoding`, `delimiter` and `date_form` are '' for XML and NDJSON."""

    format: Literal["ubl", "csv", "ndjson"]
    rows: list[ParsedInvoice]
    errors: list[RowError]
    encoding: str = ""
    delimiter: str = ""
    date_form: str = ""


def read_file(
    name: str, payload: bytes, limit_bytes: int = LIMIT_BYTES, *, seller_id: str = "", seller_name: str = ""
) -> ReadResult:
    """The invoices of a file; `seller_id` and `seller_name` are the uploading supplier's, for lists, which name none.

    A wrong field of an XML invoice becomes the error of row 1. Raises `FileRefused`, naming the file.
    """
    try:
        return _read(payload, limit_bytes, seller_id, seller_name)
    except FileRefused as refusal:
        raise FileRefused(f"{name}: {refusal}") from None


def _read(payload: bytes, limit_bytes: int, seller_id: str, seller_name: str) -> ReadResult:
    _refuse_foreign(payload)
    begins = payload[:_SNIFFED_BYTES].lstrip(_BLANKS_AND_MARKS)
    if begins.startswith(b"{"):
        lines = read_ndjson(payload, limit_bytes, seller_id=seller_id, seller_name=seller_name)
        return ReadResult("ndjson", lines.rows, lines.errors)
    if not payload.lstrip(_BLANKS_AND_MARKS).startswith(b"<"):
        listed = read_csv(payload, limit_bytes, seller_id=seller_id, seller_name=seller_name)
        return ReadResult("csv", listed.rows, listed.errors, listed.encoding, listed.delimiter, listed.date_form)
    try:
        return ReadResult("ubl", [read_ubl(payload, limit_bytes)], [])
    except FieldError as error:
        return ReadResult("ubl", [], [RowError(1, error.field, error.message)])


def _refuse_foreign(payload: bytes) -> None:
    head = payload[:_SNIFFED_BYTES].lstrip(_BLANKS_AND_MARKS)
    if not head and len(payload) <= _SNIFFED_BYTES:
        raise FileRefused(f"the file is empty; {_TAKEN}")
    # The marks of PNG and JPEG may begin with bytes that were just taken off: look at both.
    for magic, words in _FOREIGN:
        if head.startswith(magic) or payload.startswith(magic):
            raise FileRefused(f"the file is {words}, which is not taken; {_TAKEN}")
