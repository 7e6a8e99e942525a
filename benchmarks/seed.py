"""What funding is measured on: one funder, one anchor, its suppliers, and approved requests by the thousand.

Everything is written by the platform's commands; only the receivables come without an invoice.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from scf.actor import PLATFORM, Actor
from scf.clock import SetClock
from scf.commands import Command, Scope, ScopeKind, Unit, in_book, in_organisation, run
from scf.db.engine import Database
from scf.factoring.approve import APPROVE, Approval
from scf.factoring.request import REQUEST, NewRequest
from scf.factoring.set_limit import SET, Ceiling
from scf.identity.open_book import OPEN_BOOK, NewBook
from scf.identity.register import REGISTER, NewOrganisation
from scf.limits.positions import LimitKind
from scf.manifest import SCF, permissions
from scf.outcomes import Outcome, done
from scf.programmes.agree import AGREE, NewTerms
from scf.programmes.open import ENROL, OPEN_PROGRAMME, NewEnrolment, NewProgramme
from scf.programmes.terms import EligibilityRule, Severity, Terms
from scf.receivables import parts as receivables
from scf.receivables.parts import NewReceivable

TODAY = date(2026, 1, 5)
EUR = "EUR"
FACE = 1_000_00
_AT_ONCE = 50_000

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
class Seed:
    """What is there to be measured on: the book, who acts for the bank, and requests by id."""

    book_id: int
    banker: Actor
    requests: list[int]

    @property
    def scope(self) -> Scope:
        """The funder's book as a scope."""
        return in_book(self.book_id)


def clock() -> SetClock:
    """Nine o'clock on the book's first day."""
    return SetClock(datetime(TODAY.year, TODAY.month, TODAY.day, 9, tzinfo=UTC))


def seeded(database: Database, requested: int, ceiling_minor: int, suppliers: int = 50) -> Seed:
    """A book with requests on receivables of 1,000.00 to 1,900.00 against one anchor, under limits of this ceiling."""
    made = _Making(database)
    names = ["Northbank", "Halberd", *(f"Supplier {n}" for n in range(suppliers))]
    new = [NewOrganisation(name, f"REG-{name}", "DE") for name in names]
    funder, anchor, *supplier_ids = made.run(REGISTER, new, PLATFORM, in_organisation(0))
    book = in_book(made.run(OPEN_BOOK, [NewBook("NB", funder, "TARGET", TODAY)], PLATFORM, in_organisation(0))[0])
    banker = Actor(7, "Olga Operations", funder, permissions([SCF]))
    programme = made.run(OPEN_PROGRAMME, [NewProgramme(anchor, "payables")], banker, book)[0]
    enrolments = made.run(ENROL, [NewEnrolment(programme, id) for id in supplier_ids], banker, book)
    made.run(AGREE, [NewTerms(id, TODAY, TERMS) for id in enrolments], banker, book)
    ceilings = [Ceiling(LimitKind.ANCHOR, anchor, EUR, ceiling_minor)]
    ceilings += [Ceiling(LimitKind.SUPPLIER, id, EUR, ceiling_minor) for id in supplier_ids]
    made.run(SET, ceilings, banker, book)
    requests: list[int] = []
    for n, (supplier, enrolment) in enumerate(zip(supplier_ids, enrolments, strict=True)):
        share = range(n, requested, suppliers)
        actor = Actor(1000 + n, names[n + 2], supplier, permissions([SCF]))
        claims = made.run(_CLAIM, [_claim(database, anchor, supplier, k) for k in share], PLATFORM, in_organisation(anchor))
        asks = [NewRequest(claim, enrolment) for claim in claims]
        requests += made.run(REQUEST, asks, actor, in_organisation(supplier))
    return Seed(book.id, banker, requests)


def approve(database: Database, seed: Seed) -> None:
    """Approve every request."""
    made = _Making(database)
    made.run(APPROVE, [Approval(id, by_rule=True) for id in seed.requests], seed.banker, seed.scope)


class _Making:
    """Runs commands under new keys, in batches they take, and stops at the first refusal."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._keys = count(1)

    def run(self, command: Command[Any, Any, Any], batch: Sequence[Any], actor: Actor, scope: Scope) -> list[int]:
        ids: list[int] = []
        for start in range(0, len(batch), _AT_ONCE):
            key = f"seed-{next(self._keys)}"
            chunk = batch[start : start + _AT_ONCE]
            for outcome in run(self._database, command, chunk, key=key, actor=actor, scope=scope):
                if outcome.refusal is not None:
                    raise SystemExit(f"{command.name} was refused: {outcome.refusal.words()}")
                ids.append(outcome.id or 0)
        return ids


def _claim(database: Database, anchor_id: int, supplier_id: int, n: int) -> NewReceivable:
    ref = f"INV-{n:07}"
    fingerprint = hashlib.sha256(ref.encode()).hexdigest()
    face = FACE + n % 10 * 100_00
    due_on = TODAY + timedelta(days=30 + n % 61)
    id = database.ids().one()
    return NewReceivable(id, anchor_id, supplier_id, ref, fingerprint, EUR, face, TODAY, due_on, "conditional")


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
