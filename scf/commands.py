"""The one way to write: commands on batches (DESIGN §3).

`run` alone opens a unit of work, commits, retries and remembers. A command is three functions: `load` reads and locks,
`decide` is pure and gives an outcome an item, `write` writes what was decided. Nothing else commits.
"""

import hashlib
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, IntegrityError

from scf import command_log
from scf.actor import Actor
from scf.books import queries as books
from scf.clock import pause
from scf.command_log import Stored
from scf.command_watch import watched
from scf.db.engine import Database
from scf.db.locks import lock_book
from scf.errors import BatchSizeError, CommandError, KeyConflict, PermissionMissing, StepUpNeeded
from scf.ids import Ids
from scf.outcomes import Outcome

_ATTEMPTS = 8
# serialization failure, deadlock, lock not available; SQLite says it in words
_AGAIN = {"40001", "40P01", "55P03"}


class ScopeKind(StrEnum):
    """A command acts in an organisation or in a book, never in two."""

    ORGANISATION = "organisation"
    BOOK = "book"


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a command acts."""

    kind: ScopeKind
    id: int
    business_date: date | None = None


def in_book(book_id: int, business_date: date | None = None) -> Scope:
    """The scope of a funder's book, the only one whose commands post; given a date, only while the book is on it."""
    return Scope(ScopeKind.BOOK, book_id, business_date)


def in_organisation(organisation_id: int) -> Scope:
    """The scope of an organisation."""
    return Scope(ScopeKind.ORGANISATION, organisation_id)


@dataclass(frozen=True, slots=True)
class Unit:
    """An open unit of work as the parts of a command see it. Only `run` makes and ends one."""

    connection: Connection
    ids: Ids
    actor: Actor
    scope: Scope
    book: books.Book | None
    command_id: int
    key: str
    business_date: date
    at: datetime
    # what stands behind the ports that commands ask, by name; it answers at once and calls nobody
    adapters: Mapping[str, Any]

    def in_book(self) -> books.Book:
        """The book of a book-scoped command."""
        if self.book is None:
            raise CommandError("this command needs a book; it was run in an organisation")
        return self.book


class Decided(Protocol):
    """What `decide` returns: at least one outcome an item, in the order given."""

    @property
    def outcomes(self) -> Sequence[Outcome]:
        """One outcome an item."""
        ...


Answer = TypeVar("Answer")
Item = TypeVar("Item")
Facts = TypeVar("Facts")
Plan = TypeVar("Plan", bound=Decided)


@dataclass(frozen=True, slots=True)
class Command(Generic[Item, Facts, Plan]):
    """A named write. The permission to run it bears its name."""

    name: str
    scope: ScopeKind
    load: Callable[[Unit, Sequence[Item]], Facts]
    decide: Callable[[Facts, Sequence[Item]], Plan]
    write: Callable[[Unit, Facts, Plan], None]
    batch_max: int = 50_000
    # a command whose decision depends on the whole book standing still, not on rows it can lock
    exclusive: bool = False
    # people run it only through `proposals.four_eyes`; the platform's own rules run it as it is
    checked: bool = False
    # people run it only with a second factor that they showed lately
    step_up: bool = False


def run(
    database: Database, command: Command[Item, Any, Any], batch: Sequence[Item], *, key: str, actor: Actor, scope: Scope
) -> list[Outcome]:
    """Run a command on a batch in one transaction and return an outcome an item, in the order given.

    `key` makes it idempotent: the same key and input gives the first answer again, whatever happened since. Other
    input under the same key is run only when nothing of what came before was accepted: a corrected retry.
    Raises `PermissionMissing`, `StepUpNeeded`, `BatchSizeError`, `KeyConflict` (same key, other input) or
    `CommandError`; then nothing was written.
    """

    def work() -> list[Outcome]:
        _check(command, batch, key, actor, scope)
        return _retried(database, command, batch, key, actor, scope)

    return watched(command.name, f"{scope.kind} {scope.id}", len(batch), work)


def _retried(
    database: Database, command: Command[Any, Any, Any], batch: Sequence[Any], key: str, actor: Actor, scope: Scope
) -> list[Outcome]:
    digest = hashlib.sha256(repr(list(batch)).encode()).hexdigest()
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            return _attempt(database, command, batch, key, digest, actor, scope)
        except IntegrityError as error:
            # somebody finished first: the next attempt finds the stored answer of the same key, or decides anew
            if not _is_taken(error) or attempt == _ATTEMPTS:
                raise
        except DBAPIError as error:
            if not _may_retry(error) or attempt == _ATTEMPTS:
                raise
            pause(random.uniform(0, 0.01 * 2**attempt))
    raise CommandError(f"{command.name} found no quiet moment in {_ATTEMPTS} attempts")


def transact(database: Database, work: Callable[[Connection], Answer]) -> Answer:
    """The platform's own bookkeeping (leases, claims, deliveries): one short transaction, retried, without a log row.

    Nothing that a party would call its own is written so.
    """
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            with database.writing() as connection:
                return work(connection)
        except DBAPIError as error:
            if not _may_retry(error) or attempt == _ATTEMPTS:
                raise
            pause(random.uniform(0, 0.01 * 2**attempt))
    raise CommandError(f"no quiet moment in {_ATTEMPTS} attempts")


def _check(command: Command[Any, Any, Any], batch: Sequence[Any], key: str, actor: Actor, scope: Scope) -> None:
    if actor.id <= 0 and not actor.platform:
        raise PermissionMissing("nobody is no actor: commands are run by people, and by the platform")
    if not actor.may(command.name):
        raise PermissionMissing(f"{actor.name} lacks the permission {command.name}")
    if command.checked and not actor.platform:
        words = f"run {command.name}.propose, and let somebody else run {command.name}.accept"
        raise PermissionMissing(f"{command.name} needs two people: {words}")
    if command.step_up and not (actor.platform or actor.stepped_up):
        raise StepUpNeeded(f"{command.name} needs a fresh second factor: show yours again, then repeat")
    if scope.kind is not command.scope:
        raise CommandError(f"{command.name} acts in a {command.scope}, not in a {scope.kind}")
    if not 1 <= len(batch) <= command.batch_max:
        raise BatchSizeError(f"{command.name} takes 1 to {command.batch_max} items at once, not {len(batch)}")
    if not 1 <= len(key) <= 120:
        raise CommandError("an idempotency key has 1 to 120 characters")


def _attempt(
    database: Database,
    command: Command[Any, Any, Any],
    batch: Sequence[Any],
    key: str,
    digest: str,
    actor: Actor,
    scope: Scope,
) -> list[Outcome]:
    ids = database.ids()
    with database.writing() as connection:
        book = _enter(connection, command, actor, scope)
        stored = command_log.last(connection, scope.id, command.name, key)
        if stored is not None and not stored.is_corrected_by(digest):
            return _answer(stored, digest, command.name, key)
        at = database.clock.now()
        on = book.business_date if book else at.date()
        if scope.business_date not in (None, on):
            raise CommandError(f"{command.name} was meant for {scope.business_date}, and the book is on {on}")
        unit = Unit(connection, ids, actor, scope, book, ids.one(), key, on, at, database.adapters)
        facts = command.load(unit, batch)
        plan = command.decide(facts, batch)
        if len(plan.outcomes) != len(batch):
            raise CommandError(f"{command.name} gave {len(plan.outcomes)} outcomes for {len(batch)} items")
        command.write(unit, facts, plan)
        attempt = stored.attempt + 1 if stored else 1
        _remember(unit, command.name, attempt, digest, plan.outcomes)
        return list(plan.outcomes)


def _enter(connection: Connection, command: Command[Any, Any, Any], actor: Actor, scope: Scope) -> books.Book | None:
    """Hold the book and read its date, or see that the organisation is the actor's own."""
    book = None
    owner_id = scope.id
    if scope.kind is ScopeKind.BOOK:
        lock_book(connection, scope.id, exclusive=command.exclusive)
        book = books.find(connection, scope.id)
        if book is None:
            raise CommandError(f"there is no book {scope.id}")
        owner_id = book.funder_id
    if not actor.platform and owner_id != actor.organisation_id:
        raise PermissionMissing(f"{actor.name} does not act for the owner of this {scope.kind}")
    return book


def _answer(stored: Stored, digest: str, name: str, key: str) -> list[Outcome]:
    if stored.digest != digest:
        raise KeyConflict(f"{name} was run before under the key {key!r} with other input; use a new key")
    return command_log.unpack(stored.outcomes)


def _remember(unit: Unit, name: str, attempt: int, digest: str, results: Sequence[Outcome]) -> None:
    command_log.remember(
        unit.connection,
        id=unit.command_id,
        scope_id=unit.scope.id,
        command=name,
        key=unit.key,
        attempt=attempt,
        digest=digest,
        actor_id=unit.actor.id,
        batch_count=len(results),
        outcomes=command_log.pack(results),
        business_date=unit.business_date,
        at=unit.at,
    )


def _is_taken(error: IntegrityError) -> bool:
    """A unique key was there already, which `load` had not seen."""
    state = getattr(error.orig, "sqlstate", None)
    return state == "23505" or "UNIQUE constraint failed" in str(error.orig)


def _may_retry(error: DBAPIError) -> bool:
    state = getattr(error.orig, "sqlstate", None)
    return state in _AGAIN or "database is locked" in str(error.orig)
