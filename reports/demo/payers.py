"""How money comes in: anchors pay on the day, but a few pay short, late, early, or not at all; suppliers pay claims.

Every payment is scripted at the book's development bank and told by its camt.054 on the day and camt.053 on the next.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import func, select

from invoices.demo_parties import ANCHORS
from reports.demo.parties import ANCHOR_IBANS, CALENDAR, Cast
from reports.demo.stage import Stage
from scf import calendars, daycount
from scf.books.queries import Book
from scf.commands import in_book
from scf.factoring import pricing
from scf.factoring.models import advances, claim_payments, claims
from scf.money import PPM
from scf.payments.null_rail import IncomingMoney
from scf.programmes import queries as programmes
from scf.programmes.terms import Terms
from scf.receivables.models import receivables
from scf.settlement.recourse import COLLECT_CLAIM, ClaimPayment

# of the purchases an anchor has to pay in a book, by due date; the second loan is not paid at all
_EVERY = 40
_SHORT_AT, _LATE_AT, _EARLY_AT, _UNPAID_LOAN = 2, 3, 5, 2
_SHORT_PPM = 970_000
_REST_AFTER, _LATE_BY, _EARLY_BY, _CLAIM_PAID_AFTER = 6, 9, 4, 5


@dataclass(frozen=True, slots=True)
class Owed:
    """A funded advance as its anchor sees it; what is open in minor units."""

    id: int
    ref: str
    anchor_id: int
    kind: str
    due_on: date
    open_minor: int
    terms_id: int


@dataclass(frozen=True, slots=True)
class Promise:
    """When an anchor will pay which part of what it then owes."""

    advance_id: int
    on: date
    share_ppm: int = PPM


@dataclass(slots=True)
class Payers:
    """What the anchors mean to do, made up when they first see an advance."""

    promises: list[Promise] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)
    counts: Counter[tuple[int, int] | str] = field(default_factory=Counter)
    payment_count: int = 0

    @property
    def last_on(self) -> date:
        """The last day on which anybody means to pay."""
        return max((promise.on for promise in self.promises), default=date.min)


def pay(stage: Stage, cast: Cast, payers: Payers) -> None:
    """What comes in this morning, in every book."""
    for book in stage.books():
        owed = _owed(stage, book)
        for each in owed:
            if each.id not in payers.seen:
                payers.seen.add(each.id)
                payers.promises += _promises(payers, cast, book, each, stage.today)
        due = {promise.advance_id: promise for promise in payers.promises if promise.on == stage.today}
        _send(stage, cast, payers, book, [(each, due[each.id]) for each in owed if each.id in due])


def _owed(stage: Stage, book: Book) -> list[Owed]:
    query = (
        select(
            advances.c.id,
            advances.c.ref,
            advances.c.anchor_id,
            advances.c.kind,
            advances.c.due_on,
            receivables.c.open_minor,
            advances.c.terms_id,
        )
        .join(receivables, receivables.c.id == advances.c.receivable_id)
        .where(advances.c.book_id == book.id, advances.c.status == "funded")
        .order_by(advances.c.due_on, advances.c.ref)
    )
    with stage.running.database.reading() as connection:
        return [Owed(*row) for row in connection.execute(query)]


def _promises(payers: Payers, cast: Cast, book: Book, each: Owed, today: date) -> list[Promise]:
    whole = Promise(each.id, each.due_on)
    if each.kind == "lent":
        payers.counts[each.kind] += 1
        return [] if payers.counts[each.kind] == _UNPAID_LOAN else [whole]
    key = (book.id, each.anchor_id)
    payers.counts[key] += 1
    place = payers.counts[key] % _EVERY
    if place == _SHORT_AT and each.anchor_id == cast.anchor_ids[0]:
        return [Promise(each.id, each.due_on, _SHORT_PPM), Promise(each.id, _after(each.due_on, _REST_AFTER))]
    if place == _LATE_AT and each.anchor_id == cast.anchor_ids[1]:
        return [Promise(each.id, _after(each.due_on, _LATE_BY))]
    early_on = _after(each.due_on, -_EARLY_BY)
    return [Promise(each.id, early_on)] if place == _EARLY_AT and early_on > today else [whole]


def _after(on: date, open_days: int) -> date:
    move = calendars.next_open if open_days > 0 else calendars.previous_open
    for _ in range(abs(open_days)):
        on = move(CALENDAR, on)
    return on


def _send(stage: Stage, cast: Cast, payers: Payers, book: Book, paying: Sequence[tuple[Owed, Promise]]) -> None:
    bank = stage.bank_of(book)
    with stage.running.database.reading() as connection:
        terms = programmes.terms_by_id(connection, {each.terms_id for each, _ in paying})
    for each, promise in paying:
        place = cast.anchor_ids.index(each.anchor_id)
        amount = (each.open_minor + _late_charge(each, terms[each.terms_id], stage.today)) * promise.share_ppm // PPM
        payers.payment_count += 1
        bank_ref = f"IN-{payers.payment_count:06d}"
        money = IncomingMoney(bank_ref, ANCHORS[place].name, ANCHOR_IBANS[place], amount, stage.today, text=each.ref)
        bank.expect(money)


def _late_charge(each: Owed, terms: Terms, today: date) -> int:
    """What the anchor's bookkeeper adds when it pays late."""
    if today <= each.due_on:
        return 0
    fraction = daycount.year_fraction(each.due_on, today, terms.late_day_count)
    return pricing.late_charge(each.open_minor, terms.late_rate_ppm, *fraction, terms.rounding)


def pay_claims(stage: Stage) -> None:
    """Suppliers pay what they have owed for some days and nothing could be set off against."""
    paid = select(func.coalesce(func.sum(claim_payments.c.amount_minor), 0)).where(
        claim_payments.c.claim_id == claims.c.id
    )
    for book in stage.books():
        by = _after(book.business_date, -_CLAIM_PAID_AFTER)
        query = (
            select(claims.c.advance_id, claims.c.currency, func.sum(claims.c.amount_minor - paid.scalar_subquery()))
            .where(claims.c.book_id == book.id, claims.c.status == "open", claims.c.claimed_on <= by)
            .group_by(claims.c.advance_id, claims.c.currency)
            .order_by(claims.c.advance_id)
        )
        with stage.running.database.reading() as connection:
            rows = connection.execute(query)
            owed = [ClaimPayment(id, currency, int(left), book.business_date) for id, currency, left in rows]
        stage.do(COLLECT_CLAIM, owed, stage.banker(book), in_book(book.id))
