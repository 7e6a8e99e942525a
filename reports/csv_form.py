"""A report as CSV for other programs: RFC 4180, UTF-8, amounts as plain decimal strings, dates as ISO 8601.

All sections share one header, so that every line has the same number of fields: the section, the rank of the row
("detail", "subtotal" …), then each column's name once. Title, subtitle and chart are not in it. Text that a spreadsheet
would take for a formula gets an apostrophe before it: names and numbers of invoices come from outsiders.
"""

import csv
import io
from collections.abc import Callable
from datetime import date

from reports.tabular import Cell, Report
from scf.money import Money, decimal_string
from scf.spreadsheet import plain

_WRITTEN: dict[type, Callable[..., str]] = {
    str: plain,
    int: str,
    date: date.isoformat,
    Money: lambda money: decimal_string(money.minor, money.currency),
    type(None): lambda _nothing: "",
}


def csv_bytes(report: Report) -> bytes:
    """The report's rows as one CSV file."""
    names = list(dict.fromkeys(column.name for section in report.sections for column in section.columns))
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(["section", "rank", *names])
    for section in report.sections:
        own = {column.name: n for n, column in enumerate(section.columns)}
        places = [own.get(name) for name in names]
        for row in section.rows:
            cells = [None if place is None else row.cells[place] for place in places]
            writer.writerow([section.heading, row.rank.value, *map(_written, cells)])
    return text.getvalue().encode()


def _written(cell: Cell) -> str:
    return _WRITTEN[type(cell)](cell)
