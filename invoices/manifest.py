"""What the supplier's desk offers to the composition root."""

from invoices.api import PERMISSIONS, ROUTES
from invoices.upload import UPLOAD
from invoices.withdraw import WITHDRAW
from scf.module import Module

INVOICES = Module(name="invoices", commands=(UPLOAD, WITHDRAW), permissions=PERMISSIONS, routes=ROUTES)
