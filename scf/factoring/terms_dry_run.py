"""What other terms would do, before anybody offers them: the same receivables priced under both, side by side. Pure
but for the question which receivables to take: those of the enrolment that are open, else made-up ones that say so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from scf.currencies import exponent
from scf.db.said import says
from scf.factoring import cases, eligibility, pricing
from scf.factoring.eligibility import Answer
from scf.factoring.pricing import Price
from scf.factoring.schedule import schedule
from scf.money import parse_ppm
from scf.programmes.terms import Severity, Terms
from scf.receivables.lifecycle import OPEN
from scf.receivables.models import receivables

SAMPLES_MAX = 6
_MADE_UP = ((30, 10_000), (60, 25_000), (90, 100_000))


class Sample(NamedTuple):
    """A receivable to price: a real one, or one made up, which has no number."""

    ref: str
    currency: str
    face_minor: int
    due_on: date
    undertaking: str


class Priced(NamedTuple):
    """A sample under terms: its price, or the rule that refuses it; `apr_ppm` is all costs by the year."""

    price: Price | None
    apr_ppm: int | None
    why: Answer | None


@dataclass(frozen=True, slots=True)
class Compared:
    """A sample under the terms in force (None: none are) and under the new ones."""

    sample: Sample
    old: Priced | None
    new: Priced

    def change(self, name: str) -> int | None:
        """By how much an amount of the price would change; None when there are not two prices."""
        if self.old is None or self.old.price is None or self.new.price is None:
            return None
        after: int = getattr(self.new.price, name)
        return after - int(getattr(self.old.price, name))


def samples(connection: Connection, supplier_id: int, anchor_id: int, currency: str, on: date) -> list[Sample]:
    """Open receivables of a supplier on an anchor, the nearest due first; made-up ones when there are none."""
    rows = connection.execute(
        select(
            receivables.c.ref,
            receivables.c.currency,
            receivables.c.open_minor,
            receivables.c.due_on,
            receivables.c.undertaking,
        )
        .where(
            receivables.c.creditor_id == supplier_id,
            says(receivables.c.status, OPEN),
            receivables.c.due_on > on,
            receivables.c.debtor_id == anchor_id,
            receivables.c.currency == currency,
        )
        .order_by(receivables.c.due_on, receivables.c.id)
        .limit(SAMPLES_MAX)
    ).all()
    return [Sample(*row) for row in rows] or made_up(currency, on)


def made_up(currency: str, on: date) -> list[Sample]:
    """Receivables of round amounts, due in one, two and three months."""
    unit = 10 ** exponent(currency)
    return [Sample("", currency, face * unit, on + timedelta(days=days), "irrevocable") for days, face in _MADE_UP]


def compared(given: Sequence[Sample], old: Terms | None, new: Terms, on: date, overdue_days: int = 0) -> list[Compared]:
    """The samples under both terms, were they funded on a day while their anchor is late by so many days."""
    return [
        Compared(
            each, None if old is None else _priced(each, old, on, overdue_days), _priced(each, new, on, overdue_days)
        )
        for each in given
    ]


def _priced(sample: Sample, terms: Terms, on: date, overdue_days: int) -> Priced:
    times = schedule(terms, on, sample.due_on)
    case = cases.case_of(
        sample.face_minor, sample.currency, sample.undertaking, "open", times, overdue_days, affiliated=False
    )
    failed = eligibility.first_failed(case, terms, Severity.REFUSE)
    if failed is not None:
        return Priced(None, None, failed)
    made = pricing.price(pricing.of_terms(terms), sample.face_minor, times.numerator, times.denominator)
    apr = parse_ppm(pricing.apr_all_in(made, times.tenor_days), "apr") if made.net > 0 else None
    return Priced(made, apr, None)


def differences(old: Terms | None, new: Terms) -> Mapping[str, tuple[Any, Any]]:
    """The fields that differ, each with its old and its new value; all of the new when there are no old."""
    return {
        each.name: (None if old is None else getattr(old, each.name), getattr(new, each.name))
        for each in fields(new)
        if old is None or getattr(old, each.name) != getattr(new, each.name)
    }
