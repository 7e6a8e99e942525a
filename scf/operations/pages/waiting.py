"""What the operator's desk shows first: how many things wait or failed, and where every book stands.

A fixed number of statements; what is counted stands in an index of what is open, and is counted no further than shown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, func, or_, select

from scf.books.models import books
from scf.onboarding.models import WAITS_FOR_THE_OPERATOR, dossiers
from scf.operations import figures
from scf.operations.figures import Figures
from scf.organisations.models import organisations
from scf.outbox import GIVEN_UP, WAITING, outbox
from scf.proposals.models import proposals
from scf.scheduling.models import IS_FAILED, day_steps, jobs
from scf.settlement.models import IS_OPEN, findings

COUNTED_MAX = 1000
_BOOKS, _ROWS = 50, 5


@dataclass(frozen=True, slots=True)
class BookStands:
    """A book: how many days it is behind, and the last step that ran in it."""

    book: Row[Any]
    behind_days: int
    step: Row[Any] | None


@dataclass(frozen=True, slots=True)
class Home:
    """All of it. Counts end at one more than `COUNTED_MAX`."""

    counts: Mapping[str, int]
    figures: Figures
    books: Sequence[BookStands]
    dossiers: Sequence[Row[Any]]
    failed_jobs: Sequence[Any]
    findings: Sequence[Row[Any]]

    @property
    def scheduler_is_silent(self) -> bool:
        """No tick has come yet."""
        return self.figures.ticked_at is None


def home(connection: Connection, organisation_id: int, now: datetime, steps: Sequence[str]) -> Home:
    """What the desk shows; `steps` are those of a day, in their order."""
    over = now.date() - timedelta(days=1)
    counted: dict[str, Select[Any]] = {
        "organisations": select(organisations.c.id),
        "books": select(books.c.id),
        "behind": select(books.c.id).where(books.c.business_date <= over),
        "outbox": select(outbox.c.due_at).where(WAITING),
        "given_up": select(outbox.c.id).where(GIVEN_UP),
        "findings": select(findings.c.id).where(IS_OPEN),
        "dossiers": select(dossiers.c.id).where(WAITS_FOR_THE_OPERATOR),
        "proposals": select(proposals.c.id).where(
            proposals.c.scope_id == organisation_id, proposals.c.status == "proposed"
        ),
    }
    row = connection.execute(select(*(_count(query).label(name) for name, query in counted.items()))).one()
    stand = connection.execute(select(books).order_by(books.c.business_date, books.c.id).limit(_BOOKS)).all()
    return Home(
        row._mapping,  # type: ignore[arg-type]
        figures.read(connection, now),
        _stands(connection, stand, over, steps),
        connection.execute(
            select(dossiers, organisations.c.name)
            .join(organisations, organisations.c.id == dossiers.c.organisation_id)
            .where(WAITS_FOR_THE_OPERATOR)
            .order_by(dossiers.c.id)
            .limit(_ROWS)
        ).all(),
        connection.execute(
            select(jobs.c.id, jobs.c.kind, jobs.c.ended_at, jobs.c.error)
            .where(IS_FAILED)
            .order_by(jobs.c.id.desc())
            .limit(_ROWS)
        ).all(),
        connection.execute(
            select(findings, books.c.ref.label("book_ref"))
            .join(books, books.c.id == findings.c.book_id)
            .where(IS_OPEN)
            .order_by(findings.c.id.desc())
            .limit(_ROWS)
        ).all(),
    )


def _count(query: Select[Any]) -> Any:
    return select(func.count()).select_from(query.limit(COUNTED_MAX + 1).subquery()).scalar_subquery()


def _stands(connection: Connection, stand: Sequence[Row[Any]], over: date, steps: Sequence[str]) -> list[BookStands]:
    """The books with the last step of the day they are on, or of the one before."""
    if not stand:
        return []
    days = [
        and_(day_steps.c.book_id == book.id, day_steps.c.business_date.in_((book.business_date, book.previous_on)))
        for book in stand
    ]
    place = {step: n for n, step in enumerate(steps)}
    ran = connection.execute(select(day_steps).where(or_(*days))).all()
    # of two that began at the same instant the later one of the day
    in_turn = sorted(ran, key=lambda row: (row.business_date, row.started_at, place.get(row.step, -1)))
    last = {row.book_id: row for row in in_turn}
    return [BookStands(book, max(0, (over - book.business_date).days + 1), last.get(book.id)) for book in stand]
