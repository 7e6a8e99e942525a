"""What waits, what failed and who is silent: the figures that readiness says in words and /metrics in numbers."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from scf.audit.models import audit_links
from scf.books.models import books
from scf.command_log import command_logs
from scf.outbox import WAITING, outbox
from scf.scheduling import queries as scheduling
from scf.scheduling.models import ticks


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many are due, and since when the oldest has been."""

    due_count: int
    oldest_due_at: datetime | None

    def seconds(self, now: datetime) -> int:
        """The age of the oldest, 0 when none is due."""
        return max(0, int((now - self.oldest_due_at).total_seconds())) if self.oldest_due_at else 0


@dataclass(frozen=True, slots=True)
class Figures:
    """The state of the platform's own work."""

    jobs: Waiting
    running_count: int
    failed_count: int
    outbox: Waiting
    ticked_at: datetime | None
    tick_every_seconds: int


@dataclass(frozen=True, slots=True)
class BookFigures:
    """How far one book has come: its date, and the last link of its audit chain."""

    ref: str
    lag_days: int
    last_position: int
    last_linked_at: datetime | None


def read(connection: Connection, now: datetime) -> Figures:
    """The figures as they stand."""
    backlog = scheduling.backlog(connection, now)
    messages = connection.execute(
        select(func.count(), func.min(outbox.c.due_at)).where(WAITING, outbox.c.due_at <= now)
    ).one()
    ticked = connection.execute(select(ticks.c.at, ticks.c.every_seconds)).one_or_none()
    at, every_seconds = ticked if ticked else (None, 0)
    return Figures(
        jobs=Waiting(backlog.due_count, backlog.oldest_due_at),
        running_count=backlog.running_count,
        failed_count=backlog.failed_count,
        outbox=Waiting(*messages),
        ticked_at=at,
        tick_every_seconds=every_seconds,
    )


def of_books(connection: Connection, now: datetime) -> list[BookFigures]:
    """Every book's lag behind the clock's date, and the end of its chain."""
    newest = (
        select(audit_links.c.scope_id, func.max(audit_links.c.position).label("position"))
        .group_by(audit_links.c.scope_id)
        .subquery()
    )
    rows = connection.execute(
        select(books.c.ref, books.c.business_date, newest.c.position, command_logs.c.at)
        .outerjoin(newest, newest.c.scope_id == books.c.id)
        .outerjoin(
            audit_links,
            (audit_links.c.scope_id == books.c.id) & (audit_links.c.position == newest.c.position),
        )
        .outerjoin(command_logs, command_logs.c.id == audit_links.c.command_id)
        .order_by(books.c.ref)
    )
    return [
        BookFigures(ref, max(0, (now.date() - business_date).days), position or 0, at)
        for ref, business_date, position, at in rows
    ]
