"""What the supplier's desk offers to the composition root."""

from invoices.upload import UPLOAD
from invoices.upload_job import upload
from invoices.upload_later import KIND, UPLOAD_LATER
from invoices.withdraw import WITHDRAW
from scf.module import Module

INVOICES = Module(name="invoices", commands=(UPLOAD, UPLOAD_LATER, WITHDRAW), jobs={KIND: upload})
