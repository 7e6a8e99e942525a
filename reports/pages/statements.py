"""A supplier's statement of account with a funder, on the screen and as a file.

The ledger is the funder's and stands behind the walls: it is read by the platform, after it was found under the
supplier's own eyes that it takes part in the book; and never for another supplier than the caller's own.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Response, request
from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate
from sqlalchemy import Connection, select

from reports import supplier_statement
from reports.api import READ
from reports.run import FORMS, render
from reports.tabular import Cell, Kind, Rank, Report, Section
from scf.books import queries as books
from scf.books.queries import Book
from scf.fields import Day, Id
from scf.ids import text
from scf.money import Money
from scf.organisations import queries as organisations
from scf.programmes.models import enrolments
from scf.routes import Caller, PageRoute
from scf.screens import Desk, MenuEntry
from scf.web import formats
from scf.web.forms import Form
from scf.web.pages import page
from scf.web.problems import Problem
from scf.web.words import N_, _

PATH = "/supplier/statements"
_DAYS_MAX = 366
_SHOWN_MAX = 100
# the report's own headings, to be translated where they are shown
_HEADINGS = (
    N_("Movements"),
    N_("Advances credited in the period"),
    N_("Value date"),
    N_("Booked"),
    N_("Event"),
    N_("Reference"),
    N_("Currency"),
    N_("Payable to supplier"),
    N_("Balance"),
    N_("Reserve"),
    N_("Due from supplier"),
    N_("Credited"),
    N_("Due"),
    N_("Status"),
    N_("Face"),
    N_("Net"),
    N_("Discount"),
    N_("Fee"),
    N_("VAT"),
    N_("Opening position"),
    N_("Closing position"),
    N_("Total"),
)
_TYPES: Mapping[str, str] = {"pdf": "application/pdf", "csv": "text/csv"}


class StatementQuery(Schema):
    """Of which book, over which value dates, in which form."""

    book_id = Id("bok", load_default=None)
    from_on = Day(load_default=None)
    to_on = Day(load_default=None)
    format = fields.String(load_default="", validate=[validate.OneOf(["", *sorted(FORMS)])])


@dataclass(frozen=True, slots=True)
class Period:
    """Value dates, both included."""

    from_on: date
    to_on: date


def show(caller: Caller) -> Response:
    """The statement, or the form when the supplier has no funder yet."""
    form = _form()
    with caller.reading() as connection:
        own = _books(connection, caller.organisation_id)
        names = organisations.names(connection, {book.funder_id for book in own})
    if not own:
        return page("supplier/statements.html", form=form, report=None, options=[])
    book = _book(form, own)
    period = _period(form, book)
    report = None if form.errors else _report(caller, book, period, form)
    if report is not None and form.loaded["format"]:
        return _file(report, book, form.loaded["format"])
    called = Counter(names.get(each.funder_id, each.ref) for each in own)
    options = [(text("bok", each.id), _called(each, names, called)) for each in own]
    return page(
        "supplier/statements.html",
        form.status,
        form=form,
        report=report,
        options=options,
        most=_SHOWN_MAX,
        sections=[_shown(each) for each in report.sections] if report else (),
        query=f"book_id={text('bok', book.id)}&from_on={period.from_on}&to_on={period.to_on}",
    )


def _called(book: Book, names: Mapping[int, str], called: Mapping[str, int]) -> str:
    """The funder's name; of a funder with several books also the book's."""
    name = names.get(book.funder_id, book.ref)
    return name if called[name] == 1 else f"{name} · {book.ref}"


def _form() -> Form:
    schema = StatementQuery()
    form = Form({name: request.args.get(name, "").strip() for name in schema.fields})
    try:
        form.loaded = schema.load({name: value for name, value in form.typed.items() if value}, unknown=EXCLUDE)
    except ValidationError as error:
        form.loaded = {**schema.load({}), **(error.valid_data if isinstance(error.valid_data, dict) else {})}
        messages: Mapping[str, Any] = error.messages if isinstance(error.messages, dict) else {}
        for name, told in messages.items():
            form.say(_(str(told[0])), name)
    return form


def _books(connection: Connection, supplier_id: int) -> Sequence[Book]:
    """The books in which the supplier takes part, as its own eyes see it."""
    enrolled = select(enrolments.c.book_id).where(enrolments.c.supplier_id == supplier_id)
    ids = set(connection.execute(enrolled).scalars())
    return [each for each in books.every(connection) if each.id in ids]


def _book(form: Form, own: Sequence[Book]) -> Book:
    wanted = form.loaded["book_id"]
    found = next((each for each in own if wanted in (None, each.id)), None)
    if found is None:
        raise Problem(404, "not_found", "you take part in no such book")
    form.typed = {**form.typed, "book_id": text("bok", found.id)}
    return found


def _period(form: Form, book: Book) -> Period:
    """What was asked for; else the month of the business date up to that day."""
    to_on = form.loaded["to_on"] or book.business_date
    from_on = form.loaded["from_on"] or min(to_on, book.business_date).replace(day=1)
    form.typed = {"from_on": from_on.isoformat(), "to_on": to_on.isoformat()} | {
        name: value for name, value in form.typed.items() if value
    }
    if to_on < from_on:
        form.say(_("The last day is before the first; give a later day."), "to_on")
    elif to_on - from_on > timedelta(days=_DAYS_MAX):
        form.say(_("Ask for a year at most."), "to_on")
    return Period(from_on, to_on)


def _report(caller: Caller, book: Book, period: Period, form: Form) -> Report:
    own: dict[str, Any] = {"supplier_id": caller.organisation_id, "from_on": period.from_on, "to_on": period.to_on}
    # the screen shows the time; all that is funded still, thousands perhaps, stand in the files and in their own list
    own["with_older"] = bool(form.loaded["format"])
    # the funder's ledger: the platform reads of it what is the supplier's own
    with caller.database.reading() as connection:
        return supplier_statement.build(connection, book, **own)


def _file(report: Report, book: Book, form: str) -> Response:
    response = Response(render(report, form), content_type=_TYPES[form])
    response.headers["Content-Disposition"] = f'attachment; filename="statement-{book.business_date}.{form}"'
    return response


@dataclass(frozen=True, slots=True)
class Shown:
    """A section as the page shows it: headings with whether they stand to the right, and its first rows.

    A row is whether it is a sum, and each cell with its heading and look.
    """

    heading: str
    headings: Sequence[tuple[str, bool]]
    rows: Sequence[tuple[bool, Sequence[tuple[str, str, str]]]]
    row_count: int


def _shown(section: Section) -> Shown:
    heads = [(_(column.heading.replace("\n", " ")), column.kind.to_the_right) for column in section.columns]
    looks = [_look(column.kind) for column in section.columns]
    rows = [
        (
            row.rank is not Rank.DETAIL,
            [
                (head, look if cell is not None else f"{look} blank", _cell(cell))
                for cell, (head, _right), look in zip(row.cells, heads, looks, strict=True)
            ],
        )
        for row in section.rows[:_SHOWN_MAX]
    ]
    return Shown(_(section.heading), heads, rows, len(section.rows))


def _look(kind: Kind) -> str:
    return "text-end" if kind.to_the_right else "day" if kind is Kind.DATE else ""


def _cell(cell: Cell) -> str:
    """A cell as its reader sees it; the currency stands in a column of its own."""
    if cell is None:
        return ""
    if isinstance(cell, Money):
        return formats.amount(cell.minor, cell.currency)
    if isinstance(cell, date):
        return formats.day(cell)
    return formats.count(cell) if isinstance(cell, int) else _(cell)


PAGES = (PageRoute(PATH, READ, show),)
MENU = (MenuEntry(Desk.SUPPLIER, N_("Statements"), PATH, READ, "journal-text", seldom=True),)
