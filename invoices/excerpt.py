"""What of a file is shown beside an invoice: all of a document, or of a list the headings and the lines around a row.

Shown as text, never as markup; what cannot be read as text is shown as marks for it.
"""

import re

from invoices.csv_headings import decode
from scf.errors import FileRefused

CHARACTERS_MAX = 30_000
AROUND = 2
_END = re.compile(r"\r\n|\r|\n")


def excerpt(payload: bytes, row: int, around: int = AROUND) -> str:
    """The part of a file that a row came from, with so many lines around it; `row` counts from 1, as the readers count.

    With none around, a list is shown as its headings and the row alone: its other rows are not everybody's.
    """
    text = _text(payload)
    if text.lstrip("\ufeff \r\n\t").startswith("<"):
        return _cut(text)
    # as the readers part lines, which know no other ends of them
    lines = _END.split(text)
    if not around and any(line.count('"') % 2 for line in lines[:row]):
        # a cell of several lines: which line the row is cannot be told for sure, and no other may be shown
        return _cut(f"{lines[0]}\n…")
    # a list's first row is its headings; in NDJSON the first line is a row like any
    first = max(row - 1 - around, 0)
    shown = lines[first : row + around]
    if first > 0 and not text.lstrip().startswith("{"):
        shown = [lines[0], "…", *shown] if first > 1 else [lines[0], *shown]
    return _cut("\n".join(shown))


def _text(payload: bytes) -> str:
    try:
        return decode(payload)[0]
    except FileRefused:
        return payload.decode("utf-8", "replace")


def _cut(text: str) -> str:
    return text if len(text) <= CHARACTERS_MAX else f"{text[:CHARACTERS_MAX]}\n…"
