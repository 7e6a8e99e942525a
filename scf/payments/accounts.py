"""Accounts to pay to and from, agreed by four eyes. A changed account cools two open days before money goes to it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from scf import calendars
from scf.announcements import announce, tell
from scf.books.models import books
from scf.commands import Command, ScopeKind, Unit
from scf.db import bulk
from scf.errors import FieldError
from scf.organisations import queries as organisations
from scf.outcomes import Outcome, done, refused
from scf.payments.bank_text import iban
from scf.payments.models import bank_accounts
from scf.proposals.four_eyes import four_eyes

COOLING_DAYS = 2
_COLUMNS = (
    "id", "organisation_id", "iban", "name", "currency", "usable_from_on", "book_id", "status", "version",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NewAccount:
    """The account of a party in this book for a currency: where it is paid, and by which it is known when it pays."""

    organisation_id: int
    iban: str
    name: str
    currency: str


@dataclass(frozen=True, slots=True)
class _Facts:
    ids: list[int]
    on: date
    cooled_on: date
    known: set[int]
    active: dict[tuple[int, str], tuple[int, str]]
    holders: dict[str, int]


@dataclass(frozen=True, slots=True)
class _Plan:
    outcomes: list[Outcome]
    closed: list[int]
    rows: list[tuple[Any, ...]]


def _load(unit: Unit, batch: Sequence[NewAccount]) -> _Facts:
    wanted = sorted({new.organisation_id for new in batch})
    rows = unit.connection.execute(
        select(bank_accounts.c.organisation_id, bank_accounts.c.currency, bank_accounts.c.id, bank_accounts.c.iban)
        .where(
            bank_accounts.c.book_id == unit.in_book().id,
            bank_accounts.c.status == "active",
            bulk.among(unit.connection, bank_accounts.c.organisation_id, wanted),
        )
        .order_by(bank_accounts.c.id)
        .with_for_update(key_share=True)
    )
    cooled_on = calendars.add_open_days(unit.in_book().calendar, unit.business_date, COOLING_DAYS)
    active = {(organisation, currency): (id, written) for organisation, currency, id, written in rows}
    ids = unit.ids.take(len(batch))
    known = set(organisations.names(unit.connection, wanted))
    return _Facts(ids, unit.business_date, cooled_on, known, active, _holders(unit, batch))


def _holders(unit: Unit, batch: Sequence[NewAccount]) -> dict[str, int]:
    """Whose the numbers are that stand in the book already: money is known by them, so each names one party."""
    numbers = sorted({number for new in batch if (number := _number(new))})
    rows = unit.connection.execute(
        select(bank_accounts.c.iban, bank_accounts.c.organisation_id).where(
            bank_accounts.c.book_id == unit.in_book().id,
            bank_accounts.c.status == "active",
            bulk.among(unit.connection, bank_accounts.c.iban, numbers),
        )
    )
    return dict(rows.all())


def _number(new: NewAccount) -> str:
    try:
        return iban(new.iban, "iban")
    except FieldError:
        return ""


def _decide(facts: _Facts, batch: Sequence[NewAccount]) -> _Plan:
    plan = _Plan([], [], [])
    seen: set[tuple[int, str]] = set()
    holders = dict(facts.holders)
    for id, new in zip(facts.ids, batch, strict=True):
        key = (new.organisation_id, new.currency)
        try:
            number = iban(new.iban, "iban")
        except FieldError as error:
            plan.outcomes.append(refused("iban_invalid", field="iban", value=new.iban, remedy=error.message))
            continue
        if new.organisation_id not in facts.known:
            remedy = "give an organisation that is registered"
            plan.outcomes.append(refused("not_found", field="organisation_id", remedy=remedy))
            continue
        before = facts.active.get(key)
        if key in seen or (before and before[1] == number):
            plan.outcomes.append(refused("unchanged", field="iban", value=number, remedy="this account stands already"))
            continue
        if holders.setdefault(number, new.organisation_id) != new.organisation_id:
            remedy = "compare the papers: the number is agreed for another party of this book"
            plan.outcomes.append(refused("iban_of_another", field="iban", value=number, remedy=remedy))
            continue
        seen.add(key)
        if before:
            plan.closed.append(before[0])
        usable = facts.cooled_on if before else facts.on
        plan.rows.append((id, new.organisation_id, number, new.name, new.currency, usable))
        plan.outcomes.append(done(id, usable_from_on=usable.isoformat()))
    return plan


def _write(unit: Unit, _facts: _Facts, plan: _Plan) -> None:
    bulk.move(unit.connection, bank_accounts, plan.closed, "active", "closed")
    rest = (unit.in_book().id, "active", 1)
    bulk.insert(unit.connection, bank_accounts, _COLUMNS, [(*row, *rest) for row in plan.rows])
    agreed = ((holder, id) for id, holder, *_ in plan.rows)
    announce(unit, tell("account.agreed", agreed, all_to=unit.in_book().funder_id))


def funder_ibans(connection: Connection, book_id: int) -> frozenset[str]:
    """The numbers of the funder's own accounts in a book, closed ones too: a bank may still tell of those."""
    found = (
        select(bank_accounts.c.iban)
        .join(books, (books.c.id == bank_accounts.c.book_id) & (books.c.funder_id == bank_accounts.c.organisation_id))
        .where(books.c.id == book_id)
    )
    return frozenset(connection.execute(found).scalars())


def payers_by_iban(connection: Connection, book_id: int, ibans: Iterable[str]) -> dict[str, int]:
    """Who pays from these accounts, as agreed with the funder of a book."""
    rows = connection.execute(
        select(bank_accounts.c.iban, bank_accounts.c.organisation_id)
        .where(bank_accounts.c.book_id == book_id, bulk.among(connection, bank_accounts.c.iban, sorted(ibans)))
        # the last one counts: an active account before closed ones, then the one agreed last
        .order_by(bank_accounts.c.status.desc(), bank_accounts.c.id)
    )
    return dict(rows.all())


SET_ACCOUNT = Command("payments.account", ScopeKind.BOOK, _load, _decide, _write, checked=True)
AGREE_ACCOUNT = four_eyes(SET_ACCOUNT, NewAccount)
