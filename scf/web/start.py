"""The first page: that the platform runs, and where to sign in. Who is signed in goes on to their first desk."""

from collections.abc import Callable

from flask import Flask, Response, g

from scf.routes import PUBLIC, PageRoute
from scf.web.entrance import Entrance
from scf.web.pages import page, see
from scf.web.shell import shell

_START = PageRoute("/", PUBLIC, page)


def serve_start(app: Flask, entrance: Entrance, is_ready: Callable[[], bool]) -> None:
    """Serve `/`. A database that cannot be asked is said, and not asked who calls."""

    def start() -> Response:
        if not is_ready():
            return page("start.html", ready=False)
        g.caller = entrance.caller(_START, {})
        around = shell()
        answer = see(around.home) if around else page("start.html", ready=True)
        answer.headers["Cache-Control"] = "no-store"
        return answer

    app.add_url_rule("/", "start", start)
