"""What the supplier's desk offers to the composition root."""

from invoices.api import PERMISSIONS, ROUTES
from invoices.history import HISTORIES
from invoices.pages.routes import MENU, PAGES, PLAYED, TABLES, TEMPLATES
from invoices.prepare import PREPARE
from invoices.search import SEARCHES
from invoices.upload import UPLOAD
from invoices.upload_job import upload
from invoices.upload_later import KIND, UPLOAD_LATER
from invoices.withdraw import WITHDRAW
from scf.module import Module

INVOICES = Module(
    name="invoices",
    commands=(PREPARE, UPLOAD, UPLOAD_LATER, WITHDRAW),
    permissions=PERMISSIONS,
    routes=ROUTES,
    pages=PAGES,
    templates=TEMPLATES,
    menu=MENU,
    tables=TABLES,
    played=PLAYED,
    histories=HISTORIES,
    searches=SEARCHES,
    jobs={KIND: upload},
)
