"""What the reports offer to the composition root."""

from pathlib import Path

from reports.api import PERMISSIONS, ROUTES
from reports.pages import of_book, statements
from scf.module import Module

REPORTS = Module(
    name="reports",
    permissions=PERMISSIONS,
    routes=ROUTES,
    pages=(*statements.PAGES, *of_book.PAGES),
    templates=(Path(__file__).parent / "templates",),
    menu=(*statements.MENU, *of_book.MENU),
)
