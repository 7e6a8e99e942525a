"""Makes the Flask app of a running platform: its API, a page that says what runs, and the answers machines ask for."""

from collections.abc import Callable
from http import HTTPStatus

from flask import Flask, render_template
from sqlalchemy.exc import SQLAlchemyError

from scf.actor import Actor
from scf.books import queries as books
from scf.books.queries import Book
from scf.db.engine import open_engine
from scf.migrate import prepare
from scf.readiness import Readiness, readiness
from scf.running import Running
from scf.web.entrance import Entrance
from scf.web.requests import watch
from scf.web.site import build_api

BODY_MAX = 50 * 1024 * 1024


def create_app(running: Running, identify: Callable[[], Actor | None] = lambda: None) -> Flask:
    """The app; nothing of the database is changed by serving it, so missing migrations are said, not applied."""
    app = Flask("scf", template_folder="web/templates", static_folder="web/static")
    app.config["MAX_CONTENT_LENGTH"] = BODY_MAX
    watch(app)
    build_api(app, Entrance(running, identify), running.modules)
    prepare(running.settings.database_url)
    engine = open_engine(running.settings.database_url)

    def ready() -> Readiness:
        return readiness(engine, running.clock)

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
        return {"ready": found.ready, "checks": found.checks}, status

    app.add_url_rule("/", "page", page)
    app.add_url_rule("/healthz", "healthz", _healthz)
    app.add_url_rule("/readyz", "readyz", readyz)
    return app


def _healthz() -> dict[str, str]:
    return {"status": "ok"}
