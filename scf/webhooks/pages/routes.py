"""Every page of webhooks, their menu, and where the templates are."""

from pathlib import Path

from scf.screens import Desk, MenuEntry
from scf.web.words import N_
from scf.webhooks import api
from scf.webhooks.pages import deliveries, endpoints
from scf.webhooks.pages.tables import TABLES as TABLES

PAGES = (*endpoints.PAGES, *deliveries.PAGES)
TEMPLATES = (Path(__file__).parent.parent / "templates",)
MENU = (MenuEntry(Desk.EVERYONE, N_("Webhooks"), endpoints.PATH, api.READ, "broadcast", seldom=True),)
