"""Earning the discount, day by day: earned to date is a share of the days passed, the day's posting the difference.

An item is a chunk of advances for one value date. What is due to be earned is asked of the dates alone, never of the
status, so that what settles today earns its last day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from scf.commands import Command, ScopeKind, Unit
from scf.factoring.models import advances
from scf.factoring.pricing import earned_to
from scf.ledger import accounts as ledger_accounts
from scf.ledger.accounts import Accounts
from scf.ledger.journal import Journal, account_keys
from scf.ledger.write import write as post
from scf.outcomes import Outcome, done

_EVENT = "discount earned"


@dataclass(frozen=True, slots=True)
class Accrual:
    """The advances after one id up to another, on one value date."""

    value_date: date
    after_id: int
    to_id: int


@dataclass(frozen=True, slots=True)
class _Earning:
    id: int
    ref: str
    currency: str
    discount_minor: int
    credited_on: date
    due_on: date


@dataclass(frozen=True, slots=True)
class _Facts:
    earning: dict[Accrual, list[_Earning]]
    accounts: Accounts


@dataclass(frozen=True, slots=True)
class _Plan:
    outcomes: list[Outcome]
    journals: list[Journal]


def _load(unit: Unit, batch: Sequence[Accrual]) -> _Facts:
    earning = {each: _earning(unit, each) for each in batch}
    currencies = {one.currency for chunk in earning.values() for one in chunk}
    keys = [key for currency in sorted(currencies) for key in account_keys([_EVENT], {}, currency)]
    return _Facts(earning, ledger_accounts.load(unit, keys))


def _earning(unit: Unit, chunk: Accrual) -> list[_Earning]:
    rows = unit.connection.execute(
        select(
            advances.c.id,
            advances.c.ref,
            advances.c.currency,
            advances.c.discount_minor,
            advances.c.credited_on,
            advances.c.due_on,
        )
        .where(
            advances.c.book_id == unit.in_book().id,
            advances.c.id > chunk.after_id,
            advances.c.id <= chunk.to_id,
            advances.c.credited_on < chunk.value_date,
            advances.c.earns_to_on >= chunk.value_date,
        )
        .order_by(advances.c.id)
    )
    return [_Earning(*row) for row in rows]


def _decide(facts: _Facts, batch: Sequence[Accrual]) -> _Plan:
    plan = _Plan([], [])
    for chunk in batch:
        for one in facts.earning[chunk]:
            passed, days = (chunk.value_date - one.credited_on).days, (one.due_on - one.credited_on).days
            earned = earned_to(one.discount_minor, passed, days) - earned_to(one.discount_minor, passed - 1, days)
            plan.journals.append(
                Journal(_EVENT, one.id, passed, chunk.value_date, one.currency, one.ref, [({}, {"earned": earned})])
            )
        plan.outcomes.append(done(count=len(facts.earning[chunk])))
    return plan


def _write(unit: Unit, facts: _Facts, plan: _Plan) -> None:
    post(unit, facts.accounts, plan.journals)


ACCRUE = Command("factoring.accrue", ScopeKind.BOOK, _load, _decide, _write)
