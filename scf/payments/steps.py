"""Payments' part of the day: read what the bank says, send what is instructed, hand files over."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update

from scf import files
from scf.actor import PLATFORM, Actor
from scf.books import queries as books
from scf.commands import in_book, run, transact
from scf.db.engine import Database
from scf.module import Day, Phase, Step, Surroundings
from scf.outcomes import Outcome
from scf.payments.accounts import funder_ibans
from scf.payments.models import payment_files, payouts
from scf.payments.rail import RailAnswer
from scf.payments.receive import RECEIVE
from scf.payments.send import SEND
from scf.scheduling.chunk import run_chunk

_CHUNK = 10_000


def _read(day: Day) -> str:
    on = day.book.business_date
    if day.bank is None:
        return "no account of the funder is agreed yet"
    contents = [*day.bank.statements(on), *day.bank.notifications(on)]
    refused = 0
    for number, content in enumerate(contents, start=1):
        name = f"statement-{day.book.ref}-{on}-{number}.xml"
        refused += bool(receive(day.database, day.book.id, name, content))
    return f"{len(contents) - refused} bank files read" + (f", {refused} unreadable" if refused else "")


def receive(database: Database, book_id: int, name: str, content: bytes) -> str:
    """Import a bank file into a book by the platform's own rules. Returns the refusal, or nothing."""
    refusal = take_in(database, book_id, name, content, PLATFORM).refusal
    return refusal.words() if refusal else ""


def take_in(database: Database, book_id: int, name: str, content: bytes, actor: Actor) -> Outcome:
    """Import a bank file into a book as somebody; the same bytes a second time give the first answer."""
    sha256 = transact(database, lambda connection: files.store(connection, name, content))
    with database.reading() as connection:
        own = len(funder_ibans(connection, book_id))
    # a file refused for its account is looked at again when another account of the funder has been agreed
    return run(database, RECEIVE, [sha256], key=f"{sha256}/{own}", actor=actor, scope=in_book(book_id))[0]


def _pay_out(day: Day) -> str:
    sent, waiting, after = 0, 0, 0
    while True:
        with day.database.reading() as connection:
            due = select(payouts.c.id).where(
                payouts.c.book_id == day.book.id,
                payouts.c.status == "instructed",
                payouts.c.pay_on <= day.book.business_date,
                payouts.c.id > after,
            )
            ids = list(connection.execute(due.order_by(payouts.c.id).limit(_CHUNK)).scalars())
        if not ids:
            return f"{sent} payouts sent" + (f", {waiting} wait for an account" if waiting else "")
        outcomes = run_chunk(day, SEND, ids)
        sent += sum(outcome.accepted for outcome in outcomes)
        waiting += sum(not outcome.accepted for outcome in outcomes)
        after = ids[-1]


def deliver_file(database: Database, surroundings: Surroundings, payload: Mapping[str, Any]) -> None:
    """Hand a payment file to the book's bank under its message id; an answer that stays away is a state, not a loss."""
    with database.reading() as connection:
        columns = (payment_files.c.book_id, payment_files.c.ref, payment_files.c.sha256)
        row = connection.execute(select(*columns).where(payment_files.c.id == payload["file_id"])).one()
        book = books.find(connection, row.book_id)
        content = files.read(connection, row.sha256)
    bank = surroundings.bank_of(book) if book else None
    answer = bank.send(row.ref, content) if bank else RailAnswer.UNKNOWN
    source, target = ("sent", "unknown") if answer is RailAnswer.UNKNOWN else ("unknown", "sent")
    mark = (
        update(payouts)
        .where(payouts.c.file_id == payload["file_id"], payouts.c.status == source)
        .values(status=target, version=payouts.c.version + 1)
    )
    transact(database, lambda connection: connection.execute(mark))
    if answer is RailAnswer.UNKNOWN:
        raise ConnectionError(f"the bank gave no answer to {row.ref}; it is asked again under the same id")


STEPS = (Step("read bank files", Phase.READ, _read), Step("send payouts", Phase.PAY_OUT, _pay_out))
DELIVERIES = {"payment file": deliver_file}
