"""Questions about the trail: who ran which command when, by the name they go by now."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, select

from scf.command_log import command_logs
from scf.people import queries as people


class Line(NamedTuple):
    """A command that was run, and by whom; the batch's size says of how many items."""

    id: int
    business_date: date
    at: datetime
    command: str
    batch_count: int
    actor_id: int
    actor: str


def trail(connection: Connection, scope_id: int, last: int) -> Sequence[Line]:
    """The last commands of an organisation or a book, the newest first."""
    log = command_logs.c
    rows = connection.execute(
        select(log.id, log.business_date, log.at, log.command, log.batch_count, log.actor_id)
        .where(log.scope_id == scope_id)
        .order_by(log.id.desc())
        .limit(last)
    ).all()
    names = people.names(connection, {row.actor_id for row in rows})
    return [Line(*row, names[row.actor_id]) for row in rows]
