"""Makes the Flask app of a running platform: its API, a page that says what runs, and the answers machines ask for."""

from collections.abc import Callable
from http import HTTPStatus

from flask import Flask, render_template
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.middleware.proxy_fix import ProxyFix

from scf.actor import Actor
from scf.books import queries as books
from scf.books.queries import Book
from scf.db.engine import Database, open_engine, reading
from scf.identity.callers import Callers, granted
from scf.migrate import prepare
from scf.readiness import Readiness, readiness
from scf.running import Running
from scf.secrets import derive
from scf.settings import Settings, secret_keys_of
from scf.web.entrance import Entrance
from scf.web.rates import limit
from scf.web.reference import serve_reference
from scf.web.requests import watch
from scf.web.site import build_api

BODY_MAX = 50 * 1024 * 1024


Identify = Callable[[Database], Actor | None]


def create_app(running: Running, identify: Identify | None = None) -> Flask:
    """The app; nothing of the database is changed by serving it, so missing migrations are said, not applied.

    Who calls is told by `identify`, without it by keys and sessions.
    """
    app = Flask("scf", template_folder="web/templates", static_folder="web/static")
    _configure(app, running.settings)
    watch(app)
    limit(app, running.settings.calls_per_minute)
    permissions = [permission for module in running.modules for permission in module.permissions]
    entrance = Entrance(running, identify or Callers(granted(permissions)).identify)
    build_api(app, entrance, running.modules)
    serve_reference(app)
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
            with reading(engine) as connection:
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
    return app


def _configure(app: Flask, settings: Settings) -> None:
    secure = settings.public_url.startswith("https://")
    app.config.update(
        MAX_CONTENT_LENGTH=BODY_MAX,
        SECRET_KEY=derive(secret_keys_of(settings)[0], "cookies"),
        # a browser takes a cookie of this name only over https, for this host alone and for all of it
        SESSION_COOKIE_NAME="__Host-scf" if secure else "scf",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,
    )
    if settings.proxy_count:
        hops = settings.proxy_count
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]


def _healthz() -> dict[str, str]:
    return {"status": "ok"}
