"""The time line of an organisation: when it was registered, and how its dossier moved.

Who moved a dossier is not told to the party: it is the operator's own affair.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from scf.db.bulk import among
from scf.onboarding.models import steps
from scf.routes import Caller
from scf.screens import History, Moment
from scf.web.own import is_mine
from scf.web.status import status_words
from scf.web.words import N_

READ = "dossiers.read"


def _moments(caller: Caller, connection: Connection, ids: Sequence[int]) -> Sequence[Moment]:
    rows = connection.execute(
        select(steps)
        .where(among(connection, steps.c.organisation_id, ids), is_mine(caller, steps.c.organisation_id))
        .order_by(steps.c.id.desc())
        .limit(200)
    )
    operates = caller.actor.operates
    return [
        Moment(
            row.at,
            N_("Dossier moved"),
            row.actor_id if operates else None,
            " · ".join(filter(None, (status_words(row.to_status), row.reason))),
            (),
            row.organisation_id,
        )
        for row in rows
    ]


HISTORIES = (History("org", READ, _moments),)
