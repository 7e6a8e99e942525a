"""Journals entered by people, always by two: what a bank charges, interest, tax paid, the treasury's money.

Only kinds of a closed list, each bound to one rule of the posting table; what was entered wrongly is taken back by its
counterpart. Refuses accounts of parties, and value dates far from the business date.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Column, Date, ForeignKey, String, Text

from scf.commands import Command, ScopeKind, Unit
from scf.currencies import exponent
from scf.db import bulk
from scf.db.types import id_column, table
from scf.errors import FieldError
from scf.ledger import accounts as ledger_accounts
from scf.ledger.accounts import Accounts
from scf.ledger.journal import Journal, account_keys
from scf.ledger.write import write as post
from scf.outcomes import Outcome, done, refused
from scf.proposals.four_eyes import four_eyes

EVENT = "entered by hand"
BACK_MAX = timedelta(days=62)
WORDS_MAX = 400

manual_journals = table(
    "manual_journal",
    id_column(),
    Column("book_id", BigInteger, ForeignKey("book.id"), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("value_date", Date, nullable=False),
    Column("words", Text, nullable=False),
    CheckConstraint("amount_minor > 0", name="positive"),
    append_only=True,
)
_COLUMNS = ("id", "book_id", "kind", "currency", "amount_minor", "value_date", "words")


class ManualKind(StrEnum):
    """What may be entered by hand; each is the name of an amount of the rule "entered by hand"."""

    BANK_CHARGE = "bank_charge"
    BANK_CHARGE_BACK = "bank_charge_back"
    BANK_INTEREST = "bank_interest"
    BANK_INTEREST_BACK = "bank_interest_back"
    VAT_PAID = "vat_paid"
    VAT_PAID_BACK = "vat_paid_back"
    TREASURY_PAID_IN = "treasury_paid_in"
    TREASURY_PAID_OUT = "treasury_paid_out"


@dataclass(frozen=True, slots=True)
class ManualJournal:
    """One entry: minor units > 0 of a currency, its value date, and why, in words for whoever reads the book."""

    kind: ManualKind
    currency: str
    amount_minor: int
    value_date: date
    words: str


@dataclass(frozen=True, slots=True)
class _Facts:
    ids: list[int]
    book_id: int
    on: date
    accounts: Accounts


@dataclass(frozen=True, slots=True)
class _Plan:
    outcomes: list[Outcome]
    rows: list[tuple[Any, ...]]
    journals: list[Journal]


def _load(unit: Unit, batch: Sequence[ManualJournal]) -> _Facts:
    known = sorted({each.currency for each in batch if _is_currency(each.currency)})
    keys = [key for currency in known for key in account_keys([EVENT], {}, currency)]
    ids = unit.ids.take(len(batch))
    return _Facts(ids, unit.in_book().id, unit.business_date, ledger_accounts.load(unit, keys))


def _is_currency(code: str) -> bool:
    try:
        exponent(code)
    except FieldError:
        return False
    return True


def _decide(facts: _Facts, batch: Sequence[ManualJournal]) -> _Plan:
    plan = _Plan([], [], [])
    for id, each in zip(facts.ids, batch, strict=True):
        refusal = _refusal(facts, each)
        plan.outcomes.append(refusal or done(id))
        if refusal is None:
            row = (id, facts.book_id, each.kind.value, each.currency, each.amount_minor, each.value_date, each.words)
            amounts = {each.kind.value: each.amount_minor}
            plan.rows.append(row)
            plan.journals.append(
                Journal(EVENT, id, 1, each.value_date, each.currency, each.words[:60], [({}, amounts)])
            )
    return plan


def _refusal(facts: _Facts, each: ManualJournal) -> Outcome | None:
    if not _is_currency(each.currency):
        return refused("unknown_currency", field="currency", value=each.currency, remedy="give an ISO 4217 code")
    if each.amount_minor <= 0:
        remedy = "give what it is; its counterpart takes an entry back"
        return refused("not_positive", field="amount", value=str(each.amount_minor), bound="more than 0", remedy=remedy)
    if not 1 <= len(each.words.strip()) <= WORDS_MAX:
        bound = f"1 to {WORDS_MAX} characters"
        return refused("words_missing", field="words", value=str(len(each.words)), bound=bound, remedy="say what it is")
    earliest = facts.on - BACK_MAX
    if not earliest <= each.value_date <= facts.on:
        bound = f"{earliest} to {facts.on}"
        remedy = "older entries change figures that were reported: enter them under a day of the open period"
        return refused("value_date", field="value_date", value=str(each.value_date), bound=bound, remedy=remedy)
    return None


def _write(unit: Unit, facts: _Facts, plan: _Plan) -> None:
    bulk.insert(unit.connection, manual_journals, _COLUMNS, plan.rows)
    post(unit, facts.accounts, plan.journals)


ENTER = Command("ledger.enter", ScopeKind.BOOK, _load, _decide, _write, 1_000, checked=True)
ENTER_BY_PEOPLE = four_eyes(ENTER, ManualJournal)
