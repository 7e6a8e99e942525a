"""Makes the Flask app from the modules that the composition root gives. It knows none of them by name."""

from collections.abc import Sequence

from flask import Flask


def create_app(modules: Sequence[object]) -> Flask:
    """The app with every module's routes; nothing is registered that `modules` does not list."""
    app = Flask("scf")
    app.add_url_rule("/healthz", "healthz", _healthz)
    app.extensions["scf.modules"] = tuple(modules)
    return app


def _healthz() -> dict[str, str]:
    return {"status": "ok"}
