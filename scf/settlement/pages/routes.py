"""Every page of the bank's desk that settlement brings, its menu, its panel, and where its templates are."""

from pathlib import Path

from sqlalchemy import ColumnElement, exists

from scf.books.models import books
from scf.commands import ScopeKind
from scf.factoring.request_routes import READ as READ_FACTORING
from scf.proposals.api import READ as READ_PROPOSALS
from scf.screens import Desk, MenuEntry, Panel, Played
from scf.settlement.cash_routes import READ
from scf.settlement.pages import approvals, cash_desk, collection, desk, past
from scf.web.words import N_

PAGES = (*desk.PAGES, *approvals.PAGES, *cash_desk.PAGES, *collection.PAGES)
TEMPLATES = (Path(__file__).parent.parent / "templates",)
_BOOK = ScopeKind.BOOK
# before what other folders bring, and after it
MENU = (
    MenuEntry(Desk.BANK, N_("Today"), "/desk", READ_FACTORING, "sun", _BOOK),
    MenuEntry(Desk.BANK, N_("Approvals"), "/approvals", READ_PROPOSALS, "people", _BOOK),
    MenuEntry(Desk.BANK, N_("Cash desk"), "/cash", READ, "cash-coin", _BOOK),
)
PANELS = (Panel("advance_request", READ, past.show),)


def _funds(organisation_id: int) -> ColumnElement[bool]:
    return exists().where(books.c.funder_id == organisation_id)


PLAYED = (Played(Desk.BANK, _funds),)
