"""The engine's part of the day: standing instructions ask, the rules approve what they may, approved requests are
funded, the discount is earned."""

from datetime import date, timedelta

from sqlalchemy import Connection, exists, select

from scf.actor import PLATFORM
from scf.commands import in_book, run
from scf.errors import CommandError
from scf.factoring.accrue import ACCRUE, Accrual
from scf.factoring.approve import APPROVE, Approval
from scf.factoring.dilute import DILUTE
from scf.factoring.fund import FUND
from scf.factoring.models import advance_requests, advances
from scf.factoring.request import OFFER, NewRequest
from scf.module import Day, Phase, Step, Work
from scf.programmes import queries as programmes
from scf.programmes.models import enrolments
from scf.receivables.models import credit_notes, receivables
from scf.scheduling.chunk import run_chunk

_CHUNK = 10_000


def _offer(day: Day) -> str:
    """Ask for every open receivable of enrolments with a standing instruction that nobody asked for yet."""
    asked, after = 0, 0
    while True:
        with day.database.reading() as connection:
            found = _offers(connection, day, after)
        if not found:
            return f"{asked} advances asked for by standing instruction"
        after = found[-1].receivable_id
        asked += sum(outcome.accepted for outcome in run_chunk(day, OFFER, found))


def _offers(connection: Connection, day: Day, after: int) -> list[NewRequest]:
    known = exists().where(
        advance_requests.c.receivable_id == receivables.c.id,
        advance_requests.c.status.in_(["requested", "approved", "declined", "withdrawn"]),
    )
    rows = connection.execute(
        select(receivables.c.id, enrolments.c.id)
        .join(
            enrolments,
            (enrolments.c.supplier_id == receivables.c.creditor_id)
            & (enrolments.c.anchor_id == receivables.c.debtor_id),
        )
        .where(
            enrolments.c.book_id == day.book.id,
            programmes.instructed(day.book.business_date),
            receivables.c.status == "open",
            receivables.c.due_on > day.book.business_date,
            receivables.c.id > after,
            ~known,
        )
        .order_by(receivables.c.id)
        .limit(_CHUNK)
    )
    return [NewRequest(receivable, enrolment) for receivable, enrolment in rows]


def _requests(connection: Connection, book_id: int, status: str, after: int) -> list[int]:
    rows = connection.execute(
        select(advance_requests.c.id)
        .where(
            advance_requests.c.book_id == book_id, advance_requests.c.status == status, advance_requests.c.id > after
        )
        .order_by(advance_requests.c.id)
        .limit(_CHUNK)
    )
    return list(rows.scalars())


def _approve(day: Day) -> str:
    approved, people, after = 0, 0, 0
    while True:
        with day.database.reading() as connection:
            ids = _requests(connection, day.book.id, "requested", after)
        if not ids:
            return f"{approved} requests approved by rule, {people} left to people"
        after = ids[-1]
        outcomes = run_chunk(day, APPROVE, [Approval(id, by_rule=True) for id in ids])
        approved += sum(outcome.accepted for outcome in outcomes)
        people += sum(not outcome.accepted for outcome in outcomes)


def _fund(day: Day) -> str:
    funded, refused, after = 0, 0, 0
    while True:
        with day.database.reading() as connection:
            ids = _requests(connection, day.book.id, "approved", after)
        if not ids:
            return f"{funded} advances funded" + (f", {refused} refused" if refused else "")
        after = ids[-1]
        outcomes = run_chunk(day, FUND, ids)
        funded += sum(outcome.accepted for outcome in outcomes)
        refused += sum(not outcome.accepted for outcome in outcomes)


def _accrue(day: Day) -> str:
    """Earn every value date since the last open day: what closed days earned is booked under their own dates."""
    count = 0
    on = day.book.previous_on
    while on < day.book.business_date:
        on += timedelta(days=1)
        count += _accrue_on(day, on)
    return f"{count} days of discount earned"


def _accrue_on(day: Day, on: date) -> int:
    count, after = 0, 0
    while True:
        with day.database.reading() as connection:
            to = _chunk_end(connection, day.book.id, on, after)
        if to is None:
            return count
        outcome = run_chunk(day, ACCRUE, [Accrual(on, after, to)])[0]
        count += int(outcome.facts["count"] or 0)
        after = to


def _chunk_end(connection: Connection, book_id: int, on: date, after: int) -> int | None:
    chunk = (
        select(advances.c.id)
        .where(
            advances.c.book_id == book_id,
            advances.c.id > after,
            advances.c.credited_on < on,
            advances.c.earns_to_on >= on,
        )
        .order_by(advances.c.id)
        .limit(_CHUNK)
    )
    ids = connection.execute(chunk).scalars().all()
    return ids[-1] if ids else None


def dilute(work: Work) -> None:
    """The job a credit note after funding puts down: book the dilution in the book that funded the receivable."""
    note_id = work.payload["credit_note_id"]
    with work.database.reading() as connection:
        book_id = connection.execute(
            select(advances.c.book_id)
            .join(credit_notes, credit_notes.c.receivable_id == advances.c.receivable_id)
            .where(credit_notes.c.id == note_id)
        ).scalar_one()
    outcome = run(work.database, DILUTE, [note_id], key=work.key, actor=PLATFORM, scope=in_book(book_id))[0]
    if outcome.refusal is not None:
        raise CommandError(outcome.refusal.words())


STEPS = (
    Step("standing instructions", Phase.FUND, _offer),
    Step("approve by rule", Phase.FUND, _approve),
    Step("fund", Phase.FUND, _fund),
    Step("earn discount", Phase.ACCRUE, _accrue),
)
JOBS = {"dilute": dilute}
