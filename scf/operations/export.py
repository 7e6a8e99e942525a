"""All that is one organisation's, as a zip that it can read without us: for when it leaves, or asks what is kept of it.

Each part of `ownership` comes as NDJSON and as CSV, the files it brought come as they were, and a README says what is
what. It is read in one snapshot.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from sqlalchemy import Connection, select

from scf import files
from scf.db import bulk
from scf.db.engine import Database
from scf.db.types import metadata
from scf.errors import FieldError
from scf.operations import archive, rendering
from scf.operations.belonging import rows_of
from scf.operations.ownership import FILES, PARTS, Part
from scf.operations.portable import CHUNK
from scf.operations.snapshot import snapshot
from scf.organisations.models import organisations

_README = """\
Everything that this platform keeps of {name} ({registration_ref}), as of {at}.

Each table comes twice: as NDJSON (a JSON object a line, exact) and as CSV (for spreadsheets; text that
would be taken for a formula bears an apostrophe). A file without rows is left out.

- Ids are the thirteen characters after the prefix of the API's ids; 0000000000000 is the platform itself.
- Amounts (…_minor) are whole numbers of the currency's minor unit: 12345 in EUR is 123.45.
- Rates (…_ppm) are parts per million. Dates are ISO 8601, instants are UTC.
- parties says who the other organisations are that the rows name.
- audit_link is the chain over command_log: each hash is the SHA-256 of the link before and the row it
  stands for, so that nobody can change, leave out or slip in a row unseen.
- files/ holds the files as they came in or went out, named by their SHA-256.

Left out: passwords, second factors, sessions and the secrets of keys; what belongs to others.

SHA-256 of the NDJSON, rows, file, what it holds:

{contents}
"""


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export holds: rows by the file's name, and how many original files."""

    rows: dict[str, int]
    file_count: int


@dataclass(frozen=True, slots=True)
class _Written:
    name: str
    words: str
    row_count: int
    sha256: str

    def line(self) -> str:
        return f"{self.sha256}  {self.row_count:>9}  {self.name:<32}  {self.words}"


def export(database: Database, organisation_id: int, target: Path) -> Exported:
    """Write all that is the organisation's to `target`, which must not be there yet.

    Raises `FieldError` when there is no such organisation, `FileRefused` when the file cannot be made.
    """
    with archive.written_whole(target) as file, snapshot(database) as connection:
        party = connection.execute(select(organisations).where(organisations.c.id == organisation_id)).one_or_none()
        if party is None:
            raise FieldError("organisation", f"there is no organisation {organisation_id}")
        named: set[int] = set()
        written = [_add(file, connection, part, organisation_id, named) for part in PARTS]
        written.append(_add_parties(file, connection, named - {organisation_id}))
        file_count = _add_files(file, connection, organisation_id)
        contents = "\n".join(each.line() for each in written if each.row_count)
        at = database.clock.now().isoformat(timespec="seconds")
        about = {"name": party.name, "registration_ref": party.registration_ref, "at": at, "contents": contents}
        file.writestr("README.txt", _README.format(**about))
    return Exported({each.name: each.row_count for each in written if each.row_count}, file_count)


def _add(file: ZipFile, connection: Connection, part: Part, organisation_id: int, named: set[int]) -> _Written:
    """One part, in both forms; `named` collects the organisations that its rows name."""
    table = metadata.tables[part.table]
    columns = [column for column in table.columns if column.name not in part.hidden]
    parties = [n for n, column in enumerate(columns) if column.references(organisations.c.id)]
    writers = [rendering.writer(column) for column in columns]
    names = [column.name for column in columns]
    query = select(*columns).where(rows_of(table, part.path, organisation_id)).order_by(*table.primary_key.columns)

    def rows() -> Iterator[Sequence[Any]]:
        for row in connection.execute(query.execution_options(yield_per=CHUNK)):
            named.update(row[n] for n in parties if row[n] is not None)
            yield [None if value is None else write(value) for write, value in zip(writers, row, strict=True)]

    return _both_forms(file, part.name, part.words, names, rows)


def _both_forms(file: ZipFile, name: str, words: str, names: Sequence[str], rows: Any) -> _Written:
    first = next(iter(rows()), None)
    if first is None:
        return _Written(name, words, 0, "")
    count, sha256 = archive.add_lines(file, f"{name}.ndjson", rendering.ndjson(names, rows()))
    archive.add_lines(file, f"{name}.csv", rendering.csv_lines(names, rows()))
    return _Written(name, words, count, sha256)


def _add_parties(file: ZipFile, connection: Connection, ids: set[int]) -> _Written:
    columns = (organisations.c.id, organisations.c.name, organisations.c.registration_ref, organisations.c.country)
    found = connection.execute(
        select(*columns).where(bulk.among(connection, columns[0], sorted(ids))).order_by(*columns)
    )
    rows = [(rendering.public(id), *rest) for id, *rest in found]
    names = [column.name for column in columns]
    return _both_forms(file, "parties", "organisations that the rows name", names, lambda: iter(rows))


def _add_files(file: ZipFile, connection: Connection, organisation_id: int) -> int:
    wanted: set[str] = set()
    for name, column, path in FILES:
        table = metadata.tables[name]
        wanted.update(
            connection.execute(select(table.c[column]).where(rows_of(table, path, organisation_id))).scalars()
        )
    for sha256 in sorted(wanted):
        file.writestr(f"files/{sha256}", files.read(connection, sha256))
    return len(wanted)
