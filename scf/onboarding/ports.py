"""The ports of onboarding: who looks people up in lists, and who says whose an account is; and the adapters built in.

A module offers an adapter in its manifest under the port's name (`SCREENING`, `ACCOUNT_CHECK`). Jobs ask it, outside
transactions, so it may take its time and call others; asked again after a crash, it may answer anew.
"""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from scf.db.engine import Database
from scf.identity.tokens import hash_of
from scf.onboarding.requirements import Named

SCREENING, ACCOUNT_CHECK = "onboarding/screening", "onboarding/account check"
TRIES = 3
# no letter that looks like a digit; sixteen of 32 are 80 random bits, so a plain hash is enough
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_CODE_LETTERS = 16
_PENNIES_MAX = 99


@dataclass(frozen=True, slots=True)
class Party:
    """An organisation as it is looked up."""

    id: int
    name: str
    registration_ref: str
    country: str


@dataclass(frozen=True, slots=True)
class ScreeningAnswer:
    """What a method found: clear, hit or undecided, with details in words."""

    method: str
    outcome: str
    details: str


class Screening(Protocol):
    """Looks an organisation and its people up, in lists of sanctions, say."""

    def screen(self, database: Database, people: Sequence[Named], organisation: Party) -> ScreeningAnswer:
        """What was found; the database is there for lists that are kept in it."""
        ...


@dataclass(frozen=True, slots=True)
class NullScreening:
    """No list is there."""

    def screen(self, _database: Database, _people: Sequence[Named], _organisation: Party) -> ScreeningAnswer:
        """Always undecided."""
        return ScreeningAnswer("none", "undecided", "no list is configured; a person decides")


@dataclass(frozen=True, slots=True)
class Account:
    """An account to check."""

    iban: str
    holder: str


@dataclass(frozen=True, slots=True)
class AccountAnswer:
    """Whose the account is: matched, close, no_match or undecided; with a code's hash, the party is to repeat it."""

    method: str
    outcome: str
    details: str
    code_hash: str = field(default="", repr=False)


class AccountCheck(Protocol):
    """Says whether an account is its holder's: a payee check of a bank, a penny test."""

    def check(self, database: Database, account: Account, organisation: Party) -> AccountAnswer:
        """What was found."""
        ...


@dataclass(frozen=True, slots=True)
class NullAccountCheck:
    """Nobody is there to ask."""

    def check(self, _database: Database, _account: Account, _organisation: Party) -> AccountAnswer:
        """Always undecided."""
        return AccountAnswer("none", "undecided", "no check is configured; a person decides")


@dataclass(frozen=True, slots=True)
class Penny:
    """A small amount to send to an account, with a code as its reference."""

    account: Account
    currency: str
    amount_minor: int
    code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PennyTest:
    """Sends a small amount with a code by the operator's own means; who reads the account's statement has the code."""

    send: Callable[[Penny], None]
    currency: str = "EUR"

    def check(self, _database: Database, account: Account, _organisation: Party) -> AccountAnswer:
        """Undecided until the party repeats the code."""
        penny = Penny(account, self.currency, 1 + secrets.randbelow(_PENNIES_MAX), new_code())
        self.send(penny)
        details = "a small amount was sent; its reference is the code that the party repeats"
        return AccountAnswer("penny test", "undecided", details, code_hash(penny.code))


def new_code() -> str:
    """A code as it stands in a transfer's reference."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_CODE_LETTERS))


def code_hash(code: str) -> str:
    """What a code hashes to, however it was typed."""
    return hash_of("".join(letter for letter in code.upper() if letter.isalnum()))


def screening_of(adapters: Mapping[str, Any]) -> Screening:
    """Who screens in this process."""
    found: Screening = adapters.get(SCREENING, NullScreening())
    return found


def account_check_of(adapters: Mapping[str, Any]) -> AccountCheck:
    """Who checks accounts in this process."""
    found: AccountCheck = adapters.get(ACCOUNT_CHECK, NullAccountCheck())
    return found
