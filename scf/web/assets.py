"""Style, scripts and pictures of the pages: our own, and those that installed packages bring; nothing from elsewhere.

Each is read and packed once a process, and named by what it holds, so that a browser may keep it for ever.
"""

import gzip
import hashlib
import mimetypes
import re
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from flask import Flask, Response, request
from markupsafe import Markup

_OWN = Path(__file__).parent / "static"
_PACKAGED = {
    "bootstrap.css": ("flask_bootstrap", "static/bootstrap5/css/bootstrap.min.css"),
    "htmx.js": ("js_lib_htmx", "static/htmx/htmx.min.js"),
    "chart.js": ("chartkick", "django/static/chartkick/Chart.bundle.js"),
}
_ICONS = ("flask_bootstrap", "static/bootstrap5/icons/bootstrap-icons.svg")
_SYMBOL = re.compile(r'<symbol [^>]*viewBox="([^"]+)" id="([^"]+)">(.*?)</symbol>', re.DOTALL)
_A_YEAR = 31_536_000
_SMALL = 600


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is sent."""

    content: bytes
    packed: bytes
    type: str
    version: str


def serve_assets(app: Flask) -> None:
    """Serve them below `/assets`, and let templates name them by `static(name)` and draw `icon(name)`."""
    app.add_url_rule("/assets/<name>", "asset", _answer)
    app.jinja_env.globals.update(static=address, icon=icon)


def address(name: str) -> str:
    """Where a browser finds an asset. Raises `FileNotFoundError` for one that there is not."""
    found = asset(name)
    if found is None:
        raise FileNotFoundError(name)
    return f"/assets/{name}?v={found.version}"


@cache
def asset(name: str) -> Asset | None:
    """The asset by its name, None when there is none."""
    own = {path.name: path for path in _OWN.iterdir()}
    path = own.get(name) or (_within(*_PACKAGED[name]) if name in _PACKAGED else None)
    if path is None:
        return None
    content = path.read_bytes()
    # maps of sources lie in the packages, not here
    content = re.sub(rb"\n?/[*/][#@] sourceMappingURL=[^\n]*", b"", content)
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    version = hashlib.sha256(content).hexdigest()[:12]
    return Asset(content, gzip.compress(content, 9, mtime=0) if len(content) > _SMALL else b"", kind, version)


def icon(name: str) -> Markup:
    """A Bootstrap icon, drawn in the page; it says nothing to who hears the page. Raises `KeyError`."""
    return _icons()[name]


@cache
def _icons() -> dict[str, Markup]:
    drawn = _within(*_ICONS).read_text(encoding="utf-8")
    head = '<svg class="bi" width="1em" height="1em" fill="currentColor" aria-hidden="true" focusable="false"'
    return {name: Markup(f'{head} viewBox="{box}">{paths}</svg>') for box, name, paths in _SYMBOL.findall(drawn)}


def _within(package: str, path: str) -> Path:
    found = find_spec(package)
    if found is None or found.origin is None:
        raise FileNotFoundError(f"the package {package} is not installed")
    return Path(found.origin).parent / path


def _answer(name: str) -> Response:
    found = asset(name)
    if found is None:
        return Response(status=404)
    packed = bool(found.packed) and "gzip" in request.headers.get("Accept-Encoding", "")
    response = Response(found.packed if packed else found.content, content_type=_typed(found.type))
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    fresh = request.args.get("v") == found.version
    response.headers["Cache-Control"] = f"public, max-age={_A_YEAR}, immutable" if fresh else "no-cache"
    return response


def _typed(kind: str) -> str:
    return f"{kind}; charset=utf-8" if kind.startswith("text/") or kind.endswith(("javascript", "svg+xml")) else kind
