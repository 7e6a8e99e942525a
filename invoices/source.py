"""What of its file is shown beside an invoice, read as far as it is looked at. Who may look, the caller decides."""

from sqlalchemy import Connection, func, select

from invoices.excerpt import AROUND, CHARACTERS_MAX, excerpt
from scf import files

_FILE = files.files.c
_WHOLE_BYTES_MAX = 2_000_000


def source(connection: Connection, sha256: str, size: int, row: int, around: int = AROUND) -> str:
    """The part of a file that a row came from; of a large file the beginning."""
    return excerpt(_content(connection, sha256, size), row, around)


def _content(connection: Connection, sha256: str, size: int) -> bytes:
    if size <= _WHOLE_BYTES_MAX:
        return files.read(connection, sha256)
    beginning = select(func.substr(_FILE.content, 1, CHARACTERS_MAX)).where(_FILE.sha256 == sha256)
    return bytes(connection.execute(beginning).scalar_one())
