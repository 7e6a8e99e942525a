"""What the reports offer to the composition root."""

from reports.api import PERMISSIONS, ROUTES
from scf.module import Module

REPORTS = Module(name="reports", permissions=PERMISSIONS, routes=ROUTES)
