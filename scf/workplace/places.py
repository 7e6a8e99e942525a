"""Where a thing is shown: its page on each desk its reader works at, and its time line."""

import re
from collections.abc import Iterator, Sequence

from flask import current_app

from scf import ids
from scf.commands import ScopeKind
from scf.module import Module
from scf.routes import Caller, PageRoute
from scf.web.lines import prefixes
from scf.web.shell import MODULES, shell

_ONE = re.compile(r"(/[^<]*)<id\((\w+)\):\w+>\Z")


def desk_pages(caller: Caller, prefix: str, id: int) -> Sequence[str]:
    """The pages of a thing on the desks in its reader's menu; of books, on those of the only one."""
    return [_below(route, path) + ids.text(prefix, id) for route, path in _found(caller, prefix)]


def line_page(prefix: str, id: int) -> str:
    """Where the time line of a thing is; empty when there are none of its kind."""
    return f"/things/{ids.text(prefix, id)}" if prefix in prefixes() else ""


def place_of(caller: Caller, prefix: str, id: int) -> str:
    """Where to go for a thing: its time line, else its page; empty when it has neither."""
    return line_page(prefix, id) or next(iter(desk_pages(caller, prefix, id)), "")


def _found(caller: Caller, prefix: str) -> Iterator[tuple[PageRoute, str]]:
    around = shell()
    if around is None:
        return
    modules: Sequence[Module] = current_app.extensions[MODULES]
    desks = {f"/{link.href.split('/')[1]}" for _words, links in around.menu for link in links}
    for route in (each for module in modules for each in module.pages if "GET" in each.methods):
        match = _ONE.match(route.path)
        if match is None or match[2] != prefix or not caller.actor.may(route.permission):
            continue
        if route.scope is ScopeKind.BOOK:
            if len(around.books) == 1:
                yield route, match[1]
        elif f"/{match[1].split('/')[1]}" in desks and not match[1].startswith("/things"):
            yield route, match[1]


def _below(route: PageRoute, path: str) -> str:
    around = shell()
    if route.scope is ScopeKind.BOOK and around is not None:
        return f"/books/{ids.text('bok', around.books[0].id)}{path}"
    return path
