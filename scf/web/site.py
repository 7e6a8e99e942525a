"""Makes the API of the routes that the manifests declare: one blueprint a subject, every route behind its permission.

A route whose permission nobody declared, or two routes at one place, stop the process from starting.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from flask import Flask, Response

from scf import fields
from scf.commands import ScopeKind
from scf.errors import ScfError, SettingsError
from scf.module import Module
from scf.routes import PUBLIC, SIGNED_IN, SIGNING_IN, CommandRoute, EditRoute, ListRoute, PageRoute, Route, ViewRoute
from scf.web import problems, tables
from scf.web.batches import batch_view, edit_view
from scf.web.bodies import Subject, refuses
from scf.web.described import DescribedApi
from scf.web.entrance import Entrance
from scf.web.ids import IdConverter, path_schema
from scf.web.lists import list_view, one_view
from scf.web.pages import serve_pages
from scf.web.views import plain_view

PREFIX = "/api/v1"
_IN_BOOK = "/books/<id(bok):book_id>"
# what every route may answer, and what those may that take a body; by the names that HTTP gives them
_ALWAYS = {400: "BAD_REQUEST", 404: "NOT_FOUND", 409: "CONFLICT", 422: "UNPROCESSABLE_ENTITY", 429: "TOO_MANY_REQUESTS"}
_GUARDED = {401: "UNAUTHORIZED", 403: "FORBIDDEN"}
_WRITING = {
    412: "PRECONDITION_FAILED", 413: "REQUEST_ENTITY_TOO_LARGE", 415: "UNSUPPORTED_MEDIA_TYPE",
    503: "SERVICE_UNAVAILABLE",
}  # fmt: skip

# what is served without a permission: what browsers and machines ask before anybody is known, and the descriptions
OPEN = frozenset(
    {"asset", "start", "healthz", "readyz", "metrics", "api-docs.openapi_json", "reference", "reference_asset"}
)
_PERMISSIONS = "scf.permissions"

log = logging.getLogger(__name__)

View = Callable[..., Any]
Make = Callable[[Any, Any, str], View]


def build_site(app: Flask, entrance: Entrance, modules: Sequence[Module]) -> None:
    """Put every declared route and page into the app. Raises `SettingsError` for one without a declared permission."""
    routes = [route for module in modules for route in module.routes]
    pages = pages_of(modules)
    check([*routes, *pages], modules)
    placed = [(path_of(page), page) for page in pages]
    guarded = _build_api(app, entrance, routes) | serve_pages(app, entrance, modules, placed)
    app.extensions[_PERMISSIONS] = guarded


def pages_of(modules: Sequence[Module]) -> list[PageRoute]:
    """Every page there is: those that are declared, and those that tables are."""
    declared = [page for module in modules for page in module.pages]
    return [*declared, *(page for module in modules for table in module.tables for page in tables.pages_of(table))]


def check_complete(app: Flask) -> None:
    """Refuse to start with anything in the app that is behind no permission and not known to need none."""
    guarded: Mapping[str, str] = app.extensions[_PERMISSIONS]
    bare = sorted(rule.rule for rule in app.url_map.iter_rules() if rule.endpoint not in guarded.keys() | OPEN)
    if bare:
        raise SettingsError(f"served without a declared permission: {', '.join(bare)}")


def _build_api(app: Flask, entrance: Entrance, routes: Sequence[Route]) -> dict[str, str]:
    """The API; returns the permission of each route by the name Flask knows it by."""
    app.config.update(
        API_TITLE="Supply chain finance",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/api",
        OPENAPI_JSON_PATH="openapi.json",
        API_SPEC_OPTIONS=_description(),
    )
    app.url_map.converters["id"] = IdConverter
    app.register_error_handler(ScfError, _answer)
    api = DescribedApi(app)
    api.register_converter(IdConverter, path_schema)
    for kind in (fields.Id, fields.Amount, fields.Rate, fields.MoneyOut):
        api.register_field(kind, "string", None)
    guarded: dict[str, str] = {}
    for subject, several in sorted(_by_subject(routes).items()):
        blueprint = Subject(subject, __name__, url_prefix=PREFIX)
        for route in several:
            guarded |= {f"{subject}.{name}": route.permission for name in _add(blueprint, entrance, route)}
        api.register_blueprint(blueprint)
    return guarded


def check(routes: Sequence[Route | PageRoute], modules: Sequence[Module]) -> None:
    """Refuse to start with a route or page without a permission, or with two at one place."""
    named = {permission.name for module in modules for permission in module.permissions}
    declared = named | {PUBLIC, SIGNED_IN, SIGNING_IN}
    bare = [f"{path_of(route)} ({route.permission})" for route in routes if route.permission not in declared]
    if bare:
        raise SettingsError(f"routes without a declared permission: {', '.join(bare)}")
    places = [(method, _place(route)) for route in routes for method in methods_of(route)]
    twice = sorted({f"{method} {path}" for method, path in places if places.count((method, path)) > 1})
    if twice:
        raise SettingsError(f"two routes at one place: {', '.join(twice)}")


def path_of(route: Route | PageRoute) -> str:
    """Where a route stands below the API's prefix, a page below the site."""
    return (_IN_BOOK if route.scope is ScopeKind.BOOK else "") + route.path


def _place(route: Route | PageRoute) -> str:
    return path_of(route) if isinstance(route, PageRoute) else PREFIX + path_of(route)


def methods_of(route: Route | PageRoute) -> tuple[str, ...]:
    """The HTTP methods at a route's or a page's place."""
    return route.methods if isinstance(route, PageRoute) else (method_of(route),)


def method_of(route: Route) -> str:
    """The HTTP method of a route."""
    return _METHODS[type(route)] if not isinstance(route, ViewRoute) else route.method


_METHODS: Mapping[type[Any], str] = {CommandRoute: "POST", EditRoute: "PATCH", ListRoute: "GET"}
_VIEWS: Mapping[type[Any], Make] = {
    CommandRoute: batch_view, EditRoute: edit_view, ListRoute: list_view, ViewRoute: plain_view,
}  # fmt: skip


def _by_subject(routes: Sequence[Route]) -> dict[str, list[Route]]:
    found: dict[str, list[Route]] = {}
    for route in routes:
        found.setdefault(route.path.strip("/").split("/")[0], []).append(route)
    return found


def _add(blueprint: Any, entrance: Entrance, route: Route) -> Iterator[str]:
    for method, path, make, summary in _places(route):
        name = _name(method, path)
        view = _documented(blueprint, make(blueprint, route, name), route, method, summary, name)
        blueprint.route(path, methods=[method], endpoint=name)(entrance.let_in(route, view))
        yield name


def _places(route: Route) -> Iterator[tuple[str, str, Make, str]]:
    yield method_of(route), path_of(route), _VIEWS[type(route)], route.summary
    if isinstance(route, ListRoute) and route.one:
        yield "GET", f"{path_of(route)}/<id({route.prefix}):id>", one_view, f"{route.summary} One of them."


def _documented(blueprint: Any, view: View, route: Route, method: str, summary: str, name: str) -> View:
    # wrong credentials are refused even where none are needed
    refusals = _ALWAYS | _GUARDED
    if method != "GET":
        refusals |= _WRITING
    security: list[dict[str, list[str]]] = [] if route.permission == PUBLIC else [{"key": []}, {"session": []}]
    needs = f"Permission: `{route.permission}`."
    documented: View = blueprint.doc(summary=summary, description=needs, operationId=name, security=security)(view)
    refuses(documented, refusals)
    return documented


def _name(method: str, path: str) -> str:
    words = "".join(
        letter if letter.isalnum() else " " for letter in path.replace("<id(", " ").replace(">", " ")
    ).split()
    return "_".join([method.lower(), *words])


def _description() -> dict[str, Any]:
    schemes = {
        "key": {"type": "http", "scheme": "bearer", "description": "An API key: scf_…"},
        "session": {"type": "apiKey", "in": "cookie", "name": "scf", "description": "A signed-in session."},
    }
    info = {"description": "Anchors confirm, funders advance, suppliers are paid early. docs/api.md says how to call."}
    return {"info": info, "components": {"securitySchemes": schemes}, "servers": [{"url": "/"}]}


def _answer(error: ScfError) -> Response:
    problem = problems.of_error(error)
    if problem.status >= 500:
        log.error("a request failed", exc_info=error)
    return problems.told(problem)
