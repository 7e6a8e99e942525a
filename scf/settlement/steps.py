"""Settlement's part of the day: apply what came, settle what is collected, chase what is late.

Money that came in frees limits and reserves before the engine funds anew; that order is the day's, not this file's.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, select

from scf.commands import Command
from scf.factoring.expire import EXPIRE
from scf.factoring.models import advance_requests, advances, guarantee_calls
from scf.ledger.models import accounts
from scf.limits.hold import HOLD, Hold
from scf.limits.models import limits
from scf.limits.positions import LimitKind
from scf.module import Day, Phase, Step
from scf.programmes import queries as programmes
from scf.programmes.terms import Terms
from scf.receivables.models import receivables
from scf.scheduling.chunk import run_chunk
from scf.settlement.apply import APPLY, Application
from scf.settlement.guarantee import CALL_GUARANTEE, GuaranteeCall
from scf.settlement.match import Money, Owed, by_ref, match
from scf.settlement.queries import unapplied
from scf.settlement.recourse import CLAIM_RECOURSE, Recourse
from scf.settlement.settle import SETTLE

_CHUNK = 10_000


def _in_chunks(day: Day, command: Command[Any, Any, Any], batch: Sequence[Any]) -> int:
    """Run a command chunk by chunk; returns how many items were accepted."""
    chunks = [batch[start : start + _CHUNK] for start in range(0, len(batch), _CHUNK)]
    return sum(outcome.accepted for chunk in chunks for outcome in run_chunk(day, command, chunk))


def _apply(day: Day) -> str:
    with day.database.reading() as connection:
        waiting = _unapplied(connection, day.book.id)
        owed = {payer: by_ref(_owed(connection, day.book.id, payer)) for payer in sorted(waiting)}
    batch = [
        Application(money.collection_id, found.advance_id)
        for payer, monies in sorted(waiting.items())
        for money in monies
        if (found := match(money, owed[payer])) is not None
    ]
    applied = _in_chunks(day, APPLY, batch)
    left = sum(len(monies) for monies in waiting.values()) - applied
    return f"{applied} collections applied" + (f", {left} left to people" if left else "")


def _unapplied(connection: Connection, book_id: int) -> dict[int, list[Money]]:
    """Collections with money left, by their payer; those of unknown payers wait for people.

    In the order of their value dates, whenever they came: a late charge runs from one to the next.
    """
    found: dict[int, list[Money]] = {}
    for each in unapplied(connection, book_id):
        if each.payer_id:
            money = Money(each.collection_id, each.reference, each.currency, each.left_minor)
            found.setdefault(each.payer_id, []).append(money)
    return found


def _owed(connection: Connection, book_id: int, anchor_id: int) -> list[Owed]:
    rows = connection.execute(
        select(advances.c.id, advances.c.ref, advances.c.currency, receivables.c.open_minor)
        .join(receivables, receivables.c.id == advances.c.receivable_id)
        .where(advances.c.book_id == book_id, advances.c.anchor_id == anchor_id, advances.c.status == "funded")
        .order_by(advances.c.id)
    )
    return [Owed(*row) for row in rows]


def _settle(day: Day) -> str:
    with day.database.reading() as connection:
        collected = connection.execute(
            select(advances.c.id)
            .join(receivables, receivables.c.id == advances.c.receivable_id)
            .where(advances.c.book_id == day.book.id, advances.c.status == "funded", receivables.c.open_minor == 0)
            .order_by(advances.c.id)
        )
        ids = list(collected.scalars())
    return f"{_in_chunks(day, SETTLE, ids)} receivables settled"


def _suspend(day: Day) -> str:
    """Suspend the limits of anchors that are overdue longer than their terms bear."""
    late = {
        (anchor_id, terms.currency)
        for _, anchor_id, overdue, terms in _overdue(day, only_uncalled=False)
        if overdue >= terms.suspend_after_days
    }
    with day.database.reading() as connection:
        rows = connection.execute(
            select(limits.c.id, limits.c.holder_id, limits.c.currency)
            .join(accounts, (accounts.c.owner_id == limits.c.id) & (accounts.c.code == "limit headroom"))
            .where(limits.c.book_id == day.book.id, limits.c.kind == str(LimitKind.ANCHOR), accounts.c.hold == "")
            .order_by(limits.c.id)
        ).all()
    held = [Hold(row.id, "overdue") for row in rows if (row.holder_id, row.currency) in late]
    return f"{_in_chunks(day, HOLD, held)} limits suspended"


def _recourse(day: Day) -> str:
    due = [
        Recourse(id)
        for id, _, overdue, terms in _overdue(day, only_uncalled=False, kind="lent")
        if overdue >= terms.recourse_after_days
    ]
    return f"{_in_chunks(day, CLAIM_RECOURSE, due)} advances claimed from suppliers"


def _guarantee(day: Day) -> str:
    due = [
        GuaranteeCall(id)
        for id, _, overdue, terms in _overdue(day, only_uncalled=True)
        if terms.guarantor_id and overdue >= terms.guarantee_after_days
    ]
    return f"{_in_chunks(day, CALL_GUARANTEE, due)} guarantees called"


def _overdue(day: Day, *, only_uncalled: bool, kind: str = "") -> list[tuple[int, int, int, Terms]]:
    """Funded advances past their due date: id, anchor, days overdue, terms."""
    on = day.book.business_date
    query = (
        select(advances.c.id, advances.c.anchor_id, advances.c.due_on, advances.c.terms_id)
        .where(advances.c.book_id == day.book.id, advances.c.status == "funded", advances.c.due_on < on)
        .order_by(advances.c.id)
    )
    if kind:
        query = query.where(advances.c.kind == kind)
    if only_uncalled:
        query = query.where(~select(guarantee_calls.c.id).where(guarantee_calls.c.advance_id == advances.c.id).exists())
    with day.database.reading() as connection:
        rows = connection.execute(query).all()
        terms = programmes.terms_by_id(connection, {row.terms_id for row in rows})
    return [(row.id, row.anchor_id, (on - row.due_on).days, terms[row.terms_id]) for row in rows]


def _expire(day: Day) -> str:
    with day.database.reading() as connection:
        over = connection.execute(
            select(advance_requests.c.id)
            .join(receivables, receivables.c.id == advance_requests.c.receivable_id)
            .where(
                advance_requests.c.book_id == day.book.id,
                advance_requests.c.status.in_(["requested", "approved"]),
                (receivables.c.due_on <= day.book.business_date) | (receivables.c.status != "open"),
            )
            .order_by(advance_requests.c.id)
        )
        ids = list(over.scalars())
    return f"{_in_chunks(day, EXPIRE, ids)} requests expired"


STEPS = (
    Step("apply collections", Phase.APPLY, _apply),
    Step("settle receivables", Phase.SETTLE, _settle),
    Step("suspend limits", Phase.CHASE, _suspend),
    Step("claim recourse", Phase.CHASE, _recourse),
    Step("call guarantees", Phase.CHASE, _guarantee),
    Step("expire requests", Phase.CHASE, _expire),
)
