"""A table as a file: every row as filtered, read page by page: a million rows take no more memory than one page.

What outsiders wrote is never a formula. Amounts are plain decimals, dates ISO 8601: files are read by machines.
"""

import csv
import io
from collections.abc import Iterator
from decimal import Decimal
from tempfile import TemporaryFile
from typing import Any

import xlsxwriter
from flask import Response
from sqlalchemy import Connection, Select

from scf import paging
from scf.paging import LIMIT_MAX, Order
from scf.routes import Caller
from scf.screens import TablePage
from scf.web.cells import RIGHT, filed, names_of
from scf.web.words import _

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# a sheet has no more
_SHEET_MAX = 1_048_575
# beyond fifteen digits a spreadsheet rounds, so that it is given text
_EXACT_DIGITS = 15


def csv_answer(caller: Caller, table: TablePage, query: Select[Any], order: Order) -> Response:
    """As CSV, UTF-8 with a mark that tells spreadsheets so; sent as it is read."""
    headings = [_(column.words) for column in table.columns]

    def chunks() -> Iterator[bytes]:
        yield "\N{BYTE ORDER MARK}".encode() + _line(headings)
        with caller.reading() as connection:
            for rows in _read(connection, table, query, order):
                yield b"".join(_line(row) for row in rows)

    return _named(Response(chunks(), content_type="text/csv; charset=utf-8"), table, "csv")


def xlsx_answer(caller: Caller, table: TablePage, query: Select[Any], order: Order) -> Response:
    """As XLSX: numbers are numbers, the headings stay in sight; at most as many rows as a sheet has."""
    file = TemporaryFile()  # noqa: SIM115 - the answer reads it, and closes it
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True})
    sheet.freeze_panes(1, 0)
    for n, column in enumerate(table.columns):
        sheet.set_column(n, n, 18)
        sheet.write_string(0, n, _(column.words), bold)
    with caller.reading() as connection:
        _fill(sheet, (row for rows in _read(connection, table, query, order) for row in rows), table)
    book.close()
    file.seek(0)
    return _named(Response(file, content_type=_XLSX, direct_passthrough=True), table, "xlsx")


def _fill(sheet: Any, rows: Iterator[list[str]], table: TablePage) -> None:
    numeric = [column.kind in RIGHT for column in table.columns]
    for number, row in enumerate(rows, 1):
        if number > _SHEET_MAX:
            return
        for n, value in enumerate(row):
            if numeric[n] and value and len(value.strip("-").replace(".", "")) <= _EXACT_DIGITS:
                sheet.write_number(number, n, Decimal(value))
            elif value:
                sheet.write_string(number, n, value)


def _read(connection: Connection, table: TablePage, query: Select[Any], order: Order) -> Iterator[list[list[str]]]:
    after = ""
    while True:
        found = paging.read(connection, query, order, after, LIMIT_MAX)
        names = names_of(connection, table.columns, found.rows)
        yield [filed(table.columns, row, names) for row in found.rows]
        after = found.next
        if not after:
            return


def _line(values: list[str]) -> bytes:
    line = io.StringIO()
    csv.writer(line).writerow(values)
    return line.getvalue().encode()


def _named(response: Response, table: TablePage, end: str) -> Response:
    name = table.path.strip("/").replace("/", "-")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{end}"'
    return response
