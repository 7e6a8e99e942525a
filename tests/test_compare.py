"""A payables file beside what was received: what is equal, what differs, what either side lacks; and how it is read."""

from datetime import date

import pytest

from anchors.compare import Found, Payable, Received, Supplier, Suppliers, compare, normal_number, sums
from anchors.payables_csv import ROWS_MAX, read_payables
from scf.errors import FileRefused

DUE = date(2026, 3, 6)
ASH, BIRCH = Supplier(1, "DE811111111", "Ash Castings"), Supplier(2, "NL820098B01", "Birch Tools")
WAITING = frozenset({"submitted"})
HEADING = "supplier,invoice number,amount,currency,due date\n"


def line(number: str, supplier: str = "Ash Castings", minor: int = 100_000, due_on: date = DUE) -> Payable:
    return Payable(2, supplier, number, "EUR", minor, due_on)


def invoice(id: int, number: str, supplier_id: int = 1, status: str = "submitted", minor: int = 100_000) -> Received:
    return Received(id, supplier_id, number, "EUR", minor, DUE, status)


def found(payables: list[Payable], received: list[Received]) -> list[tuple[str, int | None]]:
    lines = compare(payables, Suppliers([ASH, BIRCH]), received, WAITING)
    return [(each.found.value, each.received.id if each.received else None) for each in lines]


def test_a_line_is_equal_or_tells_how_it_differs() -> None:
    received = [invoice(n, f"INV-{n}") for n in range(1, 6)] + [invoice(7, "INV-7", status="confirmed")]
    payables = [
        line("INV-1"),
        line("INV-2", minor=99_999),
        line("INV-3", due_on=date(2026, 3, 7)),
        line("INV-6"),
        line("INV-7"),
        line("inv 1"),
    ]
    assert found(payables, received) == [
        ("equal", 1),
        ("amount_differs", 2),
        ("due_date_differs", 3),
        ("not_received", None),
        ("decided", 7),
        ("twice_in_file", 1),
        ("not_in_file", 4),
        ("not_in_file", 5),
    ]


def test_a_supplier_goes_by_its_registration_or_its_name_and_numbers_of_others_are_not_its() -> None:
    received = [invoice(1, "INV-1"), invoice(2, "INV-1", supplier_id=2)]
    payables = [line("INV-1", "de 811.111.111"), line("INV-1", " birch TOOLS"), line("INV-1", "Cedar")]
    assert found(payables, received) == [("equal", 1), ("equal", 2), ("not_received", None)]


def test_a_name_that_two_bear_names_neither() -> None:
    both = Suppliers([ASH, BIRCH._replace(name="ash castings")])
    assert both.find("Ash Castings") is None and both.find("NL820098B01") == 2


def test_of_several_of_one_number_one_that_waits_is_meant() -> None:
    for order in ((1, 2), (2, 1)):
        held = {1: invoice(1, "INV-1", status="rejected"), 2: invoice(2, "INV-1")}
        assert found([line("INV-1")], [held[n] for n in order]) == [("equal", 2)]


@pytest.mark.parametrize(("written", "normal"), [("inv-0042", "INV0042"), ("0042/a", "42A"), (" 7.1 ", "71")])
def test_numbers_are_compared_without_marks(written: str, normal: str) -> None:
    assert normal_number(written) == normal


def test_what_was_found_is_summed_by_currency() -> None:
    lines = compare([line("INV-1"), line("INV-2")], Suppliers([ASH]), [invoice(1, "INV-1"), invoice(3, "X")], WAITING)
    totals = sums(lines)
    assert totals[Found.EQUAL] == {"EUR": (1, 100_000)} == totals[Found.NOT_RECEIVED] == totals[Found.NOT_IN_FILE]
    assert totals[Found.AMOUNT_DIFFERS] == {}


def test_a_file_is_read_in_the_one_form_it_has() -> None:
    ours = read_payables((HEADING + "Ash Castings,INV-1,1000.00,EUR,2026-03-06\n\n").encode())
    theirs = "Due on;Currency code;Gross amount;Invoice no.;Supplier ref\n06.03.2026;eur;1000,00;INV-1;Ash Castings\n"
    assert ours.lines == [line("INV-1")] and not ours.faults
    assert read_payables(theirs.encode("cp1252")).lines == [line("INV-1")]


def test_what_is_wrong_is_said_by_row_and_column() -> None:
    wrong = (",INV-2,1x,EUR,2026-02-30", "Ash,INV-3,-5.00,XXQ,06.03.2026", "Ash,INV-4")
    rows = ["Ash,INV-1,1000.00,EUR,2026-03-06", *wrong]
    read = read_payables((HEADING + "\n".join(rows)).encode())
    assert [each.row for each in read.lines] == [2]
    assert {(each.row, each.column) for each in read.faults} == {
        (3, "supplier"), (3, "amount"), (3, "due date"), (4, "currency"), (4, "due date"),
        (5, "amount"), (5, "currency"), (5, "due date"),
    }  # fmt: skip
    mixed = read_payables((HEADING + 'Ash,INV-1,"1,00",EUR,2026-03-06\nAsh,INV-2,"1.000,00",EUR,2026-03-06').encode())
    assert [(each.row, each.column) for each in mixed.faults] == [(3, "amount")]
    assert read_payables((HEADING + "Ash,INV-1,0.00,EUR,2026-03-06").encode()).faults[0].column == "amount"


BAD = {
    "no heading": b"a,b\n1,2\n",
    "no rows": HEADING.encode(),
    "a stray mark": (HEADING + 'Ash,"INV-1,1.00,EUR,2026-03-06\n').encode(),
    "too many rows": (HEADING + "Ash,I,1.00,EUR,2026-03-06\n" * (ROWS_MAX + 1)).encode(),
    "binary": b"\0\1\2",
}


@pytest.mark.parametrize("case", BAD)
def test_a_file_that_is_no_list_is_refused(case: str) -> None:
    with pytest.raises(FileRefused):
        read_payables(BAD[case])
