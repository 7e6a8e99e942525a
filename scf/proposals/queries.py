"""Questions about proposals."""

from collections.abc import Iterable

from sqlalchemy import Connection, select

from scf.db import bulk
from scf.proposals.models import proposals


def waiting_makers(connection: Connection, person_ids: Iterable[int]) -> set[int]:
    """Those of the people who have a proposal of their own that nobody has decided."""
    theirs = bulk.among(connection, proposals.c.maker_id, sorted(set(person_ids)))
    waiting = select(proposals.c.maker_id).where(proposals.c.status == "proposed", theirs)
    return set(connection.execute(waiting).scalars())
