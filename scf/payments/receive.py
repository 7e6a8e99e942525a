"""Reading what the bank says: statements into entries, credits into collections, payouts cleared or returned.

camt.054 brings the day's money, camt.053 of the next morning reconciles it: what bears a bank reference that was seen
before is not booked again, and what a camt.054 shows without one waits for the camt.053. Money of a known payer waits
unapplied under its name, any other under none. Refuses files that tell of an account that is not the funder's here.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import or_, select, update

from scf import files
from scf.announcements import Announcement, announce, tell
from scf.commands import Command, ScopeKind, Unit
from scf.db import bulk
from scf.errors import FileRefused
from scf.ledger import accounts as ledger_accounts
from scf.ledger.accounts import Accounts
from scf.ledger.chart import Owner
from scf.ledger.journal import Journal, account_keys
from scf.ledger.write import write as post
from scf.outcomes import Outcome, done, refused
from scf.payments import camt
from scf.payments.accounts import funder_ibans, payers_by_iban
from scf.payments.bank_statement import Statement
from scf.payments.models import collections, payouts, statement_entries, statements
from scf.payments.refs import payout_id
from scf.payments.statement_lines import Line, Name, lines_of, name_of

_STATEMENT = ("id", "book_id", "sha256", "kind", "ref", "account", "business_date")
_ENTRY = (
    "id", "book_id", "statement_id", "bank_ref", "amount_minor", "currency", "booked_on", "value_date",
    "end_to_end_ref", "reference", "name", "counter_account", "text", "meaning", "reconciled",
)  # fmt: skip
_COLLECTION = (
    "id", "book_id", "entry_id", "bank_ref", "payer_id", "currency", "amount_minor", "value_date", "reference",
    "status", "version",
)  # fmt: skip
_PAYOUT_EVENTS = ("payout cleared", "payout returned")
_KNOWN, _UNKNOWN = "collection received", "collection unidentified"


class _Payout(NamedTuple):
    id: int
    beneficiary_id: int
    ref: str
    currency: str
    amount_minor: int
    status: str


@dataclass(frozen=True, slots=True)
class _Facts:
    book_id: int
    on: date
    files: dict[str, tuple[Statement, ...] | str]
    own: frozenset[str]
    known: set[Name]
    seen: set[str]
    payouts: dict[int, _Payout]
    payers: dict[str, int]
    ids: Iterator[int]
    accounts: Accounts


@dataclass(slots=True)
class _Plan:
    seen: set[str]
    statuses: dict[int, str]
    outcomes: list[Outcome] = field(default_factory=list)
    statements: list[tuple[Any, ...]] = field(default_factory=list)
    entries: list[tuple[Any, ...]] = field(default_factory=list)
    collections: list[tuple[Any, ...]] = field(default_factory=list)
    journals: list[Journal] = field(default_factory=list)
    reconciled: list[str] = field(default_factory=list)
    days: set[tuple[str, date]] = field(default_factory=set)


def _load(unit: Unit, batch: Sequence[str]) -> _Facts:
    connection, book = unit.connection, unit.in_book()
    read = {sha256: _read(files.read(connection, sha256)) for sha256 in batch}
    found = [each for content in read.values() if not isinstance(content, str) for each in content]
    lines = [line for statement in found for line in lines_of(statement)]
    refs = sorted({line.bank_ref for line in lines})
    names = [name_of(each) for each in found]
    known = connection.execute(
        select(statements.c.account, statements.c.kind, statements.c.ref).where(
            statements.c.book_id == book.id,
            bulk.among(connection, statements.c.ref, sorted({ref for *_, ref in names})),
        )
    )
    seen = connection.execute(
        select(statement_entries.c.bank_ref).where(
            statement_entries.c.book_id == book.id, bulk.among(connection, statement_entries.c.bank_ref, refs)
        )
    )
    held = _payouts(unit, [id for line in lines if (id := payout_id(line.detail.end_to_end_id)) is not None])
    payers = payers_by_iban(connection, book.id, {line.detail.account for line in lines})
    keys = _keys(lines, held, payers)
    return _Facts(
        book.id,
        unit.business_date,
        read,
        funder_ibans(connection, book.id),
        {(account, kind, ref) for account, kind, ref in known},
        set(seen.scalars()),
        held,
        payers,
        iter(unit.ids.take(len(found) + 2 * len(lines))),
        ledger_accounts.load(unit, keys),
    )


def _read(content: bytes) -> tuple[Statement, ...] | str:
    try:
        return camt.read(content)
    except FileRefused as error:
        return str(error)


def _payouts(unit: Unit, ids: Iterable[int]) -> dict[int, _Payout]:
    rows = unit.connection.execute(
        select(
            payouts.c.id, payouts.c.beneficiary_id, payouts.c.ref, payouts.c.currency, payouts.c.amount_minor,
            payouts.c.status,
        )
        .where(payouts.c.book_id == unit.in_book().id, bulk.among(unit.connection, payouts.c.id, sorted(set(ids))))
        .order_by(payouts.c.id)
        .with_for_update(key_share=True)
    )  # fmt: skip
    return {row[0]: _Payout(*row) for row in rows}


def _keys(lines: list[Line], held: dict[int, _Payout], payers: dict[str, int]) -> set[Any]:
    keys = set()
    for payout in held.values():
        keys |= set(account_keys(_PAYOUT_EVENTS, {Owner.SUPPLIER: payout.beneficiary_id}, payout.currency))
    for line in lines:
        payer = payers.get(line.detail.account)
        parties = {Owner.ANCHOR: payer} if payer else {}
        keys |= set(account_keys([_KNOWN if payer else _UNKNOWN], parties, line.entry.currency))
    return keys


def _decide(facts: _Facts, batch: Sequence[str]) -> _Plan:
    plan = _Plan(set(facts.seen), {id: payout.status for id, payout in facts.payouts.items()})
    known = set(facts.known)
    for sha256 in batch:
        content = facts.files[sha256]
        if isinstance(content, str):
            plan.outcomes.append(refused("unreadable", field="file", value=sha256[:12], remedy=content))
            continue
        others = [each.account for each in content if each.account not in facts.own]
        if others:
            remedy = "send statements of accounts that are agreed for the funder in this book"
            plan.outcomes.append(refused("other_account", field="account", value=others[0] or "none", remedy=remedy))
            continue
        count = sum(_statement(facts, plan, sha256, each, known) for each in content)
        plan.outcomes.append(done(count=count))
    return plan


def _statement(facts: _Facts, plan: _Plan, sha256: str, statement: Statement, known: set[Name]) -> int:
    """Book one statement; 0 when it was imported before."""
    name = name_of(statement)
    if name in known:
        return 0
    known.add(name)
    account, kind, ref = name
    id = next(facts.ids)
    plan.statements.append((id, facts.book_id, sha256, kind, ref, account, facts.on))
    plan.days |= {(account, entry.booked_on) for entry in statement.entries} if kind == "053" else set()
    lines = list(lines_of(statement))
    for line in lines:
        _line(facts, plan, id, line, reconciled=statement.kind == "053")
    return len(lines)


def _line(facts: _Facts, plan: _Plan, statement_id: int, line: Line, *, reconciled: bool) -> None:
    entry, detail = line.entry, line.detail
    entry_id = next(facts.ids)
    if not reconciled and not entry.bank_ref:
        meaning = "waiting"
    elif line.bank_ref in plan.seen:
        meaning = "seen"
        plan.reconciled += [line.bank_ref] if reconciled else []
    else:
        plan.seen.add(line.bank_ref)
        meaning = _book(facts, plan, entry_id, line)
    plan.entries.append(
        (
            entry_id, facts.book_id, statement_id, line.bank_ref, detail.amount_minor, entry.currency, entry.booked_on,
            entry.valued_on, detail.end_to_end_id, detail.reference[:140], detail.name[:140], detail.account[:40],
            detail.text, meaning, reconciled,
        )
    )  # fmt: skip


def _book(facts: _Facts, plan: _Plan, entry_id: int, line: Line) -> str:
    """What one line means, and its journal."""
    detail, entry = line.detail, line.entry
    payout = facts.payouts.get(payout_id(detail.end_to_end_id) or 0)
    if payout is not None and _is_of(line, payout):
        return _payout(plan, payout, detail.amount_minor > 0, entry.valued_on)
    if detail.amount_minor <= 0:
        return "unmatched"
    payer = facts.payers.get(detail.account)
    reference = detail.reference or detail.end_to_end_id or detail.text
    plan.collections.append(
        (
            next(facts.ids), facts.book_id, entry_id, line.bank_ref, payer, entry.currency, detail.amount_minor,
            entry.valued_on, reference[:140], "received", 1,
        )
    )  # fmt: skip
    parties = {Owner.ANCHOR: payer} if payer else {}
    subject, event = plan.collections[-1][0], _KNOWN if payer else _UNKNOWN
    parts = [(parties, {"amount": detail.amount_minor})]
    plan.journals.append(Journal(event, subject, 1, entry.valued_on, entry.currency, line.bank_ref[:60], parts))
    return "collection"


def _is_of(line: Line, payout: _Payout) -> bool:
    """Whether a line is the payout that it names leaving, or coming back: then the bank says that it does."""
    entry, amount = line.entry, line.detail.amount_minor
    if entry.currency != payout.currency or abs(amount) != payout.amount_minor:
        return False
    return (amount > 0) == bool(entry.reversal or line.detail.return_reason)


def _payout(plan: _Plan, payout: _Payout, comes_back: bool, on: date) -> str:
    """A payout leaves the account, or comes back to it."""
    status = plan.statuses[payout.id]
    parties = {Owner.SUPPLIER: payout.beneficiary_id}
    if not comes_back and status in ("sent", "unknown"):
        plan.statuses[payout.id] = "cleared"
        event, amounts = "payout cleared", {"amount": payout.amount_minor}
    elif comes_back and status in ("sent", "unknown", "cleared"):
        plan.statuses[payout.id] = "returned"
        event, amounts = "payout returned", {"cleared" if status == "cleared" else "uncleared": payout.amount_minor}
    else:
        return "unmatched"
    plan.journals.append(Journal(event, payout.id, 1, on, payout.currency, payout.ref, [(parties, amounts)]))
    return "return" if comes_back else "payout"


def _write(unit: Unit, facts: _Facts, plan: _Plan) -> None:
    connection = unit.connection
    bulk.insert(connection, statements, _STATEMENT, plan.statements)
    bulk.insert(connection, statement_entries, _ENTRY, plan.entries)
    bulk.insert(connection, collections, _COLLECTION, plan.collections)
    moves: dict[tuple[str, str], list[int]] = {}
    for id, status in plan.statuses.items():
        if status != facts.payouts[id].status:
            moves.setdefault((facts.payouts[id].status, status), []).append(id)
    for (source, target), ids in sorted(moves.items()):
        bulk.move(connection, payouts, ids, source, target, **{f"{target}_at": unit.at})
    if plan.reconciled:
        which = bulk.among(connection, statement_entries.c.bank_ref, plan.reconciled)
        mark = update(statement_entries).where(statement_entries.c.book_id == facts.book_id, which)
        connection.execute(mark.values(reconciled=True))
    _end_waiting(unit, plan)
    post(unit, facts.accounts, plan.journals)
    _tell(unit, facts, plan, moves)


def _tell(unit: Unit, facts: _Facts, plan: _Plan, moves: Mapping[tuple[str, str], list[int]]) -> None:
    funder_id = unit.in_book().funder_id
    told = [Announcement(funder_id, "collection.received", [id for id, *_ in plan.collections])]
    for (_, target), ids in sorted(moves.items()):
        moved = ((facts.payouts[id].beneficiary_id, id) for id in ids)
        told += tell(f"payout.{target}", moved, all_to=funder_id)
    announce(unit, told)


def _end_waiting(unit: Unit, plan: _Plan) -> None:
    """Statements have come for these days: what waited for them is in them."""
    if not plan.days:
        return
    covered = or_(
        *(
            (statements.c.account == account) & (statement_entries.c.booked_on == booked_on)
            for account, booked_on in sorted(plan.days)
        )
    )
    mark = update(statement_entries).where(
        statement_entries.c.book_id == unit.in_book().id,
        statement_entries.c.meaning == "waiting",
        statement_entries.c.statement_id == statements.c.id,
        covered,
    )
    unit.connection.execute(mark.values(reconciled=True))


RECEIVE = Command("payments.receive", ScopeKind.BOOK, _load, _decide, _write, 500)
