"""The day monitor: a business day of a book step by step, in phases: done, at work, stopped, or still to come."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from flask import Response, request
from sqlalchemy import Connection, select

from scf.commands import ScopeKind
from scf.module import Phase
from scf.routes import Caller, PageRoute
from scf.scheduling.day import in_order
from scf.scheduling.day_routes import READ
from scf.scheduling.models import day_steps
from scf.web.pages import page
from scf.web.words import N_

_LATEST = 14

# how a step stands that has not begun
_TO_COME = N_("To come")


class Shown(NamedTuple):
    """A step as it is shown: its status is done, running, stopped or to come."""

    name: str
    status: str
    started_at: datetime | None
    ended_at: datetime | None
    result: str
    claims: int

    @property
    def seconds(self) -> int | None:
        """How long it took; None until it has ended."""
        if self.started_at is None or self.ended_at is None:
            return None
        return int((self.ended_at - self.started_at).total_seconds())


def show(caller: Caller) -> Response:
    """The day that is asked for; the book's own when none is."""
    book = caller.in_book()
    on = _day(request.args.get("on", "")) or book.business_date
    with caller.reading() as connection:
        rows = _steps(connection, book.id, on)
        days = _days(connection, book.id)
    phases = _phases(caller, rows, is_now=on == book.business_date)
    steps = [step for _phase, found in phases for step in found]
    return page(
        "bank/days.html",
        on=on,
        phases=phases,
        days=days,
        done=sum(step.status == "done" for step in steps),
        stopped=sum(step.status == "stopped" for step in steps),
        count=len(steps),
    )


def _phases(caller: Caller, rows: Mapping[str, Any], *, is_now: bool) -> Sequence[tuple[Phase | None, list[Shown]]]:
    """The steps by phase; what ran on a day gone by and is no step any more stands at the end."""
    now = caller.database.clock.now()
    left = dict(rows)
    found: dict[Phase | None, list[Shown]] = {}
    for step in in_order(caller.running.steps):
        row = left.pop(step.name, None)
        if row is not None or is_now:
            found.setdefault(step.phase, []).append(_shown(step.name, row, now))
    if left:
        found[None] = [_shown(name, row, now) for name, row in left.items()]
    return list(found.items())


def _shown(name: str, row: Any, now: datetime) -> Shown:
    if row is None:
        return Shown(name, _TO_COME, None, None, "", 0)
    # whose lease ran out was left by its worker, and waits to be taken over
    status = "stopped" if row.status == "running" and row.leased_to_at <= now else row.status
    return Shown(name, status, row.started_at, row.ended_at, row.result, row.fence)


def _steps(connection: Connection, book_id: int, on: date) -> Mapping[str, Any]:
    mine = (day_steps.c.book_id == book_id) & (day_steps.c.business_date == on)
    rows = connection.execute(select(day_steps).where(mine).order_by(day_steps.c.started_at))
    return {row.step: row for row in rows}


def _days(connection: Connection, book_id: int) -> Sequence[date]:
    """The latest days of which steps have begun, the newest first."""
    dates = select(day_steps.c.business_date).where(day_steps.c.book_id == book_id).distinct()
    rows = connection.execute(dates.order_by(day_steps.c.business_date.desc()).limit(_LATEST))
    return list(rows.scalars())


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


PAGES = (PageRoute("/days", READ, show, scope=ScopeKind.BOOK),)
