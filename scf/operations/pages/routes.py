"""Every page of the operator's desk, its menu, and where its templates are."""

from pathlib import Path

from scf.operations import desk_routes
from scf.operations.pages import home, organisation, single
from scf.operations.pages.tables import TABLES as TABLES
from scf.scheduling import day_routes
from scf.screens import Desk, MenuEntry
from scf.web.words import N_

PAGES = (*home.PAGES, *organisation.PAGES, *single.PAGES)
TEMPLATES = (Path(__file__).parent.parent / "templates",)


def _entry(words: str, path: str, permission: str, icon: str) -> MenuEntry:
    return MenuEntry(Desk.OPERATOR, words, path, permission, icon)


MENU = (
    _entry(N_("What waits"), home.PATH, desk_routes.ORGANISATIONS, "speedometer2"),
    _entry(N_("Organisations"), "/operator/organisations", desk_routes.ORGANISATIONS, "buildings"),
    _entry(N_("People"), "/operator/people", desk_routes.PEOPLE, "people"),
    _entry(N_("Books and days"), "/operator/books", day_routes.READ, "calendar3"),
    _entry(N_("Outbox"), "/operator/outbox", desk_routes.OUTBOX, "send"),
    _entry(N_("Audit search"), "/operator/audit", desk_routes.SEARCH, "clock-history"),
)
