"""Text, separator and heading line of a supplier's list: what must be known before the first row can be read.

Nothing is guessed row by row: encoding and separator are decided once, from the whole file and its heading line.
Refuses binary files and lists whose heading line lacks a required heading, saying which and what was found.
"""

import csv
import io
import re
from dataclasses import dataclass
from itertools import islice

from scf.errors import FileRefused

REQUIRED = ("invoice number", "buyer id", "issue date", "due date", "currency", "amount")
OPTIONAL = ("kind", "buyer name", "credited number", "order reference", "payment terms", "note")

# What stands in a heading line, in small letters, with one blank for any other marks → our heading.
ALIASES = {name: name for name in REQUIRED + OPTIONAL} | {
    "invoice no": "invoice number",
    "invoice": "invoice number",
    "number": "invoice number",
    "document number": "invoice number",
    "buyer": "buyer id",
    "buyer vat id": "buyer id",
    "anchor id": "buyer id",
    "invoice date": "issue date",
    "issued on": "issue date",
    "due on": "due date",
    "payment due date": "due date",
    "currency code": "currency",
    "amount due": "amount",
    "payable amount": "amount",
    "type": "kind",
    "document type": "kind",
    "anchor name": "buyer name",
    "credited invoice": "credited number",
    "order ref": "order reference",
    "order number": "order reference",
    "purchase order": "order reference",
    "terms": "payment terms",
    "notes": "note",
}

_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_BROKEN_BOM = "\u00ef\u00bb\u00bf"
_DELIMITERS = (",", ";", "\t")
_DELIMITER_WORDS = {",": "comma", ";": "semicolon", "\t": "tab"}
_PREAMBLE_LINES_MAX = 30
_MARKS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading line: its line number from 1, its separator, and where each of our headings stands (from 0)."""

    line: int
    delimiter: str
    width: int
    columns: dict[str, int]


def decode(payload: bytes) -> tuple[str, str]:
    """The text of a file and the encoding it was read by: byte order mark, else strict UTF-8, else cp1252.

    Raises `FileRefused` when it is no text in any of them.
    """
    marked = [encoding for bom, encoding in _BOMS if payload.startswith(bom)]
    for encoding in marked or ["utf-8", "cp1252"]:
        try:
            text = payload.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text.removeprefix(_BROKEN_BOM), encoding
    raise FileRefused("the file is no text in UTF-8, UTF-16 or cp1252; save the list as CSV in UTF-8")


def find_heading(stream: io.StringIO, encoding: str) -> Heading:
    """The first line, among the first 30, that has all required headings; leaves the stream behind it.

    Raises `FileRefused` naming the missing headings, those found and the encoding used.
    """
    best: tuple[int, Heading, list[str]] | None = None
    for number, line in enumerate(islice(iter(stream.readline, ""), _PREAMBLE_LINES_MAX), start=1):
        heading, cells, known = _as_heading(number, line)
        if not _missing(heading):
            return _once_each(heading, cells)
        if line.strip() and (best is None or known > best[0]):
            best = (known, heading, cells)
    if best is None:
        raise FileRefused(f"the file has no heading line; the first line must give {', '.join(REQUIRED)}")
    raise FileRefused(_lacking(best[1], best[2], encoding))


def _as_heading(number: int, line: str) -> tuple[Heading, list[str], int]:
    """The line split by the separator that gives most known headings, its cells, and how many are known."""
    tries = []
    for delimiter in _DELIMITERS:
        cells = [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter), [])]
        names = [ALIASES.get(_plain(cell), "") for cell in cells]
        columns = {name: at for at, name in reversed(list(enumerate(names))) if name}
        tries.append((Heading(number, delimiter, len(cells), columns), cells, len(columns)))
    return max(tries, key=lambda each: (each[2], each[0].width))


def _plain(cell: str) -> str:
    return _MARKS.sub(" ", cell.casefold()).strip()


def _missing(heading: Heading) -> list[str]:
    return [name for name in REQUIRED if name not in heading.columns]


def _once_each(heading: Heading, cells: list[str]) -> Heading:
    names = [ALIASES.get(_plain(cell), "") for cell in cells]
    for name in heading.columns:
        if names.count(name) > 1:
            both = ", ".join(cell for cell in cells if ALIASES.get(_plain(cell)) == name)
            raise FileRefused(f"more than one column stands for {name}: {both}; keep one of them")
    return heading


def _lacking(heading: Heading, cells: list[str], encoding: str) -> str:
    found = ", ".join(cell[:40] for cell in cells[:20] if cell) or "none"
    return (
        f"the heading line lacks {', '.join(_missing(heading))}; found in line {heading.line}: {found} "
        f"(read as {encoding}, separated by {_DELIMITER_WORDS[heading.delimiter]}); name the columns "
        f"{', '.join(REQUIRED)}"
    )
