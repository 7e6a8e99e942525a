"""Makes the Flask app of a running platform: a page that says what runs, and the answers machines ask for."""

from http import HTTPStatus

from flask import Flask, Response, render_template
from sqlalchemy.exc import SQLAlchemyError

from scf.books import queries as books
from scf.books.queries import Book
from scf.db.engine import open_engine
from scf.migrate import prepare
from scf.readiness import Readiness, readiness
from scf.running import Running

_POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def create_app(running: Running) -> Flask:
    """The app; nothing of the database is changed by serving it, so missing migrations are said, not applied."""
    app = Flask("scf", template_folder="web/templates", static_folder="web/static")
    prepare(running.settings.database_url)
    engine = open_engine(running.settings.database_url)

    def ready() -> Readiness:
        return readiness(engine, running.clock, [running.settings.var_folder])

    def page() -> str:
        found = ready()
        return render_template("running.html", ready=found, books=_books(found))

    def _books(found: Readiness) -> list[Book]:
        if not found.ready:
            return []
        try:
            with engine.connect().execution_options(read_only=True) as connection:
                return books.every(connection)
        except SQLAlchemyError:
            return []

    def readyz() -> tuple[dict[str, object], HTTPStatus]:
        found = ready()
        status = HTTPStatus.OK if found.ready else HTTPStatus.SERVICE_UNAVAILABLE
        return {"ready": found.ready, "checks": found.checks, "unwell": found.unwell}, status

    app.add_url_rule("/", "page", page)
    app.add_url_rule("/healthz", "healthz", _healthz)
    app.add_url_rule("/readyz", "readyz", readyz)
    app.after_request(_guard)
    return app


def _healthz() -> dict[str, str]:
    return {"status": "ok"}


def _guard(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
