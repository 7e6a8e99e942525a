"""Preparing an upload: the supplier's file is kept so that it can be shown before any of it is submitted.

Only what could be read is brought here, with its number of rows. Whether it was submitted then, and with what outcomes,
the log of commands tells by the key that the upload gives.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from invoices.canonical import LIMIT_BYTES
from invoices.models import uploads
from invoices.upload import UPLOAD, InvoiceFile
from invoices.upload_later import UPLOAD_LATER
from scf import command_log, files
from scf.commands import Command, ScopeKind, Unit
from scf.db import bulk
from scf.outcomes import Outcome, done, refused

_FILES_MAX = 20
_COLUMNS = ("id", "supplier_id", "file_sha256", "name", "row_count", "sent_by_id", "sent_at")


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file that was read, and how many rows it has."""

    file: InvoiceFile
    row_count: int


class Upload(NamedTuple):
    """A file that was shown to whoever sent it."""

    id: int
    supplier_id: int
    file_sha256: str
    name: str
    row_count: int
    sent_by_id: int
    sent_at: datetime

    @property
    def key(self) -> str:
        """Under which its rows are submitted, once."""
        return f"page/{self.id}"


@dataclass(frozen=True, slots=True)
class _Plan:
    outcomes: list[Outcome]
    rows: list[tuple[Any, ...]]
    files: list[InvoiceFile]


def _load(unit: Unit, batch: Sequence[ReadFile]) -> list[int]:
    return unit.ids.take(len(batch))


def _decide(ids: list[int], batch: Sequence[ReadFile]) -> _Plan:
    plan = _Plan([], [], [])
    for id, each in zip(ids, batch, strict=True):
        size = len(each.file.payload)
        if size > LIMIT_BYTES:
            bound = f"{LIMIT_BYTES} bytes"
            plan.outcomes.append(
                refused("file_too_large", field="file", value=f"{size} bytes", bound=bound, remedy="split the file")
            )
            continue
        plan.outcomes.append(done(id))
        plan.files.append(each.file)
        plan.rows.append((id, each.file.sha256, each.file.name[:200], each.row_count))
    return plan


def _write(unit: Unit, _ids: list[int], plan: _Plan) -> None:
    files.store_all(unit.connection, [(each.name, each.payload) for each in plan.files])
    rows = [(id, unit.scope.id, *rest, unit.actor.id, unit.at) for id, *rest in plan.rows]
    bulk.insert(unit.connection, uploads, _COLUMNS, rows)


PREPARE = Command("invoices.prepare", ScopeKind.ORGANISATION, _load, _decide, _write, _FILES_MAX)


def latest(connection: Connection, supplier_id: int, limit: int) -> list[Upload]:
    """The supplier's newest uploads."""
    own = select(*(uploads.c[name] for name in _COLUMNS)).where(uploads.c.supplier_id == supplier_id)
    return [Upload(*row) for row in connection.execute(own.order_by(uploads.c.id.desc()).limit(limit))]


def find(connection: Connection, supplier_id: int, id: int) -> Upload | None:
    """An upload of the supplier, None when there is none."""
    own = select(*(uploads.c[name] for name in _COLUMNS)).where(uploads.c.supplier_id == supplier_id)
    row = connection.execute(own.where(uploads.c.id == id)).one_or_none()
    return Upload(*row) if row else None


def submitted(connection: Connection, upload: Upload, chunk: int = 0) -> list[Outcome] | None:
    """What became of the rows of a chunk, None while they are not submitted."""
    return _answered(connection, upload, UPLOAD, f"{upload.key}/{chunk}")


def job_of(connection: Connection, upload: Upload) -> int | None:
    """The job that submits the rows, None when none was put down."""
    outcomes = _answered(connection, upload, UPLOAD_LATER, upload.key)
    return outcomes[0].id if outcomes else None


def _answered(
    connection: Connection, upload: Upload, command: Command[Any, Any, Any], key: str
) -> list[Outcome] | None:
    stored = command_log.last(connection, upload.supplier_id, command.name, key)
    return command_log.unpack(stored.outcomes) if stored else None
