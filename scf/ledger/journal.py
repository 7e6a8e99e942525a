"""Journals as values and their postings, pure: what is decided here is written by `ledger.write`.

Refuses negative amounts, unknown amounts and owners that the rules do not ask for.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from scf.errors import LedgerError
from scf.ledger.chart import CHART, Owner
from scf.ledger.rules import POSTING_RULES, codes

AccountKey = tuple[str, int, str]  # code, owner, currency
Parties = Mapping[Owner, int]
Amounts = Mapping[str, int]


class Journal(NamedTuple):
    """One event to be posted. `ref` is for people: an invoice's or a collection's number.

    `parts` usually has one (parties, amounts); limits net a whole command into one journal with a part a limit.
    """

    event: str
    subject_id: int
    occurrence: int
    value_date: date
    currency: str
    ref: str
    parts: Sequence[tuple[Parties, Amounts]]


class Legs(NamedTuple):
    """The rules of an event with its accounts found: (debit account, credit account, amount's name)."""

    legs: tuple[tuple[int, int, str], ...]
    names: frozenset[str]


def account_keys(events: Iterable[str], parties: Parties, currency: str) -> list[AccountKey]:
    """The accounts the events may touch for these parties; the caller loads them before it decides."""
    return [
        (code, owner_of(code, parties), currency)
        for event in events
        for code in codes(event)
        if CHART[code].owner is Owner.BOOK or CHART[code].owner in parties
    ]


def owner_of(code: str, parties: Parties) -> int:
    """The id of the party that owns the account of this code: 0 for the book's own."""
    owner = CHART[code].owner
    if owner is Owner.BOOK:
        return 0
    if owner not in parties:
        raise LedgerError(f"{code} belongs to a {owner}, and the event names none")
    return parties[owner]


def legs(event: str, parties: Parties, currency: str, account_ids: Mapping[AccountKey, int]) -> Legs:
    """The rules of an event bound to account ids; rules whose party is not named are left out."""
    bound = tuple(
        (
            account_ids[debit, owner_of(debit, parties), currency],
            account_ids[credit, owner_of(credit, parties), currency],
            name,
        )
        for debit, credit, name in POSTING_RULES[event]
        if _named(debit, parties) and _named(credit, parties)
    )
    return Legs(bound, frozenset(name for _, _, name in bound))


def _named(code: str, parties: Parties) -> bool:
    owner = CHART[code].owner
    return owner is Owner.BOOK or owner in parties
