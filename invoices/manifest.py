"""What the supplier's desk offers to the composition root."""

from invoices.upload import UPLOAD
from invoices.withdraw import WITHDRAW
from scf.module import Module

INVOICES = Module(name="invoices", commands=(UPLOAD, WITHDRAW))
