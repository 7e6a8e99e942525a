"""How long personal data of people is kept."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from scf.module import Retention
from scf.people import queries as people
from scf.proposals import queries as proposals

# ten years: the longest that commercial and tax law want records and what makes them understandable
TRAIL_DAYS = 3653


def _erase_unseen(connection: Connection, before: datetime) -> int:
    unseen = people.unseen_local(connection, before)
    waiting = proposals.waiting_makers(connection, unseen)
    ids = [id for id in unseen if id not in waiting]
    people.erase(connection, ids, before + timedelta(days=TRAIL_DAYS))
    return len(ids)


RETENTION = (
    Retention(
        "people of the command line",
        TRAIL_DAYS,
        "from when they were last met: the trail must say who acted for as long as books must be kept (commercial and"
        " tax law, article 6(1)(c) GDPR); the name is blanked, unless a proposal of theirs is open",
        _erase_unseen,
    ),
)
