"""The reports of a book to open or to save: the maturity ladder, the trial balance, a supplier's statement."""

from flask import Response

from reports.api import READ
from scf.commands import ScopeKind
from scf.programmes.choices import suppliers_of_book
from scf.routes import Caller, PageRoute
from scf.screens import Desk, MenuEntry
from scf.web.forms import Form
from scf.web.pages import page
from scf.web.words import N_

_PATH = "/reports"


def show(caller: Caller) -> Response:
    """What there is, each as PDF and CSV; the forms ask the API's own addresses."""
    book = caller.in_book()
    with caller.reading() as connection:
        suppliers = suppliers_of_book(caller, connection)
    month = {"from_on": book.business_date.replace(day=1).isoformat(), "to_on": book.business_date.isoformat()}
    return page("bank/reports.html", book=book, suppliers=suppliers, form=Form(month))


PAGES = (PageRoute(_PATH, READ, show, scope=ScopeKind.BOOK),)
MENU = (MenuEntry(Desk.BANK, N_("Reports"), _PATH, READ, "file-earmark-bar-graph", ScopeKind.BOOK),)
