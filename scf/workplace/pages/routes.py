"""Every page of the workplace, its menu, and where its templates are."""

from pathlib import Path

from scf.screens import Desk, MenuEntry
from scf.web.words import N_
from scf.workplace.api import READ_FILTERS, READ_PREFERENCES
from scf.workplace.pages import filters, line, notifications, preferences, search

PAGES = (*search.PAGES, *line.PAGES, *notifications.PAGES, *filters.PAGES, *preferences.PAGES)
TEMPLATES = (Path(__file__).parent.parent / "templates",)
MENU = (
    MenuEntry(Desk.EVERYONE, N_("Saved filters"), "/filters", READ_FILTERS, "bookmark"),
    MenuEntry(Desk.EVERYONE, N_("Preferences"), "/account/preferences", READ_PREFERENCES, "sliders2"),
)
