"""The page of the search: what begins with what was typed, of everything its reader may see."""

from itertools import groupby

from flask import Response, request

from scf.routes import SIGNED_IN, Caller, PageRoute
from scf.screens import Hit
from scf.web.pages import page
from scf.workplace.search import LONGEST, SHORTEST, found


def show(caller: Caller) -> Response:
    """What was found, by what it is."""
    typed = request.args.get("q", "").strip()[:LONGEST]
    hits: list[Hit] = []
    if len(typed) >= SHORTEST:
        with caller.reading() as connection:
            hits = list(found(caller, connection, typed))
    hits.sort(key=lambda hit: hit.about)
    kinds = [(about, list(each)) for about, each in groupby(hits, key=lambda hit: hit.about)]
    return page("everyone/search.html", typed=typed, kinds=kinds, shortest=SHORTEST)


PAGES = (PageRoute("/search", SIGNED_IN, show),)
