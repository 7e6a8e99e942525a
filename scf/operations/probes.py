"""What machines ask of a running server: whether it lives, whether it can serve, and its figures."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Protocol

from flask import Flask, Response, request

from scf.db.engine import Database
from scf.operations.metrics_page import may_scrape, metrics_page

_FORWARDING = ("X-Forwarded-For", "Forwarded", "X-Real-Ip")


class Ready(Protocol):
    """Whether the process can serve, and why not."""

    @property
    def ready(self) -> bool:
        """Whether to send anybody here."""
        ...

    @property
    def checks(self) -> Mapping[str, str]:
        """Each check in words."""
        ...

    @property
    def unwell(self) -> tuple[str, ...]:
        """Which checks are not well."""
        ...


def serve_probes(app: Flask, ready: Callable[[], Ready], database: Callable[[], Database], metrics_token: str) -> None:
    """Serve `/healthz`, `/readyz` and `/metrics`; the last for who shows the token, or for this machine alone."""

    def readyz() -> tuple[dict[str, object], HTTPStatus]:
        found = ready()
        status = HTTPStatus.OK if found.ready else HTTPStatus.SERVICE_UNAVAILABLE
        return {"ready": found.ready, "checks": found.checks, "unwell": found.unwell}, status

    def metrics() -> Response:
        forwarded = any(name in request.headers for name in _FORWARDING)
        if not may_scrape(metrics_token, request.remote_addr, request.headers.get("Authorization"), forwarded):
            words = "show the token of SCF_METRICS_TOKEN; without one, ask from this machine\n"
            return Response(words, HTTPStatus.FORBIDDEN, content_type="text/plain; charset=utf-8")
        body, content_type = metrics_page(database())
        return Response(body, content_type=content_type)

    app.add_url_rule("/healthz", "healthz", _healthz)
    app.add_url_rule("/readyz", "readyz", readyz)
    app.add_url_rule("/metrics", "metrics", metrics)


def _healthz() -> dict[str, str]:
    return {"status": "ok"}
