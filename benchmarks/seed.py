"""What funding is measured on: one funder, one anchor, its suppliers, and approved requests by the thousand.

Everything is written by the platform's commands; only the receivables come without an invoice.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from scf import encoding
from scf.actor import PLATFORM, Actor
from scf.clock import SetClock
from scf.commands import Command, Scope, ScopeKind, Unit, in_book, in_organisation, run
from scf.db.engine import Database
from scf.factoring.approve import APPROVE, Approval
from scf.factoring.request import REQUEST, NewRequest
from scf.factoring.set_limit import SET, Ceiling
from scf.identity.local import local_person
from scf.identity.open_book import OPEN_BOOK, NewBook
from scf.identity.register import REGISTER, NewOrganisation
from scf.limits.positions import LimitKind
from scf.manifest import SCF, permissions
from scf.outcomes import Outcome, done
from scf.programmes.agree import AGREE, NewTerms
from scf.programmes.consent import CONSENT, TermsConsent
from scf.programmes.instruct import INSTRUCT, NewInstruction
from scf.programmes.open import ENROL, OPEN_PROGRAMME, NewEnrolment, NewProgramme
from scf.programmes.terms import EligibilityRule, Severity, Terms
from scf.receivables import parts as receivables
from scf.receivables.parts import NewReceivable

TODAY = date(2026, 1, 5)
EUR = "EUR"
FACE_MINOR = 1_000_00
UNLIMITED_MINOR = 10**12

# a purchase of 90 % with a fee: a journal of four postings
TERMS = Terms(
    currency=EUR,
    advance_rate_ppm=900_000,
    rate_ppm=60_000,
    fee_rate_ppm=5_000,
    rules=(
        EligibilityRule("tenor_min_days", Severity.REFUSE, "5"),
        EligibilityRule("tenor_max_days", Severity.REFUSE, "180"),
        EligibilityRule("face_max", Severity.REFER, "50000.00"),
        EligibilityRule("anchor_overdue_max_days", Severity.REFUSE, "30"),
    ),
)


@dataclass(frozen=True, slots=True)
class Parties:
    """An anchor and its suppliers."""

    anchor_id: int
    supplier_ids: list[int]


@dataclass(frozen=True, slots=True)
class Bank:
    """A funder: its book, who acts for it, and the suppliers' enrolments by supplier."""

    book_id: int
    banker: Actor
    enrolments: dict[int, int]

    @property
    def scope(self) -> Scope:
        """The funder's book as a scope."""
        return in_book(self.book_id)


@dataclass(frozen=True, slots=True)
class Seed:
    """What is there to be measured on: the bank, and requests by id."""

    bank: Bank
    requests: list[int]


def clock() -> SetClock:
    """Nine o'clock on the book's first day."""
    return SetClock(datetime(TODAY.year, TODAY.month, TODAY.day, 9, tzinfo=UTC))


def seeded(database: Database, requested: int, ceiling_minor: int, *, step_minor: int = 100_00) -> Seed:
    """A bank with requests on receivables of 1,000.00 and up to nine steps more, under a limit on their one anchor."""
    parties = made_parties(database, 50)
    bank = made_bank(database, "Northbank", parties, ceiling_minor)
    return Seed(bank, asked(database, bank, claims(database, parties, requested, step_minor)))


def made_parties(database: Database, suppliers: int) -> Parties:
    """An anchor and so many suppliers."""
    names = ["Halberd", *(f"Supplier {n}" for n in range(suppliers))]
    new = [NewOrganisation(name, f"REG-{name}", "DE") for name in names]
    anchor, *supplier_ids = accepted(database, REGISTER, new, PLATFORM, in_organisation(0))
    return Parties(anchor, supplier_ids)


def made_bank(database: Database, name: str, parties: Parties, ceiling_minor: int) -> Bank:
    """A funder with a limit on the anchor, a wide one on each supplier, and standing instructions of all of them."""
    platform = in_organisation(0)
    funder = accepted(database, REGISTER, [NewOrganisation(name, f"REG-{name}", "DE")], PLATFORM, platform)[0]
    book = in_book(accepted(database, OPEN_BOOK, [NewBook(name, funder, "TARGET", TODAY)], PLATFORM, platform)[0])
    banker = replace(PLATFORM, organisation_id=funder)
    programme = accepted(database, OPEN_PROGRAMME, [NewProgramme(parties.anchor_id, "payables")], banker, book)[0]
    enrolments = accepted(database, ENROL, [NewEnrolment(programme, id) for id in parties.supplier_ids], banker, book)
    offers = accepted(database, AGREE, [NewTerms(id, TODAY, TERMS) for id in enrolments], banker, book)
    for supplier, enrolment, offer in zip(parties.supplier_ids, enrolments, offers, strict=True):
        own = in_organisation(supplier)
        accepted(database, CONSENT, [TermsConsent(offer, encoding.digest(TERMS))], PLATFORM, own)
        accepted(database, INSTRUCT, [NewInstruction(enrolment, TODAY)], PLATFORM, own)
    ceilings = [Ceiling(LimitKind.ANCHOR, parties.anchor_id, EUR, ceiling_minor)]
    ceilings += [Ceiling(LimitKind.SUPPLIER, id, EUR, UNLIMITED_MINOR) for id in parties.supplier_ids]
    accepted(database, SET, ceilings, banker, book)
    return Bank(book.id, banker, dict(zip(parties.supplier_ids, enrolments, strict=True)))


def claims(
    database: Database, parties: Parties, count: int, step_minor: int = 0, on: date = TODAY
) -> dict[int, list[int]]:
    """Open receivables against the anchor, by supplier, of invoices issued on a day."""
    ids = database.ids().take(count)
    suppliers = parties.supplier_ids
    new = [_claim(id, n, parties.anchor_id, suppliers[n % len(suppliers)], step_minor, on) for n, id in enumerate(ids)]
    accepted(database, _CLAIM, new, PLATFORM, in_organisation(parties.anchor_id))
    return {supplier: ids[n :: len(suppliers)] for n, supplier in enumerate(suppliers)}


def asked(database: Database, bank: Bank, claims: dict[int, list[int]]) -> list[int]:
    """A request for every receivable, each asked by its own supplier."""
    requests: list[int] = []
    for supplier, ids in claims.items():
        clerk = local_person(database, supplier, "Clerk")
        actor = Actor(clerk, "Clerk", supplier, permissions([SCF]), stepped_up=True)
        asks = [NewRequest(id, bank.enrolments[supplier]) for id in ids]
        requests += accepted(database, REQUEST, asks, actor, in_organisation(supplier))
    return requests


def approve(database: Database, seed: Seed) -> None:
    """Approve every request."""
    approvals = [Approval(id, by_rule=True) for id in seed.requests]
    accepted(database, APPROVE, approvals, seed.bank.banker, seed.bank.scope)


def accepted(
    database: Database, command: Command[Any, Any, Any], batch: Sequence[Any], actor: Actor, scope: Scope
) -> list[int]:
    """Run a command under a new key, in batches that it takes; stops at the first refusal. Returns the ids."""
    ids: list[int] = []
    for start in range(0, len(batch), command.batch_max):
        chunk = batch[start : start + command.batch_max]
        key = f"seed-{database.ids().one()}"
        for outcome in run(database, command, chunk, key=key, actor=actor, scope=scope):
            if outcome.refusal is not None:
                raise SystemExit(f"{command.name} was refused: {outcome.refusal.words()}")
            ids.append(outcome.id or 0)
    return ids


def _claim(id: int, n: int, anchor_id: int, supplier_id: int, step_minor: int, on: date) -> NewReceivable:
    ref = f"INV-{n:07}"
    fingerprint = hashlib.sha256(str(id).encode()).hexdigest()
    face = FACE_MINOR + n % 10 * step_minor
    due_on = on + timedelta(days=30 + n % 61)
    return NewReceivable(id, anchor_id, supplier_id, ref, fingerprint, EUR, face, on, due_on, "conditional")


def _register(unit: Unit, batch: Sequence[NewReceivable], _plan: Any) -> None:
    receivables.register(unit, batch)


@dataclass(frozen=True, slots=True)
class _Claimed:
    outcomes: list[Outcome]


_CLAIM: Command[NewReceivable, Any, _Claimed] = Command(
    "benchmark.claim",
    ScopeKind.ORGANISATION,
    lambda _unit, batch: batch,
    lambda _facts, batch: _Claimed([done(new.id) for new in batch]),
    _register,
)
