"""Accounts, loaded and locked for a command: the floored ones in one SELECT, ids ascending, last of all tables."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects import postgresql, sqlite

from scf.commands import Unit
from scf.db.bulk import among
from scf.ledger.chart import CHART
from scf.ledger.journal import AccountKey
from scf.ledger.models import accounts


@dataclass(frozen=True, slots=True)
class Held:
    """A floored account under its lock."""

    id: int
    debit_minor: int
    credit_minor: int
    debit_normal: bool
    hold: str

    @property
    def balance_minor(self) -> int:
        """The balance on the account's normal side, ≥ 0."""
        difference = self.debit_minor - self.credit_minor
        return difference if self.debit_normal else -difference


@dataclass(frozen=True, slots=True)
class Accounts:
    """The accounts of a command: ids of all, totals of those with a floor."""

    ids: dict[AccountKey, int]
    held: dict[int, Held]

    def balance_minor(self, code: str, owner_id: int, currency: str) -> int:
        """The balance of a floored account as read under its lock; 0 when it was not loaded."""
        id = self.ids.get((code, owner_id, currency))
        return self.held[id].balance_minor if id in self.held else 0

    def hold(self, code: str, owner_id: int, currency: str) -> str:
        """Why the account is suspended; empty when it is not."""
        id = self.ids.get((code, owner_id, currency))
        return self.held[id].hold if id in self.held else ""


_COLUMNS = (
    accounts.c.code,
    accounts.c.owner_id,
    accounts.c.currency,
    accounts.c.id,
    accounts.c.debit_minor,
    accounts.c.credit_minor,
    accounts.c.debit_normal,
    accounts.c.hold,
)


def load(unit: Unit, keys: Iterable[AccountKey]) -> Accounts:
    """Find the accounts, make those that are missing, and lock those with a floor.

    Three statements at any number of keys, four when an account is new.
    """
    wanted = set(keys)
    ids = _known(unit, wanted)
    missing = sorted(wanted - ids.keys())
    if missing:
        _make(unit, missing)
        ids |= _known(unit, set(missing))
    floored = [ids[key] for key in wanted if CHART[key[0]].floored]
    return Accounts({key: ids[key] for key in wanted}, _lock(unit, floored))


def read(connection: Connection, book_id: int, keys: Iterable[AccountKey]) -> Accounts:
    """The accounts that there are as they stand, for who only asks what would be decided. One statement, no lock."""
    wanted = set(keys)
    rows = connection.execute(
        select(*_COLUMNS).where(
            accounts.c.book_id == book_id, among(connection, accounts.c.owner_id, sorted({key[1] for key in wanted}))
        )
    )
    found = {(row.code, row.owner_id, row.currency): row for row in rows}
    there = {key: found[key] for key in wanted if key in found}
    held = {row.id: _held(row) for key, row in there.items() if CHART[key[0]].floored}
    return Accounts({key: row.id for key, row in there.items()}, held)


def set_hold(connection: Connection, ids: Iterable[int], reason: str) -> None:
    """Suspend accounts, or lift the suspension with an empty reason; the caller holds their locks."""
    connection.execute(update(accounts).where(among(connection, accounts.c.id, sorted(ids))).values(hold=reason))


def _known(unit: Unit, wanted: set[AccountKey]) -> dict[AccountKey, int]:
    owners = {key[1] for key in wanted}
    rows = unit.connection.execute(
        select(accounts.c.code, accounts.c.owner_id, accounts.c.currency, accounts.c.id).where(
            accounts.c.book_id == unit.in_book().id, among(unit.connection, accounts.c.owner_id, sorted(owners))
        )
    )
    return {(code, owner, currency): id for code, owner, currency, id in rows}


def _lock(unit: Unit, ids: list[int]) -> dict[int, Held]:
    rows = unit.connection.execute(
        select(*_COLUMNS)
        .where(among(unit.connection, accounts.c.id, sorted(ids)))
        .order_by(accounts.c.id)
        .with_for_update(key_share=True)
    )
    return {row.id: _held(row) for row in rows}


def _held(row: Any) -> Held:
    return Held(row.id, row.debit_minor, row.credit_minor, row.debit_normal, row.hold)


def _make(unit: Unit, missing: list[AccountKey]) -> None:
    """New accounts, in the order of their keys so that two commands making the same ones do not deadlock."""
    book = unit.in_book()
    rows = [
        {
            "id": id,
            "book_id": book.id,
            "code": code,
            "owner_id": owner_id,
            "currency": currency,
            "debit_normal": CHART[code].debit_normal,
            "floored": CHART[code].floored,
            "debit_minor": 0,
            "credit_minor": 0,
            "hold": "",
        }
        for id, (code, owner_id, currency) in zip(unit.ids.take(len(missing)), missing, strict=True)
    ]
    dialect = postgresql if unit.connection.dialect.name == "postgresql" else sqlite
    unit.connection.execute(dialect.insert(accounts).on_conflict_do_nothing(), rows)
