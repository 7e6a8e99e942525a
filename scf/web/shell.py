"""What stands around every page of who is signed in: the menu of the desks their organisation works at, and its books.

Two statements a page, whatever is stored; nobody sees an entry whose page they may not open.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import current_app, g, request
from sqlalchemy import Connection, select

from scf import ids
from scf.books import queries as books
from scf.books.queries import Book
from scf.commands import ScopeKind
from scf.module import Module
from scf.notifications.audience import kinds_for
from scf.notifications.queries import unread
from scf.routes import Caller
from scf.screens import Desk, MenuEntry
from scf.web.words import N_

MODULES = "scf.modules"
DESK_WORDS = {
    Desk.SUPPLIER: N_("Supplier"),
    Desk.ANCHOR: N_("Anchor"),
    Desk.BANK: N_("Bank"),
    Desk.OPERATOR: N_("Operator"),
    Desk.EVERYONE: N_("Everyone"),
}


@dataclass(frozen=True, slots=True)
class Link:
    """An entry of the menu as it is shown."""

    words: str
    href: str
    icon: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class Shell:
    """The menu by desk, the books of the organisation, and the one whose pages the menu leads to."""

    menu: Sequence[tuple[str, Sequence[Link]]]
    books: Sequence[Book]
    book: Book | None
    # how many notifications are new to them, at most `COUNTED_MAX`
    unread: int = 0

    @property
    def home(self) -> str:
        """The first page of the menu; one's account when there is none."""
        return next((link.href for _words, links in self.menu for link in links), "/account")


def shell() -> Shell | None:
    """What stands around the page at hand; None for who is not signed in, or lacks a factor."""
    caller: Caller | None = g.get("caller")
    signed_in = g.get("signed_in")
    if caller is None or signed_in is None or signed_in.needs_factor:
        return None
    if "shell" not in g:
        g.shell = _make(caller)
    made: Shell = g.shell
    return made


def entries(modules: Sequence[Module]) -> list[MenuEntry]:
    """Every entry of the menu, by desk, in the order the modules give them."""
    given = [entry for module in modules for entry in module.menu]
    return [entry for desk in Desk for entry in given if entry.desk is desk]


def _make(caller: Caller) -> Shell:
    modules: Sequence[Module] = current_app.extensions[MODULES]
    with caller.reading() as connection:
        own = books.of_funder(connection, caller.organisation_id)
        desks, new = _desks(connection, caller, modules)
    book = caller.book or (own[0] if own else None)
    if book is not None:
        desks.add(Desk.BANK)
    shown = [
        (entry.desk, _link(entry, book))
        for entry in entries(modules)
        if entry.desk in desks
        and caller.actor.may(entry.permission)
        and (entry.scope is not ScopeKind.BOOK or book is not None)
    ]
    menu = [(DESK_WORDS[desk], [link for at, link in shown if at is desk]) for desk in Desk]
    return Shell([(words, _here(links)) for words, links in menu if links], own, book, new)


def _desks(connection: Connection, caller: Caller, modules: Sequence[Module]) -> tuple[set[Desk], int]:
    """The desks somebody works at, and how many notifications are new to them; one statement."""
    played = [each for module in modules for each in module.played]
    found = {Desk.EVERYONE} | ({Desk.OPERATOR} if caller.actor.operates else set())
    told = unread(connection, caller.organisation_id, caller.actor.id, kinds_for(caller.actor.may))
    plays = [each.by(caller.organisation_id) for each in played]
    *row, count = connection.execute(select(*plays, told.scalar_subquery())).one()
    return found | {each.desk for each, is_so in zip(played, row, strict=True) if is_so}, int(count)


def _link(entry: MenuEntry, book: Book | None) -> Link:
    below = f"/books/{ids.text('bok', book.id)}" if entry.scope is ScopeKind.BOOK and book is not None else ""
    return Link(entry.words, below + entry.path, entry.icon, is_here=False)


def _here(links: Sequence[Link]) -> Sequence[Link]:
    """The links, the one that leads furthest towards the page at hand marked."""
    path = request.path
    leading = [link.href for link in links if path == link.href or path.startswith(f"{link.href}/")]
    here = max(leading, key=len, default="")
    return [Link(link.words, link.href, link.icon, link.href == here) for link in links]
