"""A stock of invoices as a platform of three years has it: `load(database, parties, count)` writes it in bulk.

Parties come by the platform's commands; what they did is written straight into the tables, without their indexes and
checks, which are made afterwards. Two of three invoices were financed; nine of ten of those are settled, up to 60,000
are open, 500 requests wait, 5,000 invoices are before their anchors. The ledger adds up: `scf.ledger.checks` finds
nothing. Payouts and collections are posted by the day, not one by one. Nothing here is random.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, insert, select, text

from benchmarks.seed import EUR, TERMS, TODAY, accepted
from benchmarks.stock_books import Ledger
from benchmarks.stock_rows import History, noon
from scf import encoding
from scf.actor import PLATFORM
from scf.command_log import command_logs
from scf.commands import in_book, in_organisation
from scf.db import bulk
from scf.db.engine import Database, refresh_statistics
from scf.factoring.set_limit import SET, Ceiling
from scf.identity.models_members import operators
from scf.identity.open_book import OPEN_BOOK, NewBook
from scf.identity.register import REGISTER, NewOrganisation
from scf.ledger.models import accounts
from scf.limits.models import limits
from scf.limits.positions import LimitKind
from scf.manifest import SCF
from scf.programmes.agree import AGREE, NewTerms
from scf.programmes.consent import CONSENT, TermsConsent
from scf.programmes.models import terms_documents
from scf.programmes.open import ENROL, OPEN_PROGRAMME, NewEnrolment, NewProgramme
from scf.scheduling.models import day_steps

ANCHORS, SUPPLIERS = 4, 40
CEILING_MINOR = 10**13
CHUNK = 20_000


@dataclass(frozen=True, slots=True)
class Lane:
    """Who sells to whom, and where it is financed: an anchor, a supplier, the book and the enrolment in it."""

    anchor_id: int
    supplier_id: int
    book_id: int
    enrolment_id: int


@dataclass(frozen=True, slots=True)
class Parties:
    """Everybody: one funder with two books, four anchors, forty suppliers, each enrolled with every anchor."""

    operator_id: int
    funder_id: int
    book_ids: Sequence[int]
    anchor_ids: Sequence[int]
    supplier_ids: Sequence[int]
    lanes: Sequence[Lane]
    terms_id: int


def made_parties(database: Database) -> Parties:
    """Register everybody, open the books and programmes, enrol, agree terms and set limits."""
    platform = in_organisation(0)
    names = ["Operator", "Northbank"]
    names += [f"Anchor {n}" for n in range(ANCHORS)] + [f"Supplier {n}" for n in range(SUPPLIERS)]
    new = [NewOrganisation(name, f"REG-{name}", "DE") for name in names]
    operator, funder, *others = accepted(database, REGISTER, new, PLATFORM, platform)
    with database.writing() as connection:
        connection.execute(insert(operators).values(id=1, organisation_id=operator, since_at=database.clock.now()))
    anchors, suppliers = others[:ANCHORS], others[ANCHORS:]
    books = [NewBook(name, funder, "TARGET", TODAY) for name in ("Northbank", "Northbank South")]
    book_ids = accepted(database, OPEN_BOOK, books, PLATFORM, platform)
    lanes: list[Lane] = []
    for n, anchor in enumerate(anchors):
        lanes += _programme(database, funder, book_ids[n * len(book_ids) // ANCHORS], anchor, suppliers)
    for book in book_ids:
        _limits(database, funder, book, [lane for lane in lanes if lane.book_id == book])
    with database.reading() as connection:
        terms_id = connection.scalars(select(terms_documents.c.id)).one()
    return Parties(operator, funder, book_ids, anchors, suppliers, lanes, terms_id)


def _programme(
    database: Database, funder_id: int, book_id: int, anchor_id: int, supplier_ids: Sequence[int]
) -> list[Lane]:
    book, banker = in_book(book_id), replace(PLATFORM, organisation_id=funder_id)
    (programme,) = accepted(database, OPEN_PROGRAMME, [NewProgramme(anchor_id, f"payables {anchor_id}")], banker, book)
    enrolments = accepted(database, ENROL, [NewEnrolment(programme, id) for id in supplier_ids], banker, book)
    offers = accepted(database, AGREE, [NewTerms(id, TODAY, TERMS) for id in enrolments], banker, book)
    for supplier, offer in zip(supplier_ids, offers, strict=True):
        consent = [TermsConsent(offer, encoding.digest(TERMS))]
        accepted(database, CONSENT, consent, PLATFORM, in_organisation(supplier))
    return [Lane(anchor_id, s, book_id, e) for s, e in zip(supplier_ids, enrolments, strict=True)]


def _limits(database: Database, funder_id: int, book_id: int, lanes: Sequence[Lane]) -> None:
    holders = [(LimitKind.ANCHOR, id) for id in sorted({lane.anchor_id for lane in lanes})]
    holders += [(LimitKind.SUPPLIER, id) for id in sorted({lane.supplier_id for lane in lanes})]
    ceilings = [Ceiling(kind, id, EUR, CEILING_MINOR) for kind, id in holders]
    accepted(database, SET, ceilings, replace(PLATFORM, organisation_id=funder_id), in_book(book_id))


def load(database: Database, parties: Parties, count: int) -> None:
    """Write so many invoices, and all that came of them."""
    with database.engine.connect() as connection:
        ids, outcomes = database.ids(), connection.scalars(select(command_logs.c.outcomes).limit(1)).one()
        held = {
            (row.book_id, row.code, row.owner_id): (row.id, row.debit_minor, row.credit_minor)
            for row in connection.execute(select(accounts))
        }
        holders = {(row.book_id, row.holder_id): row.id for row in connection.execute(select(limits))}
    ledger = Ledger(ids, held, holders, TODAY)
    history = History(ids, parties, ledger, count, outcomes)
    with unguarded(database) as connection:
        for tables in history.chunks(CHUNK):
            for table, columns, rows in tables:
                bulk.load(connection, table, columns, [rows])
            connection.commit()
        for table, columns, rows in (*ledger.closed(), _steps(parties, min(count, 780))):
            bulk.load(connection, table, columns, [rows])
        for account, debit, credit in ledger.totals():
            statement = accounts.update().where(accounts.c.id == account)
            connection.execute(statement.values(debit_minor=debit, credit_minor=credit))
        connection.commit()


def _steps(parties: Parties, days: int) -> tuple[Any, Sequence[str], list[Any]]:
    """The steps of every business day so far, done."""
    rows = []
    for n in range(1, days + 1):
        on = TODAY - timedelta(days=n)
        at = noon(on)
        rows += [(book, on, step.name, "done", at, 1, at, at, "{}") for book in parties.book_ids for step in SCF.steps]
    names = ("book_id", "business_date", "step", "status", "leased_to_at", "fence", "started_at", "ended_at", "result")
    return day_steps, names, rows


@contextmanager
def unguarded(database: Database) -> Iterator[Connection]:
    """A connection for which nothing is checked or indexed; indexes are made again at the end, and statistics taken."""
    engine = database.engine
    is_sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        if is_sqlite:
            raw: Any = connection.connection.dbapi_connection
            raw.execute("PRAGMA foreign_keys = OFF")
            raw.execute("PRAGMA synchronous = OFF")
            raw.execute("PRAGMA cache_size = -400000")
            found = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        else:
            connection.execute(text("SET session_replication_role = replica"))
            connection.execute(text("SET maintenance_work_mem = '512MB'"))
            found = (
                "SELECT i.indexname, i.indexdef FROM pg_indexes i WHERE i.schemaname = 'public'"
                " AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conname = i.indexname)"
            )
        dropped = connection.execute(text(found)).all()
        for name, _sql in dropped:
            connection.execute(text(f'DROP INDEX "{name}"'))
        connection.commit()
        yield connection
        for _name, sql in dropped:
            connection.execute(text(sql.replace(":", r"\:")))
        connection.commit()
        connection.invalidate()
    refresh_statistics(engine)
    if not is_sqlite:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
