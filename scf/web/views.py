"""Whatever is no command and no list: the view of a `ViewRoute`, given what its schemas loaded."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import g, request
from marshmallow import RAISE

from scf.routes import ViewRoute
from scf.web.problems import Problem
from scf.web.schemas import KeyHeader


def plain_view(blueprint: Any, route: ViewRoute, _name: str) -> Callable[..., Any]:
    """The view of a route; the decorators that load are applied from the inside out."""

    def view(**loaded: Any) -> Any:
        return route.view(g.caller, **loaded)

    wrapped: Callable[..., Any] = view
    if route.consumes:
        wrapped = _with_content(blueprint, route, wrapped)
    answered = blueprint.response(route.status, route.answers, content_type=route.produces)(wrapped)
    loaders = (
        (route.takes, {"location": "json"}),
        (route.query, {"location": "query", "unknown": RAISE}),
        (route.headers, {"location": "headers"}),
        (KeyHeader if route.keyed else None, {"location": "headers"}),
    )
    for schema, options in loaders:
        if schema is not None:
            answered = blueprint.arguments(schema, as_kwargs=True, **options)(answered)
    for status in route.also:
        answered = blueprint.alt_response(status, description="See the description.", success=status < 400)(answered)
    made: Callable[..., Any] = answered
    return made


def _with_content(blueprint: Any, route: ViewRoute, view: Callable[..., Any]) -> Callable[..., Any]:
    """Give the view the body's bytes, when they are of a type that it takes."""

    @wraps(view)
    def reading(**loaded: Any) -> Any:
        if request.mimetype not in route.consumes:
            raise Problem(415, "unsupported_media_type", f"send one of {', '.join(route.consumes)}")
        return view(content=request.get_data(cache=False), content_type=request.mimetype, **loaded)

    # bytes of any kind, as OpenAPI 3.1 writes them; what is in them is told by whoever reads the file
    body: dict[str, Any] = {"required": True, "content": {kind: {} for kind in route.consumes}}
    documented: Callable[..., Any] = blueprint.doc(requestBody=body)(reading)
    return documented
