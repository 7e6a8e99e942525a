"""Adoption: which suppliers were invited to the anchor's programmes, and which take part."""

from collections.abc import Mapping

from flask import Response

from anchors.adoption import QUIET_AFTER_DAYS, SHOWN_MAX, Part, suppliers
from anchors.api import READ
from scf.organisations import queries as organisations
from scf.routes import Caller, PageRoute
from scf.web.pages import page
from scf.web.words import N_, _

_WORDS: Mapping[Part, str] = {
    Part.TAKES_PART: N_("Takes part"),
    Part.QUIET: N_("Quiet"),
    Part.INVITED: N_("Invited"),
}


def show(caller: Caller) -> Response:
    """Those enrolled, and how far they take part."""
    with caller.reading() as connection:
        found = suppliers(connection, caller.organisation_id, caller.database.clock.now().date())
        listed = found[:SHOWN_MAX]
        parties = {id for each in listed for id in (each.supplier_id, each.funder_id)}
        names = organisations.names(connection, parties)
    # who is in two programmes counts once
    by_supplier = {each.supplier_id: each.part for each in listed}
    counts = {part: sum(each is part for each in by_supplier.values()) for part in Part}
    return page(
        "anchor/adoption.html",
        listed=listed,
        is_all=len(found) <= SHOWN_MAX,
        names=names,
        counts=counts,
        invited=len(by_supplier),
        quiet_days=QUIET_AFTER_DAYS,
        words=_WORDS,
        labels=[_(words) for words in _WORDS.values()],
        numbers=[counts[part] for part in _WORDS],
    )


PAGES = (PageRoute("/anchor/adoption", READ, show),)
