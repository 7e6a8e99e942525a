"""How long webhooks are kept: after ninety days what was said is blanked; that it was said, and when, stays."""

from datetime import datetime

from sqlalchemy import Connection, update

from scf.module import Retention
from scf.webhooks.models import WAITING, attempts, deliveries


def sweep(connection: Connection, before: datetime) -> int:
    """Blank bodies and answers older than that; returns how many. What still waits to be delivered keeps its body."""
    bodies = update(deliveries).where(
        deliveries.c.body.is_not(None), deliveries.c.created_at < before, deliveries.c.status != WAITING
    )
    answers = update(attempts).where(attempts.c.response.is_not(None), attempts.c.at < before)
    blanked = (bodies.values(body=None), answers.values(response=None))
    return sum(connection.execute(each).rowcount for each in blanked)


RETENTION = (
    Retention(
        "webhooks",
        90,
        "from the day something was sent: long enough to replay after an outage; what was said and answered is blanked",
        sweep,
    ),
)
