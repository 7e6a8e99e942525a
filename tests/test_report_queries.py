"""Reports from the database: three days of a supplier's account, two of them closed, with rows put in by hand."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Connection, insert

from reports.run import build
from reports.supplier_ledger import Position, accounts_of, opening
from reports.tabular import Cell, Rank, Report
from scf.books import queries as books
from scf.books.models import books as book_table
from scf.books.queries import Book
from scf.db.engine import open_engine
from scf.db.types import metadata
from scf.errors import FieldError
from scf.factoring.models import advance_requests, advances
from scf.ledger.chart import CHART
from scf.ledger.close import write_account_days
from scf.ledger.models import accounts, journals, postings
from scf.ledger.queries import balances
from scf.money import decimal_string
from scf.organisations.models import organisations
from scf.programmes.models import enrolments, programmes, terms_documents
from scf.receivables.models import receivables

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
THURSDAY, FRIDAY, MONDAY, TUESDAY = date(2026, 11, 19), date(2026, 11, 20), date(2026, 11, 23), date(2026, 11, 24)
FUNDER, NORTHWIND, CONTOSO, ACME, BLUE = 1, 2, 3, 4, 5
NAMES = {FUNDER: "Harbour", NORTHWIND: "Northwind", CONTOSO: "Contoso", ACME: "Acme Parts", BLUE: "Blue Ridge"}
BOOK, OTHER_BOOK = 10, 11


@pytest.fixture(params=["sqlite", "postgresql"])
def connection(request: pytest.FixtureRequest) -> Iterator[Connection]:
    if request.param == "sqlite":
        url = f"sqlite:///{request.getfixturevalue('tmp_path')}/x.db"
    else:
        url = request.getfixturevalue("fresh_postgres_url")
    engine = open_engine(url)
    metadata.create_all(engine)
    with engine.begin() as opened:
        _parties(opened)
        _advances(opened)
        _ledger(opened)
        yield opened
    engine.dispose()


def _parties(connection: Connection) -> None:
    party = {"country": "DE", "group_id": None, "created_at": AT}
    rows = [{"id": id, "name": name, "registration_ref": f"R{id}", **party} for id, name in NAMES.items()]
    connection.execute(insert(organisations), rows)
    dates = {"calendar": "TARGET", "business_date": MONDAY, "previous_on": FRIDAY, "created_at": AT}
    for id in (BOOK, OTHER_BOOK):
        connection.execute(insert(book_table).values(id=id, ref=f"B{id}", funder_id=FUNDER, **dates))
    connection.execute(insert(terms_documents).values(id=20, hash="h", body="{}", created_at=AT))


def _advances(connection: Connection) -> None:
    for n, anchor in enumerate((NORTHWIND, CONTOSO)):
        connection.execute(insert(programmes).values(id=30 + n, book_id=BOOK, anchor_id=anchor, name=NAMES[anchor]))
        for supplier in (ACME, BLUE):
            values = {"book_id": BOOK, "programme_id": 30 + n, "anchor_id": anchor, "supplier_id": supplier}
            connection.execute(insert(enrolments).values(id=10 * anchor + supplier, **values))
    _advance(connection, 100, NORTHWIND, ACME, THURSDAY, date(2026, 12, 18), 95_000_00)
    _advance(connection, 101, NORTHWIND, BLUE, FRIDAY, date(2026, 12, 18), 100_000_00)
    _advance(connection, 102, NORTHWIND, ACME, FRIDAY, date(2027, 1, 8), 100_000_00)
    _advance(connection, 103, CONTOSO, ACME, MONDAY, date(2026, 12, 18), 40_000_00)
    _advance(connection, 104, CONTOSO, ACME, THURSDAY, FRIDAY, 0, "settled")


def _advance(
    connection: Connection, id: int, anchor: int, supplier: int, credited_on: date, due_on: date, open_minor: int,
    status: str = "funded",
) -> None:  # fmt: skip
    face = {"currency": "EUR", "face_minor": 100_000_00}
    parties = {"enrolment_id": 10 * anchor + supplier, "receivable_id": 1000 + id, "terms_id": 20, "book_id": BOOK}
    connection.execute(
        insert(receivables).values(
            id=1000 + id, debtor_id=anchor, creditor_id=FUNDER, ref=f"INV-{id}", fingerprint=str(id), **face,
            open_minor=open_minor, issued_on=THURSDAY, due_on=due_on, undertaking="irrevocable", status=status,
            version=1,
        )
    )  # fmt: skip
    connection.execute(
        insert(advance_requests).values(
            id=2000 + id, **parties, supplier_id=supplier, anchor_id=anchor, ref=f"INV-{id}", currency="EUR",
            face_minor=100_000_00, due_on=due_on, undertaking="irrevocable", origin="asked", requested_on=THURSDAY,
            reserved_minor=0, decided_by_id=0, status="funded", version=1,
        )
    )  # fmt: skip
    connection.execute(
        insert(advances).values(
            id=id, **parties, request_id=2000 + id, anchor_id=anchor, supplier_id=supplier, ref=f"INV-{id}",
            kind="bought", **face, advance_minor=90_000_00, reserve_minor=10_000_00, discount_minor=1_500_00,
            fee_minor=400_00, vat_minor=100_00, net_minor=88_000_00, credited_on=credited_on, due_on=due_on,
            tenor_days=30, earns_to_on=due_on, proof="{}", status=status, version=1,
        )
    )  # fmt: skip


def _ledger(connection: Connection) -> None:
    """Acme's account; beside it another supplier's, and Acme's own account in another book."""
    _fund(connection, 1, THURSDAY, ACME)
    _post(connection, 2, "payout sent", THURSDAY, THURSDAY, [("payable to supplier", "payouts in transit", 88_000_00)])
    _fund(connection, 3, THURSDAY, BLUE)
    _fund(connection, 4, THURSDAY, ACME, OTHER_BOOK)
    dilution = [
        ("reserve", "purchased receivables", 4_000_00),
        ("due from supplier", "purchased receivables", 1_000_00),
    ]
    _post(connection, 5, "diluted", FRIDAY, FRIDAY, dilution)
    _post(connection, 6, "limit moved", FRIDAY, FRIDAY, [("limit headroom", "limit drawn", 77_00)])
    for day in (THURSDAY, FRIDAY):
        write_account_days(connection, BOOK, day)
    _post(connection, 7, "reserve released", MONDAY, MONDAY, [("reserve", "payable to supplier", 2_000_00)])
    _post(connection, 8, "claim set off", MONDAY, MONDAY, [("payable to supplier", "due from supplier", 400_00)])
    # booked on Monday, but of Thursday and of Friday by value; and one of Tuesday
    _post(connection, 9, "discount cut short", MONDAY, THURSDAY, [("unearned discount", "payable to supplier", 50_00)])
    _post(connection, 10, "discount cut short", MONDAY, FRIDAY, [("unearned discount", "payable to supplier", 300_00)])
    _post(connection, 11, "payout sent", MONDAY, TUESDAY, [("payable to supplier", "payouts in transit", 100_00)])


def _fund(connection: Connection, id: int, on: date, supplier: int, book: int = BOOK) -> None:
    parts = {"payable to supplier": 88_000_00, "reserve": 10_000_00, "unearned discount": 1_500_00, "fees": 500_00}
    pairs = [("purchased receivables", code, minor) for code, minor in parts.items()]
    _post(connection, id, "advance funded", on, on, pairs, supplier, book)


def _post(
    connection: Connection, id: int, event: str, business_date: date, value_date: date,
    pairs: list[tuple[str, str, int]], supplier: int = ACME, book: int = BOOK,
) -> None:  # fmt: skip
    connection.execute(
        insert(journals).values(
            id=id, book_id=book, event=event, subject_id=id, occurrence=1, value_date=value_date,
            business_date=business_date, command_id=1, ref=f"J{id}",
        )
    )  # fmt: skip
    for line, (debit, credit, minor) in enumerate(pairs, 1):
        sides = {
            "debit_account_id": _account(connection, debit, supplier, book),
            "credit_account_id": _account(connection, credit, supplier, book),
        }
        row = {"journal_id": id, "line": line, "book_id": book, "currency": "EUR", "amount_minor": minor}
        connection.execute(insert(postings).values(**row, **sides))


def _account(connection: Connection, code: str, supplier: int, book: int) -> int:
    owner = supplier if CHART[code].owner == "supplier" else 900 if CHART[code].memorandum else 0
    id = book * 100_000 + owner * 100 + list(CHART).index(code)
    if connection.execute(accounts.select().where(accounts.c.id == id)).first() is None:
        sides = {"debit_normal": CHART[code].debit_normal, "floored": CHART[code].floored}
        totals = {"debit_minor": 0, "credit_minor": 0, "hold": ""}
        row = {"id": id, "book_id": book, "code": code, "owner_id": owner, "currency": "EUR"}
        connection.execute(insert(accounts).values(**row, **sides, **totals))
    return id


def _book(connection: Connection) -> Book:
    found = books.find(connection, BOOK)
    assert found is not None
    return found


def _acme(connection: Connection, from_on: date = FRIDAY, to_on: date = MONDAY) -> Report:
    return build(connection, "supplier-statement", _book(connection), supplier_id=ACME, from_on=from_on, to_on=to_on)


def _said(cell: Cell) -> str:
    """A cell as the tests write it: amounts as plain decimals, dates by their day of the month."""
    if isinstance(cell, date):
        return str(cell.day)
    if cell is None or isinstance(cell, str | int):
        return str(cell or "")
    return decimal_string(cell.minor, cell.currency)


def _lines(report: Report, section: int = 0) -> list[str]:
    return [" | ".join(_said(cell) for cell in row.cells) for row in report.sections[section].rows]


def test_the_ladder_counts_and_sums_funded_advances_by_anchor_and_day(connection: Connection) -> None:
    report = build(connection, "ladder", _book(connection))
    assert _lines(report) == [
        "Contoso | 18 | EUR | 1 | 100000.00 | 40000.00",
        "Subtotal Contoso |  | EUR | 1 | 100000.00 | 40000.00",
        "Northwind | 18 | EUR | 2 | 200000.00 | 195000.00",
        "Northwind | 8 | EUR | 1 | 100000.00 | 100000.00",
        "Subtotal Northwind |  | EUR | 3 | 300000.00 | 295000.00",
        "Total |  | EUR | 4 | 400000.00 | 335000.00",
    ]
    assert report.subtitle == ("Book B10", "Business date 23 Nov 2026")


def test_a_statement_shows_every_movement_by_value_date_with_running_balances(connection: Connection) -> None:
    assert _lines(_acme(connection)) == [
        "20 |  | Opening position |  | EUR |  | 50.00 |  | 10000.00 |  | 0.00",
        "20 | 20 | diluted | J5 | EUR |  | 50.00 | -4000.00 | 6000.00 | 1000.00 | 1000.00",
        "20 | 23 | discount cut short | J10 | EUR | 300.00 | 350.00 |  | 6000.00 |  | 1000.00",
        "23 | 23 | reserve released | J7 | EUR | 2000.00 | 2350.00 | -2000.00 | 4000.00 |  | 1000.00",
        "23 | 23 | claim set off | J8 | EUR | -400.00 | 1950.00 |  | 4000.00 | -400.00 | 600.00",
        "23 |  | Closing position |  | EUR |  | 1950.00 |  | 4000.00 |  | 600.00",
    ]


def test_a_statement_is_the_same_when_the_open_day_has_been_closed(connection: Connection) -> None:
    before = _acme(connection)
    books.move_date(connection, _book(connection), TUESDAY)
    write_account_days(connection, BOOK, MONDAY)
    assert _acme(connection).sections == before.sections


def test_a_statement_closes_where_the_ledger_stands(connection: Connection) -> None:
    own = accounts_of(connection, BOOK, ACME)
    found = {each.code: each.net_minor for each in balances(connection, BOOK, value_to=MONDAY) if each.owner_id == ACME}
    position = opening(connection, BOOK, own, TUESDAY)["EUR"]
    assert position == Position(-found["payable to supplier"], -found["reserve"], found["due from supplier"])
    assert position == Position(1_950_00, 4_000_00, 600_00)


def test_a_statement_lists_advances_of_its_period_and_older_ones_still_funded(connection: Connection) -> None:
    assert [line.split(" | ")[0] for line in _lines(_acme(connection), 1)] == ["INV-100", "INV-102", "INV-103", "Total"]
    whole = _lines(_acme(connection, THURSDAY, FRIDAY), 1)
    assert whole[1] == (
        "INV-104 | 19 | 20 | settled | EUR | 100000.00 | 88000.00 | 1500.00 | 400.00 | 100.00 | 10000.00"
    )
    assert whole[-1] == "Total |  |  |  | EUR | 300000.00 | 264000.00 | 4500.00 | 1200.00 | 300.00 | 30000.00"


def test_a_supplier_without_an_account_has_an_empty_statement(connection: Connection) -> None:
    days = {"from_on": FRIDAY, "to_on": MONDAY}
    report = build(connection, "supplier-statement", _book(connection), supplier_id=CONTOSO, **days)
    assert [section.rows for section in report.sections] == [(), ()]


def test_the_trial_balance_is_equal_on_both_sides_on_every_value_date(connection: Connection) -> None:
    for value_to in (THURSDAY, FRIDAY, MONDAY, TUESDAY, None):
        report = build(connection, "trial-balance", _book(connection), value_to=value_to)
        totals = [row.cells for row in report.sections[0].rows if row.rank is Rank.TOTAL]
        assert len(totals) == 1 and totals[0][3] == totals[0][4]
        assert not any("memorandum" in line for line in _lines(report))
    assert _lines(build(connection, "trial-balance", _book(connection), value_to=THURSDAY)) == [
        "assets:purchased receivables | Acme Parts | EUR | 100000.00 | ",
        "assets:purchased receivables | Blue Ridge | EUR | 100000.00 | ",
        "assets:unearned discount |  | EUR |  | 2950.00",
        "liabilities:payable to supplier | Acme Parts | EUR |  | 50.00",
        "liabilities:payable to supplier | Blue Ridge | EUR |  | 88000.00",
        "liabilities:reserve | Acme Parts | EUR |  | 10000.00",
        "liabilities:reserve | Blue Ridge | EUR |  | 10000.00",
        "liabilities:payouts in transit |  | EUR |  | 88000.00",
        "income:fees |  | EUR |  | 1000.00",
        "Total |  | EUR | 200000.00 | 200000.00",
    ]


@pytest.mark.parametrize(
    ("name", "params", "says"),
    [
        ("profit", {}, "there are: ladder, supplier-statement, trial-balance"),
        ("ladder", {"value_to": MONDAY}, "value_to: the report ladder does not take it"),
        ("supplier-statement", {"supplier_id": ACME, "to_on": MONDAY}, "from_on: the report"),
        ("supplier-statement", {"supplier_id": 99, "from_on": FRIDAY, "to_on": MONDAY}, "supplier_id: there is no"),
        ("supplier-statement", {"supplier_id": ACME, "from_on": MONDAY, "to_on": FRIDAY}, "give a later day"),
    ],
)
def test_what_cannot_be_built_is_refused_in_words(
    connection: Connection, name: str, params: dict[str, object], says: str
) -> None:
    with pytest.raises(FieldError, match=says):
        build(connection, name, _book(connection), **params)
