"""One request as the bank looks at it: every rule's answer, the limits before and after, the price and its working.

What would be decided is decided by the command's own functions on what stands now; nothing is locked or written.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, select

from scf.books.queries import Book
from scf.db.bulk import among
from scf.factoring import approve, eligibility, pricing
from scf.factoring.approve import Approval, Facts
from scf.factoring.cases import Ask
from scf.factoring.eligibility import Answer
from scf.factoring.models import advance_requests, declines
from scf.factoring.pricing import Price
from scf.factoring.schedule import Schedule, schedule
from scf.limits import parts as limits
from scf.limits.positions import LimitKey, Position
from scf.money import parse_ppm
from scf.outcomes import Refusal
from scf.programmes.terms import Terms


class Bar(NamedTuple):
    """A limit that the request counts against, as it stands and as it would stand once approved."""

    key: LimitKey
    before: Position
    after: Position


@dataclass(frozen=True, slots=True)
class Working:
    """A price with all that it was made of: the dates, the exact fractions, and the yearly rate of all costs."""

    price: Price
    times: Schedule
    proof: Mapping[str, str]
    apr_ppm: int | None


@dataclass(frozen=True, slots=True)
class CaseFile:
    """Everything the bank's answer rests on; `refusal` is why approving it now would be refused, None when not."""

    row: Row[Any]
    ask: Ask
    terms: Terms
    answers: Sequence[Answer]
    bars: Sequence[Bar]
    refusal: Refusal | None
    working: Working | None

    @property
    def waits(self) -> bool:
        """Nobody has answered it."""
        return bool(self.ask.status == "requested")


def case_file(connection: Connection, book: Book, request_id: int) -> CaseFile | None:
    """The request of the book with all that speaks for and against it; None when there is no such request."""
    why = (declines.c.request_id == advance_requests.c.id) & (declines.c.book_id == book.id)
    row = connection.execute(
        select(advance_requests, declines.c.reason)
        .outerjoin(declines, why)
        .where(among(connection, advance_requests.c.id, [request_id]), advance_requests.c.book_id == book.id)
    ).one_or_none()
    facts = approve.look(connection, book, [request_id])
    if row is None or request_id not in facts.asks:
        return None
    return _file(facts, row, book.business_date)


def _file(facts: Facts, row: Row[Any], on: date) -> CaseFile:
    ask = facts.asks[row.id]
    terms = facts.terms[ask.terms_id]
    now = limits.positions(facts.found, facts.accounts)
    plan = approve.decided(facts, [Approval(ask.id)], limits.positions(facts.found, facts.accounts))
    keys = [key for key in dict.fromkeys(approve.keys_of(ask, facts.parties)) if key in now.by_key]
    bars = [
        Bar(key, now.by_key[key], _after(plan.positions.by_key[key], ask, plan.outcomes[0].accepted)) for key in keys
    ]
    case = approve.case_of(facts, ask)
    return CaseFile(
        row, ask, terms, eligibility.answers(case, terms), bars, plan.outcomes[0].refusal, working(terms, ask, on)
    )


def _after(position: Position, ask: Ask, accepted: bool) -> Position:
    """Where a limit would stand; one that is too small is shown as it would be overdrawn."""
    if not accepted and ask.status == "requested":
        position.force(ask.face_minor)
    return position


def working(terms: Terms, ask: Ask, on: date) -> Working | None:
    """The price of a request were it funded on a day; None when nothing is left of its face or its time."""
    times = schedule(terms, on, ask.due_on)
    if not times.tenor_days or not ask.face_minor:
        return None
    agreed = pricing.of_terms(terms)
    made = pricing.price(agreed, ask.face_minor, times.numerator, times.denominator)
    proof = pricing.proof(agreed, ask.face_minor, times.numerator, times.denominator, made)
    apr = parse_ppm(pricing.apr_all_in(made, times.tenor_days), "apr") if made.net > 0 else None
    return Working(made, times, proof, apr)
