"""What goes wrong over HTTP, as RFC 9457 problem documents with stable codes. Never a stack trace, never a secret."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import Response, g, render_template, request
from marshmallow import Schema, fields
from werkzeug.exceptions import HTTPException

from scf.errors import (
    BatchSizeError,
    CommandError,
    FieldError,
    FileRefused,
    KeyConflict,
    PageUnknown,
    PermissionMissing,
    ScfError,
    StaleWrite,
    StepUpNeeded,
)
from scf.fields import NotPossible
from scf.outcomes import Refusal

CONTENT_TYPE = "application/problem+json"

# what the platform raises on purpose, the most special first
_RAISED: tuple[tuple[type[ScfError], int, str], ...] = (
    (StepUpNeeded, 403, "step_up_needed"),
    (PermissionMissing, 403, "permission_missing"),
    (KeyConflict, 409, "key_conflict"),
    (StaleWrite, 409, "stale"),
    (BatchSizeError, 422, "batch_size"),
    # what a schema can say is refused by it; what is left is no fault of form, but of how things stand
    (FileRefused, 409, "file_refused"),
    (FieldError, 409, "not_possible"),
    (PageUnknown, 404, "page_unknown"),
    (CommandError, 409, "command_refused"),
)
# what HTTP itself refuses
CODES: Mapping[int, str] = {
    400: "malformed",
    401: "unauthenticated",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    409: "conflict",
    412: "precondition_failed",
    413: "too_large",
    414: "uri_too_long",
    415: "unsupported_media_type",
    422: "invalid",
    428: "precondition_required",
    429: "too_many_requests",
    431: "headers_too_large",
    500: "internal_error",
    503: "unavailable",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One wrong value: where it stands (`json`, `query`, `headers`, `path`), the JSON pointer to it, and why."""

    place: str
    pointer: str
    message: str

    @property
    def is_of_form(self) -> bool:
        """True when the description of the API says so beforehand."""
        return not isinstance(self.message, NotPossible)


class Problem(ScfError):
    """Ends a request with a problem document."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        faults: Sequence[Fault] = (),
        headers: Mapping[str, str] | None = None,
        refusal: Refusal | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.faults = tuple(faults)
        self.headers = dict(headers or {})
        # what a command refused, for pages that say it in their own words
        self.refusal = refusal


class FaultSchema(Schema):
    """One wrong value of a request."""

    place = fields.String(required=True, metadata={"description": "json, query, headers or path"})
    pointer = fields.String(required=True, metadata={"description": "RFC 6901 JSON pointer to the value"})
    message = fields.String(required=True)


class ProblemSchema(Schema):
    """A problem document, RFC 9457."""

    type = fields.String(required=True, metadata={"description": "urn:scf:problem: and the code"})
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    code = fields.String(required=True, metadata={"description": "stable; write programs against this"})
    request_id = fields.String(required=True)
    errors = fields.List(fields.Nested(FaultSchema))


def of_error(error: ScfError) -> Problem:
    """The problem a raised error is."""
    if isinstance(error, Problem):
        return error
    for kind, status, code in _RAISED:
        if isinstance(error, kind):
            faults = [Fault("json", f"/{error.field}", error.message)] if isinstance(error, FieldError) else []
            return Problem(status, code, str(error), faults)
    return Problem(500, "internal_error", "something went wrong here; the request id helps us to find it")


def of_http(error: HTTPException) -> Problem:
    """The problem an HTTP error is, with the headers that belong to it (`Allow`, `Retry-After`)."""
    status = error.code or 500
    told: Mapping[str, Any] = getattr(error, "data", None) or {}
    faults = list(_faults(told.get("messages") or {}))
    detail = "; ".join(f"{each.pointer}: {each.message}" for each in faults[:3]) or error.description or ""
    if faults and not any(each.is_of_form for each in faults):
        return Problem(409, "not_possible", detail, faults)
    headers = {name: value for name, value in error.get_headers() if name in ("Allow", "Retry-After")}
    valid = getattr(error, "valid_methods", None)
    if valid:
        headers["Allow"] = ", ".join(sorted(valid))
    return Problem(status, CODES.get(status, "error"), detail, faults, headers)


def _faults(messages: Any, place: str = "", pointer: str = "") -> Iterator[Fault]:
    """Marshmallow's nested messages as a list."""
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            if not place:
                yield from _faults(inner, str(key), "")
            else:
                step = "" if key == "_schema" else f"/{str(key).replace('~', '~0').replace('/', '~1')}"
                yield from _faults(inner, place, pointer + step)
    elif isinstance(messages, list | tuple):
        for each in messages:
            yield from _faults(each, place or "json", pointer)
    else:
        yield Fault(place or "json", pointer, messages if isinstance(messages, str) else str(messages))


def answer(problem: Problem) -> Response:
    """The problem as a response."""
    body: dict[str, Any] = {
        "type": f"urn:scf:problem:{problem.code}",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": problem.detail,
        "code": problem.code,
        "request_id": g.get("request_id", ""),
    }
    if problem.faults:
        body["errors"] = [
            {"place": each.place, "pointer": each.pointer, "message": each.message} for each in problem.faults
        ]
    response = Response(json.dumps(body), problem.status, content_type=CONTENT_TYPE)
    return _with_headers(response, problem)


def shown(problem: Problem) -> Response:
    """The problem as a page for people."""
    text = render_template("problem.html", problem=problem, title=HTTPStatus(problem.status).phrase)
    return _with_headers(Response(text, problem.status, content_type="text/html; charset=utf-8"), problem)


def told(problem: Problem) -> Response:
    """The problem as whoever asked reads it: a document for a program, a page for people."""
    return answer(problem) if wants_document() else shown(problem)


def _with_headers(response: Response, problem: Problem) -> Response:
    response.headers.update(problem.headers)
    g.retry_after = problem.headers.get("Retry-After")
    return response


def wants_document() -> bool:
    """Whether the request is a program's: those get a problem document, people a page."""
    return request.path.startswith("/api/")
