"""Every page of the bank's desk that this folder brings, its menu, and where its templates are."""

from pathlib import Path

from scf.commands import ScopeKind
from scf.factoring.pages import case, queue
from scf.factoring.request_routes import READ
from scf.screens import Desk, MenuEntry
from scf.web.words import N_

PAGES = (*queue.PAGES, *case.PAGES)
TEMPLATES = (Path(__file__).parent.parent / "templates",)
MENU = (MenuEntry(Desk.BANK, N_("Cases"), "/cases", READ, "inbox", ScopeKind.BOOK),)
