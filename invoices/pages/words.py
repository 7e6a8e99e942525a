"""What each status means, and what happens next, for whoever asks."""

from flask import Response

from invoices.api import READ
from invoices.next_steps import OBJECTS
from scf.routes import Caller, PageRoute
from scf.web.pages import page


def show(_caller: Caller) -> Response:
    """Every status of everything a supplier meets."""
    return page("supplier/words.html", objects=OBJECTS)


PAGES = (PageRoute("/supplier/words", READ, show),)
