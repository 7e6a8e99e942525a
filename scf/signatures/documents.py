"""Documents as downloads: the very bytes that are or were to be signed, never shown in the platform's own pages."""

from flask import Response

from scf.web.problems import Problem

BINARY = "application/octet-stream"


def served(content: bytes | None, name: str) -> Response:
    """A document as it is kept, to be saved under a name. Raises `Problem` when there is none that may be seen."""
    if content is None:
        raise Problem(404, "not_found", "there is nothing under this id that you may see")
    response = Response(content, content_type=BINARY)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
