"""The API's reference page, out of an installed package: no network is asked for it."""

from pathlib import Path

import flask_swagger_ui
from flask import Flask, Response, render_template, send_from_directory

_ASSETS = Path(flask_swagger_ui.__file__).parent / "dist"
_SERVED = frozenset({"swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png"})


def serve_reference(app: Flask) -> None:
    """Serve the page under `/api/docs`."""
    app.add_url_rule("/api/docs", "reference", _page)
    app.add_url_rule("/api/docs/<path:name>", "reference_asset", _asset)


def _page() -> str:
    return render_template("reference.html")


def _asset(name: str) -> Response:
    if name not in _SERVED:
        return Response(status=404)
    return send_from_directory(_ASSETS, name, max_age=86_400)
