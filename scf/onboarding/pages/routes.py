"""The operator's pages of dossiers, their list, and where the templates are."""

from pathlib import Path

from scf.onboarding import api
from scf.onboarding.pages import dossier
from scf.onboarding.permissions import READ
from scf.screens import Column, Desk, Kind, MenuEntry, TablePage, list_at
from scf.web.words import N_

_PATH = "/operator/dossiers"

PAGES = dossier.PAGES
TEMPLATES = (Path(__file__).parent.parent / "templates",)
TABLES = (
    TablePage(
        _PATH,
        N_("Dossiers"),
        list_at(api.ROUTES, "/dossiers"),
        (
            Column("organisation_id", N_("Organisation"), Kind.ORGANISATION, link=f"{_PATH}/{{id}}"),
            Column("legal_form", N_("Legal form"), Kind.STATUS),
            Column("applied_at", N_("Applied"), Kind.MOMENT),
            Column("round", N_("Round"), Kind.COUNT),
            Column("risk", N_("Risk"), Kind.STATUS),
            Column("review_due_on", N_("Next review"), Kind.DAY),
            Column("status", N_("Status"), Kind.STATUS),
        ),
        N_("Nobody has applied yet. An organisation applies with its papers; its dossier is decided here."),
    ),
)
MENU = (MenuEntry(Desk.OPERATOR, N_("Dossiers"), _PATH, READ, "folder-check"),)
