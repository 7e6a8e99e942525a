"""Sending payouts: one payment file a currency, stored by its hash, handed to the bank by the outbox.

A payout whose beneficiary has no usable account is left as it is and said; nothing is sent twice, because only an
instructed payout can be sent.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import select

from scf import files
from scf import ids as id_texts
from scf.announcements import announce, tell
from scf.commands import Command, ScopeKind, Unit
from scf.db import bulk
from scf.ledger import accounts as ledger_accounts
from scf.ledger.accounts import Accounts
from scf.ledger.chart import Owner
from scf.ledger.journal import Journal, account_keys
from scf.ledger.write import write as post
from scf.outbox import Message
from scf.outcomes import Outcome, done, refused
from scf.payments import pain001
from scf.payments.models import bank_accounts, payment_files, payouts
from scf.payments.pain001 import PaymentFile, PayoutLine
from scf.payments.refs import payout_ref

_EVENT = "payout sent"
_FILE = ("id", "book_id", "ref", "sha256", "business_date", "currency", "line_count", "total_minor")


class _Payout(NamedTuple):
    id: int
    beneficiary_id: int
    ref: str
    currency: str
    amount_minor: int
    status: str
    pay_on: date


class _Account(NamedTuple):
    iban: str
    name: str
    usable_from_on: date


@dataclass(frozen=True, slots=True)
class _Facts:
    on: date
    at: datetime
    funder_id: int
    file_ids: list[int]
    payouts: dict[int, _Payout]
    bank: dict[tuple[int, str], _Account]
    accounts: Accounts


@dataclass(slots=True)
class _File:
    id: int
    content: PaymentFile
    payout_ids: list[int]


@dataclass(slots=True)
class _Plan:
    outcomes: list[Outcome] = field(default_factory=list)
    files: list[_File] = field(default_factory=list)
    journals: list[Journal] = field(default_factory=list)


def _load(unit: Unit, batch: Sequence[int]) -> _Facts:
    rows = unit.connection.execute(
        select(
            payouts.c.id, payouts.c.beneficiary_id, payouts.c.ref, payouts.c.currency, payouts.c.amount_minor,
            payouts.c.status, payouts.c.pay_on,
        )
        .where(payouts.c.book_id == unit.in_book().id, bulk.among(unit.connection, payouts.c.id, sorted(set(batch))))
        .order_by(payouts.c.id)
        .with_for_update(key_share=True)
    )  # fmt: skip
    held = {row[0]: _Payout(*row) for row in rows}
    parties = {payout.beneficiary_id for payout in held.values()} | {unit.in_book().funder_id}
    known = unit.connection.execute(
        select(
            bank_accounts.c.organisation_id, bank_accounts.c.currency, bank_accounts.c.iban, bank_accounts.c.name,
            bank_accounts.c.usable_from_on,
        ).where(
            bank_accounts.c.book_id == unit.in_book().id,
            bank_accounts.c.status == "active",
            bulk.among(unit.connection, bank_accounts.c.organisation_id, sorted(parties)),
        )
    )  # fmt: skip
    bank = {(row[0], row[1]): _Account(*row[2:]) for row in known}
    pairs = {(payout.beneficiary_id, payout.currency) for payout in held.values()}
    keys = [key for id, currency in pairs for key in account_keys([_EVENT], {Owner.SUPPLIER: id}, currency)]
    file_ids = unit.ids.take(len({currency for _, currency in pairs}))
    return _Facts(
        unit.business_date, unit.at, unit.in_book().funder_id, file_ids, held, bank, ledger_accounts.load(unit, keys)
    )


def _decide(facts: _Facts, batch: Sequence[int]) -> _Plan:
    plan = _Plan()
    lines: dict[str, list[tuple[_Payout, PayoutLine]]] = {}
    seen: set[int] = set()
    for id in batch:
        payout = facts.payouts.get(id)
        refusal = _refusal(facts, payout, id in seen)
        if refusal is not None or payout is None:
            plan.outcomes.append(refusal or refused("not_found"))
            continue
        seen.add(id)
        account = facts.bank[payout.beneficiary_id, payout.currency]
        line = PayoutLine(payout_ref(id), payout.amount_minor, account.name, account.iban, payout.ref)
        lines.setdefault(payout.currency, []).append((payout, line))
        plan.outcomes.append(done(id))
    for file_id, (currency, sent) in zip(facts.file_ids, sorted(lines.items()), strict=False):
        own = facts.bank[facts.funder_id, currency]
        message_id = id_texts.text("pmt", file_id).replace("_", "-")
        sending = tuple(line for _, line in sent)
        content = PaymentFile(message_id, facts.at, facts.on, own.name, own.iban, currency, sending)
        plan.files.append(_File(file_id, content, [payout.id for payout, _ in sent]))
        plan.journals += [_journal(payout, facts.on) for payout, _ in sent]
    return plan


def _refusal(facts: _Facts, payout: _Payout | None, twice: bool) -> Outcome | None:
    if payout is None:
        return refused("not_found", field="payout", remedy="give a payout of this book")
    if payout.status != "instructed" or twice:
        return refused("not_instructed", field="payout", value="sent" if twice else payout.status, bound="instructed")
    if payout.pay_on > facts.on:
        remedy = "passes on the day it is to be credited"
        value, bound = str(facts.on), str(payout.pay_on)
        return refused("too_early", field="pay_on", value=value, bound=bound, id=payout.id, remedy=remedy)
    if (facts.funder_id, payout.currency) not in facts.bank:
        remedy = f"agree the funder's own account in {payout.currency}"
        return refused("no_own_account", field="account", id=payout.id, remedy=remedy)
    account = facts.bank.get((payout.beneficiary_id, payout.currency))
    if account is None:
        remedy = f"passes when an account in {payout.currency} is agreed for the beneficiary"
        return refused("no_account", field="account", id=payout.id, remedy=remedy)
    if account.usable_from_on > facts.on:
        value, bound = str(account.usable_from_on), str(facts.on)
        remedy = "passes when the changed account has cooled"
        return refused("account_cooling", field="account", value=value, bound=bound, id=payout.id, remedy=remedy)
    return None


def _journal(payout: _Payout, on: date) -> Journal:
    parties = {Owner.SUPPLIER: payout.beneficiary_id}
    return Journal(_EVENT, payout.id, 1, on, payout.currency, payout.ref, [(parties, {"amount": payout.amount_minor})])


def _write(unit: Unit, facts: _Facts, plan: _Plan) -> None:
    rows: list[tuple[Any, ...]] = []
    for made in plan.files:
        content = pain001.write(made.content)
        sha256 = files.store(unit.connection, f"{made.content.message_id}.xml", content)
        total = sum(line.amount_minor for line in made.content.lines)
        rows.append(
            (
                made.id, unit.in_book().id, made.content.message_id, sha256, unit.business_date, made.content.currency,
                len(made.payout_ids), total,
            )
        )  # fmt: skip
    bulk.insert(unit.connection, payment_files, _FILE, rows)
    for made in plan.files:
        bulk.move(unit.connection, payouts, made.payout_ids, "instructed", "sent", file_id=made.id, sent_at=unit.at)
    post(unit, facts.accounts, plan.journals)
    sent = ((facts.payouts[id].beneficiary_id, id) for made in plan.files for id in made.payout_ids)
    told = tell("payout.sent", sent, all_to=facts.funder_id)
    announce(unit, told, also=[Message("payment file", {"file_id": made.id}) for made in plan.files])


SEND = Command("payments.send", ScopeKind.BOOK, _load, _decide, _write)
