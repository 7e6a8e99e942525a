"""The demo's stage: people with the permissions of their desks, commands under fresh keys, and days that pass.

Nothing is written past the commands; a refusal that the story does not expect stops it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from typing import Any

from anchors.confirm import CONFIRM_BY_PEOPLE
from anchors.reject import REJECT
from invoices.upload import UPLOAD
from scf.actor import Actor
from scf.books import queries as books
from scf.books.queries import Book
from scf.clock import SetClock
from scf.commands import Command, Scope, in_book, run
from scf.errors import CommandError
from scf.factoring.approve import APPROVE_BY_PEOPLE, DECLINE
from scf.factoring.request import REQUEST
from scf.factoring.set_limit import SET_LIMIT
from scf.identity.local import local_person
from scf.outcomes import Outcome
from scf.payments.accounts import AGREE_ACCOUNT
from scf.payments.banks import null_bank
from scf.payments.null_rail import NullRail
from scf.programmes.agree import AGREE_TERMS
from scf.programmes.consent import CONSENT
from scf.programmes.instruct import INSTRUCT
from scf.programmes.open import ENROL, OPEN_PROGRAMME
from scf.proposals.four_eyes import FourEyes
from scf.receivables.credit import CREDIT
from scf.running import Running
from scf.scheduling.day import run_day
from scf.settlement.recourse import COLLECT_CLAIM

MORNING, EVENING = 9, 18


def _names(*commands: Command[Any, Any, Any] | FourEyes) -> frozenset[str]:
    parts = [each.commands if isinstance(each, FourEyes) else (each,) for each in commands]
    return frozenset(command.name for several in parts for command in several)


SUPPLIER = _names(CONSENT, INSTRUCT, UPLOAD, REQUEST, CREDIT)
ANCHOR = _names(CONFIRM_BY_PEOPLE, REJECT)
BANKER = _names(
    AGREE_ACCOUNT, AGREE_TERMS, SET_LIMIT, OPEN_PROGRAMME, ENROL, APPROVE_BY_PEOPLE, DECLINE, COLLECT_CLAIM
)  # fmt: skip


@dataclass(slots=True)
class Stage:
    """The running platform with its clock."""

    running: Running
    clock: SetClock
    _keys: Iterator[int] = field(default_factory=lambda: count(1))
    _people: dict[tuple[int, str], int] = field(default_factory=dict)

    def person(self, name: str, organisation_id: int, may: frozenset[str]) -> Actor:
        """Somebody of an organisation; two names are two pairs of eyes."""
        key = (organisation_id, name)
        if key not in self._people:
            self._people[key] = local_person(self.running.database, organisation_id, name)
        return Actor(self._people[key], name, organisation_id, may, stepped_up=True)

    def ask(self, command: Command[Any, Any, Any], batch: Sequence[Any], actor: Actor, scope: Scope) -> list[Outcome]:
        """Run a command under a new key; refusals are among the outcomes. An empty batch asks nothing."""
        if not batch:
            return []
        return run(self.running.database, command, batch, key=f"demo-{next(self._keys)}", actor=actor, scope=scope)

    def do(self, command: Command[Any, Any, Any], batch: Sequence[Any], actor: Actor, scope: Scope) -> list[int]:
        """Run a command whose items must all be accepted; returns their ids. Raises `CommandError` for a refusal."""
        outcomes = self.ask(command, batch, actor, scope)
        for outcome in outcomes:
            if outcome.refusal is not None:
                raise CommandError(f"{command.name}: {outcome.refusal.words()}")
        return [outcome.id or 0 for outcome in outcomes]

    def banker(self, book: Book, name: str = "Otto Brandt") -> Actor:
        """Somebody at the bank whose book it is."""
        return self.person(name, book.funder_id, BANKER)

    def bank_agrees(self, book: Book, commands: FourEyes, batch: Sequence[Any]) -> list[int]:
        """One banker proposes, another accepts everything; returns the ids."""
        maker, checker, scope = self.banker(book, "Mira Maas"), self.banker(book, "Cleo Czerny"), in_book(book.id)
        return self.do(commands.accept, self.do(commands.propose, batch, maker, scope), checker, scope)

    def bank_of(self, book: Book) -> NullRail:
        """The development bank of a book. Raises `CommandError` before its account is agreed."""
        bank = null_bank(self.running.database, self.running.settings.var_folder / "bank", book)
        if bank is None:
            raise CommandError(f"no account of {book.ref} is agreed yet")
        return bank

    def books(self) -> list[Book]:
        """The books as they stand, by ref."""
        with self.running.database.reading() as connection:
            return books.every(connection)

    @property
    def today(self) -> date:
        """The date on the clock."""
        return self.clock.now().date()

    def end_the_day(self) -> None:
        """Run the business day of every book, hand over what was put out, and wake up on the next open day."""
        self.clock.set(self.today, EVENING)
        for book in self.books():
            if not run_day(self.running.database, book, self.running.steps, self.bank_of(book)):
                raise CommandError(f"the day of {book.ref} is in another worker's hands; stop it, and start anew")
        self.running.work()
        self.clock.set(min(book.business_date for book in self.books()), MORNING)
