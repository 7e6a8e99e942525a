"""The ledger recomputed from its postings; every difference is a finding. Runs nightly and at the end of every test.

It refuses to repair anything: a finding is for people.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, and_, func, or_, select, union_all

from scf.ledger.chart import CHART
from scf.ledger.models import account_days, accounts, journals, postings


@dataclass(frozen=True, slots=True)
class Finding:
    """What does not hold: which check, and where."""

    check: str
    place: str


def findings(connection: Connection, book_id: int) -> list[Finding]:
    """All that is wrong with a book's ledger; empty when it is sound."""
    return [finding for check in _CHECKS for finding in check(connection, book_id)]


def _totals(connection: Connection, book_id: int) -> dict[int, tuple[int, int]]:
    debits = select(
        postings.c.debit_account_id.label("id"),
        postings.c.amount_minor.label("debit"),
        (postings.c.amount_minor * 0).label("credit"),
    )
    credits = select(postings.c.credit_account_id, postings.c.amount_minor * 0, postings.c.amount_minor)
    both = union_all(
        debits.where(postings.c.book_id == book_id), credits.where(postings.c.book_id == book_id)
    ).subquery()
    rows = connection.execute(select(both.c.id, func.sum(both.c.debit), func.sum(both.c.credit)).group_by(both.c.id))
    return {id: (int(debit), int(credit)) for id, debit, credit in rows}


def running_totals(connection: Connection, book_id: int) -> list[Finding]:
    """A floored account's running totals are the sums of its postings, and its balance is not below zero."""
    totals = _totals(connection, book_id)
    rows = connection.execute(select(accounts).where(accounts.c.book_id == book_id, accounts.c.floored))
    return [
        Finding(
            "running totals",
            f"account {row.code}/{row.owner_id}: {row.debit_minor}/{row.credit_minor},"
            f" postings say {totals.get(row.id, (0, 0))}",
        )
        for row in rows
        if totals.get(row.id, (0, 0)) != (row.debit_minor, row.credit_minor)
    ]


def places(connection: Connection, book_id: int) -> list[Finding]:
    """Every posting joins a journal and two accounts of its own book and currency."""
    debit, credit = accounts.alias("debit"), accounts.alias("credit")
    misplaced = connection.execute(
        select(postings.c.journal_id, postings.c.line)
        .outerjoin(journals, and_(journals.c.id == postings.c.journal_id, journals.c.book_id == postings.c.book_id))
        .outerjoin(
            debit,
            and_(
                debit.c.id == postings.c.debit_account_id,
                debit.c.book_id == postings.c.book_id,
                debit.c.currency == postings.c.currency,
            ),
        )
        .outerjoin(
            credit,
            and_(
                credit.c.id == postings.c.credit_account_id,
                credit.c.book_id == postings.c.book_id,
                credit.c.currency == postings.c.currency,
            ),
        )
        .where(postings.c.book_id == book_id, or_(journals.c.id.is_(None), debit.c.id.is_(None), credit.c.id.is_(None)))
    )
    return [Finding("places", f"journal {journal} line {line}") for journal, line in misplaced]


def empty_journals(connection: Connection, book_id: int) -> list[Finding]:
    """A journal has at least one posting."""
    rows = connection.execute(
        select(journals.c.id, journals.c.event)
        .outerjoin(postings, postings.c.journal_id == journals.c.id)
        .where(journals.c.book_id == book_id, postings.c.journal_id.is_(None))
    )
    return [Finding("empty journals", f"journal {id}, {event}") for id, event in rows]


def closed_days(connection: Connection, book_id: int) -> list[Finding]:
    """The totals of closed days are what the journals of those days add up to."""
    last = connection.execute(
        select(func.max(account_days.c.business_date)).where(account_days.c.book_id == book_id)
    ).scalar_one()
    if last is None:
        return []
    day = and_(journals.c.id == postings.c.journal_id, journals.c.book_id == book_id, journals.c.business_date <= last)
    zero = postings.c.amount_minor * 0
    key = (journals.c.business_date, journals.c.value_date)
    both = union_all(
        select(
            postings.c.debit_account_id.label("id"), *key, postings.c.amount_minor.label("debit"), zero.label("credit")
        ).where(day),
        select(postings.c.credit_account_id, *key, zero, postings.c.amount_minor).where(day),
    ).subquery()
    columns = (both.c.id, both.c.business_date, both.c.value_date)
    booked = {
        (row[0], row[1], row[2]): (int(row[3]), int(row[4]))
        for row in connection.execute(
            select(*columns, func.sum(both.c.debit), func.sum(both.c.credit)).group_by(*columns)
        )
    }
    days = account_days.c
    written = {
        (row[0], row[1], row[2]): (row[3], row[4])
        for row in connection.execute(
            select(days.account_id, days.business_date, days.value_date, days.debit_minor, days.credit_minor).where(
                days.book_id == book_id
            )
        )
    }
    return [
        Finding(
            "closed days",
            f"account {key[0]} on {key[1]} value {key[2]}: {written.get(key)}, journals say {booked.get(key)}",
        )
        for key in sorted(booked.keys() | written.keys())
        if booked.get(key) != written.get(key)
    ]


def limits_add_up(connection: Connection, book_id: int) -> list[Finding]:
    """Of each limit: ceiling + excess = headroom + reserved + drawn."""
    rows = connection.execute(
        select(accounts.c.owner_id, accounts.c.currency, func.sum(accounts.c.debit_minor - accounts.c.credit_minor))
        .where(
            accounts.c.book_id == book_id,
            accounts.c.code.in_([code for code, line in CHART.items() if line.memorandum]),
        )
        .group_by(accounts.c.owner_id, accounts.c.currency)
    )
    return [Finding("limits add up", f"limit {owner} {currency}: off by {off}") for owner, currency, off in rows if off]


_CHECKS: tuple[Callable[[Connection, int], list[Finding]], ...] = (
    running_totals,
    places,
    empty_journals,
    closed_days,
    limits_add_up,
)
