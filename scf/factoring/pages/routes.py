"""Every page of the bank's desk that this folder brings, its menu, and where its templates are."""

from pathlib import Path

from scf.commands import ScopeKind
from scf.factoring.pages import case, limits, portfolio, programmes, queue, taking_part
from scf.factoring.request_routes import READ
from scf.limits.api import READ as READ_LIMITS
from scf.programmes.api import READ as READ_PROGRAMMES
from scf.screens import Desk, MenuEntry
from scf.web.words import N_

PAGES = (*queue.PAGES, *case.PAGES, *limits.PAGES, *portfolio.PAGES, *programmes.PAGES, *taking_part.PAGES)
TEMPLATES = (Path(__file__).parent.parent / "templates",)
_BOOK = ScopeKind.BOOK
MENU = (
    MenuEntry(Desk.BANK, N_("Cases"), "/cases", READ, "inbox", _BOOK),
    MenuEntry(Desk.BANK, N_("Limits"), "/limits", READ_LIMITS, "speedometer2", _BOOK),
    MenuEntry(Desk.BANK, N_("Portfolio"), "/portfolio", READ, "pie-chart", _BOOK),
    MenuEntry(Desk.BANK, N_("Programmes"), "/programmes", READ_PROGRAMMES, "diagram-3", _BOOK),
)
