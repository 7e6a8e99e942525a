"""GET: a page of a list, and one row of it by its id, with its version as ETag."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import Response, g, jsonify, request
from marshmallow import RAISE
from sqlalchemy import Connection, Row

from scf import paging
from scf.paging import Order
from scf.routes import Caller, ListRoute
from scf.web.problems import Problem
from scf.web.schemas import page_of, query_of


def list_view(blueprint: Any, route: ListRoute, name: str) -> Callable[..., Any]:
    """The view of a list."""

    def view(asked: dict[str, Any]) -> Response:
        caller: Caller = g.caller
        query = route.select(caller)
        for each, filter in route.filters.items():
            if each in asked:
                query = query.where(filter.condition(asked[each]))
        with caller.reading() as connection:
            page = paging.read(connection, query, _order(route, asked.get("sort", "")), asked["after"], asked["limit"])
            expanded = _expanded(route, caller, connection, page.rows, asked.get("expand"))
        return jsonify(items=_dumped(route, page.rows, expanded), next=page.next or None)

    # the page's schema only describes what the rows' own schema has dumped
    answered = blueprint.response(200, page_of(name, route.schema, route.expand))(view)
    query = query_of(name, route.sorts, route.filters, route.expand)
    wrapped: Callable[..., Any] = blueprint.arguments(query, location="query", unknown=RAISE)(answered)
    return wrapped


def one_view(blueprint: Any, route: ListRoute, _name: str) -> Callable[..., Any]:
    """The view of one row of a list."""

    def view(id: int) -> Response:
        caller: Caller = g.caller
        with caller.reading() as connection:
            row = connection.execute(route.select(caller).where(route.key == id)).one_or_none()
        if row is None:
            raise Problem(404, "not_found", "there is nothing under this id that you may see")
        response = jsonify(route.schema().dump(row))
        version = row._mapping.get("version")
        if version is not None:
            response.set_etag(str(version))
            response.make_conditional(request)
        return response

    answered = blueprint.response(200, route.schema)(view)
    wrapped: Callable[..., Any] = blueprint.alt_response(304, description="Not modified", success=True)(answered)
    return wrapped


def _order(route: ListRoute, sort: str) -> Order:
    column = route.sorts.get(sort.removeprefix("-"), route.key)
    return Order(column, route.key, sort.startswith("-"))


def _expanded(
    route: ListRoute, caller: Caller, connection: Connection, rows: Sequence[Row[Any]], name: str | None
) -> dict[int, dict[str, Any]]:
    if not name or not rows:
        return {}
    ids = [row._mapping["_key"] for row in rows]
    found = route.expand[name](caller, connection, ids)
    return {id: {name: found.get(id)} for id in ids}


def _dumped(route: ListRoute, rows: Sequence[Row[Any]], expanded: dict[int, dict[str, Any]]) -> list[dict[str, Any]]:
    schema = route.schema()
    items = [schema.dump(row) for row in rows]
    for item, row in zip(items, rows, strict=True) if expanded else ():
        item["expanded"] = expanded[row._mapping["_key"]]
    return items
