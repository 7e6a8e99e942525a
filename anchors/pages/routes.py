"""Every page of the anchor's desk, its menu, and where its templates are."""

from pathlib import Path

from sqlalchemy import ColumnElement, exists

from anchors.api import READ
from anchors.confirm import CONFIRM_BY_PEOPLE
from anchors.dispute_routes import READ as READ_DISPUTES
from anchors.pages import adoption, confirm, disputes, file, home, invoice, proposals
from anchors.pages.disputes import PANELS as PANELS
from anchors.pages.tables import TABLES as TABLES
from scf.programmes.models import programmes
from scf.receivables.api import READ as READ_RECEIVABLES
from scf.screens import Desk, MenuEntry, Played
from scf.web.words import N_

PAGES = (
    *home.PAGES,
    *confirm.PAGES,
    *proposals.PAGES,
    *invoice.PAGES,
    *disputes.PAGES,
    *file.PAGES,
    *adoption.PAGES,
)
TEMPLATES = (Path(__file__).parent.parent / "templates",)


def _entry(words: str, path: str, permission: str, icon: str, desk: Desk = Desk.ANCHOR) -> MenuEntry:
    return MenuEntry(desk, words, path, permission, icon)


MENU = (
    _entry(N_("Overview"), "/anchor", READ, "speedometer2"),
    _entry(N_("To confirm"), "/anchor/confirm", READ, "check2-square"),
    _entry(N_("Confirmations to check"), "/anchor/proposals", READ, "people"),
    _entry(N_("Compare with your list"), "/anchor/file", CONFIRM_BY_PEOPLE.propose.name, "file-earmark-diff"),
    _entry(N_("Invoices received"), "/anchor/payables", READ, "receipt"),
    _entry(N_("Confirmations"), "/anchor/confirmations", READ, "check2-circle"),
    _entry(N_("What you owe"), "/anchor/owed", READ_RECEIVABLES, "cash-stack"),
    _entry(N_("Disputes"), "/anchor/disputes", READ_DISPUTES, "chat-left-text"),
    _entry(N_("Suppliers"), "/anchor/adoption", READ, "shop"),
    _entry(N_("Disputes"), "/supplier/disputes", READ_DISPUTES, "chat-left-text", Desk.SUPPLIER),
)


def _runs_a_programme(organisation_id: int) -> ColumnElement[bool]:
    return exists().where(programmes.c.anchor_id == organisation_id)


PLAYED = (Played(Desk.ANCHOR, _runs_a_programme),)
