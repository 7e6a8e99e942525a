"""What of a file is shown beside an invoice: all of a document, or of a list the headings and the lines around a row.

Shown as text, never as markup; what cannot be read as text is shown as marks for it.
"""

from invoices.csv_headings import decode
from scf.errors import FileRefused

CHARACTERS_MAX = 30_000
_AROUND = 2


def excerpt(payload: bytes, row: int) -> str:
    """The part of a file that a row came from; `row` counts from 1, as the readers count."""
    text = _text(payload)
    if text.lstrip("\ufeff \r\n\t").startswith("<"):
        return _cut(text)
    lines = text.splitlines()
    # a list's first row is its headings; in NDJSON the first line is a row like any
    first = max(row - 1 - _AROUND, 0)
    around = lines[first : row + _AROUND]
    if first > 0 and not text.lstrip().startswith("{"):
        around = [lines[0], "…", *around] if first > 1 else [lines[0], *around]
    return _cut("\n".join(around))


def _text(payload: bytes) -> str:
    try:
        return decode(payload)[0]
    except FileRefused:
        return payload.decode("utf-8", "replace")


def _cut(text: str) -> str:
    return text if len(text) <= CHARACTERS_MAX else f"{text[:CHARACTERS_MAX]}\n…"
