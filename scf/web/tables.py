"""Lists as pages: filtered, sorted, page by page, summed, and as files; all from the declaration of the table.

The SELECT is the API's own, with its filters, so that a page and a program see the same rows.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any
from urllib.parse import urlencode

from flask import Response, render_template, request
from marshmallow import Schema, ValidationError, fields, validate
from sqlalchemy import Connection, Row, Select, func, select

from scf import paging
from scf.fields import Day, Id
from scf.paging import Order
from scf.people import filters
from scf.routes import Caller, PageRoute
from scf.screens import Column, Kind, TablePage
from scf.web import formats
from scf.web.cells import RIGHT, Cell, cells, names_of
from scf.web.files import csv_answer, xlsx_answer
from scf.web.forms import Form
from scf.web.pages import page
from scf.web.problems import Problem
from scf.web.schemas import query_of
from scf.web.status import status_words
from scf.web.words import _

# rows of a page, where the address does not ask for more
ROWS = 50
_SUMMED_MAX = 5_000
# what stands in an address beside the filters
_OWN = ("sort", "after", "limit")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks of a table: loaded values, what was typed, and what is wrong with it by name."""

    loaded: Mapping[str, Any]
    typed: Mapping[str, str]
    errors: Mapping[str, str]

    def query(self, **changed: str) -> str:
        """The address's query with something changed; empty values are left out."""
        kept = {name: value for name, value in {**self.typed, **changed}.items() if value}
        return f"?{urlencode(kept)}" if kept else "?"


@dataclass(frozen=True, slots=True)
class FilterField:
    """A filter as the form shows it; `kind` is choice, day or text."""

    name: str
    words: str
    kind: str
    value: str
    error: str
    options: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Heading:
    """A column's heading, in the reader's language; `sort` is the query that sorts by it, `now` how it is sorted."""

    words: str
    right: bool
    sort: str = ""
    now: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A table as its template shows it."""

    path: str
    title: str
    headings: Sequence[Heading]
    rows: Sequence[Sequence[Cell]]
    filters: Sequence[FilterField]
    empty: str
    is_filtered: bool
    next: str
    first: str
    totals: Sequence[tuple[str, str]]
    beyond_total: bool
    query: str
    asked: Asked
    is_part: bool


def pages_of(table: TablePage) -> list[PageRoute]:
    """The page of a table, and its files."""
    views = {"": _page, ".csv": _csv, ".xlsx": _xlsx}
    return [
        PageRoute(table.path + end, table.permission, partial(view, table), scope=table.scope)
        for end, view in views.items()
    ]


def context(caller: Caller, table: TablePage, limit: int = 10) -> Shown:
    """The first rows of a table, for a page about something else."""
    return _shown(caller, table, Asked({}, {}, {}), limit, is_part=True)


def _page(table: TablePage, caller: Caller) -> Response:
    asked = _asked(table)
    shown = _shown(
        caller,
        table,
        asked,
        asked.loaded["limit"] if asked.typed.get("limit") and "limit" in asked.loaded else ROWS,
        is_part=False,
    )
    status = 422 if asked.errors else 200
    if request.headers.get("HX-Target") == "table":
        parts = ("table.html", "exports.html")
        return Response("".join(render_template(part, table=shown, swapped=True) for part in parts), status)
    with caller.reading() as connection:
        saved = filters.of_page(connection, caller.actor.id, caller.organisation_id, shown.path)
    return page("table_page.html", status, table=shown, act=table.act, saved=saved, form=Form())


def _csv(table: TablePage, caller: Caller) -> Response:
    return csv_answer(caller, table, *_whole(table, caller))


def _xlsx(table: TablePage, caller: Caller) -> Response:
    return xlsx_answer(caller, table, *_whole(table, caller))


def _whole(table: TablePage, caller: Caller) -> tuple[Select[Any], Order]:
    """All that is asked for. Raises `Problem`: a file of what was not asked for would be taken for what was."""
    asked = _asked(table)
    if asked.errors:
        raise Problem(422, "invalid", "; ".join(f"{name}: {told}" for name, told in asked.errors.items()))
    return _select(caller, table, asked), _order(table, asked)


def _asked(table: TablePage) -> Asked:
    schema = _query_schema(table.path)(table)
    typed = {name: request.args[name].strip() for name in request.args if name in schema.fields}
    try:
        loaded = schema.load({name: value for name, value in typed.items() if value})
        return Asked(loaded, typed, {})
    except ValidationError as error:
        found = error.messages if isinstance(error.messages, dict) else {}
        loaded = error.valid_data if isinstance(error.valid_data, dict) else {}
        errors = {name: _(str(told[0] if isinstance(told, list) else told)) for name, told in found.items()}
        return Asked(loaded, typed, errors)


@cache
def _query_schema(path: str) -> Any:
    """The schema of a table's address, made once a table."""
    made: list[Schema] = []

    def of(table: TablePage) -> Schema:
        if not made:
            made.append(query_of(f"Page{path}", table.route.sorts, _free(table), {})())
        return made[0]

    return of


def _free(table: TablePage) -> dict[str, Any]:
    return {name: each for name, each in table.route.filters.items() if name not in table.fixed}


def _select(caller: Caller, table: TablePage, asked: Asked) -> Select[Any]:
    query = table.route.select(caller)
    given = {**asked.loaded, **table.fixed}
    for name, each in table.route.filters.items():
        if name in given:
            query = query.where(each.condition(given[name]))
    return query


def _order(table: TablePage, asked: Asked) -> Order:
    sort = str(asked.loaded.get("sort", ""))
    column = table.route.sorts.get(sort.removeprefix("-"), table.route.key)
    return Order(column, table.route.key, sort.startswith("-") if sort else table.descending)


def _shown(caller: Caller, table: TablePage, asked: Asked, limit: int, *, is_part: bool) -> Shown:
    query, order = _select(caller, table, asked), _order(table, asked)
    with caller.reading() as connection:
        after = str(asked.loaded.get("after", ""))
        found = paging.read(connection, query, order, after, limit)
        names = names_of(connection, table.columns, found.rows)
        filters = [] if is_part else _filters(caller, connection, table, asked)
        totals, beyond = _totals(connection, table, query) if table.total and not is_part else ((), False)
    prefix = table.route.prefix
    free = {name for name in asked.typed if name not in _OWN and asked.typed[name]}
    path = _path(caller, table)
    return Shown(
        path=path,
        title=table.title,
        headings=[_heading(table, asked, column, is_part=is_part) for column in table.columns],
        rows=[cells(table.columns, row, names, prefix) for row in found.rows],
        filters=filters,
        empty=table.empty,
        is_filtered=bool(free),
        next=asked.query(after=found.next) if found.next and not is_part else "",
        first=asked.query(after="") if asked.typed.get("after") else "",
        totals=totals,
        beyond_total=beyond,
        query=asked.query(after=""),
        asked=asked,
        is_part=is_part,
    )


def _path(caller: Caller, table: TablePage) -> str:
    book = caller.book
    return table.path if book is None else f"/books/{formats.id_text(book.id, 'bok')}{table.path}"


def _heading(table: TablePage, asked: Asked, column: Column, *, is_part: bool) -> Heading:
    words, right = _(column.words), column.kind in RIGHT
    name = next((name for name, each in table.route.sorts.items() if each.key == column.name), "")
    if not name or is_part:
        return Heading(words, right)
    sort = asked.typed.get("sort", "")
    now = {name: "ascending", f"-{name}": "descending"}.get(sort, "")
    return Heading(words, right, asked.query(sort=f"-{name}" if now == "ascending" else name, after=""), now)


def _filters(caller: Caller, connection: Connection, table: TablePage, asked: Asked) -> list[FilterField]:
    found = []
    for name, each in _free(table).items():
        field = each.field
        words = _(table.labels.get(name, label_of(name)))
        value, error = asked.typed.get(name, ""), asked.errors.get(name, "")
        if isinstance(field, Id) and name not in table.choices and not value:
            # nobody types an id; who comes here by one sees it, and can take it away
            continue
        if name in table.choices:
            options = table.choices[name](caller, connection)
            found.append(FilterField(name, words, "choice", value, error, options))
        elif isinstance(field, Day):
            found.append(FilterField(name, words, "day", value, error))
        elif isinstance(field, fields.Boolean):
            yes_no = (("true", _("yes")), ("false", _("no")))
            found.append(FilterField(name, words, "choice", value, error, yes_no))
        else:
            codes = _codes(field)
            options = [(code, status_words(code)) for code in codes]
            found.append(FilterField(name, words, "choice" if codes else "text", value, error, options))
    return found


def _codes(field: Any) -> Sequence[str]:
    """The closed list a filter's values come from, empty when there is none."""
    if isinstance(field, fields.Enum):
        return [str(member.value) for member in field.enum]
    for each in field.validators:
        if isinstance(each, validate.OneOf):
            return [str(choice) for choice in each.choices]
    return ()


def label_of(name: str) -> str:
    """What a filter is called that no table names otherwise."""
    words = name.removesuffix("_id").replace("_", " ")
    return words[:1].upper() + words[1:]


def _totals(connection: Connection, table: TablePage, query: Select[Any]) -> tuple[Sequence[tuple[str, str]], bool]:
    """The sums of the money columns by currency; nothing when there are more rows than are summed."""
    monies = [column for column in table.columns if column.kind is Kind.MONEY]
    within = query.order_by(None).limit(_SUMMED_MAX + 1).subquery()
    sums = [func.sum(within.c[column.name]).label(column.name) for column in monies]
    code = within.c[monies[0].currency]
    rows: Sequence[Row[Any]] = connection.execute(
        select(code.label("code"), func.count().label("rows"), *sums).group_by(code).order_by(code)
    ).all()
    if sum(row._mapping["rows"] for row in rows) > _SUMMED_MAX:
        return (), True
    told: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        for column in monies:
            told[column.words].append(formats.money(int(row._mapping[column.name] or 0), row._mapping["code"]))
    return [(words, " · ".join(each)) for words, each in told.items()], False
