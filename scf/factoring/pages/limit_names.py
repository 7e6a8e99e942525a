"""On whom limits stand, by name: organisations, and programmes of the book."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, select

from scf.db.bulk import among
from scf.limits.positions import LimitKind
from scf.organisations import queries as organisations
from scf.programmes.models import programmes

Holder = tuple[str, int]


def holder_names(connection: Connection, holders: Iterable[Holder]) -> Mapping[Holder, str]:
    """The names by (kind, holder); two statements."""
    listed = [(str(kind), id) for kind, id in holders]
    parties = organisations.names(connection, {id for kind, id in listed if kind != LimitKind.PROGRAMME})
    ids = sorted({id for kind, id in listed if kind == LimitKind.PROGRAMME})
    rows = connection.execute(
        select(programmes.c.id, programmes.c.name).where(among(connection, programmes.c.id, ids))
    ).all()
    named = {row.id: row.name for row in rows}
    return {(kind, id): (named if kind == LimitKind.PROGRAMME else parties).get(id, "–") for kind, id in listed}
