"""What the anchor's desk offers to the composition root."""

from anchors.api import PERMISSIONS, ROUTES
from anchors.confirm import CONFIRM, CONFIRM_BY_PEOPLE
from anchors.history import HISTORIES
from anchors.reject import REJECT
from scf.module import Module

ANCHORS = Module(
    name="anchors",
    commands=(CONFIRM, CONFIRM_BY_PEOPLE.propose, CONFIRM_BY_PEOPLE.accept, CONFIRM_BY_PEOPLE.decline, REJECT),
    permissions=PERMISSIONS,
    routes=ROUTES,
    histories=HISTORIES,
)
