"""A small world for stories: people with permissions, one funder's book, a development bank, and days that pass.

Verbs here only spell out the commands that the platform runs; nothing is written past them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import select

from anchors.confirm import CONFIRM_BY_PEOPLE
from anchors.confirmation import Confirmation
from anchors.dispute import DISPUTE, Objection
from anchors.reject import Reason
from anchors.settle_dispute import ANSWER_DISPUTE, Message
from invoices.intake import upload_file
from scf import calendars, encoding, outbox
from scf.actor import PLATFORM, Actor
from scf.books import queries as books
from scf.books.queries import Book
from scf.clock import SetClock
from scf.commands import Command, Scope, in_book, in_organisation, run
from scf.db.engine import Database
from scf.factoring.approve import APPROVE_BY_PEOPLE, Approval
from scf.factoring.models import advance_requests, advances
from scf.factoring.request import REQUEST, NewRequest
from scf.factoring.set_limit import SET_LIMIT, Ceiling
from scf.identity.local import local_person
from scf.identity.open_book import OPEN_BOOK, NewBook
from scf.identity.register import REGISTER, NewOrganisation
from scf.limits import queries as limits
from scf.limits.positions import LimitKind
from scf.manifest import SCF, permissions
from scf.module import Surroundings
from scf.money import parse_minor
from scf.outcomes import Outcome
from scf.payments.accounts import AGREE_ACCOUNT, NewAccount
from scf.payments.models import payouts
from scf.payments.null_rail import IncomingMoney, NullRail
from scf.payments.refs import payout_ref
from scf.payments.reinstruct import REINSTRUCT_BY_PEOPLE, Reinstruction
from scf.programmes.agree import AGREE_TERMS, NewTerms
from scf.programmes.consent import CONSENT, TermsConsent
from scf.programmes.open import ENROL, OPEN_PROGRAMME, NewEnrolment, NewProgramme
from scf.programmes.terms import Terms, Undertaking
from scf.proposals.four_eyes import FourEyes
from scf.receivables.credit import CREDIT, NewCreditNote
from scf.receivables.models import receivables
from scf.scheduling.day import run_day
from scf.scheduling.worker import work_all
from wsgi import MODULES

EUR = "EUR"
IBANS = {
    "Northbank": "DE89370400440532013000",
    "Halberd": "FR1420041010050500013M02606",
    "Kestrel": "NL91ABNA0417164300",
    "Ash Castings": "DE02120300000000202051",
    "Birch Tools": "DE02500105170137075030",
    "Cedar Works": "DE02100500000054540402",
    "Dogwood Fittings": "DE02300209000106531065",
    "Elm Plastics": "DE02200505501015871393",
}


def minor(amount: str) -> int:
    """ "1,234.50" in euro as minor units."""
    return parse_minor(amount.replace(",", ""), EUR)


@dataclass(frozen=True)
class Asked:
    """A command as it was run: everything needed to run it again, and what it answered."""

    command: Command[Any, Any, Any]
    batch: Sequence[Any]
    key: str
    actor: Actor
    scope: Scope
    outcomes: list[Outcome]


@dataclass
class World:
    """One funder and those around it, on one database."""

    database: Database
    clock: SetClock
    folder: Path
    organisations: dict[str, int] = field(default_factory=dict)
    enrolments: dict[str, int] = field(default_factory=dict)
    receivables: dict[str, int] = field(default_factory=dict)
    book_id: int = 0
    asked: list[Asked] = field(default_factory=list)
    _keys: Iterator[int] = field(default_factory=lambda: count(1))
    _people: dict[tuple[int, str], int] = field(default_factory=dict)

    @property
    def scope(self) -> Scope:
        """The funder's book as a scope."""
        return in_book(self.book_id)

    def person(self, name: str, organisation: str) -> Actor:
        """Somebody who may do anything for one organisation; two names are two pairs of eyes."""
        key = (self.organisations[organisation], name)
        if key not in self._people:
            self._people[key] = local_person(self.database, *key)
        return Actor(self._people[key], name, key[0], permissions(MODULES), stepped_up=True)

    def ask(self, command: Command[Any, Any, Any], batch: Sequence[Any], actor: Actor, scope: Scope) -> list[Outcome]:
        """Run a command under a new key and return the outcomes, refusals and all."""
        key = f"story-{next(self._keys)}"
        outcomes = run(self.database, command, batch, key=key, actor=actor, scope=scope)
        self.asked.append(Asked(command, batch, key, actor, scope, outcomes))
        return outcomes

    def do(self, command: Command[Any, Any, Any], batch: Sequence[Any], actor: Actor, scope: Scope) -> list[int]:
        """Run a command under a new key; a refusal stops the story. Returns the ids."""
        outcomes = self.ask(command, batch, actor, scope)
        for outcome in outcomes:
            assert outcome.refusal is None, outcome.refusal.words()
        return [outcome.id or 0 for outcome in outcomes]

    def at_the_bank(self, command: Command[Any, Any, Any], *batch: Any) -> list[int]:
        """What one banker does in the book."""
        return self.do(command, batch, self.person("Olga Operations", "Northbank"), self.scope)

    def four_eyes(self, commands: FourEyes, *batch: Any) -> list[int]:
        """One banker proposes, another accepts."""
        maker, checker = self.person("Mona Maker", "Northbank"), self.person("Carl Checker", "Northbank")
        return self.do(commands.accept, self.do(commands.propose, batch, maker, self.scope), checker, self.scope)

    def asked_of_two(self, commands: FourEyes, item: Any) -> Outcome:
        """One banker proposes; what becomes of it when another accepts, refusals and all."""
        maker, checker = self.person("Mona Maker", "Northbank"), self.person("Carl Checker", "Northbank")
        return self.ask(commands.accept, self.do(commands.propose, [item], maker, self.scope), checker, self.scope)[0]

    # setting up

    def register(self, *names: str) -> None:
        """Parties of the story."""
        new = [NewOrganisation(name, f"REG-{name}", "DE") for name in names]
        ids = self.do(REGISTER, new, PLATFORM, in_organisation(0))
        self.organisations |= dict(zip(names, ids, strict=True))

    def open_book(self, funder: str, first_on: date) -> None:
        """The funder's book, with an account for every party whose number we know."""
        new = NewBook(funder.upper(), self.organisations[funder], "TARGET", first_on)
        self.book_id = self.do(OPEN_BOOK, [new], PLATFORM, in_organisation(0))[0]
        known = [self._account(name, iban) for name, iban in IBANS.items() if name in self.organisations]
        self.four_eyes(AGREE_ACCOUNT, *known)

    def _account(self, name: str, iban: str) -> NewAccount:
        return NewAccount(self.organisations[name], iban, name, EUR)

    def change_account(self, name: str, iban: str) -> None:
        """A corrected account: agreed by two, and cooling."""
        self.four_eyes(AGREE_ACCOUNT, self._account(name, iban))

    def limit(self, kind: LimitKind, name: str, ceiling: str) -> int:
        """Set a limit on a party."""
        return self.four_eyes(SET_LIMIT, Ceiling(kind, self.organisations[name], EUR, minor(ceiling)))[0]

    def programme(self, anchor: str) -> int:
        """Northbank's programme with an anchor."""
        return self.at_the_bank(OPEN_PROGRAMME, NewProgramme(self.organisations[anchor], f"{anchor} payables"))[0]

    def enrol(self, programme_id: int, supplier: str) -> None:
        """A supplier takes part."""
        new = NewEnrolment(programme_id, self.organisations[supplier])
        self.enrolments[supplier] = self.at_the_bank(ENROL, new)[0]

    def offer_terms(self, supplier: str, terms: Terms, from_on: date | None = None) -> int:
        """Northbank offers terms from a day on, today unless said; two bankers agree them."""
        return self.four_eyes(AGREE_TERMS, NewTerms(self.enrolments[supplier], from_on or self.today, terms))[0]

    def consents(self, supplier: str, offer: int, terms: Terms) -> None:
        """The supplier signs the document that it was offered."""
        consent = TermsConsent(offer, encoding.digest(terms))
        self.do(CONSENT, [consent], self.person(supplier, supplier), in_organisation(self.organisations[supplier]))

    def agree(self, supplier: str, terms: Terms) -> None:
        """Terms from today on, offered by the bank and signed by the supplier."""
        self.consents(supplier, self.offer_terms(supplier, terms), terms)

    # what people do

    def confirmed(self, ref: str, supplier: str, anchor: str, face: str, due_on: date) -> None:
        """An invoice that its supplier uploads and its anchor confirms, conditionally: one clerk makes, one checks."""
        invoice_id = self.sent(ref, supplier, anchor, face, due_on)
        maker, checker = self.person(f"M. of {anchor}", anchor), self.person(f"C. of {anchor}", anchor)
        scope = in_organisation(self.organisations[anchor])
        confirmation = Confirmation(invoice_id, minor(face), EUR, due_on, Undertaking.CONDITIONAL)
        proposed = self.do(CONFIRM_BY_PEOPLE.propose, [confirmation], maker, scope)
        self.do(CONFIRM_BY_PEOPLE.accept, proposed, checker, scope)
        with self.database.reading() as connection:
            which = select(receivables.c.id).where(
                receivables.c.ref == ref, receivables.c.creditor_id == self.organisations[supplier]
            )
            self.receivables[ref] = connection.execute(which).scalar_one()

    def sent(self, ref: str, supplier: str, anchor: str, face: str, due_on: date) -> int:
        """An invoice that its supplier uploads."""
        row = f"{ref},REG-{anchor},{self.today},{due_on},{EUR},{face.replace(',', '')}"
        file = f"invoice number,buyer id,issue date,due date,currency,amount\n{row}\n"
        report = upload_file(
            self.database, self.person(supplier, supplier), self.organisations[supplier], f"{ref}.csv", file.encode()
        )
        assert not report.refused, list(report.lines())
        return report.submitted[0].outcome.id or 0

    def disputed(self, ref: str, supplier: str, anchor: str, face: str, due_on: date) -> int:
        """An invoice that its anchor disputes, and its supplier writes about; returns the dispute."""
        invoice_id = self.sent(ref, supplier, anchor, face, due_on)
        objection = Objection(invoice_id, Reason.QUALITY, f"What {supplier} sent does not fit.")
        scopes = {name: in_organisation(self.organisations[name]) for name in (anchor, supplier)}
        dispute_id = self.do(DISPUTE, [objection], self.person(f"M. of {anchor}", anchor), scopes[anchor])[0]
        message = Message(dispute_id, f"It is as {anchor} ordered it.")
        self.do(ANSWER_DISPUTE, [message], self.person(supplier, supplier), scopes[supplier])
        return dispute_id

    def asks(self, ref: str, supplier: str) -> int:
        """The supplier asks for an advance; returns the request."""
        new = NewRequest(self.receivables[ref], self.enrolments[supplier])
        scope = in_organisation(self.organisations[supplier])
        return self.do(REQUEST, [new], self.person(supplier, supplier), scope)[0]

    def approved_by_two(self, request_id: int) -> None:
        """A credit officer proposes, another agrees."""
        self.four_eyes(APPROVE_BY_PEOPLE, Approval(request_id))

    def credit_note(self, ref: str, supplier: str, amount: str) -> None:
        """The supplier credits a part of an invoice; the dilution is booked by the worker."""
        note = NewCreditNote(self.receivables[ref], f"CN-{ref}", EUR, minor(amount), self.today)
        self.do(CREDIT, [note], self.person(supplier, supplier), in_organisation(self.organisations[supplier]))
        work_all(self.database, SCF.jobs)

    def pays(self, anchor: str, bank_ref: str, amount: str, ref: str) -> None:
        """Money of an anchor for an invoice arrives today."""
        money = IncomingMoney(bank_ref, anchor, IBANS[anchor], minor(amount), self.today, text=ref)
        self.bank.expect(money)

    def comes_back(self, ref: str, reason: str) -> None:
        """The payout of an advance is returned today."""
        self.bank.bounce(payout_ref(self._payout(ref)), self.today, reason)

    def pay_again(self, ref: str) -> None:
        """The returned payout is instructed anew, by two."""
        self.four_eyes(REINSTRUCT_BY_PEOPLE, Reinstruction(self._payout(ref)))

    def _payout(self, ref: str) -> int:
        with self.database.reading() as connection:
            ids = connection.execute(select(payouts.c.id).where(payouts.c.ref == ref).order_by(payouts.c.id)).scalars()
            return int(list(ids)[-1])

    # time

    @property
    def today(self) -> date:
        """The book's business date."""
        return self._book().business_date if self.book_id else self.clock.now().date()

    def _book(self) -> Book:
        with self.database.reading() as connection:
            book = books.find(connection, self.book_id)
        assert book is not None
        return book

    @property
    def bank(self) -> NullRail:
        """Northbank's own bank."""
        return NullRail(self.folder, IBANS["Northbank"], EUR, lambda on: calendars.is_open("TARGET", on))

    def end_the_day(self) -> None:
        """Run every step of the business day, and hand over what it put out."""
        book = self._book()
        self.clock.set(book.business_date, 18)
        assert run_day(self.database, book, SCF.steps, self.bank)
        surroundings = Surroundings(lambda _book: self.bank)

        def deliver(kind: str) -> outbox.Deliver:
            return lambda payload: SCF.deliveries[kind](self.database, surroundings, payload)

        outbox.deliver_due(self.database, {kind: deliver(kind) for kind in SCF.deliveries})
        self.clock.set(self.today, 9)

    def until(self, on: date) -> None:
        """Let the days pass up to the morning of a date."""
        while self.today < on:
            self.end_the_day()

    # what can be seen

    def advance(self, ref: str) -> Any:
        """The advance on an invoice."""
        with self.database.reading() as connection:
            return connection.execute(select(advances).where(advances.c.ref == ref)).one()

    def request(self, request_id: int) -> Any:
        """A request as it stands."""
        with self.database.reading() as connection:
            return connection.execute(select(advance_requests).where(advance_requests.c.id == request_id)).one()

    def position(self, kind: LimitKind, name: str) -> limits.Standing:
        """A limit as it stands."""
        with self.database.reading() as connection:
            found = limits.standings(connection, self.book_id)
        return next(each for each in found if (each.kind, each.holder_id) == (kind, self.organisations[name]))
