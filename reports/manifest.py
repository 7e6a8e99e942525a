"""What the reports offer to the composition root."""

from pathlib import Path

from reports.api import PERMISSIONS, ROUTES
from reports.pages.statements import MENU, PAGES
from scf.module import Module

REPORTS = Module(
    name="reports",
    permissions=PERMISSIONS,
    routes=ROUTES,
    pages=PAGES,
    templates=(Path(__file__).parent / "templates",),
    menu=MENU,
)
