"""`day.findings`: what the nightly check found is kept as rows, and marked cleared once a later check finds it no more.

It judges nothing and repairs nothing: a finding is for people.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, exists, select

from scf import encoding
from scf.actor import PLATFORM
from scf.books.queries import Book
from scf.commands import Command, ScopeKind, Unit, in_book, run
from scf.db import bulk
from scf.db.engine import Database
from scf.ledger.checks import Finding
from scf.outcomes import Outcome, done
from scf.settlement.models import FINDING_WORDS_MAX, IS_OPEN, findings

# of one night: more of them say nothing more
FINDINGS_MAX = 1000
_COLUMNS = ("id", "book_id", "rule", "words", "status", "found_on", "version")


@dataclass(frozen=True, slots=True)
class Checked:
    """A check of the whole book: all that it found."""

    found: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Facts:
    ids: list[int]
    on: date
    # ids of the open ones, by rule and words
    known: dict[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class _Plan:
    outcomes: list[Outcome]
    new: list[tuple[int, str, str]]
    cleared: list[int]


def keep(database: Database, book: Book, found: Sequence[Finding]) -> None:
    """Keep what a check found; does nothing where nothing was found and nothing is open."""
    with database.reading() as connection:
        if not found and not any_open(connection, book.id):
            return
    checked = Checked(tuple(found[:FINDINGS_MAX]))
    # a check that is repeated may find something else
    key = f"{book.business_date}/{encoding.digest(checked)[:16]}"
    run(database, KEEP, [checked], key=key, actor=PLATFORM, scope=in_book(book.id))


def any_open(connection: Connection, book_id: int) -> bool:
    """True while a finding of a book is open."""
    return bool(connection.execute(select(exists().where(findings.c.book_id == book_id, IS_OPEN))).scalar_one())


def _load(unit: Unit, batch: Sequence[Checked]) -> _Facts:
    book_id = unit.in_book().id
    rows = unit.connection.execute(
        select(findings.c.rule, findings.c.words, findings.c.id)
        .where(findings.c.book_id == book_id, IS_OPEN)
        .order_by(findings.c.id)
        .with_for_update(key_share=True)
    )
    known = {(rule, words): id for rule, words, id in rows}
    return _Facts(unit.ids.take(sum(len(each.found) for each in batch)), unit.business_date, known)


def _decide(facts: _Facts, batch: Sequence[Checked]) -> _Plan:
    keys = dict.fromkeys((each.check, each.place[:FINDING_WORDS_MAX]) for checked in batch for each in checked.found)
    fresh = [key for key in keys if key not in facts.known]
    new = [(id, *key) for id, key in zip(facts.ids, fresh, strict=False)]
    cleared = [id for key, id in facts.known.items() if key not in keys]
    return _Plan([done(found=len(keys), new=len(new), cleared=len(cleared)) for _ in batch], new, cleared)


def _write(unit: Unit, facts: _Facts, plan: _Plan) -> None:
    book_id = unit.in_book().id
    rows = [(id, book_id, rule, words, "open", facts.on, 1) for id, rule, words in plan.new]
    bulk.insert(unit.connection, findings, _COLUMNS, rows)
    if plan.cleared:
        bulk.move(unit.connection, findings, plan.cleared, "open", "cleared", cleared_on=facts.on)


KEEP = Command("day.findings", ScopeKind.BOOK, _load, _decide, _write, batch_max=1)
