"""Questions about requests and advances that rows alone do not answer: today's price, the parties' names, payments."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, select

from scf.books.models import books
from scf.db.bulk import among
from scf.factoring import pricing
from scf.factoring.models import advance_requests, advances, claim_payments, claims
from scf.factoring.schedule import schedule
from scf.ids import text
from scf.money import decimal_string
from scf.organisations import queries as organisations
from scf.programmes import queries as programmes
from scf.programmes.terms import Terms
from scf.receivables.models import receivables

Found = Mapping[int, Any]


def prices_today(connection: Connection, request_ids: Sequence[int]) -> Found:
    """The price of each request that waits, were it funded on the business date; None when nothing is left of it."""
    rows = connection.execute(
        select(
            advance_requests.c.id,
            advance_requests.c.terms_id,
            receivables.c.open_minor,
            receivables.c.currency,
            receivables.c.due_on,
            books.c.business_date,
        )
        .join(receivables, receivables.c.id == advance_requests.c.receivable_id)
        .join(books, books.c.id == advance_requests.c.book_id)
        .where(
            among(connection, advance_requests.c.id, request_ids),
            advance_requests.c.status.in_(["requested", "approved"]),
        )
    ).all()
    terms = programmes.terms_by_id(connection, {row.terms_id for row in rows})
    return {row.id: _price(row, terms[row.terms_id], row.business_date) for row in rows}


def _price(row: Any, terms: Terms, on: date) -> dict[str, Any] | None:
    times = schedule(terms, on, row.due_on)
    if not times.tenor_days or not row.open_minor:
        return None
    price = pricing.price(pricing.of_terms(terms), row.open_minor, times.numerator, times.denominator)
    amounts = {name: decimal_string(getattr(price, name), row.currency) for name in price._fields}
    dates = {"credited_on": times.credited_on.isoformat(), "due_on": times.due_on.isoformat()}
    return {"currency": row.currency, **amounts, **dates, "tenor_days": times.tenor_days}


def parties_of_requests(connection: Connection, request_ids: Sequence[int]) -> Found:
    """The names of supplier and anchor of each request."""
    pairs = select(advance_requests.c.id, advance_requests.c.supplier_id, receivables.c.debtor_id).join(
        receivables, receivables.c.id == advance_requests.c.receivable_id
    )
    return _parties(connection, pairs, advance_requests.c.id, request_ids)


def parties_of_advances(connection: Connection, advance_ids: Sequence[int]) -> Found:
    """The names of supplier and anchor of each advance."""
    pairs = select(advances.c.id, advances.c.supplier_id, advances.c.anchor_id)
    return _parties(connection, pairs, advances.c.id, advance_ids)


def _parties(connection: Connection, pairs: Select[Any], key: ColumnElement[int], ids: Sequence[int]) -> Found:
    rows = connection.execute(pairs.where(among(connection, key, ids))).all()
    names = organisations.names(connection, {party for row in rows for party in row[1:]})
    return {row[0]: {"supplier": names.get(row[1]), "anchor": names.get(row[2])} for row in rows}


def payments_of_claims(connection: Connection, claim_ids: Sequence[int]) -> Found:
    """What was paid on each claim, oldest first."""
    rows = connection.execute(
        select(claim_payments, claims.c.currency)
        .join(claims, claims.c.id == claim_payments.c.claim_id)
        .where(among(connection, claim_payments.c.claim_id, claim_ids))
        .order_by(claim_payments.c.id)
    )
    found: dict[int, list[dict[str, Any]]] = {id: [] for id in claim_ids}
    for row in rows:
        amount = decimal_string(row.amount_minor, row.currency)
        paid = {"id": text("clp", row.id), "amount": amount, "means": row.means}
        found[row.claim_id].append({**paid, "value_date": row.value_date.isoformat()})
    return found
