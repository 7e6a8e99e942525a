"""Writing journals: rows in bulk, running totals of floored accounts in one statement. Nothing else posts."""

from collections.abc import Sequence
from typing import Any

from scf.commands import Unit
from scf.db import bulk
from scf.errors import LedgerError
from scf.ledger.accounts import Accounts
from scf.ledger.journal import Amounts, Journal, Legs, Parties, legs
from scf.ledger.models import accounts as account_table
from scf.ledger.models import journals as journal_table
from scf.ledger.models import postings as posting_table

_JOURNAL = (
    "id", "book_id", "event", "subject_id", "occurrence", "value_date", "business_date", "command_id", "ref",
)  # fmt: skip
_POSTING = ("journal_id", "line", "book_id", "currency", "debit_account_id", "credit_account_id", "amount_minor")


def write(unit: Unit, accounts: Accounts, journals: Sequence[Journal]) -> None:
    """Post journals, in the order given. A journal whose amounts are all zero is left out.

    Raises `LedgerError` for an amount that no rule names or that is negative; the database refuses what would break
    a floor, a book or a currency.
    """
    if not journals:
        return
    journal_rows, posting_rows = _rows(unit, accounts, journals)
    bulk.insert(unit.connection, journal_table, _JOURNAL, journal_rows)
    bulk.insert(unit.connection, posting_table, _POSTING, posting_rows)
    _count(unit, accounts, posting_rows)


def _rows(unit: Unit, accounts: Accounts, journals: Sequence[Journal]) -> tuple[list[Any], list[Any]]:
    book_id, on, command_id = unit.in_book().id, unit.business_date, unit.command_id
    bound = _Bound(accounts)
    journal_rows: list[Any] = []
    posting_rows: list[Any] = []
    for id, journal in zip(unit.ids.take(len(journals)), journals, strict=True):
        event, subject_id, occurrence, value_date, currency, ref, parts = journal
        line = 0
        for parties, amounts in parts:
            for debit, credit, name in bound.legs(event, parties, currency, amounts).legs:
                amount = amounts.get(name, 0)
                if amount > 0:
                    line += 1
                    posting_rows.append((id, line, book_id, currency, debit, credit, amount))
                elif amount:
                    raise LedgerError(f"{event}: {name} is {amount}, and a posting is never negative")
        if line:
            journal_rows.append((id, book_id, event, subject_id, occurrence, value_date, on, command_id, ref))
    return journal_rows, posting_rows


class _Bound:
    """The rules bound to accounts, once for each event and its parties."""

    def __init__(self, accounts: Accounts) -> None:
        self._ids = accounts.ids
        self._known: dict[tuple[str, str, tuple[tuple[str, int], ...]], Legs] = {}

    def legs(self, event: str, parties: Parties, currency: str, amounts: Amounts) -> Legs:
        key = (event, currency, tuple(parties.items()))
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = legs(event, parties, currency, self._ids)
        if not amounts.keys() <= found.names:
            raise LedgerError(f"{event}: no rule for {', '.join(sorted(amounts.keys() - found.names))}")
        return found


def _count(unit: Unit, accounts: Accounts, posting_rows: Sequence[Any]) -> None:
    """Bring the running totals of the floored accounts on."""
    held = accounts.held
    totals: dict[int, list[int]] = {}
    for _, _, _, _, debit, credit, amount in posting_rows:
        if debit in held:
            totals.setdefault(debit, [0, 0])[0] += amount
        if credit in held:
            totals.setdefault(credit, [0, 0])[1] += amount
    rows = [
        (id, held[id].debit_minor + debit, held[id].credit_minor + credit)
        for id, (debit, credit) in sorted(totals.items())
    ]
    bulk.set_each(unit.connection, account_table, ("debit_minor", "credit_minor"), rows)
