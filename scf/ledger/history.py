"""What was booked about things: their journals with who ran the command, and when; and a journal's own line.

Shown to who may read the book's ledger: its funder and the operator.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, select

from scf.command_log import command_logs
from scf.db.bulk import among
from scf.ledger.models import accounts, journals, postings
from scf.organisations import queries as organisations
from scf.routes import Caller
from scf.screens import History, Moment
from scf.web import formats
from scf.web.own import in_my_books
from scf.web.words import N_, _

READ = "ledger.read"
# of one thing, the latest: a limit moves with every batch
_OF_ONE_MAX = 50
_MAX = 2_000


class Booked(NamedTuple):
    """A journal about a thing, with the command that made it."""

    id: int
    event: str
    subject_id: int
    value_date: date
    business_date: date
    by_id: int
    at: datetime
    book_id: int


class Entry(NamedTuple):
    """A posting as it is shown: the accounts by code, with the names of whose they are."""

    debit: str
    credit: str
    amount_minor: int
    currency: str


def may_read(caller: Caller) -> bool:
    """Whether the caller may read any ledger; which, its books say."""
    return caller.actor.may(READ)


def booked(caller: Caller, connection: Connection, subject_ids: Sequence[int]) -> Mapping[int, Sequence[Booked]]:
    """The journals about things, oldest first, by thing; nothing for who may not read them. One statement."""
    found: defaultdict[int, list[Booked]] = defaultdict(list)
    if may_read(caller) and subject_ids:
        asked = _booked(caller).where(among(connection, journals.c.subject_id, sorted(set(subject_ids))))
        for row in connection.execute(asked.order_by(journals.c.id).limit(_MAX)):
            found[row.subject_id].append(Booked(*row))
    return found


def latest(caller: Caller, connection: Connection, subject_id: int, event: str) -> Sequence[Booked]:
    """The latest journals of an event about one thing that is booked on again and again, oldest first."""
    if not may_read(caller):
        return []
    asked = _booked(caller).where(journals.c.subject_id == subject_id, journals.c.event == event)
    rows = connection.execute(asked.order_by(journals.c.occurrence.desc()).limit(_OF_ONE_MAX)).all()
    return [Booked(*row) for row in reversed(rows)]


def _booked(caller: Caller) -> Select[Any]:
    return (
        select(
            journals.c.id, journals.c.event, journals.c.subject_id, journals.c.value_date, journals.c.business_date,
            command_logs.c.actor_id, command_logs.c.at, journals.c.book_id,
        )
        .join(command_logs, command_logs.c.id == journals.c.command_id)
        .where(in_my_books(caller, journals.c.book_id), in_my_books(caller, command_logs.c.scope_id))
    )  # fmt: skip


def entries(caller: Caller, connection: Connection, journal_ids: Sequence[int]) -> Mapping[int, Sequence[Entry]]:
    """The postings of journals in their order, by journal; two statements."""
    if not may_read(caller) or not journal_ids:
        return {}
    debit, credit = accounts.alias("debit"), accounts.alias("credit")
    rows = connection.execute(
        select(
            postings.c.journal_id, postings.c.amount_minor, postings.c.currency, debit.c.code.label("debit"),
            debit.c.owner_id.label("debit_owner_id"), credit.c.code.label("credit"),
            credit.c.owner_id.label("credit_owner_id"),
        )
        .join(debit, debit.c.id == postings.c.debit_account_id)
        .join(credit, credit.c.id == postings.c.credit_account_id)
        .where(among(connection, postings.c.journal_id, sorted(set(journal_ids))))
        .where(*[in_my_books(caller, each.c.book_id) for each in (postings, debit, credit)])
        .order_by(postings.c.journal_id, postings.c.line)
    ).all()  # fmt: skip
    names = organisations.names(connection, {id for row in rows for id in (row.debit_owner_id, row.credit_owner_id)})
    found: defaultdict[int, list[Entry]] = defaultdict(list)
    for row in rows:
        sides = (_account(row.debit, row.debit_owner_id, names), _account(row.credit, row.credit_owner_id, names))
        found[row.journal_id].append(Entry(*sides, row.amount_minor, row.currency))
    return found


def _account(code: str, owner_id: int, names: Mapping[int, str]) -> str:
    owner = names.get(owner_id, "")
    words = _(code[:1].upper() + code[1:])
    return f"{words}: {owner}" if owner else words


def moment_of(each: Booked, words: str, detail: str = "") -> Moment:
    """A journal as a moment of the thing it is about."""
    return Moment(each.at, words, each.by_id, detail, (each.id,), each.subject_id)


def _names(caller: Caller, connection: Connection, ids: Sequence[int]) -> Mapping[int, str]:
    asked = select(journals.c.id, journals.c.ref).where(
        among(connection, journals.c.id, ids), in_my_books(caller, journals.c.book_id)
    )
    return dict(connection.execute(asked).all())


def _moments(caller: Caller, connection: Connection, ids: Sequence[int]) -> Sequence[Moment]:
    rows = connection.execute(_booked(caller).where(among(connection, journals.c.id, ids)))
    return [
        Moment(each.at, N_("Journal booked"), each.by_id, _detail(each), (each.id,), each.id)
        for each in (Booked(*row) for row in rows)
    ]


def _detail(each: Booked) -> str:
    event = _(each.event[:1].upper() + each.event[1:])
    return _("%(event)s, value date %(day)s", event=event, day=formats.day(each.value_date))


HISTORIES = (History("jrn", READ, _moments, words=N_("Journal"), names=_names),)
