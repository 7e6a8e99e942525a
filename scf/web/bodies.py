"""Reading JSON bodies: what Python gives up on, too deep or with too many digits, is malformed like any other."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from flask import Request
from flask_smorest import Blueprint
from webargs.flaskparser import FlaskParser


class _Parser(FlaskParser):
    """webargs' parser, which lets these errors through."""

    def _raw_load_json(self, req: Request) -> Any:
        try:
            return super()._raw_load_json(req)
        except (RecursionError, ValueError) as error:
            return self._handle_invalid_json_error(json.JSONDecodeError(str(error), "", 0), req)


class Subject(Blueprint):  # type: ignore[misc]
    """The routes of one subject of the API."""

    ARGUMENTS_PARSER = _Parser()


def refuses(view: Callable[..., Any], refusals: Mapping[int, str]) -> None:
    """Describe the refusals of a view of a subject, by status the name of a described response.

    `Blueprint.alt_response` says the same, one at a time: each time it copies all that was described before, and puts
    one call more between the request and the view.
    """
    described: dict[int, list[str]] = view.__dict__["_apidoc"].setdefault("response", {}).setdefault("responses", {})
    for status, name in refusals.items():
        described.setdefault(status, []).append(name)
