"""What a dossier's page shows: the dossier, all that belongs to it, and what was proposed about its hits.

A fixed number of SELECTs, each over an index of the dossier; nobody is shown more than the API's own lists show them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, Table, select
from werkzeug.exceptions import NotFound

from scf import encoding
from scf.onboarding import visible
from scf.onboarding.decide import DECIDE, Decision
from scf.onboarding.models import account_checks, documents, dossiers, people, screenings, steps
from scf.organisations import queries as organisations
from scf.people import queries as known_people
from scf.proposals.models import proposals
from scf.routes import Caller

# of each kind; a dossier with more is read through the API
_MOST = 200


@dataclass(frozen=True, slots=True)
class Proposed:
    """What somebody proposed a hit to mean."""

    id: int
    maker_id: int
    maker: str
    decision: Decision


@dataclass(frozen=True, slots=True)
class Line:
    """A move of the dossier, as the time line shows it."""

    at: datetime
    words: str
    who: str
    detail: str


@dataclass(frozen=True, slots=True)
class Contents:
    """All of it."""

    dossier: Row[Any]
    party: str
    documents: Sequence[Row[Any]]
    people: Sequence[Row[Any]]
    screenings: Sequence[Row[Any]]
    accounts: Sequence[Row[Any]]
    lines: Sequence[Line]
    # by the hit they are about
    proposed: Mapping[int, Sequence[Proposed]]


def contents(caller: Caller, connection: Connection, id: int) -> Contents:
    """A dossier that the caller may see. Raises `NotFound` for any other."""
    dossier = connection.execute(visible.shown_dossiers(caller).where(dossiers.c.id == id)).one_or_none()
    if dossier is None:
        raise NotFound("there is no such dossier")

    def rows(shown: Select[Any], table: Table) -> Sequence[Row[Any]]:
        return connection.execute(shown.where(table.c.dossier_id == id).order_by(table.c.id.desc()).limit(_MOST)).all()

    moved = rows(visible.shown_steps(caller), steps)
    waiting = _waiting(caller, connection)
    names = known_people.names(connection, {row.actor_id for row in moved} | {row.maker_id for row in waiting})
    proposed: dict[int, list[Proposed]] = {}
    for row in waiting:
        decision = encoding.parse(Decision, row.payload)
        each = Proposed(row.id, row.maker_id, names[row.maker_id], decision)
        proposed.setdefault(decision.screening_id, []).append(each)
    return Contents(
        dossier,
        organisations.names(connection, [dossier.organisation_id]).get(dossier.organisation_id, ""),
        rows(visible.shown_documents(caller), documents),
        [row for row in rows(visible.shown_people(caller), people) if row.status == "named"],
        rows(visible.shown_screenings(caller), screenings),
        rows(visible.shown_accounts(caller), account_checks),
        [Line(row.at, row.to_status.capitalize(), names[row.actor_id], row.reason) for row in moved],
        proposed,
    )


def _waiting(caller: Caller, connection: Connection) -> Sequence[Any]:
    """Proposals of the caller's organisation about hits; only the operator has any."""
    query = select(proposals.c.id, proposals.c.maker_id, proposals.c.payload).where(
        proposals.c.scope_id == caller.organisation_id,
        proposals.c.command == DECIDE.name,
        proposals.c.status == "proposed",
    )
    return connection.execute(query.order_by(proposals.c.id).limit(_MOST)).all()
