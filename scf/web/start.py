"""The first page: that the platform runs, and where to sign in. The operator's people see its books too."""

from collections.abc import Callable, Sequence

from flask import Flask, Response

from scf.books import queries as books
from scf.books.queries import Book
from scf.routes import PUBLIC, Caller, PageRoute
from scf.web.entrance import Entrance
from scf.web.pages import page

_START = PageRoute("/", PUBLIC, page)


def serve_start(app: Flask, entrance: Entrance, is_ready: Callable[[], bool]) -> None:
    """Serve `/`. A database that cannot be asked is said, and not asked who calls."""

    def start() -> Response:
        if not is_ready():
            return page("start.html", ready=False, caller=None, books=())
        caller = entrance.caller(_START, {})
        answer = page("start.html", ready=True, caller=caller, books=_books_of(caller))
        answer.headers["Cache-Control"] = "no-store"
        return answer

    app.add_url_rule("/", "start", start)


def _books_of(caller: Caller) -> Sequence[Book]:
    if not caller.actor.operates or caller.actor.lacks:
        return ()
    with caller.reading() as connection:
        return books.every(connection)
