"""What a desk seldom needs: the entries that its menu keeps on one page."""

from flask import Response
from werkzeug.exceptions import NotFound

from scf.commands import ScopeKind
from scf.routes import SIGNED_IN, Caller, PageRoute
from scf.screens import Desk
from scf.web.pages import page
from scf.web.shell import DESK_WORDS, MORE, shell


def show(_caller: Caller, desk: str) -> Response:
    """The entries of a desk; a desk at which the caller does not work has none."""
    around = shell()
    known = {str(each): each for each in Desk}.get(desk)
    if known is None:
        raise NotFound("there is no such desk")
    links = around.seldom[known] if around else ()
    return page("everyone/more.html", desk=DESK_WORDS[known], links=links)


def show_bank(caller: Caller) -> Response:
    """The entries of the bank's desk, which lead into a book."""
    return show(caller, Desk.BANK)


PAGES = (
    PageRoute(f"{MORE}/<desk>", SIGNED_IN, show),
    PageRoute(MORE, SIGNED_IN, show_bank, scope=ScopeKind.BOOK),
)
