"""A small command that posts the journals it is given: for tests of the ledger alone."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from scf.actor import PLATFORM
from scf.commands import Command, ScopeKind, Unit, in_book, run
from scf.db.engine import Database
from scf.ledger import accounts, write
from scf.ledger.accounts import Accounts
from scf.ledger.chart import Owner
from scf.ledger.journal import Amounts, Journal, Parties, account_keys
from scf.outcomes import Outcome, done

ON = date(2026, 1, 5)


@dataclass(frozen=True, slots=True)
class _Plan:
    outcomes: list[Outcome]
    journals: Sequence[Journal]


def _load(unit: Unit, batch: Sequence[Journal]) -> Accounts:
    keys = {
        key
        for journal in batch
        for parties, _ in journal.parts
        for key in account_keys([journal.event], parties, journal.currency)
    }
    return accounts.load(unit, keys)


def _decide(_facts: Accounts, batch: Sequence[Journal]) -> _Plan:
    return _Plan([done(journal.subject_id) for journal in batch], batch)


def _write(unit: Unit, facts: Accounts, plan: _Plan) -> None:
    write.write(unit, facts, plan.journals)


POST = Command("tests.post", ScopeKind.BOOK, _load, _decide, _write)


def journal(
    event: str, parties: Parties, amounts: Amounts, *, subject_id: int = 1, occurrence: int = 1, value_date: date = ON
) -> Journal:
    """A journal in euro with one part."""
    return Journal(event, subject_id, occurrence, value_date, "EUR", f"T-{subject_id}", [(parties, amounts)])


def post(database: Database, book_id: int, journals: Sequence[Journal], key: str = "") -> None:
    """Post them in one command."""
    run(database, POST, journals, key=key or uuid.uuid4().hex, actor=PLATFORM, scope=in_book(book_id))


def one_owner(ids: Sequence[int]) -> dict[Owner, int]:
    """Parties in the order supplier, anchor, guarantor, limit."""
    return dict(zip((Owner.SUPPLIER, Owner.ANCHOR, Owner.GUARANTOR, Owner.LIMIT), ids, strict=False))
