"""Whether everything in a database holds: each book's ledger and rows, and each scope's audit chain. It only reads."""

from collections.abc import Iterator

from sqlalchemy import Connection, select

from scf.audit.chain import broken
from scf.audit.models import audit_links
from scf.books import queries as books
from scf.ledger import checks as ledger
from scf.settlement import checks as settlement


def findings(connection: Connection) -> Iterator[tuple[str, list[str]]]:
    """What was looked at, and what does not hold there, in words."""
    for book in books.every(connection):
        found = [*ledger.findings(connection, book.id), *settlement.findings(connection, book.id)]
        yield f"book {book.ref}", [f"{each.check}: {each.place}" for each in found]
    scopes = connection.execute(select(audit_links.c.scope_id).distinct().order_by(audit_links.c.scope_id)).scalars()
    links = {scope_id: broken(connection, scope_id) for scope_id in list(scopes)}
    broke = [f"scope {scope_id}: position {position}" for scope_id, found in links.items() for position in found]
    yield f"{len(links)} audit chains", broke
