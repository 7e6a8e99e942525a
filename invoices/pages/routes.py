"""Every page of the supplier's desk, its menu, and where its templates are."""

from pathlib import Path

from sqlalchemy import ColumnElement, exists

from invoices.api import READ
from invoices.pages import advance_request, agreed, forecast, home, invoice, planning, upload, words
from invoices.pages.tables import TABLES as TABLES
from invoices.prepare import PREPARE
from scf.factoring.request_routes import READ as READ_FACTORING
from scf.payments.account_routes import READ as READ_PAYMENTS
from scf.programmes.api import READ_TERMS
from scf.programmes.models import enrolments
from scf.proposals.api import READ as READ_PROPOSALS
from scf.receivables.api import READ as READ_RECEIVABLES
from scf.screens import Desk, MenuEntry, Played
from scf.web.words import N_

PAGES = (
    *home.PAGES,
    *planning.PAGES,
    *upload.PAGES,
    *invoice.PAGES,
    *advance_request.PAGES,
    *forecast.PAGES,
    *agreed.PAGES,
    *words.PAGES,
)
TEMPLATES = (Path(__file__).parent.parent / "templates",)


def _entry(words: str, path: str, permission: str, icon: str, *, seldom: bool = False) -> MenuEntry:
    return MenuEntry(Desk.SUPPLIER, words, path, permission, icon, seldom=seldom)


MENU = (
    _entry(N_("Paid today"), "/supplier", READ_FACTORING, "cash-coin"),
    _entry(N_("Upload"), "/supplier/upload", PREPARE.name, "cloud-arrow-up"),
    _entry(N_("Invoices"), "/supplier/invoices", READ, "receipt"),
    _entry(N_("Receivables"), "/supplier/receivables", READ_RECEIVABLES, "check2-circle"),
    _entry(N_("How much, by when"), "/supplier/plan", READ_FACTORING, "sliders"),
    _entry(N_("Advance requests"), "/supplier/requests", READ_FACTORING, "hourglass-split"),
    _entry(N_("Advances"), "/supplier/advances", READ_FACTORING, "bank"),
    _entry(N_("Payouts"), "/supplier/payouts", READ_PAYMENTS, "box-arrow-in-down"),
    _entry(N_("Claims"), "/supplier/claims", READ_FACTORING, "exclamation-diamond", seldom=True),
    _entry(N_("Credit notes"), "/supplier/credit-notes", READ_RECEIVABLES, "file-earmark-minus", seldom=True),
    _entry(N_("13 weeks"), "/supplier/forecast", READ_FACTORING, "graph-up"),
    _entry(N_("Programmes and terms"), "/supplier/terms", READ_TERMS, "file-earmark-check", seldom=True),
    _entry(N_("Bank accounts"), "/supplier/bank-accounts", READ_PAYMENTS, "credit-card", seldom=True),
    _entry(N_("Proposals"), "/supplier/proposals", READ_PROPOSALS, "people", seldom=True),
    _entry(N_("What a status means"), "/supplier/words", READ, "question-circle", seldom=True),
)


def _enrolled(organisation_id: int) -> ColumnElement[bool]:
    return exists().where(enrolments.c.supplier_id == organisation_id)


PLAYED = (Played(Desk.SUPPLIER, _enrolled),)
