"""One journal on the bank's desk: its postings, and what brought it about. It shows; nothing is posted here."""

from pathlib import Path

from flask import Response
from sqlalchemy import select
from werkzeug.exceptions import NotFound

from scf.books.queries import Book
from scf.command_log import command_logs
from scf.commands import ScopeKind
from scf.ledger.api import READ
from scf.ledger.history import entries
from scf.ledger.models import journals
from scf.people import queries as people
from scf.routes import Caller, PageRoute
from scf.web.pages import page


def show(caller: Caller, id: int) -> Response:
    """The journal with its postings."""
    book: Book = caller.in_book()
    made = (
        select(journals, command_logs.c.command, command_logs.c.actor_id, command_logs.c.at)
        .outerjoin(command_logs, (command_logs.c.id == journals.c.command_id) & (command_logs.c.scope_id == book.id))
        .where(journals.c.id == id, journals.c.book_id == book.id)
    )
    with caller.reading() as connection:
        journal = connection.execute(made).one_or_none()
        if journal is None:
            raise NotFound("there is no such journal in this book")
        postings = entries(caller, connection, [id]).get(id, ())
        names = people.names(connection, [journal.actor_id])
    return page("bank/journal.html", journal=journal, postings=postings, who=names.get(journal.actor_id, ""))


PAGES = (PageRoute("/journals/<id(jrn):id>", READ, show, scope=ScopeKind.BOOK),)
TEMPLATES = (Path(__file__).parent / "templates",)
