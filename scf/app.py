"""Makes the Flask app of a running platform: its API, its pages, and the answers machines ask for."""

from collections.abc import Callable

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from scf.actor import Actor
from scf.db.engine import Database
from scf.identity.callers import Callers
from scf.operations.probes import serve_probes
from scf.readiness import Readiness, readiness
from scf.running import Running
from scf.secrets import derive
from scf.settings import Settings, secret_keys_of
from scf.web.assets import serve_assets
from scf.web.entrance import Entrance
from scf.web.rates import limit
from scf.web.reference import serve_reference
from scf.web.requests import watch
from scf.web.site import build_site, check_complete
from scf.web.start import serve_start

BODY_MAX = 50 * 1024 * 1024
# forms hold words; a file is sent to the API as it is
FORM_MAX = 512 * 1024

Identify = Callable[[Database], Actor | None]


def create_app(running: Running, identify: Identify | None = None) -> Flask:
    """The app; nothing of the database is changed by serving it, so missing migrations are said, not applied.

    Who calls is told by `identify`, without it by keys and sessions. Raises `SettingsError` when anything is served
    that no permission guards.
    """
    app = Flask("scf", template_folder="web/templates", static_folder=None)
    settings = running.settings
    _configure(app, settings)
    watch(app)
    serve_assets(app)
    limit(app, settings.calls_per_minute)
    entrance = Entrance(running, identify or Callers(running.granted).identify)
    build_site(app, entrance, running.modules)
    # pages say loudly that nothing is real
    app.jinja_env.globals["demo"] = settings.sandbox
    serve_reference(app)

    def ready() -> Readiness:
        return readiness(running.probed, running.clock, [running.settings.var_folder])

    serve_start(app, entrance, lambda: ready().ready)
    serve_probes(app, ready, lambda: running.database, settings.metrics_token)
    check_complete(app)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    secure = settings.public_url.startswith("https://")
    app.config.update(
        MAX_CONTENT_LENGTH=BODY_MAX,
        MAX_FORM_MEMORY_SIZE=FORM_MAX,
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
