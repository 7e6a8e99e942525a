"""The ledger on both databases: every rule by a worked example, balances, closed days, checks, export, speed."""

import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from first_rows import open_book, register
from posting import ON, journal, one_owner, post
from posting_examples import BALANCES, EXAMPLES
from sqlalchemy import Connection, event, func, select, text
from sqlalchemy.exc import IntegrityError

from scf.books import queries as books
from scf.db import bulk
from scf.db.engine import Database
from scf.errors import LedgerError
from scf.ledger import checks, export, queries
from scf.ledger.chart import CHART, Owner
from scf.ledger.close import write_account_days
from scf.ledger.journal import Journal, Parties
from scf.ledger.models import accounts, journals, postings
from scf.ledger.rules import POSTING_RULES, misfits

NEXT = date(2026, 1, 6)


@dataclass(frozen=True, slots=True)
class Opened:
    """A book, and its parties by what accounts they own."""

    book: int
    parties: Parties


@pytest.fixture
def there(database: Database) -> Opened:
    funder, *rest = register(database, "Northbank", "Ash Castings", "Halberd", "Harbour Guarantee", "Limit")
    return Opened(open_book(database, funder), one_owner(rest))


def worked(there: Opened) -> list[Journal]:
    """The worked examples as journals."""
    return [
        journal(name, there.parties, amounts, subject_id=n) for n, (name, amounts, _) in enumerate(EXAMPLES, start=1)
    ]


def booked(connection: Connection, subject_id: int) -> list[str]:
    """A journal's postings as an accountant writes them."""
    debit, credit = accounts.alias(), accounts.alias()
    rows = connection.execute(
        select(debit.c.code, credit.c.code, postings.c.amount_minor)
        .join(journals, journals.c.id == postings.c.journal_id)
        .join(debit, debit.c.id == postings.c.debit_account_id)
        .join(credit, credit.c.id == postings.c.credit_account_id)
        .where(journals.c.subject_id == subject_id)
        .order_by(postings.c.line)
    )
    return [f"{row[0]} ← {row[1]}: {row[2]}" for row in rows]


def net(database: Database, book_id: int, value_to: date | None = None) -> dict[str, int]:
    """Balances by code, debit positive."""
    with database.reading() as connection:
        found: Counter[str] = Counter()
        for balance in queries.balances(connection, book_id, value_to=value_to):
            found[balance.code] += balance.net_minor
        return dict(found)


def close(database: Database, book_id: int, to: date) -> None:
    """End the book's day as the close does: move the date on, commit, then write the totals."""
    with database.engine.begin() as connection:
        book = books.find(connection, book_id)
        assert book is not None
        books.move_date(connection, book, to)
    with database.engine.begin() as connection:
        write_account_days(connection, book_id, book.business_date)


def test_the_rules_name_only_accounts_of_the_chart_and_every_rule_has_an_example() -> None:
    assert misfits() == []
    assert {name for name, _, _ in EXAMPLES} == POSTING_RULES.keys()
    for name, amounts, _ in EXAMPLES:
        assert amounts.keys() == {amount for _, _, amount in POSTING_RULES[name]}, name
    assert {code for rules in POSTING_RULES.values() for rule in rules for code in rule[:2]} == CHART.keys()


def test_every_rule_posts_its_worked_example_and_the_balances_are_those_reckoned_by_hand(
    database: Database, there: Opened
) -> None:
    for posted, (name, _, expected) in zip(worked(there), EXAMPLES, strict=True):
        post(database, there.book, [posted])
        with database.reading() as connection:
            assert booked(connection, posted.subject_id) == [line.strip() for line in expected.splitlines()], name
    assert net(database, there.book) == BALANCES
    assert sum(net(database, there.book).values()) == 0
    with database.reading() as connection:
        held = connection.execute(select(accounts.c.code, accounts.c.owner_id, accounts.c.floored))
        for code, owner_id, floored in held:
            assert owner_id == there.parties.get(CHART[code].owner, 0)
            assert floored == CHART[code].floored


def test_all_examples_in_one_command_come_to_the_same(database: Database, there: Opened) -> None:
    post(database, there.book, worked(there))
    assert net(database, there.book) == BALANCES


def test_a_journal_without_amounts_is_left_out(database: Database, there: Opened) -> None:
    post(database, there.book, [journal("payout sent", there.parties, {"amount": 0})])
    with database.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(journals)) == 0


@pytest.mark.parametrize(
    ("amounts", "message"), [({"amount": -1}, "never negative"), ({"tip": 1}, "no rule for tip")], ids=str
)
def test_an_amount_no_rule_allows_stops_the_command(
    database: Database, there: Opened, amounts: dict[str, int], message: str
) -> None:
    with pytest.raises(LedgerError, match=message):
        post(database, there.book, [journal("collection received", there.parties, amounts)])
    assert net(database, there.book) == {}


def test_a_floor_holds_against_a_command_that_does_not_look(database: Database, there: Opened) -> None:
    post(database, there.book, [journal("advance funded", there.parties, {"net": 500})])
    with pytest.raises(IntegrityError, match="ck_account_floor"):
        post(database, there.book, [journal("payout sent", there.parties, {"amount": 501})])
    assert net(database, there.book)["payable to supplier"] == -500


def test_an_event_is_booked_once_for_a_subject_and_occurrence(database: Database, there: Opened) -> None:
    funded = journal("advance funded", there.parties, {"net": 500})
    post(database, there.book, [funded])
    with pytest.raises(IntegrityError, match="subject_id"):
        post(database, there.book, [funded], key="again")
    post(database, there.book, [funded._replace(occurrence=2)])
    assert net(database, there.book)["purchased receivables"] == 1000


def test_a_balance_by_value_date_leaves_out_what_counts_later(database: Database, there: Opened) -> None:
    dated = [
        journal("collection received", there.parties, {"amount": n}, subject_id=n, value_date=date(2026, 1, n))
        for n in (3, 4, 5)
    ]
    post(database, there.book, dated)
    for day, cash in ((3, 3), (4, 7), (5, 12), (31, 12)):
        assert net(database, there.book, date(2026, 1, day)).get("cash") == cash
    assert net(database, there.book, date(2026, 1, 2)) == {}
    assert net(database, there.book)["cash"] == 12


def test_closing_a_day_changes_no_balance_and_late_value_dates_are_found(database: Database, there: Opened) -> None:
    post(database, there.book, worked(there))
    by_value = net(database, there.book, ON)
    close(database, there.book, NEXT)
    assert net(database, there.book) == BALANCES
    assert net(database, there.book, ON) == by_value
    late = journal("collection received", there.parties, {"amount": 100}, subject_id=900, value_date=ON)
    timely = journal("collection received", there.parties, {"amount": 10}, subject_id=901, value_date=NEXT)
    post(database, there.book, [late, timely])
    for _ in range(2):  # before and after the second day is closed
        assert net(database, there.book)["cash"] == BALANCES["cash"] + 110
        assert net(database, there.book, ON)["cash"] == BALANCES["cash"] + 100
        with database.reading() as connection:
            assert checks.findings(connection, there.book) == []
            book = books.find(connection, there.book)
        if book and book.business_date == NEXT:
            close(database, there.book, date(2026, 1, 7))


def test_a_day_is_closed_once(database: Database, there: Opened) -> None:
    post(database, there.book, worked(there))
    close(database, there.book, NEXT)
    with pytest.raises(IntegrityError, match="account_day"), database.engine.begin() as connection:
        write_account_days(connection, there.book, ON)


def test_books_do_not_see_each_other(database: Database, there: Opened) -> None:
    (funder,) = register(database, "Southbank")
    south = open_book(database, funder, "south")
    post(database, there.book, worked(there))
    post(database, south, [journal("collection received", there.parties, {"amount": 5}, subject_id=999)])
    close(database, there.book, NEXT)
    assert net(database, south) == {"cash": 5, "unapplied collections": -5}
    assert net(database, there.book) == BALANCES


# by which check finds it: what somebody did to the rows who got past the triggers
TAMPERED = {
    "an amount raised": ("running totals", "UPDATE posting SET amount_minor = amount_minor + 1 WHERE line = 1"),
    "an amount raised on a closed day": (
        "closed days",
        "UPDATE posting SET amount_minor = amount_minor + 1 WHERE line = 1",
    ),
    "a running total lowered": ("running totals", "UPDATE account SET credit_minor = credit_minor - 1 WHERE"
                                                  " code = 'reserve' AND credit_minor > 0"),
    "a posting moved to another book": ("places", "UPDATE posting SET book_id = {south} WHERE line = 1"),
    "an account moved to another book": ("places", "UPDATE account SET book_id = {south} WHERE code = 'cash'"),
    "an account turned into dollars": ("places", "UPDATE account SET currency = 'USD' WHERE code = 'cash'"),
    "a journal moved to another book": ("places", "UPDATE journal SET book_id = {south} WHERE subject_id = 1"),
    "a journal's postings deleted": (
        "empty journals",
        "DELETE FROM posting WHERE journal_id IN (SELECT id FROM journal WHERE subject_id = 24)",
    ),
    "a closed total changed": ("closed days", "UPDATE account_day SET debit_minor = debit_minor + 1"),
    "a closed total deleted": ("closed days", "DELETE FROM account_day WHERE debit_minor = 0"),
    "a journal redated": ("closed days", "UPDATE journal SET value_date = '2026-01-04' WHERE subject_id = 2"),
    "a limit raised past the ledger": (
        "limits add up",
        "UPDATE account SET debit_minor = debit_minor + 1 WHERE code = 'limit ceiling'",
    ),
}  # fmt: skip


def disarm(connection: Connection) -> None:
    """Take the triggers away, and the foreign keys, for this transaction."""
    if connection.dialect.name == "postgresql":
        for table in ("posting", "journal", "account", "account_day"):
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
        return
    connection.execute(text("PRAGMA defer_foreign_keys = ON"))
    for name in connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
        connection.execute(text(f"DROP TRIGGER {name}"))


@pytest.mark.parametrize("case", TAMPERED)
def test_the_checks_find_what_somebody_did_past_the_triggers(database: Database, there: Opened, case: str) -> None:
    (funder,) = register(database, "Southbank")
    south = open_book(database, funder, "south")
    post(database, there.book, worked(there))
    close(database, there.book, NEXT)
    check, statement = TAMPERED[case]
    with database.engine.connect() as connection:
        assert checks.findings(connection, there.book) == []
        disarm(connection)
        assert connection.execute(text(statement.format(south=south))).rowcount
        found = [*checks.findings(connection, there.book), *checks.findings(connection, south)]
        connection.rollback()
    assert check in {finding.check for finding in found}
    assert all(finding.place for finding in found)


NAMES = [
    "Ash & Söhne: GmbH; 100 %",
    "Ash  Söhne GmbH 100",
    "ash söhne gmbh 100",
    "北方铸造有限公司",
    "4th «Iron»",
    "a_b",
    "-",
]


def exported(database: Database, book_id: int, form: str, path: Path) -> Path:
    with database.reading() as connection, path.open("w", encoding="utf-8") as file:
        export.write(connection, book_id, form, file.write)
    return path


@pytest.fixture
def awkward(database: Database, there: Opened) -> Opened:
    """The worked examples over two days, other currencies, and parties with names that need care."""
    post(database, there.book, worked(there))
    for n, id in enumerate(register(database, *NAMES), start=1):
        paid = journal("collection received", {Owner.ANCHOR: id}, {"amount": 100 * n + 1}, subject_id=500 + n)
        post(database, there.book, [paid, paid._replace(subject_id=600 + n, currency="JPY")])
        post(database, there.book, [paid._replace(subject_id=700 + n, currency="KWD", ref='say "x" | ; y')])
    close(database, there.book, NEXT)
    late = journal("collection received", there.parties, {"amount": 77}, subject_id=800, value_date=date(2026, 1, 4))
    post(database, there.book, [late])
    return there


def test_hledger_accepts_the_exported_book_and_comes_to_our_balances(
    database: Database, awkward: Opened, tmp_path: Path
) -> None:
    if shutil.which("hledger") is None:
        pytest.skip("hledger is not installed: apt-get install hledger")
    path = exported(database, awkward.book, "hledger", tmp_path / "book.journal")
    ask("hledger", "-f", path, "check", "--strict")
    cash = ask("hledger", "-f", path, "bal", "-N", "--layout=bare", "--output-format=csv", "assets:cash")
    expected = net_of(database, awkward.book, "cash")
    assert {row.split(",")[1].strip('"'): row.split(",")[2].strip('"') for row in cash.splitlines()[1:]} == expected


def net_of(database: Database, book_id: int, code: str) -> dict[str, str]:
    """Balances of an account by currency, as decimals."""
    digits = {"EUR": 2, "JPY": 0, "KWD": 3}
    with database.reading() as connection:
        found = [balance for balance in queries.balances(connection, book_id) if balance.code == code]
    return {b.currency: f"{b.net_minor / 10 ** digits[b.currency]:.{digits[b.currency]}f}" for b in found}


def test_beancount_accepts_the_exported_book(database: Database, awkward: Opened, tmp_path: Path) -> None:
    path = exported(database, awkward.book, "beancount", tmp_path / "book.beancount")
    ask(Path(sys.executable).parent / "bean-check", path)
    wrong = path.with_name("wrong.beancount")
    wrong.write_text(path.read_text(encoding="utf-8").replace("113.50", "113.51", 1))
    assert subprocess.run([Path(sys.executable).parent / "bean-check", wrong], capture_output=True).returncode != 0


def test_an_empty_book_is_exported_too(database: Database, there: Opened, tmp_path: Path) -> None:
    for form in export.FORMS:
        exported(database, there.book, form, tmp_path / form)
    ask(Path(sys.executable).parent / "bean-check", tmp_path / "beancount")


def ask(*command: str | Path) -> str:
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, f"{done.stdout}{done.stderr}"
    return done.stdout


def statements(database: Database, book_id: int, batch: Sequence[Journal], monkeypatch: pytest.MonkeyPatch) -> int:
    """How often the database is asked for a batch: SQLAlchemy's statements and the bulk writers' own."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    def counted(real: Callable[..., None]) -> Callable[..., None]:
        def write(*given: Any) -> None:
            seen.append(real.__name__)
            real(*given)

        return write

    for real in (bulk.insert, bulk.set_each):
        monkeypatch.setattr(bulk, real.__name__, counted(real))
    event.listen(database.engine, "before_cursor_execute", note)
    post(database, book_id, batch)
    event.remove(database.engine, "before_cursor_execute", note)
    monkeypatch.undo()
    return len(seen)


def test_a_thousand_journals_take_as_many_statements_as_one(
    database: Database, there: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    def batch(first: int, count: int, suppliers: int) -> list[Journal]:
        amounts = {"net": 90, "reserve": 10}
        return [
            journal("advance funded", {Owner.SUPPLIER: first + n % suppliers}, amounts, subject_id=first + n)
            for n in range(count)
        ]

    database.ids()
    one = statements(database, there.book, batch(10_000, 1, 1), monkeypatch)
    many = statements(database, there.book, batch(20_000, 1_000, 500), monkeypatch)
    again = statements(database, there.book, [j._replace(occurrence=2) for j in batch(20_000, 1_000, 500)], monkeypatch)
    assert many == one < 20
    assert again < many
    assert net(database, there.book)["purchased receivables"] == 100 + 2 * 1_000 * 100
