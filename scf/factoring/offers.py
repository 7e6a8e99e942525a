"""What a supplier can be paid today: its open receivables, each priced under the terms that pay it the most.

An offer is what the price would be were the receivable funded on the book's business date. It promises nothing: the
request is judged anew, also by what the supplier may not see, such as what its anchor owes others late. Six statements,
whatever is stored; of the receivables only the nearest due are looked at.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, exists, func, select

from scf.books.models import books
from scf.db.bulk import among
from scf.db.said import says
from scf.factoring import cases, eligibility, pricing
from scf.factoring.eligibility import Answer
from scf.factoring.models import advance_requests, advances
from scf.factoring.pricing import Price
from scf.factoring.schedule import schedule
from scf.money import parse_ppm
from scf.organisations.models import organisations
from scf.outcomes import Refusal
from scf.programmes import queries as programmes
from scf.programmes.queries import Enrolment
from scf.programmes.terms import Severity, Terms
from scf.receivables.lifecycle import OPEN
from scf.receivables.models import receivables

LOOKED_AT = 200
LIVE = ("requested", "approved")
# one that is asked for already is offered no more
ASKED = exists().where(advance_requests.c.receivable_id == receivables.c.id, says(advance_requests.c.status, *LIVE))


class Offer(NamedTuple):
    """A receivable with its best price: under which enrolment, by whom, and when the net arrives."""

    receivable_id: int
    enrolment_id: int
    funder_id: int
    anchor_id: int
    ref: str
    currency: str
    face_minor: int
    receivable_due_on: date
    price: Price
    credited_on: date
    tenor_days: int
    apr_ppm: int

    @property
    def net_minor(self) -> int:
        """What the supplier is paid."""
        return self.price.net

    @property
    def shown_apr_ppm(self) -> int:
        """The all-in yearly rate to the nearest hundredth of a per cent."""
        return (self.apr_ppm + 50) // 100 * 100

    @property
    def cost_minor(self) -> int:
        """What it costs: discount and fee; the VAT on the fee is recoverable."""
        return self.price.discount + self.price.fee


class Held(NamedTuple):
    """A receivable that nobody offers on, and the rule that says why."""

    receivable_id: int
    anchor_id: int
    ref: str
    currency: str
    face_minor: int
    due_on: date
    why: Answer

    @property
    def refusal(self) -> Refusal:
        """What a request on it would be told."""
        return Refusal(self.why.rule, "receivable_id", self.why.value, self.why.bound, self.why.remedy)


@dataclass(frozen=True, slots=True)
class Offers:
    """What is offered and what is not, the nearest due first; `is_all` is false when more receivables are open."""

    offered: Sequence[Offer]
    held: Sequence[Held]
    is_all: bool

    def totals(self) -> Mapping[str, int]:
        """The nets by currency."""
        return sums((each.currency, each.net_minor) for each in self.offered)


@dataclass(frozen=True, slots=True)
class _Known:
    on: date
    enrolments: Mapping[int, Sequence[Enrolment]]
    terms: Mapping[int, Terms]
    pricings: Mapping[int, pricing.Pricing]
    dates: Mapping[int, date]
    heads: Mapping[int, int]
    overdue: Mapping[tuple[int, int], int]

    def head(self, organisation_id: int) -> int:
        return self.heads.get(organisation_id, organisation_id)


def sums(pairs: Iterable[tuple[str, int]]) -> Mapping[str, int]:
    """Amounts summed by currency, in the order of the currencies."""
    found: dict[str, int] = {}
    for currency, minor in pairs:
        found[currency] = found.get(currency, 0) + minor
    return dict(sorted(found.items()))


def offers(
    connection: Connection, supplier_id: int, on: date, *, only: Sequence[int] | None = None, limit: int = LOOKED_AT
) -> Offers:
    """What the supplier can be paid, were it to ask on the day `on`; `only` asks about some receivables."""
    known = _known(connection, supplier_id, on)
    rows = connection.execute(_open(connection, supplier_id, known, only).limit(limit + 1)).all()
    offered: list[Offer] = []
    held: list[Held] = []
    for row in rows[:limit]:
        found = _best(known, supplier_id, row)
        if isinstance(found, Offer):
            offered.append(found)
        elif found is not None:
            held.append(Held(row.id, row.debtor_id, row.ref, row.currency, row.open_minor, row.due_on, found))
    return Offers(offered, held, len(rows) <= limit)


def _open(connection: Connection, supplier_id: int, known: _Known, only: Sequence[int] | None) -> Any:
    query = (
        select(
            receivables.c.id,
            receivables.c.debtor_id,
            receivables.c.ref,
            receivables.c.currency,
            receivables.c.open_minor,
            receivables.c.due_on,
            receivables.c.undertaking,
            receivables.c.status,
        )
        .where(
            receivables.c.creditor_id == supplier_id,
            says(receivables.c.status, OPEN),
            receivables.c.due_on > known.on,
            among(connection, receivables.c.debtor_id, sorted(known.enrolments)),
            ~ASKED,
        )
        .order_by(receivables.c.due_on, receivables.c.id)
    )
    return query if only is None else query.where(among(connection, receivables.c.id, sorted(only)))


def _known(connection: Connection, supplier_id: int, on: date) -> _Known:
    """Whatever is the same for all receivables of the supplier; five statements."""
    by_anchor: dict[int, list[Enrolment]] = {}
    for each in programmes.enrolments_in_force(connection, on, supplier_id=supplier_id):
        if each.terms_id:
            by_anchor.setdefault(each.anchor_id, []).append(each)
    enrolled = [each for listed in by_anchor.values() for each in listed]
    terms = programmes.terms_by_id(connection, [each.terms_id for each in enrolled])
    book_ids = sorted({each.book_id for each in enrolled})
    dated = select(books.c.id, books.c.business_date).where(among(connection, books.c.id, book_ids))
    return _Known(
        on,
        by_anchor,
        terms,
        {id: pricing.of_terms(each) for id, each in terms.items()},
        dict(connection.execute(dated).all()),
        _heads(connection, [supplier_id, *by_anchor]),
        _overdue(connection, supplier_id, on),
    )


def _heads(connection: Connection, ids: Sequence[int]) -> Mapping[int, int]:
    grouped = among(connection, organisations.c.id, sorted(ids)) & organisations.c.group_id.is_not(None)
    return dict(connection.execute(select(organisations.c.id, organisations.c.group_id).where(grouped)).all())


def _overdue(connection: Connection, supplier_id: int, on: date) -> Mapping[tuple[int, int], int]:
    """For how many days each anchor has been late in each book, as far as the supplier's own advances tell."""
    late = says(advances.c.status, "funded") & (advances.c.due_on < on)
    rows = connection.execute(
        select(advances.c.book_id, advances.c.anchor_id, func.min(advances.c.due_on))
        .where(advances.c.supplier_id == supplier_id, late)
        .group_by(advances.c.book_id, advances.c.anchor_id)
    )
    return {(book_id, anchor_id): (on - due_on).days for book_id, anchor_id, due_on in rows}


def _best(known: _Known, supplier_id: int, row: Any) -> Offer | Answer | None:
    """The offer that pays most, the first of those that pay the same; else why there is none."""
    found = [_under(known, supplier_id, row, each) for each in known.enrolments[row.debtor_id]]
    offered = [each for each in found if isinstance(each, Offer)]
    if offered:
        return max(offered, key=lambda each: (each.net_minor, -each.enrolment_id))
    return next((each for each in found if each is not None), None)


def _under(known: _Known, supplier_id: int, row: Any, enrolment: Enrolment) -> Offer | Answer | None:
    terms, on = known.terms[enrolment.terms_id], known.dates[enrolment.book_id]
    times = schedule(terms, on, row.due_on)
    late = known.overdue.get((enrolment.book_id, enrolment.anchor_id), 0)
    affiliated = known.head(enrolment.anchor_id) == known.head(supplier_id)
    case = cases.case_of(row.open_minor, row.currency, row.undertaking, row.status, times, late, affiliated)
    failed = eligibility.first_failed(case, terms, Severity.REFUSE)
    if failed is not None:
        return failed
    made = pricing.price(known.pricings[enrolment.terms_id], row.open_minor, times.numerator, times.denominator)
    if made.net <= 0:
        return None
    apr = parse_ppm(pricing.apr_all_in(made, times.tenor_days), "apr")
    asked_on = (row.id, enrolment.id, enrolment.funder_id, row.debtor_id, row.ref, row.currency, row.open_minor)
    return Offer(*asked_on, row.due_on, made, times.credited_on, times.tenor_days, apr)
