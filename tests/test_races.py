"""Processes race on PostgreSQL for one headroom, one request, one receivable: nobody gets what is not there."""

from collections.abc import Iterator, Sequence
from functools import partial

import pytest
from racing import together

from benchmarks.seed import (
    FACE_MINOR,
    UNLIMITED_MINOR,
    Bank,
    accepted,
    approve,
    claims,
    clock,
    made_bank,
    made_parties,
    seeded,
)
from scf import migrate
from scf.commands import run
from scf.db.engine import Database, open_engine
from scf.factoring.approve import APPROVE, Approval
from scf.factoring.fund import FUND
from scf.factoring.request import OFFER, NewRequest
from scf.ledger import checks
from scf.limits import queries as limits
from scf.limits.positions import LimitKind

PROCESSES = 4

Answers = list[tuple[int, str]]  # of each request: its id, and why it was refused


@pytest.fixture
def database(fresh_postgres_url: str) -> Iterator[Database]:
    database = Database(open_engine(fresh_postgres_url), clock())
    migrate.upgrade(database.engine)
    yield database
    database.engine.dispose()


def url(database: Database) -> str:
    return database.engine.url.render_as_string(hide_password=False)


def reasons(answers: list[Answers]) -> list[str]:
    return [reason for each in answers for _, reason in each]


def approve_and_fund(bank: Bank, requests: Sequence[int], database: Database, number: int) -> Answers:
    """One by one: approve, and fund what was approved."""
    answers: Answers = []
    for id in requests[number::PROCESSES]:
        one = run(database, APPROVE, [Approval(id)], key=f"a{id}", actor=bank.banker, scope=bank.scope)[0]
        if one.accepted:
            one = run(database, FUND, [id], key=f"f{id}", actor=bank.banker, scope=bank.scope)[0]
        answers.append((id, one.refusal.reason if one.refusal else ""))
    return answers


def fund_all(bank: Bank, requests: Sequence[int], database: Database, number: int) -> Answers:
    """Everybody the same requests, in one batch, under a key of their own."""
    outcomes = run(database, FUND, requests, key=f"mine {number}", actor=bank.banker, scope=bank.scope)
    return [(id, each.refusal.reason if each.refusal else "") for id, each in zip(requests, outcomes, strict=True)]


def offer_all(
    banks: Sequence[Bank], supplier: int, receivables: Sequence[int], database: Database, number: int
) -> Answers:
    """Each in its own bank's book, the same receivables in another order: approve and fund what could be offered."""
    bank = banks[number]
    mine = receivables[:: -1 if number else 1]
    asks = [NewRequest(id, bank.enrolments[supplier]) for id in mine]
    offers = run(database, OFFER, asks, key="offer", actor=bank.banker, scope=bank.scope)
    won = [offer.id or 0 for offer in offers if offer.accepted]
    if won:
        accepted(database, APPROVE, [Approval(id) for id in won], bank.banker, bank.scope)
        accepted(database, FUND, won, bank.banker, bank.scope)
    return [(id, each.refusal.reason if each.refusal else "") for id, each in zip(mine, offers, strict=True)]


def test_of_one_headroom_exactly_the_limit_is_funded(database: Database) -> None:
    fits, asks = 50, 120
    seed = seeded(database, asks, fits * FACE_MINOR, step_minor=0)
    answers = together(url(database), clock().now(), PROCESSES, partial(approve_and_fund, seed.bank, seed.requests))
    assert sorted(reasons(answers)) == [""] * fits + ["limit_exceeded"] * (asks - fits)
    with database.reading() as connection:
        standing = next(
            each for each in limits.standings(connection, seed.bank.book_id) if each.kind == LimitKind.ANCHOR
        )
        assert checks.findings(connection, seed.bank.book_id) == []
    assert (standing.headroom_minor, standing.reserved_minor, standing.drawn_minor) == (0, 0, fits * FACE_MINOR)


def test_the_same_requests_are_funded_once(database: Database) -> None:
    seed = seeded(database, 20, UNLIMITED_MINOR)
    approve(database, seed)
    answers = together(url(database), clock().now(), PROCESSES, partial(fund_all, seed.bank, seed.requests))
    assert sorted(reasons(answers)) == [""] * 20 + ["not_approved"] * 20 * (PROCESSES - 1)
    with database.reading() as connection:
        assert checks.findings(connection, seed.bank.book_id) == []


def test_two_books_never_fund_the_same_receivable(database: Database) -> None:
    parties = made_parties(database, 1)
    banks = [made_bank(database, name, parties, UNLIMITED_MINOR) for name in ("Northbank", "Southbank")]
    supplier = parties.supplier_ids[0]
    receivables = claims(database, parties, 40)[supplier]
    work = partial(offer_all, banks, supplier, receivables)
    answers = together(url(database), clock().now(), len(banks), work)
    won = sorted(id for each in answers for id, reason in each if not reason)
    assert won == sorted(receivables), "each is funded by one of the two"
    assert set(reasons(answers)) == {"", "already_requested"}
    with database.reading() as connection:
        assert [checks.findings(connection, bank.book_id) for bank in banks] == [[], []]


def test_a_command_run_twice_at_once_gives_one_answer(database: Database) -> None:
    seed = seeded(database, 20, UNLIMITED_MINOR)
    approve(database, seed)
    first, *others = together(url(database), clock().now(), PROCESSES, partial(under_one_key, seed.bank, seed.requests))
    assert others == [first] * (PROCESSES - 1)
    assert set(reasons([first])) == {""}


def under_one_key(bank: Bank, requests: Sequence[int], database: Database, _number: int) -> Answers:
    outcomes = run(database, FUND, requests, key="the same", actor=bank.banker, scope=bank.scope)
    return [(each.id or 0, each.refusal.reason if each.refusal else "") for each in outcomes]
