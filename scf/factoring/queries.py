"""Questions about requests and advances that rows alone do not answer: today's price, the parties' names, payments."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, Table, select

from scf.books.models import books
from scf.db.bulk import among
from scf.db.said import says
from scf.factoring import pricing
from scf.factoring.models import advance_requests, advances, claim_payments, claims
from scf.factoring.pricing import Price
from scf.factoring.schedule import Schedule, schedule
from scf.ids import text
from scf.money import decimal_string
from scf.organisations import queries as organisations
from scf.programmes import queries as programmes
from scf.programmes.models import enrolment_terms, enrolments, terms_documents
from scf.programmes.terms import Terms
from scf.receivables.models import receivables
from scf.routes import Caller

Found = Mapping[int, Any]


def prices_today(caller: Caller, connection: Connection, request_ids: Sequence[int]) -> Found:
    """The price of each request that waits, were it funded on the business date; None when nothing is left of it."""
    rows = connection.execute(_waiting(caller).where(among(connection, advance_requests.c.id, request_ids)))
    return {row.id: _price(row, programmes.parsed(row.body), row.business_date) for row in rows}


def _waiting(caller: Caller) -> Select[Any]:
    """Requests that wait, with what they are asked on as it is today, and the terms they were made under."""
    terms = (enrolment_terms.c.enrolment_id == enrolments.c.id) & (
        enrolment_terms.c.terms_id == advance_requests.c.terms_id
    )
    waiting = (
        select(
            advance_requests.c.id,
            receivables.c.open_minor,
            receivables.c.currency,
            receivables.c.due_on,
            books.c.business_date,
            terms_documents.c.body,
        )
        .join(receivables, receivables.c.id == advance_requests.c.receivable_id)
        .join(books, books.c.id == advance_requests.c.book_id)
        .join(enrolments, enrolments.c.id == advance_requests.c.enrolment_id)
        .join(enrolment_terms, terms)
        .join(terms_documents, terms_documents.c.id == enrolment_terms.c.terms_id)
        .where(says(advance_requests.c.status, "requested", "approved"))
    )
    if caller.book is not None:
        in_book = advance_requests.c.book_id == caller.book.id
        return waiting.where(in_book, enrolments.c.book_id == caller.book.id)
    mine = caller.organisation_id
    own = advance_requests.c.supplier_id == mine
    return waiting.where(own, receivables.c.creditor_id == mine, enrolments.c.supplier_id == mine)


class Waiting(NamedTuple):
    """A request that waits: what it would bring were it funded on the business date, and when."""

    status: str
    currency: str
    net_minor: int
    credited_on: date


def waiting_nets(caller: Caller, connection: Connection, limit: int) -> tuple[list[Waiting], bool]:
    """What the caller's requests that wait would bring, by currency, and whether these are all of them."""
    query = _waiting(caller).add_columns(advance_requests.c.status)
    query = query.order_by(advance_requests.c.currency, advance_requests.c.id).limit(limit + 1)
    rows = connection.execute(query).all()
    priced = [(row, _made(row, programmes.parsed(row.body), row.business_date)) for row in rows[:limit]]
    found = [
        Waiting(row.status, row.currency, made[0].net, made[1].credited_on) for row, made in priced if made is not None
    ]
    return found, len(rows) <= limit


def _made(row: Any, terms: Terms, on: date) -> tuple[Price, Schedule] | None:
    times = schedule(terms, on, row.due_on)
    if not times.tenor_days or not row.open_minor:
        return None
    return pricing.price(pricing.of_terms(terms), row.open_minor, times.numerator, times.denominator), times


def _price(row: Any, terms: Terms, on: date) -> dict[str, Any] | None:
    made = _made(row, terms, on)
    if made is None:
        return None
    price, times = made
    amounts = {name: decimal_string(getattr(price, name), row.currency) for name in price._fields}
    dates = {"credited_on": times.credited_on.isoformat(), "due_on": times.due_on.isoformat()}
    return {"currency": row.currency, **amounts, **dates, "tenor_days": times.tenor_days}


def parties_of_requests(caller: Caller, connection: Connection, request_ids: Sequence[int]) -> Found:
    """The names of supplier and anchor of each request."""
    pairs = select(advance_requests.c.id, advance_requests.c.supplier_id, advance_requests.c.anchor_id)
    own = pairs.where(advance_requests.c.book_id == caller.in_book().id)
    return _parties(connection, own, advance_requests.c.id, request_ids)


def parties_of_advances(caller: Caller, connection: Connection, advance_ids: Sequence[int]) -> Found:
    """The names of supplier and anchor of each advance."""
    pairs = select(advances.c.id, advances.c.supplier_id, advances.c.anchor_id)
    own = pairs.where(advances.c.book_id == caller.in_book().id)
    return _parties(connection, own, advances.c.id, advance_ids)


def _parties(connection: Connection, pairs: Select[Any], key: ColumnElement[int], ids: Sequence[int]) -> Found:
    rows = connection.execute(pairs.where(among(connection, key, ids))).all()
    names = organisations.names(connection, {party for row in rows for party in row[1:]})
    return {row[0]: {"supplier": names.get(row[1]), "anchor": names.get(row[2])} for row in rows}


def payments_of_claims(caller: Caller, connection: Connection, claim_ids: Sequence[int]) -> Found:
    """What was paid on each claim, oldest first."""
    query = (
        select(claim_payments, claims.c.currency)
        .join(claims, claims.c.id == claim_payments.c.claim_id)
        .where(among(connection, claims.c.id, claim_ids))
        .order_by(claim_payments.c.id)
    )
    if caller.book is None:
        query = query.where(claims.c.supplier_id == caller.organisation_id)
    else:
        query = query.where(claims.c.book_id == caller.book.id, claim_payments.c.book_id == caller.book.id)
    rows = connection.execute(query)
    found: dict[int, list[dict[str, Any]]] = {id: [] for id in claim_ids}
    for row in rows:
        amount = decimal_string(row.amount_minor, row.currency)
        paid = {"id": text("clp", row.id), "amount": amount, "means": row.means}
        found[row.claim_id].append({**paid, "value_date": row.value_date.isoformat()})
    return found


def of_advances(table: Table, book_id: int) -> Select[Any]:
    """The rows of a table about a book's advances, each with the advance's currency and its invoice's number."""
    return (
        select(table, advances.c.currency, advances.c.ref)
        .join(advances, advances.c.id == table.c.advance_id)
        .where(table.c.book_id == book_id, advances.c.book_id == book_id)
    )
