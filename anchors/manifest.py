"""What the anchor's desk offers to the composition root."""

from anchors import api, dispute_routes
from anchors.confirm import CONFIRM, CONFIRM_BY_PEOPLE
from anchors.dispute import DISPUTE
from anchors.history import HISTORIES
from anchors.pages.routes import MENU, PAGES, PANELS, PLAYED, TABLES, TEMPLATES
from anchors.reject import REJECT
from anchors.settle_dispute import ANSWER_DISPUTE, SETTLE_DISPUTE
from scf.module import Module

ANCHORS = Module(
    name="anchors",
    commands=(CONFIRM, *CONFIRM_BY_PEOPLE.commands, REJECT, DISPUTE, ANSWER_DISPUTE, SETTLE_DISPUTE),
    permissions=(*api.PERMISSIONS, *dispute_routes.PERMISSIONS),
    routes=(*api.ROUTES, *dispute_routes.ROUTES),
    pages=PAGES,
    panels=PANELS,
    templates=TEMPLATES,
    menu=MENU,
    tables=TABLES,
    played=PLAYED,
    histories=HISTORIES,
)
