"""The time line of a thing: who, what, when, with the journals it made and their postings to who may read those."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from flask import Response
from sqlalchemy import Connection
from werkzeug.exceptions import NotFound

from scf import ids
from scf.ledger import history as ledger
from scf.ledger.history import Entry
from scf.routes import SIGNED_IN, Caller, PageRoute
from scf.web.lines import Line, Told, line_of
from scf.web.pages import page
from scf.workplace.places import desk_pages, line_page

# things that have a line; a test compares them with what the folders tell
PREFIXES = ("inv", "rcv", "crn", "req", "adv", "clm", "pay", "col", "lim", "jrn", "pro", "org")


@dataclass(frozen=True, slots=True)
class Event:
    """A moment as the page shows it, with its postings and the line of the thing it happened to."""

    told: Told
    href: str
    journals: Sequence[tuple[int, Sequence[Entry]]]

    @property
    def entry_count(self) -> int:
        """How many postings there are."""
        return sum(len(entries) for _, entries in self.journals)


def line(caller: Caller, connection: Connection, prefix: str, id: int) -> tuple[Line, Sequence[Event]]:
    """The line of a thing and its events. Raises `NotFound` for what is not there, or not for the caller to see."""
    found = line_of(caller, connection, prefix, id)
    if found is None:
        raise NotFound("there is no such thing that you may see")
    entries = ledger.entries(caller, connection, found.journal_ids)
    return found, [_event(told, entries, (prefix, id)) for told in found.told]


def _event(told: Told, entries: Mapping[int, Sequence[Entry]], here: tuple[str, int]) -> Event:
    about = (told.prefix, told.moment.thing_id)
    href = line_page(*about) if about[1] and about != here else ""
    return Event(told, href, [(id, entries[id]) for id in told.moment.journal_ids if entries.get(id)])


def show(prefix: str, caller: Caller, id: int) -> Response:
    """The page of a line."""
    with caller.reading() as connection:
        found, events = line(caller, connection, prefix, id)
    pages = desk_pages(caller, prefix, id)
    return page("everyone/line.html", line=found, events=events, pages=pages, id=ids.text(prefix, id))


PAGES = tuple(PageRoute(f"/things/<id({prefix}):id>", SIGNED_IN, partial(show, prefix)) for prefix in PREFIXES)
