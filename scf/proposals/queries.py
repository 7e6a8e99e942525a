"""Questions about proposals, and the part that blanks what decided ones said."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, select, update

from scf.db import bulk
from scf.proposals.models import proposals


def waiting_makers(connection: Connection, person_ids: Iterable[int]) -> set[int]:
    """Those of the people who have a proposal of their own that nobody has decided."""
    theirs = bulk.among(connection, proposals.c.maker_id, sorted(set(person_ids)))
    waiting = select(proposals.c.maker_id).where(proposals.c.status == "proposed", theirs)
    return set(connection.execute(waiting).scalars())


def decided_payloads(connection: Connection, commands: Collection[str]) -> dict[int, str]:
    """What decided proposals of some commands said, by id, as far as it is not blanked; locked."""
    rows = connection.execute(
        select(proposals.c.id, proposals.c.payload)
        .where(_decided(connection, commands))
        .order_by(proposals.c.id)
        .with_for_update(key_share=True)
    )
    return dict(rows.all())


def blank(connection: Connection, ids: Sequence[int]) -> None:
    """Blank what decided proposals said; who proposed and who decided stays."""
    connection.execute(update(proposals).where(bulk.among(connection, proposals.c.id, ids)).values(payload=""))


def blank_decided(connection: Connection, commands: Collection[str], before: datetime) -> int:
    """Blank what proposals of some commands said that were decided before a moment; returns how many."""
    old = update(proposals).where(_decided(connection, commands), proposals.c.decided_at < before)
    return connection.execute(old.values(payload="")).rowcount


def _decided(connection: Connection, commands: Collection[str]) -> ColumnElement[bool]:
    theirs = bulk.among(connection, proposals.c.command, sorted(commands))
    return theirs & (proposals.c.status != "proposed") & (proposals.c.payload != "")
