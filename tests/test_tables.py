"""Tables as pages: what is shown, filtered, sorted, summed and given as files is what the API gives that reader."""

import csv
import io
import re
from datetime import date
from pathlib import Path

import pytest
from api_site import ApiCaller, Site, open_site
from desks import Desks, line, open_desks
from python_calamine import CalamineWorkbook
from werkzeug.test import TestResponse

from invoices.api import READ, ROUTES
from scf.db.engine import Database
from scf.module import Module
from scf.routes import ListRoute
from scf.screens import Column, Kind, TablePage
from wsgi import MODULES

PATH = "/test/invoices"
_LIST = next(route for route in ROUTES if isinstance(route, ListRoute) and route.path == "/invoices")
TABLE = TablePage(
    PATH,
    "Invoices",
    _LIST,
    (
        Column("number", "Number", link="/supplier/invoices/{id}"),
        Column("anchor_id", "Anchor", Kind.ORGANISATION),
        Column("due_on", "Due", Kind.DAY),
        Column("amount_minor", "Amount", Kind.MONEY),
        Column("status", "Status", Kind.STATUS),
    ),
    "No invoices yet.",
    total=True,
)
MODULE = Module(name="test", tables=(TABLE,))


@pytest.fixture
def desks(database: Database) -> Desks:
    return open_desks(database)


@pytest.fixture
def site(database: Database, tmp_path: Path) -> Site:
    return open_site(database, tmp_path, (*MODULES, MODULE))


@pytest.fixture
def supplier(desks: Desks, site: Site) -> ApiCaller:
    return site.caller(desks.person(desks.supplier, "Ida", READ))


def ask(
    caller: ApiCaller, path: str = PATH, expected: int = 200, language: str = "en", target: str = ""
) -> TestResponse:
    """A page; with `target`, as htmx asks for that part of it."""
    headers = {**caller.headers, "Accept-Language": language}
    if target:
        headers |= {"HX-Request": "true", "HX-Target": target}
    answer = caller.client.get(path, headers=headers)
    assert answer.status_code == expected, answer.get_data(as_text=True)
    return answer


def numbers(answer: TestResponse) -> list[str]:
    """The invoices a page shows, in its order."""
    return re.findall(r"/supplier/invoices/inv_\w+\">([^<]+)<", answer.text)


def test_a_page_shows_filters_sorts_and_sums(desks: Desks, supplier: ApiCaller) -> None:
    desks.upload(*(line(f"INV-{n}", due=f"2026-03-0{n}") for n in range(1, 6)))
    shown = ask(supplier)
    assert numbers(shown) == [f"INV-{n}" for n in (5, 4, 3, 2, 1)]
    assert "€\N{NO-BREAK SPACE}5,000.00" in shown.text and "€\N{NO-BREAK SPACE}1,000.00" in shown.text
    assert "Submitted" in shown.text and "5 Mar 2026" in ask(supplier, language="en-GB").text
    assert numbers(ask(supplier, f"{PATH}?sort=due_on")) == [f"INV-{n}" for n in range(1, 6)]
    assert numbers(ask(supplier, f"{PATH}?due_from=2026-03-03&due_to=2026-03-04")) == ["INV-4", "INV-3"]
    assert "Nothing fits these filters." in ask(supplier, f"{PATH}?number=INV-9").text


def test_a_table_of_nothing_says_so(supplier: ApiCaller) -> None:
    assert "No invoices yet." in ask(supplier).text


def test_a_wrong_filter_is_said_beside_it_and_the_others_hold(desks: Desks, supplier: ApiCaller) -> None:
    desks.upload(line("INV-1"), line("INV-2"))
    shown = ask(supplier, f"{PATH}?due_from=yesterday&number=INV-2", 422)
    assert numbers(shown) == ["INV-2"]
    assert re.search(r'value="yesterday" aria-invalid="true" aria-describedby="by-due_from-wrong"', shown.text)


def test_it_goes_on_page_by_page(desks: Desks, supplier: ApiCaller) -> None:
    desks.upload(*(line(f"INV-{n:03}") for n in range(120)))
    seen, path = [], PATH
    while path:
        shown = ask(supplier, path)
        seen += numbers(shown)
        found = re.search(r'href="([^"]+)" rel="next"', shown.text)
        path = found[1].replace("&amp;", "&") if found else ""
    assert seen == [f"INV-{n:03}" for n in reversed(range(120))]


def test_its_files_hold_every_row_as_filtered(desks: Desks, supplier: ApiCaller) -> None:
    desks.upload(*(line(f"INV-{n:03}", due=f"2026-03-{n % 9 + 1:02}") for n in range(120)))
    told = ask(supplier, f"{PATH}.csv?due_to=2026-03-04&sort=number")
    rows = list(csv.DictReader(io.StringIO(told.get_data().decode("utf-8-sig"))))
    assert len(rows) == 55 and rows[0] == {
        "Number": "INV-000", "Anchor": "Halberd", "Due": "2026-03-01", "Amount": "1000.00", "Status": "submitted",
    }  # fmt: skip
    book = CalamineWorkbook.from_filelike(io.BytesIO(ask(supplier, f"{PATH}.xlsx").get_data()))
    sheet = book.get_sheet_by_index(0).to_python()
    assert len(sheet) == 121 and sheet[0] == ["Number", "Anchor", "Due", "Amount", "Status"]
    assert sheet[1][3] == 1000 and sheet[1][2] == date(2026, 3, 3).isoformat()


def test_a_file_of_a_wrong_filter_is_refused(supplier: ApiCaller) -> None:
    assert "due_from" in ask(supplier, f"{PATH}.csv?due_from=yesterday", 422).text


def test_what_outsiders_wrote_is_no_formula(desks: Desks, supplier: ApiCaller) -> None:
    desks.upload(line("=1+1"))
    assert "'=1+1" in ask(supplier, f"{PATH}.csv").text


def test_nobody_sees_the_rows_of_others(desks: Desks, site: Site, supplier: ApiCaller) -> None:
    desks.upload(line("INV-1"))
    rival = site.caller(desks.person(desks.rival, "Rita", READ))
    for end in ("", ".csv"):
        assert "INV-1" in ask(supplier, PATH + end).text
        assert "INV-1" not in ask(rival, PATH + end).text
    stranger = site.caller(desks.person(desks.supplier, "Ian", "invoices.upload"))
    for end in ("", ".csv", ".xlsx"):
        assert stranger.client.get(PATH + end, headers=stranger.headers).status_code == 403


def test_a_part_of_the_page_comes_alone_with_its_files(desks: Desks, supplier: ApiCaller) -> None:
    desks.upload(line("INV-1"))
    part = ask(supplier, f"{PATH}?number=INV-1", target="table")
    assert numbers(part) == ["INV-1"] and "<html" not in part.text
    assert f'{PATH}.csv?number=INV-1"' in part.text and "hx-swap-oob" in part.text


@pytest.mark.parametrize(
    ("language", "day", "amount"),
    [("en-US", "Mar 5, 2026", "€\xa01,000.00"), ("zh-CN", "2026年3月5日", "€\xa01,000.00")],
)
def test_dates_and_amounts_are_the_readers(
    desks: Desks, supplier: ApiCaller, language: str, day: str, amount: str
) -> None:
    desks.upload(line("INV-5", due="2026-03-05"))
    shown = ask(supplier, language=language).text
    assert day in shown and amount in shown
